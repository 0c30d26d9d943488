"""Reading topics: one topic, by external id, latest, by category, messages of a person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import topics
from plugin.practice.forum.api_posts import shown_post
from plugin.practice.forum.appreciation import accept_answer, like_post, unaccept_answer
from plugin.practice.forum.auth import api, caller, reader
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.params import Params
from plugin.practice.forum.payloads import (
    account,
    basic_user,
    post_rows,
    topic_payload,
    topic_row,
    topic_tags,
)
from plugin.practice.forum.people import by_username
from plugin.practice.forum.request_log import effect
from plugin.practice.forum.revisions import edit_topic
from plugin.practice.forum.store import Db, Row

PAGE = 30
blueprint = Blueprint("forum_api_topics", __name__)


def full_topic(db: Db, topic_id: int) -> dict[str, Any]:
    if not topics.may_read(db, topic_id, reader()):
        raise Rejected.forbidden()
    row = topic_row(db, topic_id)
    if row["deleted_at"] and not (reader() and caller()["admin"]):
        raise Rejected.not_found()
    where = "p.topic_id = ? AND p.deleted_at IS NULL ORDER BY p.post_number"
    posts = [shown_post(db, post["id"]) for post in post_rows(db, where, (topic_id,))]
    body = {
        "post_stream": {"posts": posts, "stream": [post["id"] for post in posts]},
        "timeline_lookup": [],
        "suggested_topics": [],
        **topic_payload(db, topic_id),
        "details": _details(db, topic_id),
    }
    chosen = next((post for post in posts if post.get("accepted_answer")), None)
    if chosen is not None:
        body["accepted_answer"] = {
            "post_number": chosen["post_number"],
            "username": chosen["username"],
            "name": chosen["name"],
            "excerpt": chosen["raw"][:200],
        }
    return body


def _details(db: Db, topic_id: int) -> dict[str, Any]:
    row = topic_row(db, topic_id)
    details: dict[str, Any] = {
        "can_edit": True,
        "notification_level": 1,
        "created_by": basic_user(account(db, row["user_id"])),
        "last_poster": basic_user(account(db, row["last_poster_id"])),
    }
    if row["archetype"] == "private_message":
        users = db.execute("SELECT user_id FROM topic_user WHERE topic_id = ?", (topic_id,))
        groups = db.execute(
            "SELECT g.id, g.name FROM topic_group t JOIN team g ON g.id = t.group_id"
            " WHERE t.topic_id = ?",
            (topic_id,),
        )
        details["allowed_users"] = [basic_user(account(db, one["user_id"])) for one in users]
        details["allowed_groups"] = [dict(one) for one in groups]
    return details


@blueprint.get("/t/<int:topic_id>.json")
@blueprint.get("/t/<slug>/<int:topic_id>.json")
@api("topics:read", public=True)
def show(topic_id: int, slug: str = "") -> ResponseReturnValue:
    with current().store.reading() as db:
        return full_topic(db, topic_id)


@blueprint.get("/t/external_id/<external_id>.json")
@api("topics:read", public=True)
def by_external_id(external_id: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = db.execute("SELECT id FROM topic WHERE external_id = ?", (external_id,)).fetchone()
        if row is None:
            raise Rejected.not_found()
        return full_topic(db, row["id"])


def _listed(db: Db, row: Row) -> dict[str, Any]:
    count = db.execute(
        "SELECT count(*), EXISTS (SELECT 1 FROM solution WHERE topic_id = :id) FROM post"
        " WHERE topic_id = :id AND deleted_at IS NULL",
        {"id": row["id"]},
    ).fetchone()
    return {
        "id": row["id"],
        "title": row["title"],
        "fancy_title": row["title"],
        "slug": row["slug"],
        "posts_count": count[0],
        "reply_count": max(0, count[0] - 1),
        "highest_post_number": row["highest_post_number"],
        "created_at": row["created_at"],
        "last_posted_at": row["last_posted_at"],
        "bumped": True,
        "bumped_at": row["bumped_at"],
        "archetype": row["archetype"],
        "visible": bool(row["visible"]),
        "closed": bool(row["closed"]),
        "archived": bool(row["archived"]),
        "views": row["views"],
        "category_id": row["category_id"],
        "tags": topic_tags(db, row["id"]),
        "has_accepted_answer": bool(count[1]),
        "last_poster_username": account(db, row["last_poster_id"])["username"],
        "posters": [{"user_id": row["user_id"], "description": "Original Poster"}],
    }


def _topic_list(where: str, values: tuple[Any, ...]) -> ResponseReturnValue:
    page = request.args.get("page", 0, type=int)
    with current().store.reading() as db:
        rows = db.execute(
            f"SELECT * FROM topic WHERE deleted_at IS NULL AND {where}"
            " ORDER BY bumped_at DESC, id DESC LIMIT ? OFFSET ?",
            (*values, PAGE + 1, PAGE * page),
        ).fetchall()
        users = {row["user_id"] for row in rows[:PAGE]}
        listing: dict[str, Any] = {
            "can_create_topic": True,
            "per_page": PAGE,
            "topics": [_listed(db, row) for row in rows[:PAGE]],
        }
        if len(rows) > PAGE:
            listing["more_topics_url"] = f"{request.path.removesuffix('.json')}?page={page + 1}"
        return {
            "users": [basic_user(account(db, user_id)) for user_id in sorted(users)],
            "primary_groups": [],
            "topic_list": listing,
        }


@blueprint.get("/latest.json")
@api("topics:read_lists", public=True)
def latest() -> ResponseReturnValue:
    return _topic_list("archetype = 'regular'", ())


@blueprint.get("/c/<path:slug>/<int:category_id>.json")
@blueprint.get("/c/<path:slug>/<int:category_id>/l/latest.json")
@blueprint.get("/c/<int:category_id>.json")
@api("topics:read_lists", public=True)
def of_category(category_id: int, slug: str = "") -> ResponseReturnValue:
    return _topic_list("archetype = 'regular' AND category_id = ?", (category_id,))


@blueprint.get("/topics/private-messages/<username>.json")
@blueprint.get("/topics/private-messages-sent/<username>.json")
@api("topics:read_lists", public=True)
def messages(username: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        person, user = by_username(db, username), caller()
        if user["id"] != person["id"] and not user["admin"]:
            raise Rejected.forbidden()
        where = "archetype = 'private_message' AND "
        if "messages-sent" in request.path:
            return _topic_list(where + "user_id = ?", (person["id"],))
        where += "id IN (SELECT topic_id FROM topic_user WHERE user_id = ?)"
        return _topic_list(where, (person["id"],))


@blueprint.put("/t/-/<int:topic_id>.json")
@api("topics:update")
def update(topic_id: int) -> ResponseReturnValue:
    """Title or tags; `tags[]=` with one empty tag takes all away."""
    params, forum = Params(), current()
    with forum.store.transaction() as db:
        row, user = topic_row(db, topic_id), caller()
        if row["user_id"] != user["id"] and not (user["admin"] or user["moderator"]):
            raise Rejected.forbidden()
        tags = [tag for tag in params.listed("tags") if tag]
        if len(tags) > topics.MAX_TAGS or any(len(tag) > topics.MAX_TAG for tag in tags):
            text = f"Tags: at most {topics.MAX_TAGS}, each at most {topics.MAX_TAG} characters"
            raise Rejected(422, [text])
        given = tags if params.has("tags[]") or params.has("tags") else None
        edit_topic(forum, topic_id, title=params.text("title"), tags=given)
        effect(f"topic:{topic_id}")
        return {"basic_topic": topic_payload(db, topic_id)}


@blueprint.put("/t/<int:topic_id>/status.json")
@api("topics:status", staff=True)
def status(topic_id: int) -> ResponseReturnValue:
    params = Params()
    if params.required("status") != "closed":
        raise Rejected(400, ["Only the status closed can be changed here."])
    topics.close_topic(current(), topic_id, bool(params.flag("enabled")))
    return {"success": "OK", "topic_status_update": None}


@blueprint.post("/post_actions.json")
@api()
def act() -> ResponseReturnValue:
    """A like is post_action_type_id 2."""
    params, forum = Params(), current()
    post_id = params.number("id") or 0
    if params.number("post_action_type_id") != 2:
        raise Rejected(400, ["Only a like (2) is known here."])
    like_post(forum, caller()["id"], post_id)
    effect(f"like:{post_id}")
    with forum.store.reading() as db:
        return shown_post(db, post_id)


@blueprint.post("/solution/accept.json")
@blueprint.post("/solution/unaccept.json")
@api("solved:answer")
def solve() -> ResponseReturnValue:
    post_id = Params().number("id") or 0
    undo = request.path.endswith("/unaccept.json")
    (unaccept_answer if undo else accept_answer)(current(), caller()["id"], post_id)
    effect(f"{'unaccept' if undo else 'accept'}:{post_id}")
    return {"success": "OK"}
