"""The forum's pages for writing: topics, replies, messages, likes, answers. POST then 303."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import appreciation, revisions, topics
from plugin.practice.forum.api_site import category_list
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.page_support import load_user, me, render
from plugin.practice.forum.pages import post_address
from plugin.practice.forum.payloads import post_row
from plugin.practice.forum.people import by_username

blueprint = Blueprint("forum_write_pages", __name__)
blueprint.before_request(load_user)


def _names(field: str) -> list[str]:
    return [name.strip() for name in request.form.get(field, "").split(",") if name.strip()]


def _form(private: bool, errors: list[str]) -> str:
    with current().store.reading() as db:
        return render(
            "write.html",
            private=private,
            errors=errors,
            values=request.values,
            categories=category_list(db),
        )


@blueprint.get("/new-topic")
def new_topic() -> ResponseReturnValue:
    me()
    return _form(False, [])


@blueprint.get("/new-message")
def new_message() -> ResponseReturnValue:
    me()
    return _form(True, [])


@blueprint.post("/new-topic")
@blueprint.post("/new-message")
def create() -> ResponseReturnValue:
    forum, private = current(), request.path == "/new-message"
    try:
        with forum.store.transaction() as db:
            users = [by_username(db, name)["id"] for name in _names("recipients")]
            new = topics.NewTopic(
                title=request.form.get("title", ""),
                raw=request.form.get("raw", ""),
                category_id=request.form.get("category", type=int),
                tags=tuple(_names("tags")),
                user_ids=tuple(users),
                private=private,
            )
            row = post_row(db, topics.create_topic(forum, me()["id"], new))
    except Rejected as problem:
        return _form(private, problem.errors), problem.status
    return redirect(post_address(row), 303)


@blueprint.post("/t/<int:topic_id>/reply")
def reply(topic_id: int) -> ResponseReturnValue:
    forum = current()
    post_id = topics.create_reply(
        forum,
        me()["id"],
        topic_id,
        request.form.get("raw", ""),
        reply_to=request.form.get("reply_to", type=int),
    )
    return _to_post(post_id)


def _to_post(post_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        return redirect(post_address(post_row(db, post_id)), 303)


@blueprint.post("/t/<int:topic_id>/close")
def close(topic_id: int) -> ResponseReturnValue:
    if not (me()["admin"] or me()["moderator"]):
        raise Rejected.forbidden()
    topics.close_topic(current(), topic_id, request.form.get("closed") == "1")
    return redirect(f"/t/{topic_id}", 303)


@blueprint.post("/p/<int:post_id>/like")
def like(post_id: int) -> ResponseReturnValue:
    change = appreciation.unlike_post if request.form.get("undo") else appreciation.like_post
    _readable(post_id)
    change(current(), me()["id"], post_id)
    return _to_post(post_id)


def _readable(post_id: int) -> None:
    with current().store.reading() as db:
        if not topics.may_read(db, post_row(db, post_id)["topic_id"], me()):
            raise Rejected.not_found()


@blueprint.post("/p/<int:post_id>/accept")
def accept(post_id: int) -> ResponseReturnValue:
    change = (
        appreciation.unaccept_answer if request.form.get("undo") else appreciation.accept_answer
    )
    change(current(), me()["id"], post_id)
    return _to_post(post_id)


@blueprint.get("/p/<int:post_id>/edit")
def editing(post_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = post_row(db, post_id)
    _own(row["user_id"])
    return render("edit.html", post=row)


def _own(author_id: int) -> bool:
    """Whether it is one's own; staff may too, others are refused."""
    user = me()
    if user["id"] != author_id and not (user["admin"] or user["moderator"]):
        raise Rejected.forbidden()
    return bool(user["id"] == author_id)


@blueprint.post("/p/<int:post_id>/edit")
def edit(post_id: int) -> ResponseReturnValue:
    forum = current()
    with forum.store.reading() as db:
        _own(post_row(db, post_id)["user_id"])
    reason = request.form.get("reason", "").strip() or None
    revisions.edit_post(forum, post_id, request.form.get("raw", ""), reason)
    return _to_post(post_id)


@blueprint.post("/p/<int:post_id>/delete")
def delete(post_id: int) -> ResponseReturnValue:
    forum = current()
    with forum.store.reading() as db:
        row = post_row(db, post_id)
    revisions.delete_post(forum, post_id, by_author=_own(row["user_id"]))
    return redirect(
        f"/t/{row['topic_slug']}/{row['topic_id']}" if row["post_number"] > 1 else "/", 303
    )
