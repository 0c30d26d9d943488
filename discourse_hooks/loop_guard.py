"""What Lantern caused in a forum comes back as an event, and ends here.

The knowledge is in rows (a badge grant of ours, a topic or message of ours), not in a process:
it holds after a restart and across replicas. An event may come before the answer to the very call
that caused it; then the badge link has no remote id yet, but names user and badge already.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from discourse_hooks.models import BadgeLink, ForumSpace
from plugin.kernel.unit_of_work import UnitOfWork

_LOOKED_UP = "discourse_hooks.looked_up"


def our_badge(
    uow: UnitOfWork, connection_id: UUID, *, user_badge_id: int, user_id: int, badge_id: int
) -> BadgeLink | None:
    """The link that this grant belongs to, None when somebody else granted it."""
    return uow.session.scalar(
        sa.select(BadgeLink).where(
            BadgeLink.connection_id == connection_id,
            sa.or_(
                BadgeLink.remote_id == user_badge_id,
                sa.and_(BadgeLink.user_id == str(user_id), BadgeLink.badge_id == badge_id),
            ),
        )
    )


def our_topic(uow: UnitOfWork, connection_id: UUID, topic_id: int) -> bool:
    """Whether Lantern itself made this topic or message."""
    looked_up: dict[int, bool] = uow.session.info.get(_LOOKED_UP, {})
    if topic_id in looked_up:
        return looked_up[topic_id]
    return bool(_ours(uow, connection_id, {topic_id}))


def our_group(uow: UnitOfWork, connection_id: UUID, group_id: int) -> bool:
    """Whether Lantern itself made this group, alone or for a private topic."""
    found = uow.session.scalar(
        sa.select(ForumSpace.id)
        .where(
            ForumSpace.connection_id == connection_id,
            sa.or_(
                ForumSpace.group_id == group_id,
                sa.and_(ForumSpace.kind == "group", ForumSpace.remote_id == group_id),
            ),
        )
        .limit(1)
    )
    return found is not None


def look_up(uow: UnitOfWork, connection_id: UUID, topic_ids: set[int]) -> None:
    """Ask once for all topics that this unit of work will be asked about."""
    ours = _ours(uow, connection_id, topic_ids)
    uow.session.info[_LOOKED_UP] = {topic_id: topic_id in ours for topic_id in topic_ids}


def _ours(uow: UnitOfWork, connection_id: UUID, topic_ids: set[int]) -> set[int | None]:
    found = uow.session.scalars(
        sa.select(ForumSpace.remote_id).where(
            ForumSpace.connection_id == connection_id,
            ForumSpace.remote_id.in_(topic_ids),
            ForumSpace.kind != "group",
        )
    )
    return set(found)
