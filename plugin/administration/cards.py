"""Administrators' lines on the home page: what failed comes first."""

from plugin.administration import queries
from plugin.home.public import NextAction
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def deliveries(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Parked deliveries need a person."""
    if not actor.administers():
        return []
    parked = queries.backlog(uow).parked
    if not parked:
        return []
    return [
        NextAction(
            title=ngettext(
                "%(n)d delivery failed for good", "%(n)d deliveries failed for good", parked
            ),
            reason=_("Somebody has to mend the cause and let it run again."),
            minutes=5,
            due=None,
            url="/admin/deliveries",
            urgent=True,
        )
    ]


def safety(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Nothing is published without a named safety contact."""
    if not actor.administers() or people.staff(uow, people.SAFETY_CONTACT):
        return []
    return [
        NextAction(
            title=_("Name a safety contact"),
            reason=_("Without one no matching can be published: reports would reach nobody."),
            minutes=2,
            due=None,
            url="/admin/staff",
        )
    ]


CARDS = (deliveries, safety)
