"""Likes and accepted answers. A like sends post_liked; taking it back sends nothing."""

from __future__ import annotations

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.events import emit
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.payloads import (
    account,
    basic_user,
    post_payload,
    post_row,
    solved_payload,
    topic_row,
)
from plugin.practice.forum.people import notify
from plugin.practice.forum.topics import scope

LIKED, SOLVED = 5, 36


def like_post(forum: Forum, user_id: int, post_id: int, created_at: str | None = None) -> None:
    with forum.store.transaction() as db:
        post = post_row(db, post_id)
        if post["user_id"] == user_id:
            raise Rejected.forbidden("You cannot like your own post.")
        cursor = db.execute(
            "INSERT INTO post_like (post_id, user_id, created_at) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (post_id, user_id, created_at or forum.clock.stamp()),
        )
        if not cursor.rowcount:
            return
        user = account(db, user_id)
        payload = {"post": post_payload(db, post_id), "user": basic_user(user)}
        emit(forum, db, "like", "post_liked", payload, scope(db, post["topic_id"]))
        notify(
            forum,
            db,
            post["user_id"],
            LIKED,
            f"{user['username']}: {post['topic_title']}",
            topic_id=post["topic_id"],
            post_number=post["post_number"],
        )


def unlike_post(forum: Forum, user_id: int, post_id: int) -> None:
    with forum.store.transaction() as db:
        db.execute("DELETE FROM post_like WHERE post_id = ? AND user_id = ?", (post_id, user_id))


def accept_answer(
    forum: Forum, accepter_id: int, post_id: int, created_at: str | None = None
) -> None:
    """By the asker or staff. A second answer takes the place of the first."""
    with forum.store.transaction() as db:
        post, who = post_row(db, post_id), account(db, accepter_id)
        topic = topic_row(db, post["topic_id"])
        if post["post_number"] == 1 or topic["archetype"] != "regular":
            raise Rejected.forbidden("This post cannot be accepted.")
        if who["id"] != topic["user_id"] and not (who["admin"] or who["moderator"]):
            raise Rejected.forbidden("Only the author of the topic or staff can accept an answer.")
        former = post["solution_post_id"]
        if former == post_id:
            return
        if former is not None:
            unaccept_answer(forum, accepter_id, former)
        db.execute(
            "INSERT INTO solution VALUES (?, ?, ?, ?)",
            (topic["id"], post_id, accepter_id, created_at or forum.clock.stamp()),
        )
        payload = solved_payload(db, post_id)
        emit(forum, db, "solved", "accepted_solution", payload, scope(db, topic["id"]))
        if post["user_id"] != accepter_id:
            notify(
                forum,
                db,
                post["user_id"],
                SOLVED,
                f"{who['username']}: {topic['title']}",
                topic_id=topic["id"],
                post_number=post["post_number"],
            )


def unaccept_answer(forum: Forum, user_id: int, post_id: int) -> None:
    with forum.store.transaction() as db:
        post, who = post_row(db, post_id), account(db, user_id)
        topic = topic_row(db, post["topic_id"])
        if who["id"] != topic["user_id"] and not (who["admin"] or who["moderator"]):
            raise Rejected.forbidden()
        cursor = db.execute("DELETE FROM solution WHERE post_id = ?", (post_id,))
        if cursor.rowcount:
            payload = solved_payload(db, post_id)
            emit(forum, db, "solved", "unaccepted_solution", payload, scope(db, topic["id"]))
