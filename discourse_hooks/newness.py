"""Who is new in a forum: an account that was made not long before what it did.

Trust levels differ from forum to forum and change; the day an account was made does not, so the
same topic read twice gives the same answer. The day is asked for once, and only of accounts that
showed a sign of life: no list of members is ever read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks.client import ForumApi, ForumTopic, TopicPost
from discourse_hooks.client.results import joined
from discourse_hooks.connections import Forum
from discourse_hooks.models import ForumAccount, LikeSeen
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

NEW_FOR = timedelta(days=60)
HIGHEST_NEW_LEVEL = 1  # whoever the forum trusts more is new nowhere
ASKED_AT_ONCE = 8
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Like:
    """Somebody liked a post of the topic."""

    post_number: int
    liker_id: int
    at: datetime


@dataclass
class Newness:
    """What is known of those who did something in one topic.

    ``left_over`` says that some accounts are still to be asked about: the topic is read again.
    """

    joined: dict[int, datetime] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    likes: tuple[Like, ...] = ()
    left_over: bool = False

    def is_new(self, user_id: int | None, at: datetime) -> bool:
        """Whether the account was new when it did something."""
        since = self.joined.get(user_id or 0)
        return since is not None and at - since <= NEW_FOR


def look_up(api: ForumApi, services: Services, forum: Forum, topic: ForumTopic) -> Newness:
    """Ask the forum when those were made who may be new and are not known yet."""
    with services.units.reading(forum.community_id) as uow:
        likes = _likes(uow, forum, topic.id)
        names = {post.user_id: post.username for post in topic.posts if may_be_new(forum, post)}
        rows = known(uow, forum, {*names, *(like.liker_id for like in likes)} - {None})
    found = Newness(likes=likes)
    found.names = {row.user_id: row.username for row in rows.values()}
    found.names |= {user_id: name for user_id, name in names.items() if user_id is not None}
    found.joined = {row.user_id: row.joined_at for row in rows.values() if row.joined_at}
    unasked = [user_id for user_id in sorted(found.names) if user_id not in found.joined]
    found.left_over = len(unasked) > ASKED_AT_ONCE
    for user_id in unasked[:ASKED_AT_ONCE]:
        found.joined[user_id] = joined(api.profile(found.names[user_id]), user_id) or LONG_AGO
    return found


def may_be_new(forum: Forum, post: TopicPost) -> bool:
    """Whether it is worth asking; never about staff or Lantern's own account."""
    return (
        post.user_id is not None
        and post.user_id > 0
        and post.trust_level <= HIGHEST_NEW_LEVEL
        and not post.staff
        and not post.gone
        and post.username.casefold() != forum.api_username.casefold()
    )


def known(uow: UnitOfWork, forum: Forum, ids: Iterable[int | None]) -> dict[int, ForumAccount]:
    """The rows of these accounts, by user id."""
    rows = uow.session.scalars(
        sa.select(ForumAccount).where(
            ForumAccount.connection_id == forum.id, ForumAccount.user_id.in_(list(ids))
        )
    )
    return {row.user_id: row for row in rows}


def keep(uow: UnitOfWork, forum: Forum, found: Newness) -> dict[int, ForumAccount]:
    """Remember what was asked (unique: connection, user); return all rows."""
    rows = known(uow, forum, found.joined)
    for user_id, since in found.joined.items():
        row = rows.get(user_id)
        if row is None:
            row = rows[user_id] = ForumAccount(connection_id=forum.id, user_id=user_id, signs=[])
            uow.session.add(row)
        row.joined_at, row.username = since, found.names.get(user_id, "")
    uow.session.flush()
    return rows


def note_like(uow: UnitOfWork, forum: Forum, like: Like, topic_id: int, name: str) -> bool:
    """Keep a like until its topic is read, if its giver may be new (unique: post, liker)."""
    row = known(uow, forum, [like.liker_id]).get(like.liker_id)
    if row is not None and row.joined_at is not None and like.at - row.joined_at > NEW_FOR:
        return False
    if row is None:
        uow.session.add(
            ForumAccount(
                connection_id=forum.id, user_id=like.liker_id, username=name[:100], signs=[]
            )
        )
    noted = {(one.post_number, one.liker_id) for one in _likes(uow, forum, topic_id)}
    if (like.post_number, like.liker_id) not in noted:
        uow.session.add(
            LikeSeen(
                connection_id=forum.id,
                topic_id=topic_id,
                post_number=like.post_number,
                liker_id=like.liker_id,
                at=like.at,
            )
        )
    uow.session.flush()
    return True


def forget_likes(uow: UnitOfWork, forum: Forum, topic_id: int, likes: Iterable[Like]) -> None:
    """Remove what has been acted upon; what came meanwhile stays for the next read."""
    for like in likes:
        uow.session.execute(
            sa.delete(LikeSeen).where(
                LikeSeen.connection_id == forum.id,
                LikeSeen.topic_id == topic_id,
                LikeSeen.post_number == like.post_number,
                LikeSeen.liker_id == like.liker_id,
            )
        )


def _likes(uow: UnitOfWork, forum: Forum, topic_id: int) -> tuple[Like, ...]:
    rows = uow.session.scalars(
        sa.select(LikeSeen)
        .where(LikeSeen.connection_id == forum.id, LikeSeen.topic_id == topic_id)
        .order_by(LikeSeen.at, LikeSeen.id)
    )
    return tuple(Like(row.post_number, row.liker_id, row.at) for row in rows)
