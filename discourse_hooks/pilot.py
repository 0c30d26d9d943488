"""A pilot: one category and a few people, before a forum is switched on for everybody.

Whoever something is to be posted to first takes a seat, until there are none left; the others get
it by mail as before. What happens outside the category is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks.connections import Forum
from discourse_hooks.models import PilotMember
from discourse_hooks.payloads import Facts, LikeFacts, PostFacts, TopicFacts
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

PEOPLE = 50


def outside(forum: Forum, facts: Facts) -> bool:
    """Whether an event happened in another category than the pilot's."""
    if not forum.pilot or forum.pilot_category_id is None:
        return False
    about = facts.post if isinstance(facts, LikeFacts) else facts
    if not isinstance(about, PostFacts | TopicFacts):
        return False
    # a post without a category may still be in it: Discourse leaves the key out at times
    return about.category_id is not None and about.category_id != forum.pilot_category_id


def silence(services: Services, forum: Forum, user_ids: Iterable[str]) -> str:
    """Why nothing may be posted to these accounts; empty when it may."""
    if forum.quiet:
        return _("The forum connection is quiet: nothing is posted there.")
    if forum.pilot and not _seated(services, forum, sorted(set(user_ids))):
        return _("The forum takes part as a pilot, and all its seats are taken.")
    return ""


def _seated(services: Services, forum: Forum, user_ids: list[str]) -> bool:
    """Give each a seat (unique: connection, user); all of them or none."""
    with services.units.community(forum.community_id) as uow:
        seated = set(
            uow.session.scalars(
                sa.select(PilotMember.user_id).where(PilotMember.connection_id == forum.id)
            )
        )
        wanted = [user_id for user_id in user_ids if user_id not in seated]
        if len(seated) + len(wanted) > forum.pilot_people:
            return False
        for user_id in wanted:
            uow.session.add(
                PilotMember(connection_id=forum.id, user_id=user_id, admitted_at=uow.now())
            )
        if wanted:
            uow.commit()
    return True


def seats_taken(uow: UnitOfWork, forum: Forum) -> int:
    """How many people take part."""
    return (
        uow.session.scalar(sa.select(sa.func.count()).where(PilotMember.connection_id == forum.id))
        or 0
    )
