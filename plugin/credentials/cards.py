"""Credentials on the home page: what was earned lately, under what is finished."""

from __future__ import annotations

from datetime import timedelta

from plugin.credentials.queries import credentials_of
from plugin.credentials.services.telling import MINE
from plugin.home.public import NextAction
from plugin.kernel.i18n import _, format_date
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

NEWS = timedelta(days=60)
AT_MOST = 3


def earned(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """The newest credentials; older ones are on their own page."""
    since = uow.now() - NEWS
    return [
        NextAction(
            title=_("You earned: %(name)s", name=item.name),
            reason=_(
                "On %(day)s. Only you see it until you share it.",
                day=format_date(item.awarded_at.date()),
            )
            if not item.shared
            else _("On %(day)s. Your page is open.", day=format_date(item.awarded_at.date())),
            minutes=None,
            due=None,
            url=f"{MINE}/{item.handle}",
            kind="done",
        )
        for item in credentials_of(uow, actor.person_id)
        if item.awarded_at >= since and item.revoked_at is None
    ][:AT_MOST]


CARDS = (earned,)
