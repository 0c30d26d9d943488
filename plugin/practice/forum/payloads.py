"""Posts, topics, badges and memberships as Discourse's webhook serializers write them.

Shapes: facts 1.4, checked key by key against recorded deliveries in the tests.
"""

from __future__ import annotations

from typing import Any

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.store import Db, Row
from plugin.practice.forum.text import avatar_template

_POST = """
SELECT p.*, u.username, u.name AS user_name, u.trust_level, u.admin, u.moderator,
  u.title AS user_title, t.slug AS topic_slug, t.title AS topic_title, t.category_id, t.archetype,
  (SELECT count(*) FROM post r WHERE r.topic_id = p.topic_id AND r.deleted_at IS NULL
    AND r.reply_to_post_number = p.post_number) AS reply_count,
  (SELECT count(*) FROM post r WHERE r.topic_id = p.topic_id AND r.deleted_at IS NULL
    AND NOT r.user_deleted) AS posts_count,
  (SELECT count(*) FROM post_like l WHERE l.post_id = p.id) AS like_count,
  (SELECT s.post_id FROM solution s WHERE s.topic_id = p.topic_id) AS solution_post_id
FROM post p JOIN account u ON u.id = p.user_id JOIN topic t ON t.id = p.topic_id
"""


def post_row(db: Db, post_id: int) -> Row:
    row: Row | None = db.execute(_POST + " WHERE p.id = ?", (post_id,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def post_rows(db: Db, where: str, values: tuple[Any, ...]) -> list[Row]:
    return db.execute(f"{_POST} WHERE {where}", values).fetchall()


def category_slug(db: Db, category_id: int) -> str:
    """`parent/child`, as in a post's payload."""
    row = db.execute(
        "SELECT c.slug, p.slug AS parent FROM category c LEFT JOIN category p"
        " ON p.id = c.parent_id WHERE c.id = ?",
        (category_id,),
    ).fetchone()
    return f"{row['parent']}/{row['slug']}" if row["parent"] else str(row["slug"])


def basic_user(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "username": row["username"],
        "name": row["name"],
        "avatar_template": avatar_template(row["username"]),
    }


def account(db: Db, user_id: int) -> Row:
    row: Row | None = db.execute("SELECT * FROM account WHERE id = ?", (user_id,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def post_payload(db: Db, post_id: int) -> dict[str, Any]:
    """WebHookPostSerializer; `reply_to_user` only for replies, `category_slug` only with one."""
    row = post_row(db, post_id)
    payload = {
        "id": row["id"],
        "name": row["user_name"],
        "username": row["username"],
        "avatar_template": avatar_template(row["username"]),
        "created_at": row["created_at"],
        "cooked": row["cooked"],
        "post_number": row["post_number"],
        "post_type": row["post_type"],
        "updated_at": row["updated_at"],
        "reply_count": row["reply_count"],
        "reply_to_post_number": row["reply_to_post_number"],
        "quote_count": 0,
        "incoming_link_count": 0,
        "reads": 0,
        "score": 0.0,
        "topic_id": row["topic_id"],
        "topic_slug": row["topic_slug"],
        "topic_title": row["topic_title"],
        "category_id": row["category_id"],
        "display_username": row["user_name"],
        "primary_group_name": None,
        "flair_name": None,
        "flair_group_id": None,
        "version": row["version"],
        "user_title": row["user_title"],
        "bookmarked": False,
        "raw": row["raw"],
        "moderator": bool(row["moderator"]),
        "admin": bool(row["admin"]),
        "staff": bool(row["admin"] or row["moderator"]),
        "user_id": row["user_id"],
        "hidden": False,
        "trust_level": row["trust_level"],
        "deleted_at": row["deleted_at"],
        "user_deleted": bool(row["user_deleted"]),
        "edit_reason": row["edit_reason"],
        "wiki": False,
        "reviewable_id": None,
        "reviewable_score_count": 0,
        "reviewable_score_pending_count": 0,
        "topic_posts_count": row["posts_count"],
        "topic_filtered_posts_count": row["posts_count"],
        "topic_archetype": row["archetype"],
    }
    if row["category_id"] is not None:
        payload["category_slug"] = category_slug(db, row["category_id"])
    if row["reply_to_post_number"] is not None:
        author = db.execute(
            "SELECT u.* FROM post p JOIN account u ON u.id = p.user_id"
            " WHERE p.topic_id = ? AND p.post_number = ?",
            (row["topic_id"], row["reply_to_post_number"]),
        ).fetchone()
        if author is not None:
            replied = basic_user(author)
            del replied["id"]
            payload["reply_to_user"] = replied
    return payload


def solved_payload(db: Db, post_id: int) -> dict[str, Any]:
    """The accepted POST; who accepted it is not told."""
    chosen = post_row(db, post_id)["solution_post_id"]
    return {
        **post_payload(db, post_id),
        "can_accept_answer": chosen != post_id,
        "can_unaccept_answer": chosen == post_id,
        "accepted_answer": chosen == post_id,
        "topic_accepted_answer": chosen is not None,
    }


def topic_tags(db: Db, topic_id: int) -> list[dict[str, Any]]:
    rows = db.execute(
        "SELECT t.id, t.name, t.slug FROM topic_tag l JOIN tag t ON t.id = l.tag_id"
        " WHERE l.topic_id = ? ORDER BY t.id",
        (topic_id,),
    )
    return [dict(row) for row in rows]


def topic_row(db: Db, topic_id: int) -> Row:
    row: Row | None = db.execute("SELECT * FROM topic WHERE id = ?", (topic_id,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def topic_payload(db: Db, topic_id: int) -> dict[str, Any]:
    """WebHookTopicViewSerializer, newest form of `tags`."""
    row = topic_row(db, topic_id)
    counts = db.execute(
        "SELECT count(*) AS posts, count(DISTINCT user_id) AS people,"
        " coalesce(sum(length(raw) - length(replace(raw, ' ', '')) + 1), 0) AS words,"
        " (SELECT count(*) FROM post_like l JOIN post p ON p.id = l.post_id"
        "  WHERE p.topic_id = :id) AS likes,"
        " count(reply_to_post_number) AS replies"
        " FROM post WHERE topic_id = :id AND deleted_at IS NULL",
        {"id": topic_id},
    ).fetchone()
    payload = {
        "tags": topic_tags(db, topic_id),
        "tags_descriptions": {},
        "id": row["id"],
        "title": row["title"],
        "fancy_title": row["title"],
        "posts_count": counts["posts"],
        "created_at": row["created_at"],
        "views": row["views"],
        "reply_count": counts["replies"],
        "like_count": counts["likes"],
        "last_posted_at": row["last_posted_at"],
        "visible": bool(row["visible"]),
        "closed": bool(row["closed"]),
        "archived": bool(row["archived"]),
        "archetype": row["archetype"],
        "slug": row["slug"],
        "category_id": row["category_id"],
        "word_count": counts["words"],
        "deleted_at": row["deleted_at"],
        "user_id": row["user_id"],
        "featured_link": None,
        "pinned_globally": False,
        "pinned_at": row["pinned_at"],
        "pinned_until": None,
        "unpinned": None,
        "pinned": row["pinned_at"] is not None,
        "highest_post_number": row["highest_post_number"],
        "deleted_by": None,
        "has_deleted": False,
        "bookmarked": False,
        "participant_count": counts["people"],
        "thumbnails": None,
        "created_by": basic_user(account(db, row["user_id"])),
        "last_poster": basic_user(account(db, row["last_poster_id"])),
    }
    if row["external_id"]:
        payload["external_id"] = row["external_id"]
    return payload


def user_badge_payload(db: Db, user_badge_id: int) -> dict[str, Any]:
    """Ids only; the post is named only when the badge shows posts."""
    row = db.execute(
        "SELECT b.*, d.show_posts, p.post_number, p.topic_id FROM user_badge b"
        " JOIN badge d ON d.id = b.badge_id LEFT JOIN post p ON p.id = b.post_id"
        " WHERE b.id = ?",
        (user_badge_id,),
    ).fetchone()
    names = ["id", "granted_at", "created_at", "badge_id", "user_id", "granted_by_id"]
    if row["show_posts"] and row["post_id"] is not None:
        names += ["post_id", "post_number", "topic_id"]
    return {name: row[name] for name in names}


def group_user_payload(row: Row) -> dict[str, Any]:
    names = ("group_id", "user_id", "notification_level", "id", "created_at")
    return {name: row[name] for name in names}
