"""POST /posts.json with its 120-second memo, and reading, editing and deleting posts."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import revisions, topics
from plugin.practice.forum.auth import api, caller, reader
from plugin.practice.forum.clock import parse, stamp
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import Forum, current
from plugin.practice.forum.params import Params
from plugin.practice.forum.payloads import post_payload, post_row, post_rows, solved_payload
from plugin.practice.forum.people import by_username, group_row
from plugin.practice.forum.request_log import effect
from plugin.practice.forum.store import Db, Row

MEMO_SECONDS = 120
blueprint = Blueprint("forum_api_posts", __name__)


def shown_post(db: Db, post_id: int, *, raw: bool = True) -> dict[str, Any]:
    """A post as the API shows it: the payload with likes and the solved plugin's fields."""
    row = post_row(db, post_id)
    payload = post_payload(db, post_id) if row["post_number"] == 1 else solved_payload(db, post_id)
    payload["actions_summary"] = [{"id": 2, "count": row["like_count"]}] * bool(row["like_count"])
    payload["yours"] = False
    if not raw:
        del payload["raw"]
    return payload


def _recipients(db: Db, names: list[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """One comma list names users AND groups."""
    users, groups = [], []
    for name in names:
        try:
            users.append(int(by_username(db, name)["id"]))
        except Rejected:
            try:
                groups.append(int(group_row(db, name)["id"]))
            except Rejected:
                text = "You must select a valid user."
                raise Rejected(422, [text], extra={"action": "create_post"}) from None
    return tuple(users), tuple(groups)


def _new_topic(db: Db, params: Params, created_at: str | None) -> topics.NewTopic:
    private = params.text("archetype") == "private_message"
    names = params.listed("target_recipients") or params.listed("target_usernames")
    users, groups = _recipients(db, names) if private else ((), ())
    return topics.NewTopic(
        title=params.text("title") or "",
        raw=params.text("raw") or "",
        category_id=params.number("category"),
        tags=tuple(params.listed("tags")),
        user_ids=users,
        group_ids=groups,
        external_id=params.text("external_id"),
        created_at=created_at,
        private=private,
    )


def _create(forum: Forum, params: Params, user: Row) -> int:
    given = params.text("created_at")
    created_at = stamp(parse(given)) if given and user["admin"] else None
    skip = bool(params.flag("skip_validations")) and bool(user["admin"])
    topic_id = params.number("topic_id")
    if topic_id is not None:
        return topics.create_reply(
            forum,
            user["id"],
            topic_id,
            params.text("raw") or "",
            reply_to=params.number("reply_to_post_number"),
            created_at=created_at,
            skip_validations=skip,
        )
    with forum.store.transaction() as db:
        return topics.create_topic(
            forum, user["id"], _new_topic(db, params, created_at), skip_validations=skip
        )


@blueprint.post("/posts.json")
@blueprint.post("/posts")
@api("topics:write")
def create() -> ResponseReturnValue:
    """Identical user and parameters within 120 s get the first answer, a refusal too."""
    forum, params, user = current(), Params(), caller()
    signature = hashlib.sha256(f"{user['id']}:{params.digest()}".encode()).hexdigest()
    with forum.posting:
        known = _remembered(forum, signature)
        if known is not None:
            effect("memo")
            return Response(known["body"], known["status"], mimetype="application/json")
        with forum.store.transaction() as db:
            try:
                post_id = _create(forum, params, user)
                status, body = 200, json.dumps(shown_post(db, post_id))
                effect(f"post:{post_id}")
            except Rejected as refused:
                status, body = refused.status, json.dumps(refused.body())
            if status in (200, 422):
                _remember(forum, db, signature, status, body)
    return Response(body, status, mimetype="application/json")


def _remembered(forum: Forum, signature: str) -> Row | None:
    with forum.store.reading() as db:
        row: Row | None = db.execute(
            "SELECT * FROM post_memo WHERE signature = ? AND expires_at > ?",
            (signature, forum.clock.stamp()),
        ).fetchone()
        return row


def _remember(forum: Forum, db: Db, signature: str, status: int, body: str) -> None:
    db.execute("DELETE FROM post_memo WHERE expires_at <= ?", (forum.clock.stamp(),))
    db.execute(
        "INSERT OR REPLACE INTO post_memo VALUES (?, ?, ?, ?)",
        (signature, forum.clock.stamp(MEMO_SECONDS), status, body),
    )


@blueprint.get("/posts/<int:post_id>.json")
@api("topics:read", public=True)
def show(post_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        readable_post(db, post_id)
        return shown_post(db, post_id)


def readable_post(db: Db, post_id: int) -> Row:
    row, user = post_row(db, post_id), reader()
    staff = user is not None and (user["admin"] or user["moderator"])
    if row["deleted_at"] and not staff:
        raise Rejected.not_found()
    if not topics.may_read(db, row["topic_id"], user):
        raise Rejected.forbidden()
    return row


@blueprint.get("/posts.json")
@api("posts:list", public=True)
def latest() -> ResponseReturnValue:
    """The newest 50 public posts before an id: what a reconciliation walks through."""
    before = request.args.get("before", type=int) or 2**53
    where = (
        "p.id <= ? AND t.archetype = 'regular' AND p.deleted_at IS NULL AND t.deleted_at IS NULL"
        " ORDER BY p.id DESC LIMIT 50"
    )
    with current().store.reading() as db:
        rows = post_rows(db, where, (before,))
        return {"latest_posts": [shown_post(db, row["id"]) for row in rows]}


def _own_or_staff(db: Db, post_id: int) -> Row:
    row, user = post_row(db, post_id), caller()
    if row["user_id"] != user["id"] and not (user["admin"] or user["moderator"]):
        raise Rejected.forbidden()
    return row


@blueprint.put("/posts/<int:post_id>.json")
@api("posts:edit")
def edit(post_id: int) -> ResponseReturnValue:
    forum, given = current(), Params().inner("post")
    with forum.store.transaction() as db:
        _own_or_staff(db, post_id)
        revisions.edit_post(forum, post_id, str(given.get("raw", "")), given.get("edit_reason"))
        effect(f"edit:{post_id}")
        return {"post": shown_post(db, post_id)}


@blueprint.delete("/posts/<int:post_id>.json")
@api("posts:delete")
def delete(post_id: int) -> ResponseReturnValue:
    forum = current()
    with forum.store.transaction() as db:
        row = _own_or_staff(db, post_id)
        revisions.delete_post(forum, post_id, by_author=row["user_id"] == caller()["id"])
    effect(f"delete:{post_id}")
    return {"success": "OK"}
