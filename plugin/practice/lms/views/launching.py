"""The browser's part of the protocol: login initiation, authorization, the return of a selection.

The tool stands in a frame on another host name. Cookies of this platform reach the authorization
endpoint after a plain redirect, or the request is posted once more from our own page (Moodle).
"""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from werkzeug.wrappers import Response

from plugin.practice.lms import deep_linking, launches, queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.launches import Form
from plugin.practice.lms.views.paths import on_paths
from plugin.practice.lms.views.recording import name_call, write_call
from plugin.practice.lms.views.session import (
    acts_as_learner,
    choose_person,
    platform,
    signed_in_id,
)

blueprint = Blueprint("launching", __name__)
blueprint.after_request(write_call)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> tuple[str, int]:
    name_call(g.get("call_area", "launch"), reason=refusal.reason)
    return render_template("lms/refused.html", refusal=refusal, bare=True), refusal.status


@blueprint.get("/activity/<int:activity_id>/launch")
def start_activity(activity_id: int) -> str | Response:
    user_id = signed_in_id()
    if user_id is None:
        return choose_person()
    name_call("login", f"user {user_id}")
    with platform().store.reading() as db:
        activity = queries.activity(db, activity_id)
    if activity is None:
        raise Refusal("There is no such activity.", status=404)
    form = launches.begin(
        platform(),
        user_id=user_id,
        course_id=activity.course_id,
        tool_id=activity.tool_id,
        activity_id=activity_id,
        target="window" if request.args.get("target") == "window" else "iframe",
        as_learner=acts_as_learner(activity.course_id),
    )
    return _post(form)


@blueprint.get("/course/<int:course_id>/select/<int:tool_id>/launch")
def start_selection(course_id: int, tool_id: int) -> str | Response:
    user_id = signed_in_id()
    if user_id is None:
        return choose_person()
    name_call("login", f"user {user_id}")
    form = launches.begin(platform(), user_id=user_id, course_id=course_id, tool_id=tool_id)
    return _post(form)


@on_paths(blueprint, lambda paths: paths.authorization, "GET", "POST")
def authorize() -> str:
    name_call("authorization", request.values.get("client_id", ""))
    repeated = [name for name, values in request.values.lists() if len(values) > 1]
    if repeated:
        raise Refusal(f"sent more than once: {', '.join(sorted(repeated))}")
    asked = request.values.to_dict()
    signed_in = signed_in_id()
    if signed_in is None and platform().profile.reposts_without_cookie and "repost" not in asked:
        name_call("authorization", reason="came without our cookie: posted again from our page")
        return _post(Form(platform().authorization_url, {**asked, "repost": "1"}))
    form = launches.authorize(platform(), asked, signed_in=signed_in)
    if "error" in form.fields:
        # The tool gets the error by form_post, so the HTTP status is 200: the log says refused.
        name_call("authorization", reason=form.fields["error_description"])
        g.call_status = 400
    return _post(form)


@on_paths(blueprint, lambda paths: paths.selection, "POST")
def selected() -> str:
    name_call("deep linking", f"tool {request.args.get('id', '')}")
    course_id, tool_id = (request.args.get(n, 0, type=int) for n in ("course", "id"))
    found = deep_linking.receive(
        platform(),
        course_id=course_id,
        tool_id=tool_id,
        key=request.args.get("sesskey", ""),
        token=request.form.get("JWT", ""),
    )
    name_call("deep linking", reason=f"activities created: {len(found.activities)}")
    return render_template("lms/selected.html", found=found, bare=True)


@on_paths(blueprint, lambda paths: paths.returned, "GET")
def returned() -> str:
    """Where a tool sends a person who is done, or with a message that something failed."""
    message = request.args.get("lti_errormsg") or request.args.get("lti_msg") or ""
    name_call("return", reason=request.args.get("lti_errorlog") or message)
    return render_template(
        "lms/returned.html",
        message=message,
        failed="lti_errormsg" in request.args,
        course_id=request.args.get("course", 0, type=int),
        bare=True,
    )


def _post(form: Form) -> str:
    return render_template("lms/form_post.html", form=form)
