"""What a connecting tool asks first: who are you, which categories and groups, who am I."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from plugin.practice.forum.auth import api, reader
from plugin.practice.forum.delivery import USER_AGENT
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.params import Params
from plugin.practice.forum.payload_people import user_payload
from plugin.practice.forum.payloads import basic_user
from plugin.practice.forum.request_log import effect
from plugin.practice.forum.store import Db
from plugin.practice.forum.topics import create_category
from plugin.practice.forum.user_keys import user_of_key

blueprint = Blueprint("forum_api_site", __name__)


def category_list(db: Db) -> list[dict[str, Any]]:
    rows = db.execute(
        "SELECT c.*, (SELECT count(*) FROM topic t WHERE t.category_id = c.id AND"
        " t.deleted_at IS NULL) AS topic_count FROM category c ORDER BY c.id"
    )
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "slug": row["slug"],
            "description": row["description"],
            "topic_count": row["topic_count"],
            "read_restricted": False,
            "permission": 1,
            **({"parent_category_id": row["parent_id"]} if row["parent_id"] else {}),
        }
        for row in rows
    ]


@blueprint.get("/site.json")
@api(public=True)
def site() -> ResponseReturnValue:
    with current().store.reading() as db:
        groups = db.execute("SELECT id, name FROM team ORDER BY id")
        return {
            "notification_types": {"replied": 2, "liked": 5, "private_message": 6},
            "post_types": {"regular": 1, "moderator_action": 2, "small_action": 3, "whisper": 4},
            "groups": [dict(row) for row in groups],
            "categories": category_list(db),
            "can_tag_topics": True,
            "archetypes": [{"id": "regular", "name": "Regular Topic", "options": []}],
        }


@blueprint.get("/site/basic-info.json")
def basic_info() -> ResponseReturnValue:
    return {"title": current().settings.get("title"), "description": "A practice forum"}


@blueprint.get("/about.json")
@api(public=True)
def about() -> ResponseReturnValue:
    forum = current()
    with forum.store.reading() as db:
        counts = db.execute(
            "SELECT (SELECT count(*) FROM topic WHERE archetype = 'regular') AS topics_count,"
            " (SELECT count(*) FROM post) AS posts_count,"
            " (SELECT count(*) FROM account WHERE id > 0) AS users_count,"
            " (SELECT count(*) FROM post_like) AS likes_count"
        ).fetchone()
        admins = db.execute("SELECT * FROM account WHERE admin AND id > 0").fetchall()
        body = {
            "title": forum.settings.get("title"),
            "description": "A practice forum",
            "version": USER_AGENT.partition("/")[2],
            "https": forum.base_url.startswith("https"),
            "stats": dict(counts),
            "admin_ids": [row["id"] for row in admins],
        }
        return {"users": [basic_user(row) for row in admins], "about": body}


@blueprint.get("/categories.json")
@api("categories:list", public=True)
def categories() -> ResponseReturnValue:
    with current().store.reading() as db:
        return {"category_list": {"can_create_category": True, "categories": category_list(db)}}


@blueprint.post("/categories.json")
@api(admin=True)
def new_category() -> ResponseReturnValue:
    params, forum = Params(), current()
    category_id = create_category(
        forum, params.required("name"), parent=params.number("parent_category_id")
    )
    effect(f"category:{category_id}")
    with forum.store.reading() as db:
        return {"category": next(c for c in category_list(db) if c["id"] == category_id)}


@blueprint.get("/session/current.json")
@api(public=True)
def me() -> ResponseReturnValue:
    """By an administrator's key, a user's own key, or the browser's session."""
    user = reader()
    user_id = user_of_key() or (user["id"] if user is not None else None)
    if user_id is None:
        raise Rejected.not_found()
    with current().store.reading() as db:
        return {"current_user": user_payload(db, user_id)}


@blueprint.get("/notifications.json")
@api(public=True)
def notifications() -> ResponseReturnValue:
    user = reader()
    if user is None:
        raise Rejected.forbidden()
    with current().store.reading() as db:
        rows = db.execute(
            "SELECT * FROM notification WHERE user_id = ? ORDER BY id DESC LIMIT 60", (user["id"],)
        )
        shown = [
            {**dict(row), "data": {"display": row["data"]}, "read": bool(row["read"])}
            for row in rows
        ]
        return {"notifications": shown, "total_rows_notifications": len(shown)}


@blueprint.get("/srv/status")
def healthy() -> ResponseReturnValue:
    return "ok", 200, {"Content-Type": "text/plain"}
