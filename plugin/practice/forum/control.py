"""Switches for tests in another process: JSON under /practice, kept apart from the forum's API.

The header `X-Practice` stands for the form token: a web page of another site cannot set it.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import proof, request_log
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.faults import Fault
from plugin.practice.forum.forum import current

blueprint = Blueprint("forum_control", __name__, url_prefix="/practice")
_FAULT_FIELDS = {one.name for one in fields(Fault)} - {"id", "hits"}


@blueprint.before_request
def _guard() -> None:
    if "X-Practice" not in request.headers:
        raise Rejected.forbidden("The header X-Practice is missing.")


def _given() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Rejected(400, ["A JSON object is needed."])
    return body


@blueprint.route("/faults.json", methods=["GET", "POST", "DELETE"])
def faults() -> ResponseReturnValue:
    forum = current()
    if request.method == "POST":
        given = {name: value for name, value in _given().items() if name in _FAULT_FIELDS}
        try:
            forum.faults.add(given.pop("kind", ""), **given)
        except (ValueError, TypeError) as problem:
            raise Rejected(422, [str(problem)]) from None
    elif request.method == "DELETE":
        forum.faults.clear()
    return {"faults": forum.faults.as_json()}


@blueprint.put("/webhook-faults.json")
def webhook_faults() -> ResponseReturnValue:
    forum = current()
    try:
        forum.webhook_faults.configure(**_given())
    except TypeError as problem:
        raise Rejected(422, [str(problem)]) from None
    forum.sender.wake()
    return {"success": "OK"}


@blueprint.get("/log.json")
def log() -> ResponseReturnValue:
    found = request_log.calls(
        current(),
        path=request.args.get("path", "%"),
        writes_only="writes" in request.args,
        after_id=request.args.get("after", 0, type=int),
    )
    return {"calls": [asdict(call) for call in found]}


@blueprint.get("/proof.json")
def twice() -> ResponseReturnValue:
    """Messages and grants that exist twice; and what the webhooks have come to."""
    forum = current()
    return {
        "repeated_messages": [asdict(one) for one in proof.repeated_messages(forum)],
        "repeated_grants": [asdict(one) for one in proof.repeated_grants(forum)],
        "webhooks": proof.webhook_states(forum),
        "waiting": forum.sender.waiting(),
    }


@blueprint.put("/clock.json")
def clock() -> ResponseReturnValue:
    """`offset` in seconds: the demo's past weeks are replayed under it."""
    forum = current()
    forum.clock.offset = timedelta(seconds=float(_given().get("offset", 0)))
    return {"now": forum.clock.stamp()}


@blueprint.post("/restart.json")
def restart() -> ResponseReturnValue:
    forum = current()
    if forum.restart is None:
        raise Rejected(422, ["This forum is not run by a server that can restart."])
    forum.restart(float(_given().get("seconds", 0)))
    return {"success": "OK"}
