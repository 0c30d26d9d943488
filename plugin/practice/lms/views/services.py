"""What a tool calls without a browser: key set, tokens, roster (NRPS), grades (AGS)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, g, json, jsonify, request

from plugin.practice.lms import gradebook, keys, line_items, notices, roster, scopes, tokens
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.faults import Area
from plugin.practice.lms.records import LineItem, Tool
from plugin.practice.lms.views.paths import on_paths
from plugin.practice.lms.views.recording import lose_answer, meet_fault, name_call, write_call
from plugin.practice.lms.views.session import platform

Row = TypeVar("Row")
blueprint = Blueprint("services", __name__)
# Registered last, run first: the log shows the answer that the tool received.
blueprint.after_request(write_call)
blueprint.after_request(lose_answer)

AREAS = {
    "services.key_set": Area.KEY_SET,
    "services.token": Area.TOKEN,
    "services.memberships": Area.ROSTER,
}


@blueprint.before_request
def perhaps_broken() -> Response | None:
    area = AREAS.get(request.endpoint or "", Area.GRADES)
    name_call(area.value.replace("_", " "))
    return meet_fault(area)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    g.call_reason = refusal.reason
    if request.endpoint == "services.token":
        body: dict[str, Any] = {"error": refusal.code, "error_description": refusal.reason}
    else:
        body = {
            "status": refusal.status,
            "reason": refusal.reason,
            "request": {
                "method": request.method,
                "url": request.full_path.rstrip("?"),
                "accept": request.headers.get("Accept", ""),
                "contentType": request.headers.get("Content-Type", ""),
            },
        }
    response = jsonify(body)
    response.status_code = refusal.status
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@on_paths(blueprint, lambda paths: paths.key_set, "GET")
def key_set() -> Response:
    return jsonify(keys.key_set(platform().store))


@on_paths(blueprint, lambda paths: paths.token, "POST")
def token() -> Response:
    issued = tokens.issue(platform(), request.form.to_dict())
    g.call_reason = issued["scope"]
    return Response(json.dumps(issued), content_type=platform().profile.token_content_type)


@on_paths(blueprint, lambda paths: paths.memberships, "GET")
def memberships(course_id: int, tool_id: int | None = None) -> Response:
    _accepts(scopes.ROSTER_TYPE, or_anything=True)
    tool = _tool(scopes.ROSTER_READ, of=tool_id)
    page = roster.memberships(
        platform(),
        tool,
        course_id,
        role=request.args.get("role", ""),
        query=_page_query(),
        resource_link=request.args.get("rlid", ""),
    )
    response = _typed(page.body, scopes.ROSTER_TYPE)
    if page.next_url:
        response.headers["Link"] = f'<{page.next_url}>; rel="next"'
    return response


@on_paths(blueprint, lambda paths: paths.line_items, "GET")
def list_line_items(course_id: int) -> Response:
    _accepts(scopes.LINE_ITEMS_TYPE)
    tool = _tool(scopes.LINE_ITEM_READ, scopes.LINE_ITEM)
    items = line_items.listed(platform(), tool, course_id, request.args.to_dict())
    shown, link = _page(
        items, platform().profile.line_item_page, platform().line_items_url(course_id, tool)
    )
    response = _typed([line_items.as_json(platform(), i) for i in shown], scopes.LINE_ITEMS_TYPE)
    if link:
        response.headers["Link"] = link
    return response


@on_paths(blueprint, lambda paths: paths.line_items, "POST")
def create_line_item(course_id: int) -> Response:
    sent = _sent(scopes.LINE_ITEM_TYPE)
    tool = _tool(scopes.LINE_ITEM)
    made = line_items.create(platform(), tool, course_id, sent)
    response = _typed(made, scopes.LINE_ITEM_TYPE)
    response.status_code = 201
    return response


@on_paths(blueprint, lambda paths: paths.line_item, "GET")
def get_line_item(course_id: int, item_id: int) -> Response:
    _accepts(scopes.LINE_ITEM_TYPE)
    tool = _tool(scopes.LINE_ITEM_READ, scopes.LINE_ITEM)
    with platform().store.reading() as db:
        item: LineItem = line_items.find(db, tool, course_id, item_id)
    return _typed(line_items.as_json(platform(), item), scopes.LINE_ITEM_TYPE)


@on_paths(blueprint, lambda paths: paths.line_item, "PUT")
def put_line_item(course_id: int, item_id: int) -> Response:
    sent = _sent(scopes.LINE_ITEM_TYPE)
    tool = _tool(scopes.LINE_ITEM)
    changed = line_items.update(platform(), tool, course_id, item_id, sent)
    return _typed(changed, scopes.LINE_ITEM_TYPE)


@on_paths(blueprint, lambda paths: paths.line_item, "DELETE")
def delete_line_item(course_id: int, item_id: int) -> Response:
    line_items.delete(platform(), _tool(scopes.LINE_ITEM), course_id, item_id)
    return Response(status=204)


@on_paths(blueprint, lambda paths: f"{paths.line_item}/scores", "POST")
def post_score(course_id: int, item_id: int) -> Response:
    sent = _sent(scopes.SCORE_TYPE)
    gradebook.post(platform(), _tool(scopes.SCORE), course_id, item_id, sent)
    return Response("", content_type=f"{scopes.SCORE_TYPE}; charset=utf-8")


@on_paths(blueprint, lambda paths: f"{paths.line_item}/results", "GET")
def list_results(course_id: int, item_id: int) -> Response:
    _accepts(scopes.RESULTS_TYPE)
    tool = _tool(scopes.RESULT_READ)
    user_id = request.args.get("user_id", "")
    found = gradebook.results(platform(), tool, course_id, item_id, user_id)
    shown, link = _page(found, platform().profile.result_page, request.base_url)
    response = _typed(shown, scopes.RESULTS_TYPE)
    if link:
        response.headers["Link"] = link
    return response


@blueprint.put("/api/lti/notice-handlers/<int:tool_id>")
def put_notice_handler(tool_id: int) -> Response:
    tool = _tool(scopes.NOTICE_HANDLERS, of=tool_id)
    sent = _sent("application/json")
    notices.set_handler(platform(), tool, str(sent.get("notice_type")), str(sent.get("handler")))
    return jsonify({"client_id": tool.client_id, "notice_handlers": [sent]})


def _tool(*any_of: str, of: int | None = None) -> Tool:
    """The tool of the bearer token; where an address names a tool, it must be this one."""
    granted = tokens.grant(platform(), request.headers.get("Authorization", ""), any_of=any_of)
    name_call(g.call_area, granted.tool.client_id)
    query = platform().profile.paths.tool_query
    if of is None and query:
        of = request.args.get(query, 0, type=int)
        if not of:
            raise Refusal(f"{query} is missing: keep the query of the line item URL")
    if of not in (None, granted.tool.id):
        raise Refusal("Forbidden: this address belongs to another tool", status=403)
    return granted.tool


def _accepts(media_type: str, *, or_anything: bool = False) -> None:
    accept = request.headers.get("Accept", "")
    if accept == media_type or (or_anything and accept in ("*/*", "")):
        return
    raise Refusal(f"No handler found for {request.path} {accept}: Accept must be {media_type}")


def _sent(media_type: str) -> dict[str, Any]:
    if request.mimetype != media_type:
        raise Refusal(
            f"No handler found for {request.path} {request.mimetype}:"
            f" Content-Type must be {media_type}"
        )
    try:
        sent = json.loads(request.get_data(as_text=True))
    except ValueError as error:
        raise Refusal(f"the body is no JSON: {error}") from error
    if not isinstance(sent, dict):
        raise Refusal("the body must be a JSON object")
    return sent


def _page_query() -> dict[str, str]:
    for name in ("limit", "from", "per_page"):
        text = request.args.get(name, "0")
        if not (text.isascii() and text.isdigit()):
            raise Refusal(f"{name} must be a number")
    return request.args.to_dict()


def _page(rows: Sequence[Row], default: int | None, url: str) -> tuple[Sequence[Row], str | None]:
    """The rows that were asked for and the Link header of those after them."""
    profile, query = platform().profile, _page_query()
    start, size = profile.first_row(query), profile.page_size(query) or default
    if not size or start + size >= len(rows):
        return rows[start:], None
    kept = {k: v for k, v in query.items() if k not in ("limit", "from", "page", "per_page")}
    asked = {**kept, **profile.next_query(start + size, size)}
    if not profile.broken_line_item_paging:
        return rows[start : start + size], f'<{url.split("?")[0]}?{urlencode(asked)}>; rel="next"'
    # Moodle 4.3 and 4.5 send HTML entities and typographic quotes here, as UTF-8 bytes.
    link = f"<{url}&amp;limit={size}&amp;from={start + size}>; rel=“next”"
    return rows[start : start + size], link.encode().decode("latin-1")


def _typed(body: object, media_type: str) -> Response:
    return Response(json.dumps(body), content_type=f"{media_type}; charset=utf-8")
