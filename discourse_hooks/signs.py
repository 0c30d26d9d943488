"""Signs of life of people who are new, told to the product once each.

What follows from them (a contact, a checklist) is decided there; here it is only seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from discourse_hooks import accounts, linking
from discourse_hooks.client import ForumTopic
from discourse_hooks.connections import Forum
from discourse_hooks.contributions import topic_prefix
from discourse_hooks.models import ForumAccount
from discourse_hooks.newness import Newness
from plugin.events.newcomers import SignOfLife
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Sign:
    """What somebody did, when, at which post."""

    user_id: int
    what: str
    at: datetime
    post_number: int


def tell(
    uow: UnitOfWork,
    forum: Forum,
    topic: ForumTopic,
    new: Newness,
    known: Mapping[int, ForumAccount],
) -> None:
    """Tell each kind of sign of each new account once (unique: account, kind of sign)."""
    for sign in sorted(signs_in(topic, new), key=lambda one: (one.at, one.what)):
        row = known.get(sign.user_id)
        if row is None or row.joined_at is None or sign.what in row.signs:
            continue
        if not new.is_new(sign.user_id, sign.at):
            continue
        row.signs = [*row.signs, sign.what]
        identity = accounts.remember(uow, forum, sign.user_id, row.username)
        uow.record(
            SignOfLife(
                context_id=linking.place(uow, forum).id,
                identity_id=identity.id,
                what=sign.what,
                joined_at=row.joined_at,
                at=sign.at,
                source_url=f"{topic_prefix(forum, topic.id)}{sign.post_number}",
            )
        )


def signs_in(topic: ForumTopic, new: Newness) -> Iterator[Sign]:
    """Everything that could be a sign of somebody. Pure."""
    posts = [post for post in topic.posts if not post.gone and post.user_id]
    first = next((post for post in posts if post.post_number == 1), None)
    for post in posts:
        assert post.user_id is not None
        if post is first:
            yield Sign(post.user_id, "topic", post.created_at, 1)
        elif first is None or post.user_id != first.user_id:
            yield Sign(post.user_id, "reply", post.created_at, post.post_number)
        if post.post_number in topic.accepted_numbers:
            yield Sign(post.user_id, "answered", post.created_at, post.post_number)
            if first is not None and first.user_id and first.user_id != post.user_id:
                yield Sign(first.user_id, "thanked", post.created_at, post.post_number)
    for like in new.likes:
        yield Sign(like.liker_id, "like", like.at, like.post_number)
