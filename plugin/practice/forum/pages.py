"""The forum's pages for reading: latest, a category, a topic, people, badges, messages, log-in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from plugin.practice.forum import topics
from plugin.practice.forum.api_site import category_list
from plugin.practice.forum.badges import badge
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.page_support import load_user, me, refused, render
from plugin.practice.forum.payload_people import groups_of
from plugin.practice.forum.payloads import account, post_rows, topic_row, topic_tags
from plugin.practice.forum.people import by_username, group_row, seen
from plugin.practice.forum.store import Db, Row

__all__ = ["blueprint", "refused"]

PAGE = 30
blueprint = Blueprint("forum_pages", __name__)
blueprint.before_request(load_user)
_TOPICS = """
SELECT t.*, u.username, c.name AS category, c.id AS category_id,
  (SELECT username FROM account WHERE id = t.last_poster_id) AS last_poster,
  (SELECT count(*) - 1 FROM post p WHERE p.topic_id = t.id AND p.deleted_at IS NULL) AS replies,
  EXISTS (SELECT 1 FROM solution s WHERE s.topic_id = t.id) AS solved
FROM topic t JOIN account u ON u.id = t.user_id LEFT JOIN category c ON c.id = t.category_id
WHERE t.deleted_at IS NULL AND
"""
_GRANTS = """
SELECT b.*, d.name AS badge, d.badge_type_id, d.description, u.username, u.name
FROM user_badge b JOIN badge d ON d.id = b.badge_id JOIN account u ON u.id = b.user_id
"""


def _listing(title: str, where: str, values: tuple[Any, ...], **more: Any) -> str:
    page = max(0, request.args.get("page", 0, type=int))
    with current().store.reading() as db:
        rows = db.execute(
            f"{_TOPICS} {where} ORDER BY t.bumped_at DESC, t.id DESC LIMIT ? OFFSET ?",
            (*values, PAGE + 1, page * PAGE),
        ).fetchall()
        tags = {row["id"]: topic_tags(db, row["id"]) for row in rows}
        categories = category_list(db)
    return render(
        "topics.html",
        title=title,
        topics=rows[:PAGE],
        tags=tags,
        categories=categories,
        page=page,
        more=len(rows) > PAGE,
        **more,
    )


@blueprint.get("/")
@blueprint.get("/latest")
def latest() -> ResponseReturnValue:
    return _listing("Latest", "t.archetype = 'regular'", ())


@blueprint.get("/c/<path:slug>/<int:category_id>")
def category(slug: str, category_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = db.execute("SELECT * FROM category WHERE id = ?", (category_id,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    where = "t.archetype = 'regular' AND t.category_id = ?"
    return _listing(row["name"], where, (category_id,), here=category_id)


@blueprint.get("/t/<int:topic_id>")
@blueprint.get("/t/<slug>/<int:topic_id>")
@blueprint.get("/t/<slug>/<int:topic_id>/<int:post_number>")
def topic(topic_id: int, slug: str = "", post_number: int = 1) -> ResponseReturnValue:
    user: Row | None = g.caller
    with current().store.transaction() as db:
        row = topic_row(db, topic_id)
        if not topics.may_read(db, topic_id, user) or row["deleted_at"]:
            raise Rejected.not_found()
        db.execute("UPDATE topic SET views = views + 1 WHERE id = ?", (topic_id,))
        if user is not None:
            db.execute(
                "UPDATE notification SET read = 1 WHERE user_id = ? AND topic_id = ?",
                (user["id"], topic_id),
            )
        where = "p.topic_id = ? AND p.deleted_at IS NULL ORDER BY p.post_number"
        posts = post_rows(db, where, (topic_id,))
        chosen = next((one["category_id"] for one in posts), None)
        place = next((c for c in category_list(db) if c["id"] == chosen), None)
        people = [account(db, one) for one in sorted(topics.audience(db, topic_id))]
        return render(
            "topic.html",
            topic=row,
            posts=posts,
            tags=topic_tags(db, topic_id),
            category=place,
            people=people,
            liked=_liked(db, topic_id, user),
            may_accept=user is not None
            and row["archetype"] == "regular"
            and (user["id"] == row["user_id"] or user["admin"] or user["moderator"]),
            safe=Markup,  # `cooked` is escaped text plus the tags that text.cook adds
        )


def _liked(db: Db, topic_id: int, user: Row | None) -> set[int]:
    if user is None:
        return set()
    rows = db.execute(
        "SELECT l.post_id FROM post_like l JOIN post p ON p.id = l.post_id"
        " WHERE p.topic_id = ? AND l.user_id = ?",
        (topic_id, user["id"]),
    )
    return {row["post_id"] for row in rows}


@blueprint.get("/p/<int:post_id>")
def post(post_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        rows = post_rows(db, "p.id = ?", (post_id,))
    if not rows:
        raise Rejected.not_found()
    return redirect(post_address(rows[0]))


def post_address(row: Row) -> str:
    number = row["post_number"]
    return f"/t/{row['topic_slug']}/{row['topic_id']}/{number}#post_{number}"


@blueprint.get("/u")
def people() -> ResponseReturnValue:
    return render("people.html", people=_everybody(), choosing=False)


def _everybody() -> list[Row]:
    with current().store.reading() as db:
        return db.execute("SELECT * FROM account WHERE id > 0 ORDER BY name").fetchall()


@blueprint.get("/u/<username>")
def person(username: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = by_username(db, username)
        where = (
            "p.user_id = ? AND p.deleted_at IS NULL AND t.archetype = 'regular'"
            " ORDER BY p.id DESC LIMIT 10"
        )
        return render(
            "person.html",
            person=row,
            groups=[one for one in groups_of(db, row["id"]) if not one["automatic"]],
            grants=db.execute(
                _GRANTS + " WHERE b.user_id = ? ORDER BY b.id DESC", (row["id"],)
            ).fetchall(),
            posts=post_rows(db, where, (row["id"],)),
        )


def _own(username: str) -> Row:
    with current().store.reading() as db:
        row = by_username(db, username)
    if row["id"] != me()["id"] and not me()["admin"]:
        raise Rejected.forbidden()
    return row


@blueprint.get("/u/<username>/messages")
def messages(username: str) -> ResponseReturnValue:
    row = _own(username)
    where = (
        "t.archetype = 'private_message' AND (t.id IN (SELECT topic_id FROM topic_user WHERE"
        " user_id = ?) OR t.id IN (SELECT g.topic_id FROM topic_group g JOIN group_user m"
        " ON m.group_id = g.group_id WHERE m.user_id = ?))"
    )
    return _listing(f"Messages of {row['name']}", where, (row["id"], row["id"]), private=True)


@blueprint.get("/u/<username>/notifications")
def notifications(username: str) -> ResponseReturnValue:
    row = _own(username)
    with current().store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM notification WHERE user_id = ? ORDER BY id DESC LIMIT 100",
            (row["id"],),
        ).fetchall()
        if row["id"] == me()["id"]:
            db.execute("UPDATE notification SET read = 1 WHERE user_id = ?", (row["id"],))
    return render("notifications.html", person=row, notifications=rows)


@blueprint.get("/g/<name>")
def group(name: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = group_row(db, name)
        rows = db.execute(
            "SELECT u.* FROM group_user m JOIN account u ON u.id = m.user_id"
            " WHERE m.group_id = ? ORDER BY u.name",
            (row["id"],),
        ).fetchall()
    return render("people.html", people=rows, choosing=False, group=row)


@blueprint.get("/badges")
@blueprint.get("/badges/<int:badge_id>")
@blueprint.get("/badges/<int:badge_id>/<slug>")
def badges(badge_id: int | None = None, slug: str = "") -> ResponseReturnValue:
    with current().store.reading() as db:
        if badge_id is not None:
            where = " WHERE b.badge_id = ? ORDER BY b.id DESC LIMIT 96"
            grants = db.execute(_GRANTS + where, (badge_id,)).fetchall()
            return render("badges.html", badge=badge(db, badge_id), grants=grants)
        rows = db.execute(
            "SELECT b.*, (SELECT count(*) FROM user_badge WHERE badge_id = b.id) AS grants"
            " FROM badge b WHERE enabled ORDER BY badge_type_id, name"
        ).fetchall()
    return render("badges.html", badges=rows, badge=None)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    return render("people.html", people=_everybody(), choosing=True)


@blueprint.post("/login")
def log_in() -> ResponseReturnValue:
    """By clicking a name: this is a practice forum, nobody has a password."""
    forum = current()
    with forum.store.reading() as db:
        row = by_username(db, request.form.get("username", ""))
    next_page = session.pop("after_login", None) or url_for("forum_pages.latest")
    session.clear()
    session["user_id"] = row["id"]
    seen(forum, row["id"], "user_logged_in")
    return redirect(next_page, 303)


@blueprint.post("/logout")
def log_out() -> Response:
    user = me()
    session.clear()
    seen(current(), user["id"], "user_logged_out")
    return redirect(url_for("forum_pages.latest"), 303)
