"""Topics, messages and replies: writing, editing, deleting, closing, and the rules of length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.events import Scope, emit
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.payloads import (
    account,
    post_payload,
    post_row,
    topic_payload,
    topic_row,
    topic_tags,
)
from plugin.practice.forum.people import notify
from plugin.practice.forum.store import Db, Row
from plugin.practice.forum.text import cook, entropy, slugify

MAX_RAW = 32_000
MAX_TAGS, MAX_TAG = 5, 20
MAX_RECIPIENTS = 30
REPLIED, PRIVATE_MESSAGE = 2, 6
DELETED_BY_AUTHOR = "(post deleted by author)"
_EXTERNAL_ID = re.compile(r"[\w-]{1,50}", re.ASCII)


@dataclass(frozen=True)
class NewTopic:
    """What a new topic or message is made of. A message has recipients and no category."""

    title: str
    raw: str
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    user_ids: tuple[int, ...] = ()
    group_ids: tuple[int, ...] = ()
    external_id: str | None = None
    created_at: str | None = None
    private: bool = False


def check_text(raw: str, minimum: int) -> list[str]:
    text = raw.strip()
    if len(text) < minimum:
        return [f"Body is too short (minimum is {minimum} characters)"]
    if len(text) > MAX_RAW:
        return [f"Body is limited to {MAX_RAW} characters; you entered {len(text)}."]
    return [] if entropy(text) >= 7 else ["Body seems unclear, is it a complete sentence?"]


def _check_new(db: Db, new: NewTopic) -> list[str]:
    title, errors = new.title.strip(), []
    shortest = 2 if new.private else 15
    if len(title) < shortest:
        errors.append(f"Title is too short (minimum is {shortest} characters)")
    elif len(title) > 255:
        errors.append("Title is too long (maximum is 255 characters)")
    elif not new.private:
        if entropy(title) < 10:
            errors.append("Title seems unclear, is it a complete sentence?")
        same = "SELECT 1 FROM topic WHERE archetype = 'regular' AND deleted_at IS NULL"
        if db.execute(same + " AND lower(title) = lower(?)", (title,)).fetchone():
            errors.append("Title has already been used")
    if len(new.tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in new.tags):
        errors.append(f"Tags: at most {MAX_TAGS}, each at most {MAX_TAG} characters")
    if new.private and not (new.user_ids or new.group_ids):
        errors.append("You must select a valid user.")
    if len(new.user_ids) + len(new.group_ids) > MAX_RECIPIENTS:
        errors.append(f"A message can have at most {MAX_RECIPIENTS} recipients.")
    return errors + _check_external(db, new.external_id)


def _check_external(db: Db, external_id: str | None) -> list[str]:
    if external_id is None:
        return []
    if not _EXTERNAL_ID.fullmatch(external_id):
        return ["External ID is invalid"]
    used = db.execute("SELECT 1 FROM topic WHERE external_id = ?", (external_id,)).fetchone()
    return ["External ID has already been taken"] if used else []


def create_topic(
    forum: Forum, author_id: int, new: NewTopic, *, skip_validations: bool = False
) -> int:
    """The id of the first post. Sends topic_created and post_created, two separate jobs."""
    with forum.store.transaction() as db:
        errors = _check_external(db, new.external_id) if skip_validations else _check_new(db, new)
        if not skip_validations:
            errors += check_text(new.raw, 10 if new.private else 20)
        if errors:
            raise Rejected(422, errors, extra={"action": "create_post"})
        at = new.created_at or forum.clock.stamp()
        cursor = db.execute(
            "INSERT INTO topic (title, slug, archetype, category_id, user_id, external_id,"
            " created_at, bumped_at, last_poster_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.title.strip(),
                slugify(new.title),
                "private_message" if new.private else "regular",
                None if new.private else new.category_id,
                author_id,
                new.external_id,
                at,
                at,
                author_id,
            ),
        )
        topic_id = int(cursor.lastrowid or 0)
        set_tags(db, topic_id, new.tags)
        if new.private:
            _admit(db, topic_id, {author_id, *new.user_ids}, new.group_ids)
        post_id = _insert_post(db, topic_id, author_id, new.raw, None, at)
        emit(forum, db, "topic", "topic_created", topic_payload(db, topic_id), scope(db, topic_id))
        _announce_post(forum, db, post_id)
    return post_id


def set_tags(db: Db, topic_id: int, tags: Sequence[str]) -> None:
    db.execute("DELETE FROM topic_tag WHERE topic_id = ?", (topic_id,))
    for name in dict.fromkeys(slugify(tag, "tag") for tag in tags):
        db.execute("INSERT OR IGNORE INTO tag (name, slug) VALUES (?, ?)", (name, name))
        db.execute("INSERT INTO topic_tag SELECT ?, id FROM tag WHERE name = ?", (topic_id, name))


def _admit(db: Db, topic_id: int, user_ids: set[int], group_ids: Sequence[int]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO topic_user VALUES (?, ?)", [(topic_id, u) for u in user_ids]
    )
    db.executemany(
        "INSERT OR IGNORE INTO topic_group VALUES (?, ?)", [(topic_id, g) for g in group_ids]
    )


def _insert_post(
    db: Db, topic_id: int, author_id: int, raw: str, reply_to: int | None, at: str
) -> int:
    number = db.execute(
        "UPDATE topic SET highest_post_number = highest_post_number + 1, last_posted_at = ?,"
        " bumped_at = max(bumped_at, ?), last_poster_id = ? WHERE id = ?"
        " RETURNING highest_post_number",
        (at, at, author_id, topic_id),
    ).fetchone()[0]
    cursor = db.execute(
        "INSERT INTO post (topic_id, user_id, post_number, raw, cooked, reply_to_post_number,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (topic_id, author_id, number, raw.strip(), cook(raw), reply_to, at, at),
    )
    db.execute("UPDATE account SET last_posted_at = ? WHERE id = ?", (at, author_id))
    return int(cursor.lastrowid or 0)


def _announce_post(forum: Forum, db: Db, post_id: int) -> None:
    post = post_row(db, post_id)
    payload = post_payload(db, post_id)
    emit(forum, db, "post", "post_created", payload, scope(db, post["topic_id"]))
    kind = REPLIED
    if post["archetype"] == "private_message":
        kind, hearers = PRIVATE_MESSAGE, audience(db, post["topic_id"])
    else:
        hearers = {topic_row(db, post["topic_id"])["user_id"]}
    for user_id in sorted(hearers - {post["user_id"]}):
        notify(
            forum,
            db,
            user_id,
            kind,
            f"{post['username']}: {post['topic_title']}",
            topic_id=post["topic_id"],
            post_number=post["post_number"],
        )


def audience(db: Db, topic_id: int) -> set[int]:
    """Everybody who may read a message, through groups too."""
    rows = db.execute(
        "SELECT user_id FROM topic_user WHERE topic_id = :id UNION SELECT m.user_id FROM"
        " topic_group t JOIN group_user m ON m.group_id = t.group_id WHERE t.topic_id = :id",
        {"id": topic_id},
    )
    return {row["user_id"] for row in rows}


def scope(db: Db, topic_id: int) -> Scope:
    """A message has no category, so a category filter keeps it away."""
    row = topic_row(db, topic_id)
    return Scope(row["category_id"], tuple(tag["name"] for tag in topic_tags(db, topic_id)))


def may_read(db: Db, topic_id: int, user: Row | None) -> bool:
    row = topic_row(db, topic_id)
    if row["archetype"] != "private_message":
        return True
    return user is not None and (bool(user["admin"]) or user["id"] in audience(db, topic_id))


def create_reply(
    forum: Forum,
    author_id: int,
    topic_id: int,
    raw: str,
    *,
    reply_to: int | None = None,
    created_at: str | None = None,
    skip_validations: bool = False,
) -> int:
    with forum.store.transaction() as db:
        topic, author = topic_row(db, topic_id), account(db, author_id)
        if not may_read(db, topic_id, author) or topic["deleted_at"]:
            raise Rejected.forbidden()
        if topic["closed"] and not (author["admin"] or author["moderator"]):
            raise Rejected.forbidden("This topic is closed.")
        private = topic["archetype"] == "private_message"
        errors = [] if skip_validations else check_text(raw, 10 if private else 20)
        if errors:
            raise Rejected(422, errors, extra={"action": "create_post"})
        at = created_at or forum.clock.stamp()
        post_id = _insert_post(db, topic_id, author_id, raw, reply_to, at)
        _announce_post(forum, db, post_id)
    return post_id


def close_topic(forum: Forum, topic_id: int, closed: bool = True) -> None:
    """Sends the status event even when nothing changed; the state is in the payload only."""
    with forum.store.transaction() as db:
        db.execute("UPDATE topic SET closed = ? WHERE id = ?", (closed, topic_id))
        name, payload = "topic_closed_status_updated", topic_payload(db, topic_id)
        emit(forum, db, "topic", name, payload, scope(db, topic_id))


def create_category(
    forum: Forum, name: str, *, parent: int | None = None, slug: str | None = None
) -> int:
    with forum.store.transaction() as db:
        cursor = db.execute(
            "INSERT INTO category (name, slug, parent_id, created_at) VALUES (?, ?, ?, ?)",
            (name, slug or slugify(name, "category"), parent, forum.clock.stamp()),
        )
        return int(cursor.lastrowid or 0)
