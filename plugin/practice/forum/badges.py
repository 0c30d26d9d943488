"""Badges and grants, with the idempotence rules of facts 2.4."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.events import emit
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.payloads import user_badge_payload
from plugin.practice.forum.people import notify
from plugin.practice.forum.store import Db, Row

GRANTED = 12
TYPES = {1: "Gold", 2: "Silver", 3: "Bronze"}
# Those of every new forum: id, name, position.
GROUPINGS = (
    (1, "Getting Started", 10),
    (2, "Community", 11),
    (3, "Posting", 12),
    (4, "Trust Level", 13),
    (5, "Other", 14),
)
_TEXT = ("name", "badge_type_id", "description", "long_description", "icon", "image_url")
_PLACE = ("badge_grouping_id",)
_FLAGS = ("multiple_grant", "allow_title", "listable", "enabled", "show_posts")
FIELDS = (*_TEXT, *_PLACE, *_FLAGS)
_TOPIC_PATH = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:/(\d+))?/?")
_POST_PATH = re.compile(r"/p/(\d+)(?:/[^/]*)?")


@dataclass(frozen=True)
class Granted:
    """A grant's id, and whether this call made it."""

    user_badge_id: int
    new: bool


def save_badge(forum: Forum, values: dict[str, Any], badge_id: int | None = None) -> int:
    """Creates or changes; only given (truthy) values are assigned, as in the real one."""
    known = {name: value for name, value in values.items() if name in FIELDS}
    with forum.store.transaction() as db:
        name = known.get("name")
        if badge_id is None:
            if not name or not known.get("badge_type_id"):
                raise Rejected(422, ["Name can't be blank"])
            known = {"created_at": forum.clock.stamp(), **known}
        else:
            badge(db, badge_id)
        _check(db, known, badge_id)
        if badge_id is None:
            marks = ", ".join("?" for _ in known)
            sql = f"INSERT INTO badge ({', '.join(known)}) VALUES ({marks})"
            return int(db.execute(sql, tuple(known.values())).lastrowid or 0)
        if known:
            columns = ", ".join(f"{name} = ?" for name in known)
            db.execute(f"UPDATE badge SET {columns} WHERE id = ?", (*known.values(), badge_id))
    return badge_id


def _check(db: Db, known: dict[str, Any], badge_id: int | None) -> None:
    if int(known.get("badge_type_id", 3)) not in TYPES:
        raise Rejected(422, ["Badge type must exist"])
    name = str(known.get("name", ""))
    if len(name) > 255:
        raise Rejected(422, ["Name is too long (maximum is 255 characters)"])
    row = db.execute("SELECT id FROM badge WHERE name = ?", (name,)).fetchone()
    if row is not None and row["id"] != badge_id:
        raise Rejected(422, ["Name has already been taken"])


def groupings(db: Db) -> list[dict[str, Any]]:
    """All groupings, those of the site's own staff last."""
    rows = db.execute("SELECT id, name, position FROM badge_grouping ORDER BY position, id")
    common = [{"id": i, "name": n, "position": p, "system": True} for i, n, p in GROUPINGS]
    return common + [{**dict(row), "system": False} for row in rows]


def add_grouping(forum: Forum, name: str) -> int:
    """What staff does on the page of groupings."""
    with forum.store.transaction() as db:
        row = db.execute(
            "INSERT INTO badge_grouping (name, position) VALUES (?, 20) RETURNING id", (name,)
        )
        return int(row.fetchone()["id"])


def uploaded(forum: Forum, upload_id: int) -> str:
    """The address of an uploaded picture; 422 when there is none."""
    with forum.store.reading() as db:
        row = db.execute("SELECT url FROM upload WHERE id = ?", (upload_id,)).fetchone()
    if row is None:
        raise Rejected(422, ["Image upload must exist"])
    return str(row["url"])


def badge(db: Db, badge_id: int) -> Row:
    row: Row | None = db.execute("SELECT * FROM badge WHERE id = ?", (badge_id,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def badge_by_name(db: Db, name: str) -> Row:
    row: Row | None = db.execute("SELECT * FROM badge WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def reason_post(forum: Forum, db: Db, reason: str | None) -> int | None:
    """The post behind a reason; 400 when it is no topic or post URL on this site."""
    if not reason:
        return None
    refused = Rejected(
        400,
        ["To grant a badge, the reason must be a link to a topic or post on this site."],
        extra={"failed": "FAILED"},
    )
    url, own = urlsplit(reason), urlsplit(forum.base_url)
    if (url.scheme, url.netloc) != (own.scheme, own.netloc):
        raise refused
    if match := _TOPIC_PATH.fullmatch(url.path):
        row = db.execute(
            "SELECT id FROM post WHERE topic_id = ? AND post_number = ?",
            (match[1], match[2] or 1),
        ).fetchone()
    elif match := _POST_PATH.fullmatch(url.path):
        row = db.execute("SELECT id FROM post WHERE id = ?", (match[1],)).fetchone()
    else:
        raise refused
    return row["id"] if row else None


def grant_badge(
    forum: Forum,
    user_id: int,
    badge_id: int,
    *,
    granted_by_id: int,
    post_id: int | None = None,
    granted_at: str | None = None,
) -> Granted:
    """A single-grant badge twice gives the existing row and no event.

    multiple_grant: with a post unique per (badge, user, post), without one a new row each time.
    """
    with forum.store.transaction() as db:
        kind = badge(db, badge_id)
        if not kind["enabled"]:
            raise Rejected.forbidden()
        rows = db.execute(
            "SELECT id, post_id, seq FROM user_badge WHERE badge_id = ? AND user_id = ?"
            " ORDER BY seq",
            (badge_id, user_id),
        ).fetchall()
        same = [
            row
            for row in rows
            if not kind["multiple_grant"] or (post_id is not None and row["post_id"] == post_id)
        ]
        if same:
            return Granted(same[0]["id"], new=False)
        cursor = db.execute(
            "INSERT INTO user_badge (badge_id, user_id, granted_by_id, granted_at, created_at,"
            " post_id, seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                badge_id,
                user_id,
                granted_by_id,
                granted_at or forum.clock.stamp(),
                forum.clock.stamp(),
                post_id,
                rows[-1]["seq"] + 1 if rows else 0,
            ),
        )
        user_badge_id = int(cursor.lastrowid or 0)
        # The trap of the real one: it looks the row up by badge and user, so the event of a
        # second grant of a multiple_grant badge shows the first.
        told = rows[0]["id"] if rows else user_badge_id
        emit(forum, db, "user_badge", "user_badge_granted", user_badge_payload(db, told))
        notify(forum, db, user_id, GRANTED, kind["name"])
    return Granted(user_badge_id, new=True)


def revoke_badge(forum: Forum, user_badge_id: int) -> None:
    with forum.store.transaction() as db:
        row = db.execute("SELECT id FROM user_badge WHERE id = ?", (user_badge_id,)).fetchone()
        if row is None:
            raise Rejected.not_found()
        payload = user_badge_payload(db, user_badge_id)
        db.execute("DELETE FROM user_badge WHERE id = ?", (user_badge_id,))
        emit(forum, db, "user_badge", "user_badge_revoked", payload)
