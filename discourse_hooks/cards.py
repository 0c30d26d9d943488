"""A line on the home page of those who may have a forum account and have not said so."""

from __future__ import annotations

import sqlalchemy as sa

from discourse_hooks.models import Connection
from plugin.home.public import NextAction
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def link_account(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Offer to link an account in the first forum in which the person has none."""
    linked = {identity.issuer for identity in people.identities_of(uow, actor.person_id)}
    forums = uow.session.scalars(
        sa.select(Connection)
        .where(Connection.community_id == uow.community_id)
        .order_by(Connection.id)
    )
    missing = [forum for forum in forums if forum.base_url not in linked]
    return [
        NextAction(
            title=_("Link your account in %(forum)s", forum=forum.title),
            reason=_("If you have one: what you do for others there counts here."),
            minutes=3,
            due=None,
            url=f"/discourse/{forum.handle}/link",
        )
        for forum in missing[:1]
    ]


CARDS = (link_account,)
