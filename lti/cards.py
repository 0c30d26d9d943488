"""Lines of the home page: a course's list cannot be read, scores were refused, for its staff; what
an administrator must approve."""

from uuid import UUID

from lti import approvals, grades, roster
from plugin.home.public import NextAction
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.people.public import Actor


def broken_rosters(uow: UnitOfWork, actor: Actor) -> list[NextAction]:
    """One line for each course that the person looks after and whose list failed."""
    mine = _looked_after(actor)
    if not mine:
        return []
    broken = [one for one in roster.lists(uow, sorted(mine)) if one.error]
    if not broken:
        return []
    contexts = {found.id: found for found in people.contexts(uow, [b.context_id for b in broken])}
    return [
        NextAction(
            title=_("The list of people of %(course)s cannot be read", course=where.title),
            reason=_("Without it Lantern does not know who has not opened it yet."),
            minutes=2,
            due=None,
            url=f"/c/{where.handle}/lti/people",
        )
        for one in broken
        if (where := contexts.get(one.context_id))
    ]


def refused_scores(uow: UnitOfWork, actor: Actor) -> list[NextAction]:
    """One line for each course that the person looks after and whose gradebook refused scores."""
    mine = _looked_after(actor)
    numbers = grades.refused(uow, sorted(mine)) if mine else {}
    if not numbers:
        return []
    return [
        NextAction(
            title=ngettext(
                "The gradebook of %(course)s did not take a score",
                "The gradebook of %(course)s did not take %(n)d scores",
                numbers[where.id],
                course=where.title,
            ),
            reason=_("The page says why, and sends them again."),
            minutes=2,
            due=None,
            url=f"/c/{where.handle}/lti/grades",
        )
        for where in people.contexts(uow, numbers)
    ]


def approvals_wait(uow: UnitOfWork, actor: Actor) -> list[NextAction]:
    """For administrators: platforms, or places in them, that somebody must let in."""
    if not actor.administers():
        return []
    count = approvals.waiting(uow)
    if not count:
        return []
    return [
        NextAction(
            title=ngettext(
                "%(n)d platform waits for your approval",
                "%(n)d platforms wait for your approval",
                count,
            ),
            reason=_("Until then nobody comes in from there."),
            minutes=2,
            due=None,
            url="/admin/platforms",
        )
    ]


def _looked_after(actor: Actor) -> set[UUID]:
    teaching = {where for where, role in actor.roles if role in ("teacher", "assistant")}
    return teaching | {where for _right, where in actor.rights if where is not None}


CARDS = (approvals_wait, broken_rosters, refused_scores)
