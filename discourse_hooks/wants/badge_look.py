"""The badge itself: found by its name, or made with description, picture and grouping.

A badge that was there before belongs to the forum's staff and stays as they made it. One that we
made follows the achievement when its words or picture change; a key that may not change badges
leaves it as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks.client import ForumApi, ForumRefused, lengths
from discourse_hooks.client import badge_look as calls
from discourse_hooks.connections import Forum
from discourse_hooks.models import ForumBadge
from plugin.events.wants import BadgeWanted
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
COMMON_GROUPING = "Community"


def ensured(services: Services, api: ForumApi, forum: Forum, event: BadgeWanted) -> int:
    """The id of the badge in the forum (unique: connection, name)."""
    name, look = short(event.badge_name), _digest(event)
    with services.units.reading(forum.community_id) as uow:
        known = _row(uow, forum, name)
        home = people.community(uow).name
    if known is None:
        badge = api.ensure_badge(name, event.description, lambda: _look(api, event, home))
        _remember(services, forum, name, badge.id, made_here=badge.made_now, look=look)
        return badge.id
    if known.made_here and known.look != look and event.granted:
        _follow(services, api, forum, event, known.remote_id)
    return known.remote_id


def _look(api: ForumApi, event: BadgeWanted, home: str) -> Mapping[str, str | int]:
    image = calls.picture(api, event.image_url) if event.image_url else {}
    return {**image, **calls.grouping(api, (home, COMMON_GROUPING))}


def _follow(
    services: Services, api: ForumApi, forum: Forum, event: BadgeWanted, badge_id: int
) -> None:
    try:
        image = calls.picture(api, event.image_url) if event.image_url else {}
        calls.change(api, badge_id, event.description, image)
    except ForumRefused as refused:
        log.info("badge not changed", status=refused.status, reason=refused.reason)
    name = short(event.badge_name)
    _remember(services, forum, name, badge_id, made_here=True, look=_digest(event))


def forget(services: Services, forum: Forum, name: str) -> None:
    """Somebody removed the badge in the forum: the remembered id leads nowhere."""
    with services.units.community(forum.community_id) as uow:
        row = _row(uow, forum, short(name))
        if row is not None:
            uow.session.delete(row)
        uow.commit()


def short(name: str) -> str:
    """The name as the forum can hold it."""
    return lengths.cut(name, lengths.LONGEST_BADGE_NAME)


def _digest(event: BadgeWanted) -> str:
    return hashlib.sha256(f"{event.description}\n{event.image_url}".encode()).hexdigest()


def _remember(
    services: Services, forum: Forum, name: str, badge_id: int, *, made_here: bool, look: str
) -> None:
    with services.units.community(forum.community_id) as uow:
        row = _row(uow, forum, name)
        if row is None:
            row = ForumBadge(connection_id=forum.id, name=name, made_here=made_here)
            uow.session.add(row)
        row.remote_id, row.look = badge_id, look
        uow.commit()


def _row(uow: UnitOfWork, forum: Forum, name: str) -> ForumBadge | None:
    return uow.session.scalar(
        sa.select(ForumBadge).where(ForumBadge.connection_id == forum.id, ForumBadge.name == name)
    )
