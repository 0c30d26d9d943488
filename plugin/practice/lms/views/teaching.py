"""Pages for teachers: adding content, what a tool may know, the gradebook."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from plugin.practice.lms import queries, seed
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.records import Role
from plugin.practice.lms.views.session import (
    place,
    platform,
    signed_in_id,
    somebody,
    teaching,
)

blueprint = Blueprint("teaching", __name__, url_prefix="/course/<int:course_id>")


@blueprint.get("/select/<int:tool_id>")
@somebody
def select(course_id: int, tool_id: int) -> str:
    course = teaching(course_id)
    with platform().store.reading() as db:
        tool = queries.tool(db, tool_id)
    if tool is None or not tool.deep_linking_url:
        raise Refusal("This tool offers no content to choose from.", status=404)
    return render_template("lms/select.html", course=course, tool=tool)


@blueprint.post("/activities")
@somebody
def add_activity(course_id: int) -> Response:
    teaching(course_id)
    title = request.form.get("title", "").strip()
    if not title:
        raise Refusal("Please give the activity a name.")
    maximum = request.form.get("score_maximum", "").strip()
    if maximum and not maximum.isdigit():
        raise Refusal("The maximum grade must be a whole number, or empty.")
    seed.add_activity(
        platform().store,
        course_id,
        request.form.get("tool_id", 0, type=int),
        title=title,
        new_window="new_window" in request.form,
        score_maximum=float(maximum) if maximum else None,
    )
    return redirect(url_for("pages.course", course_id=course_id), 303)


@blueprint.post("/activities/<int:activity_id>/duplicate")
@somebody
def duplicate(course_id: int, activity_id: int) -> Response:
    teaching(course_id)
    with platform().store.reading() as db:
        activity = queries.activity(db, activity_id)
    if activity is None or activity.course_id != course_id:
        raise Refusal("There is no such activity.", status=404)
    seed.duplicate_activity(platform().store, activity_id)
    return redirect(url_for("pages.course", course_id=course_id), 303)


@blueprint.get("/tools")
@somebody
def tools(course_id: int) -> str:
    course = teaching(course_id)
    with platform().store.reading() as db:
        shown = {tool.id for tool in queries.course_tools(db, course_id)}
        found = [
            (tool, tool.id in shown, queries.privacy(db, course_id, tool))
            for tool in queries.tools(db)
        ]
    return render_template("lms/course_tools.html", course=course, tools=found)


@blueprint.post("/tools/<int:tool_id>")
@somebody
def set_tool(course_id: int, tool_id: int) -> Response:
    teaching(course_id)
    seed.add_tool_to_course(
        platform().store,
        course_id,
        tool_id,
        share_names="share_names" in request.form,
        share_email="share_email" in request.form,
    )
    return redirect(url_for("teaching.tools", course_id=course_id), 303)


@blueprint.get("/grades")
@somebody
def grades(course_id: int) -> str:
    """Teachers see everybody and every post; a learner sees the own row."""
    course, role = place(course_id)
    with platform().store.reading() as db:
        items = queries.line_items(db, course_id)
        everybody = queries.members(db, course_id)
        learners = [
            member.user
            for member in everybody
            if member.role is Role.LEARNER and (role.teaches or member.user.id == signed_in_id())
        ]
        table = {
            (grade.user_id, item.id): grade
            for item in items
            for grade in queries.grades(db, item.id)
        }
        posts = queries.score_posts(db, course_id) if role.teaches else []
    names = {str(member.user.id): member.user.name for member in everybody}
    return render_template(
        "lms/grades.html",
        course=course,
        role=role,
        items=items,
        labels={item.id: item.label for item in items},
        learners=learners,
        table=table,
        posts=posts,
        names=names,
    )
