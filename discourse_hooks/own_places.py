"""Reading what Lantern made for people: who is in a group, when somebody last wrote in a message.

The forum decides; what is kept here is its last answer. Nobody is put back behind the back of a
moderator who took them out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks.client import ForumApi
from discourse_hooks.connections import Forum
from discourse_hooks.models import ForumSpace, GroupMember
from discourse_hooks.wants.reporting import group_name
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services


def read_group(
    api: ForumApi, services: Services, forum: Forum, remote_id: str
) -> Callable[[UnitOfWork], None]:
    """Read the members of one group of ours; none when the group is gone."""
    group_id = int(remote_id)
    with services.units.reading(forum.community_id) as uow:
        key = uow.session.scalar(
            sa.select(ForumSpace.want_key).where(
                ForumSpace.connection_id == forum.id,
                sa.or_(ForumSpace.group_id == group_id, ForumSpace.remote_id == group_id),
                ForumSpace.kind != "message",
            )
        )
    present = api.group_members(group_name(key)) if key is not None else frozenset()

    def apply(uow: UnitOfWork) -> None:
        rows = uow.session.scalars(
            sa.select(GroupMember).where(
                GroupMember.connection_id == forum.id, GroupMember.group_id == group_id
            )
        ).all()
        for row in rows:
            if row.user_id not in present:
                uow.session.delete(row)
        for user_id in sorted(present - {row.user_id for row in rows}):
            uow.session.add(GroupMember(connection_id=forum.id, group_id=group_id, user_id=user_id))

    return apply


def read_space(
    api: ForumApi, _services: Services, forum: Forum, remote_id: str
) -> Callable[[UnitOfWork], None]:
    """Read when somebody last wrote in a message or private topic of ours."""
    last = api.last_written(int(remote_id), not_by=forum.api_username)

    def apply(uow: UnitOfWork) -> None:
        row = uow.session.scalar(
            sa.select(ForumSpace).where(
                ForumSpace.connection_id == forum.id,
                ForumSpace.remote_id == int(remote_id),
                ForumSpace.kind != "group",
            )
        )
        if row is not None and last is not None and row.last_sign_at != last:
            row.last_sign_at = last

    return apply
