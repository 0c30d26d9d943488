"""Badges and grants over REST (facts 2.2). Granting needs staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import badges
from plugin.practice.forum.auth import api, caller
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.params import Params
from plugin.practice.forum.payloads import account, basic_user
from plugin.practice.forum.people import by_username
from plugin.practice.forum.request_log import effect
from plugin.practice.forum.store import Db, Row
from plugin.practice.forum.text import slugify

PAGE = 96
blueprint = Blueprint("forum_api_badges", __name__)
_TYPES = [
    {"id": number, "name": name, "sort_order": 10 - number} for number, name in badges.TYPES.items()
]


def badge_json(db: Db, row: Row) -> dict[str, Any]:
    count = db.execute("SELECT count(*) FROM user_badge WHERE badge_id = ?", (row["id"],))
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "grant_count": count.fetchone()[0],
        "allow_title": bool(row["allow_title"]),
        "multiple_grant": bool(row["multiple_grant"]),
        "icon": row["icon"] or "certificate",
        "image_url": row["image_url"],
        "listable": bool(row["listable"]),
        "enabled": bool(row["enabled"]),
        "badge_grouping_id": row["badge_grouping_id"],
        "system": False,
        "long_description": row["long_description"],
        "slug": slugify(row["name"], "-"),
        "manually_grantable": True,
        "show_posts": bool(row["show_posts"]),
        "badge_type_id": row["badge_type_id"],
    }


def user_badge_json(db: Db, row: Row) -> dict[str, Any]:
    names = ["id", "granted_at", "created_at", "badge_id", "user_id", "granted_by_id"]
    shown = {name: row[name] for name in names}
    if row["post_id"] is not None:
        post = db.execute(
            "SELECT topic_id, post_number FROM post WHERE id = ?", (row["post_id"],)
        ).fetchone()
        shown |= {"post_id": row["post_id"], **dict(post)}
    return shown


def _around(db: Db, rows: Iterable[Row]) -> dict[str, Any]:
    """The objects that the ids of the rows point to."""
    rows = list(rows)
    kinds = sorted({row["badge_id"] for row in rows})
    users = sorted({row["user_id"] for row in rows} | {row["granted_by_id"] for row in rows})
    return {
        "badges": [badge_json(db, badges.badge(db, kind)) for kind in kinds],
        "badge_types": _TYPES,
        "users": [basic_user(account(db, user)) for user in users],
        "topics": [],
    }


@blueprint.get("/admin/badges.json")
@api("badges:list", staff=True)
def index() -> ResponseReturnValue:
    with current().store.reading() as db:
        rows = db.execute("SELECT * FROM badge ORDER BY id").fetchall()
        return {
            "badges": [badge_json(db, row) for row in rows],
            "badge_types": _TYPES,
            "badge_groupings": badges.groupings(db),
            "admin_badges": {
                "protected_system_fields": [],
                "triggers": {},
                "badge_ids": [row["id"] for row in rows],
                "badge_grouping_ids": [one["id"] for one in badges.groupings(db)],
                "badge_type_ids": list(badges.TYPES),
            },
        }


def _values(params: Params) -> dict[str, Any]:
    """Only truthy parameters are assigned: JSON false is ignored, the text "false" is not."""
    values: dict[str, Any] = {}
    for name in badges.FIELDS:
        text = params.text(name)
        if text is None or text == "False":
            continue
        if name in ("name", "description", "long_description", "icon"):
            values[name] = text
        else:
            values[name] = params.number(name) if name.endswith("_id") else params.flag(name)
    upload_id = params.number("image_upload_id")
    if upload_id is not None:
        values["image_url"] = badges.uploaded(current(), upload_id)
    return values


@blueprint.post("/admin/badges.json")
@api("badges:create", staff=True)
def create() -> ResponseReturnValue:
    badge_id = badges.save_badge(current(), _values(Params()))
    effect(f"badge:{badge_id}")
    return _one(badge_id)


@blueprint.put("/admin/badges/<int:badge_id>.json")
@api("badges:update", staff=True)
def update(badge_id: int) -> ResponseReturnValue:
    badges.save_badge(current(), _values(Params()), badge_id)
    effect(f"badge:{badge_id}")
    return _one(badge_id)


def _one(badge_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        return {"badge_types": _TYPES, "badge": badge_json(db, badges.badge(db, badge_id))}


@blueprint.get("/badges/<int:badge_id>.json")
@api("badges:show", public=True)
def show(badge_id: int) -> ResponseReturnValue:
    return _one(badge_id)


@blueprint.post("/user_badges.json")
@blueprint.post("/user_badges")
@api("badges:assign_badge_to_user")
def grant() -> ResponseReturnValue:
    forum, params, granter = current(), Params(), caller()
    if not (granter["admin"] or granter["moderator"]):
        raise Rejected.forbidden()
    with forum.store.transaction() as db:
        user = by_username(db, params.required("username"))
        number = params.number("badge_id")
        kind = (
            badges.badge(db, number)
            if number is not None
            else badges.badge_by_name(db, params.required("badge_name"))
        )
        post_id = badges.reason_post(forum, db, params.text("reason"))
        granted = badges.grant_badge(
            forum, user["id"], kind["id"], granted_by_id=granter["id"], post_id=post_id
        )
        effect(f"{'grant' if granted.new else 'existing-grant'}:{granted.user_badge_id}")
        row = db.execute(
            "SELECT * FROM user_badge WHERE id = ?", (granted.user_badge_id,)
        ).fetchone()
        return {**_around(db, [row]), "user_badge": user_badge_json(db, row)}


@blueprint.delete("/user_badges/<int:user_badge_id>.json")
@api("badges:revoke_badge_from_user")
def revoke(user_badge_id: int) -> ResponseReturnValue:
    if not (caller()["admin"] or caller()["moderator"]):
        raise Rejected.forbidden()
    badges.revoke_badge(current(), user_badge_id)
    effect(f"revoke:{user_badge_id}")
    return {"success": "OK"}


@blueprint.get("/user-badges/<username>.json")
@api("badges:list_user_badges", public=True)
def of_user(username: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        user = by_username(db, username)
        rows = db.execute(
            "SELECT * FROM user_badge WHERE user_id = ? ORDER BY granted_at DESC, id DESC",
            (user["id"],),
        ).fetchall()
        around = _around(db, rows)
        return {
            "badges": around["badges"],
            "badge_types": _TYPES,
            "granted_bies": around["users"],
            "user_badges": [user_badge_json(db, row) for row in rows],
        }


@blueprint.get("/user_badges.json")
@api(public=True)
def holders() -> ResponseReturnValue:
    """96 a page."""
    badge_id = Params().number("badge_id") or 0
    offset = request.args.get("offset", 0, type=int)
    with current().store.reading() as db:
        badges.badge(db, badge_id)
        rows = db.execute(
            "SELECT * FROM user_badge WHERE badge_id = ? ORDER BY granted_at DESC, id DESC"
            " LIMIT ? OFFSET ?",
            (badge_id, PAGE, offset),
        ).fetchall()
        count = db.execute("SELECT count(*) FROM user_badge WHERE badge_id = ?", (badge_id,))
        listed = [user_badge_json(db, row) for row in rows]
        info = {"user_badges": listed, "grant_count": count.fetchone()[0], "username": None}
        return {**_around(db, rows), "user_badge_info": info}
