"""Badges of ours that a user no longer holds: somebody took them away in the forum.

The forum's staff may do that, so the badge is not granted again behind their back; the link says
so, and the operator's page can show it. The credential itself is untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks.client import ForumApi
from discourse_hooks.connections import Forum
from discourse_hooks.models import BadgeLink
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services


def read_held(
    api: ForumApi, services: Services, forum: Forum, remote_id: str
) -> Callable[[UnitOfWork], None]:
    """Read one user's badges and note which of our grants are gone."""
    with services.units.reading(forum.community_id) as uow:
        remembered = uow.session.scalar(
            sa.select(BadgeLink.username).where(
                BadgeLink.connection_id == forum.id, BadgeLink.user_id == remote_id
            )
        )
    username = api.username(remote_id, remembered or "")
    held = {badge.id for badge in api.user_badges(username)} if username else set()

    def apply(uow: UnitOfWork) -> None:
        links = uow.session.scalars(
            sa.select(BadgeLink).where(
                BadgeLink.connection_id == forum.id,
                BadgeLink.user_id == remote_id,
                BadgeLink.granted,
                BadgeLink.remote_id.is_not(None),
            )
        )
        for link in links:
            link.removed_there = link.remote_id not in held

    return apply
