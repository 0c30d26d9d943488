"""Line items of Assignment and Grade Services 2.0.

In Moodle, changing the maximum rescales the grades and turns empty ones into 0 (measured on 4.3 and
4.5.6); a column that belongs to an activity cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.practice.lms import queries, seed
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Course, LineItem, Role, Tool
from plugin.practice.lms.store import Db


def as_json(platform: Platform, item: LineItem) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": platform.line_item_url(item),
        "label": item.label,
        "scoreMaximum": _plain(item.score_maximum),
        "resourceId": item.resource_id,
        "tag": item.tag,
    }
    if item.activity_id is not None:
        link = platform.profile.link_id(item.activity_id)
        found |= {"resourceLinkId": link, "ltiLinkId": link}
    return found


def course_of(db: Db, tool: Tool, course_id: int) -> Course:
    course = queries.course(db, course_id)
    if course is None or tool not in queries.course_tools(db, course_id):
        raise Refusal("Not Found: this tool is not in the course", status=404)
    return course


def find(db: Db, tool: Tool, course_id: int, item_id: int) -> LineItem:
    """A tool sees its own line items only."""
    course_of(db, tool, course_id)
    item = queries.line_item(db, item_id)
    if item is None or (item.course_id, item.tool_id) != (course_id, tool.id):
        raise Refusal(f"Not Found: Grade item {item_id} doesn't exist", status=404)
    return item


def listed(
    platform: Platform, tool: Tool, course_id: int, asked: Mapping[str, str]
) -> list[LineItem]:
    with platform.store.reading() as db:
        course_of(db, tool, course_id)
        items = queries.line_items(db, course_id, tool.id)
    link, resource, tag = (asked.get(name) for name in ("resource_link_id", "resource_id", "tag"))
    number = platform.profile.link_number(link) if link else None
    return [
        item
        for item in items
        if (number is None or item.activity_id == number)
        and (not resource or item.resource_id == resource)
        and (not tag or item.tag == tag)
    ]


def create(platform: Platform, tool: Tool, course_id: int, sent: dict[str, Any]) -> dict[str, Any]:
    label, maximum, tag, resource = _checked(sent)
    with platform.store.writing() as db:
        course_of(db, tool, course_id)
        item = seed.insert_line_item(
            db,
            course_id,
            tool.id,
            label=label,
            score_maximum=maximum,
            tag=tag,
            resource_id=resource,
            activity_id=_linked(platform, db, tool, course_id, sent.get("resourceLinkId")),
            coupled=False,
        )
    # Moodle echoes what was sent, dates included, and keeps only what it knows.
    return {**sent, "id": platform.line_item_url(item)}


def update(
    platform: Platform, tool: Tool, course_id: int, item_id: int, sent: dict[str, Any]
) -> dict[str, Any]:
    label, maximum, tag, resource = _checked(sent)
    with platform.store.writing() as db:
        item = find(db, tool, course_id, item_id)
        if maximum != item.score_maximum and platform.profile.new_maximum_rescales:
            _rescale(db, item, maximum)
        db.execute(
            "UPDATE line_item SET label = ?, score_maximum = ?, tag = ?, resource_id = ?"
            " WHERE id = ?",
            (label, maximum, tag, resource, item_id),
        )
    return {**sent, "id": platform.line_item_url(item)}


def delete(platform: Platform, tool: Tool, course_id: int, item_id: int) -> None:
    with platform.store.writing() as db:
        item = find(db, tool, course_id, item_id)
        if item.coupled:
            raise Refusal(
                "Forbidden: the line item belongs to an activity",
                status=platform.profile.coupled_delete_status,
            )
        db.execute("DELETE FROM line_item WHERE id = ?", (item_id,))


def _checked(sent: dict[str, Any]) -> tuple[str, float, str, str]:
    label, maximum = sent.get("label"), sent.get("scoreMaximum")
    if not isinstance(label, str) or not label.strip() or maximum is None:
        raise Refusal("No label or Score Maximum")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float) or maximum < 0:
        raise Refusal("scoreMaximum must be a number, 0 or more")
    tag, resource = sent.get("tag", ""), sent.get("resourceId", "")
    if not isinstance(tag, str) or not isinstance(resource, str):
        raise Refusal("tag and resourceId must be texts")
    return label, float(maximum), tag, resource


def _linked(platform: Platform, db: Db, tool: Tool, course_id: int, link: Any) -> int | None:
    if link is None:
        return None
    number = platform.profile.link_number(link) if isinstance(link, str) else 0
    activity = queries.activity(db, number)
    if activity is None or (activity.course_id, activity.tool_id) != (course_id, tool.id):
        raise Refusal("Forbidden: resourceLinkId is no activity of this tool", status=403)
    return activity.id


def _rescale(db: Db, item: LineItem, maximum: float) -> None:
    factor = maximum / item.score_maximum if item.score_maximum else 0.0
    db.execute(
        "UPDATE grade SET score = score * ? WHERE line_item_id = ? AND score IS NOT NULL",
        (factor, item.id),
    )
    learners = [m for m in queries.members(db, item.course_id) if m.role is Role.LEARNER]
    db.executemany(
        "INSERT INTO grade VALUES (?, ?, 0, '', NULL) ON CONFLICT (line_item_id, user_id)"
        " DO UPDATE SET score = coalesce(score, 0)",
        [(item.id, member.user.id) for member in learners],
    )


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
