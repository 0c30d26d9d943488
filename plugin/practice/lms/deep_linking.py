"""The return of a selection: verify the tool's message, create the activities (Deep Linking 2.0).

What Moodle drops is dropped here too: lineItem.label, available, submission, window, iframe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plugin.practice.lms import queries, seed, tool_jwt
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Activity, Course, Tool
from plugin.practice.lms.store import Db

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SELECTION_SECONDS = 3600
MAX_ITEMS = 100


@dataclass(frozen=True)
class Selected:
    course: Course
    activities: tuple[Activity, ...]
    message: str
    error: str


@dataclass(frozen=True)
class Item:
    """A checked ltiResourceLink."""

    title: str
    text: str
    url: str
    custom: dict[str, str]
    score_maximum: float | None
    tag: str
    resource_id: str


def receive(platform: Platform, *, course_id: int, tool_id: int, key: str, token: str) -> Selected:
    """One transaction: the key is used up and every activity is there, or nothing happened."""
    with platform.store.reading() as db:
        tool = queries.tool(db, tool_id)
        course = queries.course(db, course_id)
    if tool is None or course is None:
        raise Refusal("the return URL was changed")
    if not token:
        raise Refusal("the form field JWT is missing")
    claims = tool_jwt.verify(platform, tool, token, audiences=frozenset({platform.issuer}))
    _check_message(tool, claims)
    items = [_item(tool, raw) for raw in _raw_items(claims)]
    tool_jwt.use_once(platform, tool, "deep_linking", claims, "nonce")
    with platform.store.writing() as db:
        _use_key(platform, db, tool, course, key)
        created = tuple(_create(db, course, tool, item) for item in items)
    return Selected(
        course,
        created,
        str(claims.get(f"{DL}msg") or ""),
        str(claims.get(f"{DL}errormsg") or ""),
    )


def _check_message(tool: Tool, claims: dict[str, Any]) -> None:
    for name, wanted in (
        ("iss", tool.client_id),
        (f"{LTI}message_type", "LtiDeepLinkingResponse"),
        (f"{LTI}version", "1.3.0"),
        (f"{LTI}deployment_id", tool.deployment_id),
    ):
        if claims.get(name) != wanted:
            raise Refusal(f"{name} must be {wanted!r}, not {claims.get(name)!r}")


def _raw_items(claims: dict[str, Any]) -> list[Any]:
    raw = claims.get(f"{DL}content_items", [])
    if not isinstance(raw, list) or len(raw) > MAX_ITEMS:
        raise Refusal(f"content_items must be a list of at most {MAX_ITEMS}")
    return raw


def _item(tool: Tool, raw: Any) -> Item:
    if not isinstance(raw, dict) or raw.get("type") != "ltiResourceLink":
        raise Refusal("only content items of type ltiResourceLink are accepted")
    title, text, url = (raw.get(name) for name in ("title", "text", "url"))
    for name, value in (("title", title), ("text", text), ("url", url)):
        if value is not None and not isinstance(value, str):
            raise Refusal(f"{name} of a content item must be text")
    if url and not url.startswith(("http://", "https://")):
        raise Refusal("url of a content item must be an http(s) address")
    custom = raw.get("custom") or {}
    if not isinstance(custom, dict) or not all(isinstance(v, str) for v in custom.values()):
        raise Refusal("custom must be an object of texts")
    line_item = raw.get("lineItem")
    maximum: float | None = None
    if line_item is not None:
        maximum = _maximum(line_item)
    line_item = line_item or {}
    return Item(
        title=title or tool.name,
        text=text or "",
        url=url or tool.launch_url,
        custom=custom,
        score_maximum=maximum,
        tag=str(line_item.get("tag") or ""),
        resource_id=str(line_item.get("resourceId") or ""),
    )


def _maximum(line_item: Any) -> float:
    value = line_item.get("scoreMaximum") if isinstance(line_item, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Refusal("lineItem.scoreMaximum must be a positive number")
    return float(value)


def _use_key(platform: Platform, db: Db, tool: Tool, course: Course, key: str) -> None:
    now = platform.clock.timestamp()
    used = db.execute(
        "UPDATE selection SET used = ? WHERE key = ? AND tool_id = ? AND course_id = ?"
        " AND used IS NULL AND started > ?",
        (now, key, tool.id, course.id, now - SELECTION_SECONDS),
    )
    if used.rowcount != 1:
        raise Refusal("this selection was finished already, or is older than an hour", status=403)


def _create(db: Db, course: Course, tool: Tool, item: Item) -> Activity:
    activity = seed.insert_activity(
        db,
        course.id,
        tool.id,
        title=item.title,
        text=item.text,
        url=item.url,
        custom=item.custom,
        new_window=False,
    )
    if item.score_maximum is not None:
        seed.insert_line_item(
            db,
            course.id,
            tool.id,
            label=item.title,
            score_maximum=item.score_maximum,
            tag=item.tag,
            resource_id=item.resource_id,
            activity_id=activity.id,
            coupled=True,
        )
    return activity
