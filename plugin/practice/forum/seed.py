"""Fills a forum: people, categories, topics, replies, likes, answers, groups, badges.

Everything goes through the same functions as the pages and the API, so webhooks are sent for
what is seeded (unless `forum.webhook_faults.paused`). Times are given as aware datetimes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from plugin.practice.forum import appreciation, badges, people, topics
from plugin.practice.forum.clock import stamp
from plugin.practice.forum.events import queue
from plugin.practice.forum.forum import Forum

__all__ = [
    "accept",
    "add_badge",
    "add_category",
    "add_group",
    "add_message",
    "add_topic",
    "add_user",
    "grant",
    "join",
    "leave",
    "like",
    "link_external",
    "reply",
    "send_body",
    "unaccept",
    "user_id",
]


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


def user_id(forum: Forum, username: str) -> int:
    with forum.store.reading() as db:
        return int(people.by_username(db, username)["id"])


def add_user(
    forum: Forum,
    username: str,
    name: str,
    email: str,
    *,
    trust_level: int = 1,
    admin: bool = False,
    moderator: bool = False,
    time_zone: str = "UTC",
    locale: str | None = None,
    created_at: datetime | None = None,
) -> int:
    return people.create_account(
        forum,
        username,
        name,
        email,
        trust_level=trust_level,
        admin=admin,
        moderator=moderator,
        time_zone=time_zone,
        locale=locale,
        created_at=_at(created_at),
    )


def link_external(
    forum: Forum, username: str, uid: str, provider: str = "discourse_connect"
) -> None:
    """A DiscourseConnect record, or an account of another provider such as `lti`."""
    with forum.store.transaction() as db:
        person = people.by_username(db, username)["id"]
        db.execute(
            "INSERT OR REPLACE INTO external_account VALUES (?, ?, ?)", (provider, uid, person)
        )


def add_category(
    forum: Forum, name: str, *, parent: int | None = None, slug: str | None = None
) -> int:
    return topics.create_category(forum, name, parent=parent, slug=slug)


def add_topic(
    forum: Forum,
    username: str,
    title: str,
    raw: str,
    *,
    category: int | None = None,
    tags: Sequence[str] = (),
    external_id: str | None = None,
    created_at: datetime | None = None,
) -> int:
    """The topic's id; its first post is number 1."""
    new = topics.NewTopic(
        title=title,
        raw=raw,
        category_id=category,
        tags=tuple(tags),
        external_id=external_id,
        created_at=_at(created_at),
    )
    return _topic_of(forum, topics.create_topic(forum, user_id(forum, username), new))


def add_message(
    forum: Forum,
    username: str,
    recipients: Sequence[str],
    title: str,
    raw: str,
    *,
    created_at: datetime | None = None,
) -> int:
    """A private message; the topic's id."""
    new = topics.NewTopic(
        title=title,
        raw=raw,
        user_ids=tuple(user_id(forum, name) for name in recipients),
        created_at=_at(created_at),
        private=True,
    )
    return _topic_of(forum, topics.create_topic(forum, user_id(forum, username), new))


def _topic_of(forum: Forum, post_id: int) -> int:
    with forum.store.reading() as db:
        row = db.execute("SELECT topic_id FROM post WHERE id = ?", (post_id,)).fetchone()
        return int(row["topic_id"])


def reply(
    forum: Forum,
    username: str,
    topic_id: int,
    raw: str,
    *,
    reply_to: int | None = None,
    created_at: datetime | None = None,
) -> int:
    """The id of the new post."""
    return topics.create_reply(
        forum,
        user_id(forum, username),
        topic_id,
        raw,
        reply_to=reply_to,
        created_at=_at(created_at),
    )


def like(forum: Forum, username: str, post_id: int, created_at: datetime | None = None) -> None:
    appreciation.like_post(forum, user_id(forum, username), post_id, _at(created_at))


def accept(forum: Forum, username: str, post_id: int, created_at: datetime | None = None) -> None:
    appreciation.accept_answer(forum, user_id(forum, username), post_id, _at(created_at))


def unaccept(forum: Forum, username: str, post_id: int) -> None:
    appreciation.unaccept_answer(forum, user_id(forum, username), post_id)


def add_group(
    forum: Forum, name: str, members: Sequence[str] = (), *, full_name: str | None = None
) -> int:
    group_id = people.create_group(forum, name, full_name)
    if members:
        join(forum, group_id, *members)
    return group_id


def join(forum: Forum, group_id: int, *usernames: str) -> None:
    people.add_members(forum, group_id, [user_id(forum, name) for name in usernames])


def leave(forum: Forum, group_id: int, *usernames: str) -> None:
    people.remove_members(forum, group_id, [user_id(forum, name) for name in usernames])


def add_badge(
    forum: Forum,
    name: str,
    *,
    badge_type: int = 3,
    description: str = "",
    multiple_grant: bool = False,
    show_posts: bool = False,
) -> int:
    values = {
        "name": name,
        "badge_type_id": badge_type,
        "description": description,
        "multiple_grant": multiple_grant,
        "show_posts": show_posts,
    }
    return badges.save_badge(forum, values)


def grant(
    forum: Forum,
    username: str,
    badge_id: int,
    *,
    by: str = "system",
    post_id: int | None = None,
    granted_at: datetime | None = None,
) -> int:
    """The id of the grant (`user_badge`), an existing one for a single-grant badge."""
    return badges.grant_badge(
        forum,
        user_id(forum, username),
        badge_id,
        granted_by_id=user_id(forum, by),
        post_id=post_id,
        granted_at=_at(granted_at),
    ).user_badge_id


def send_body(forum: Forum, hook_id: int, event_type: str, event_name: str, body: str) -> None:
    """Queues any body, such as a recorded one of an event that this forum does not make."""
    with forum.store.transaction() as db:
        queue(forum, db, hook_id, event_type, event_name, body)
