"""Editing and deleting, with the event order that surprises (facts 1.4, post)."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.events import emit
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.payloads import post_payload, post_row, topic_payload
from plugin.practice.forum.store import Db
from plugin.practice.forum.text import cook, slugify
from plugin.practice.forum.topics import DELETED_BY_AUTHOR, check_text, scope, set_tags


def edit_post(forum: Forum, post_id: int, raw: str, reason: str | None = None) -> None:
    with forum.store.transaction() as db:
        errors = check_text(raw, 20 if post_row(db, post_id)["archetype"] == "regular" else 10)
        if errors:
            raise Rejected(422, errors)
        _revise(forum, db, post_id, raw, reason)


def _revise(forum: Forum, db: Db, post_id: int, raw: str, reason: str | None) -> None:
    db.execute(
        "UPDATE post SET raw = ?, cooked = ?, edit_reason = ?, version = version + 1,"
        " updated_at = ? WHERE id = ?",
        (raw.strip(), cook(raw), reason, forum.clock.stamp(), post_id),
    )
    place = scope(db, post_row(db, post_id)["topic_id"])
    emit(forum, db, "post", "post_edited", post_payload(db, post_id), place)


def edit_topic(
    forum: Forum, topic_id: int, *, title: str | None = None, tags: Sequence[str] | None = None
) -> None:
    """topic_edited comes INSTEAD of post_edited when title or tags change."""
    with forum.store.transaction() as db:
        if title is not None:
            db.execute(
                "UPDATE topic SET title = ?, slug = ? WHERE id = ?",
                (title, slugify(title), topic_id),
            )
        if tags is not None:
            set_tags(db, topic_id, tags)
        emit(forum, db, "topic", "topic_edited", topic_payload(db, topic_id), scope(db, topic_id))


def delete_post(forum: Forum, post_id: int, *, by_author: bool) -> None:
    """By its author: at once post_edited (text gone) and post_destroyed (ORIGINAL text).

    `user_deleted` is set after both payloads are made. A first post sends topic_destroyed as
    well, although the topic stays as a closed stub. Staff deletion sends post_destroyed only.
    """
    with forum.store.transaction() as db:
        post, original = post_row(db, post_id), post_payload(db, post_id)
        topic_id, first = post["topic_id"], post["post_number"] == 1
        place, topic = scope(db, topic_id), topic_payload(db, topic_id)
        if by_author:
            _revise(forum, db, post_id, DELETED_BY_AUTHOR, None)
            db.execute("UPDATE post SET user_deleted = 1 WHERE id = ?", (post_id,))
        else:
            at = forum.clock.stamp()
            db.execute("UPDATE post SET deleted_at = ? WHERE id = ?", (at, post_id))
        emit(forum, db, "post", "post_destroyed", original, place)
        if first:
            column = "closed = 1" if by_author else "deleted_at = :at"
            db.execute(
                f"UPDATE topic SET {column} WHERE id = :id",
                {"at": forum.clock.stamp(), "id": topic_id},
            )
            emit(forum, db, "topic", "topic_destroyed", topic, place)


def finish_author_deletion(forum: Forum, post_id: int) -> None:
    """What happens a day later: post_destroyed AGAIN, now with user_deleted true."""
    with forum.store.transaction() as db:
        payload = post_payload(db, post_id)
        if not payload["user_deleted"]:
            raise Rejected(422, ["The author has not deleted this post."])
        emit(forum, db, "post", "post_destroyed", payload, scope(db, payload["topic_id"]))
        db.execute("UPDATE post SET deleted_at = ? WHERE id = ?", (forum.clock.stamp(), post_id))
