"""Pages that everybody sees: who am I, my courses, a course, an activity."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from plugin.practice.lms import queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.views.session import place, platform, signed_in_id, somebody

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@somebody
def home() -> str:
    with platform().store.reading() as db:
        found = queries.courses_of(db, signed_in_id() or 0)
    return render_template("lms/home.html", courses=found)


@blueprint.get("/post_message_forwarding")
def forwarding() -> str:
    return render_template("lms/forwarding.html")


@blueprint.get("/people")
def people() -> str:
    search = request.args.get("q", "").strip()
    with platform().store.reading() as db:
        groups = [(course, queries.members(db, course.id)) for course in queries.courses(db)]
        found = queries.users(db, search) if search else []
    return render_template(
        "lms/people.html",
        groups=groups,
        found=found,
        search=search,
        next_url=_own(request.args.get("next", "")),
    )


@blueprint.post("/sign-in")
def sign_in() -> Response:
    with platform().store.reading() as db:
        user = queries.user(db, request.form.get("user_id", 0, type=int))
    if user is None:
        raise Refusal("There is no such person.", status=404)
    session.clear()
    session["user_id"] = user.id
    return redirect(_own(request.form.get("next", "")) or url_for("pages.home"), 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    session.clear()
    return redirect(url_for("pages.people"), 303)


@blueprint.get("/course/<int:course_id>")
@somebody
def course(course_id: int) -> str:
    course, role = place(course_id)
    with platform().store.reading() as db:
        activities = queries.activities(db, course_id)
        tools = queries.course_tools(db, course_id)
        items = queries.line_items(db, course_id)
        really = queries.role_in(db, course_id, signed_in_id() or 0)
    return render_template(
        "lms/course.html",
        course=course,
        role=role,
        really=really,
        activities=activities,
        tools=tools,
        graded={item.activity_id for item in items},
    )


@blueprint.post("/course/<int:course_id>/switch-role")
@somebody
def switch_role(course_id: int) -> Response:
    """A teacher looks as a learner: the same person, another role in the launch."""
    with platform().store.reading() as db:
        really = queries.role_in(db, course_id, signed_in_id() or 0)
    if really is None or not really.teaches:
        raise Refusal("Only teachers switch their role.", status=403)
    courses = set(session.get("as_learner", []))
    session["as_learner"] = sorted(courses ^ {course_id})
    return redirect(url_for("pages.course", course_id=course_id), 303)


@blueprint.get("/course/<int:course_id>/people")
@somebody
def members(course_id: int) -> str:
    course, role = place(course_id)
    with platform().store.reading() as db:
        found = queries.members(db, course_id)
    return render_template("lms/members.html", course=course, role=role, members=found)


@blueprint.get("/activity/<int:activity_id>")
@somebody
def activity(activity_id: int) -> str:
    with platform().store.reading() as db:
        found = queries.activity(db, activity_id)
    if found is None:
        raise Refusal("There is no such activity.", status=404)
    course, role = place(found.course_id)
    with platform().store.reading() as db:
        tool = queries.tool(db, found.tool_id)
    return render_template("lms/activity.html", activity=found, course=course, role=role, tool=tool)


def _own(path: str) -> str:
    """A path of this server, or nothing: never a way out to another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""
