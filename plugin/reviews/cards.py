"""Lines of the home page: the review in hand, reviews owed, work that waits, reviews that came."""

from plugin.home.public import NextAction
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.public import Actor
from plugin.reviews.services.standing import Standing, standings


def reviews(uow: UnitOfWork, actor: Actor) -> list[NextAction]:
    """What a person owes, waits for and got, one line an activity and state."""
    return [line for one in standings(uow, actor.person_id) for line in _lines(one)]


def _lines(one: Standing) -> list[NextAction]:
    lines: list[NextAction] = []
    if one.in_hand is not None:
        lines.append(
            NextAction(
                title=_("Finish your review: %(activity)s", activity=one.title),
                reason=_("You took it; the author waits for it."),
                minutes=one.minutes_each,
                due=one.in_hand.until,
                url=f"{one.url}/review/{one.in_hand.assignment}",
            )
        )
    elif one.owes and one.takeable:
        lines.append(
            NextAction(
                title=_("Take a review: %(activity)s", activity=one.title),
                reason=ngettext(
                    "You owe %(n)d review, and others wait for readers as you do.",
                    "You owe %(n)d reviews, and others wait for readers as you do.",
                    one.owes,
                ),
                minutes=one.minutes_each,
                due=one.review_by,
                url=one.url,
            )
        )
    if one.unanswered:
        lines.append(
            NextAction(
                title=_("Read what reviewers saw: %(activity)s", activity=one.title),
                reason=ngettext(
                    "%(n)d review of your work has no answer yet.",
                    "%(n)d reviews of your work have no answer yet.",
                    one.unanswered,
                ),
                minutes=5,
                due=None,
                url=f"{one.url}/received",
            )
        )
    if one.missing:
        lines.append(
            NextAction(
                title=_("Reviews of your work: %(activity)s", activity=one.title),
                reason=_(
                    "%(have)d of %(want)d are in.", have=one.wanted - one.missing, want=one.wanted
                ),
                minutes=None,
                due=None,
                url=one.url,
                kind="waiting",
            )
        )
    elif not one.owes and not one.unanswered:
        lines.append(
            NextAction(
                title=_("Reviewed: %(activity)s", activity=one.title),
                reason=_("You gave and got all reviews."),
                minutes=None,
                due=None,
                url=one.url,
                kind="done",
            )
        )
    return lines


CARDS = (reviews,)
