"""Webhook subscriptions and the queue of what is to be sent (facts 1.1 to 1.3).

The body is made when the thing happens and sent later, from a queue, in no promised order.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.store import Db, Row

GROUPED: dict[str, tuple[str, ...]] = {
    "topic": ("topic_created", "topic_edited", "topic_destroyed", "topic_recovered"),
    "post": ("post_created", "post_edited", "post_destroyed", "post_recovered"),
    "user": (
        "user_logged_in",
        "user_logged_out",
        "user_confirmed_email",
        "user_created",
        "user_approved",
        "user_updated",
        "user_destroyed",
    ),
    "group": ("group_created", "group_updated", "group_destroyed"),
    "solved": ("accepted_solution", "unaccepted_solution"),
    "user_badge": ("user_badge_granted", "user_badge_revoked"),
    "group_user": ("user_added_to_group", "user_removed_from_group"),
    "like": ("post_liked",),
    "user_promoted": ("user_promoted",),
}
FIRST_TYPE_IDS = {
    "topic": 101,
    "post": 201,
    "user": 301,
    "group": 401,
    "solved": 1101,
    "user_badge": 1301,
    "group_user": 1401,
    "like": 1501,
    "user_promoted": 1601,
}
EVENT_IDS = {
    FIRST_TYPE_IDS[group] + place: name
    for group, names in GROUPED.items()
    for place, name in enumerate(names)
}
MINIMUM_SECRET = 12


@dataclass(frozen=True)
class Scope:
    """What a filter looks at; an event without a category never passes a category filter."""

    category_id: int | None = None
    tags: tuple[str, ...] = ()
    group_ids: tuple[int, ...] = ()


NOWHERE = Scope()


def to_body(event_type: str, payload: Any) -> str:
    return json.dumps({event_type: payload}, ensure_ascii=False, separators=(",", ":"))


def _subscribed(hook: Row, event_name: str, scope: Scope) -> bool:
    names = json.loads(hook["event_names"])
    wanted = "topic_edited" if event_name.endswith("_status_updated") else event_name
    if not hook["wildcard"] and wanted not in names:
        return False
    categories, tags = json.loads(hook["category_ids"]), json.loads(hook["tag_names"])
    groups = json.loads(hook["group_ids"])
    if categories and scope.category_id not in categories:
        return False
    if tags and not set(tags) & set(scope.tags):
        return False
    return not groups or bool(set(groups) & set(scope.group_ids))


def emit(
    forum: Forum, db: Db, event_type: str, event_name: str, payload: Any, scope: Scope = NOWHERE
) -> None:
    """Queues the event for every webhook that wants it, in the caller's transaction."""
    hooks = db.execute("SELECT * FROM web_hook WHERE active ORDER BY id").fetchall()
    wanted = [hook for hook in hooks if _subscribed(hook, event_name, scope)]
    if not wanted:
        return
    body = to_body(event_type, payload)
    for hook in wanted:
        queue(forum, db, hook["id"], event_type, event_name, body)


def queue(forum: Forum, db: Db, hook_id: int, event_type: str, event_name: str, body: str) -> None:
    db.execute(
        "INSERT INTO web_hook_job (web_hook_id, event_type, event_name, body, not_before,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            hook_id,
            event_type,
            event_name,
            body,
            forum.clock.stamp(forum.webhook_faults.delay()),
            forum.clock.stamp(),
        ),
    )


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check(payload_url: str, secret: str) -> None:
    parts = urlsplit(payload_url)
    if parts.scheme not in ("http", "https") or not is_loopback(parts.hostname or ""):
        # The real one refuses private addresses; a practice server sends to nothing else.
        raise Rejected(422, ["Payload URL must be an address of this machine"])
    if secret and len(secret) < MINIMUM_SECRET:
        raise Rejected(422, [f"Secret is too short (minimum is {MINIMUM_SECRET} characters)"])


def add_webhook(
    forum: Forum,
    payload_url: str,
    secret: str,
    events: Sequence[str] = (),
    *,
    categories: Sequence[int] = (),
    groups: Sequence[int] = (),
    tags: Sequence[str] = (),
    wildcard: bool = False,
    content_type: int = 1,
    active: bool = True,
) -> int:
    """A subscription by event names (`post_created`) or whole groups (`post`)."""
    _check(payload_url, secret)
    names = sorted({name for item in events for name in GROUPED.get(item, (item,))})
    unknown = set(names) - set(EVENT_IDS.values())
    if unknown:
        raise Rejected(422, [f"Unknown event {', '.join(sorted(unknown))}"])
    with forum.store.transaction() as db:
        cursor = db.execute(
            "INSERT INTO web_hook (payload_url, secret, content_type, wildcard, active,"
            " event_names, category_ids, group_ids, tag_names, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                payload_url,
                secret,
                content_type,
                wildcard,
                active,
                json.dumps(names),
                json.dumps(list(categories)),
                json.dumps(list(groups)),
                json.dumps(list(tags)),
                forum.clock.stamp(),
            ),
        )
        return int(cursor.lastrowid or 0)


def ping(forum: Forum, hook_id: int) -> None:
    with forum.store.transaction() as db:
        queue(forum, db, hook_id, "ping", "ping", to_body("ping", "OK"))


def webhook(db: Db, hook_id: int) -> Row:
    row: Row | None = db.execute("SELECT * FROM web_hook WHERE id = ?", (hook_id,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def delete_webhook(forum: Forum, hook_id: int) -> None:
    with forum.store.transaction() as db:
        db.execute("DELETE FROM web_hook WHERE id = ?", (hook_id,))
