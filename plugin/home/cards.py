"""Home's own lines: say who you are, how to reach you, what is kept."""

from plugin.home.consents import PRIVACY, PRIVACY_VERSION
from plugin.home.next_actions import NextAction
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def profile(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Ask for what makes a person reachable, one thing at a time."""
    person = people.person(uow, actor.person_id)
    if not person.named:
        return [
            NextAction(
                title=_("Say who you are"),
                reason=_("Others see “%(name)s” so far.", name=person.name),
                minutes=1,
                due=None,
                url="/profile",
            )
        ]
    if not person.email_confirmed:
        return [
            NextAction(
                title=_("Tell us where to reach you"),
                reason=_("Without a confirmed address nobody can tell you that you were matched."),
                minutes=1,
                due=None,
                url="/profile#address",
            )
        ]
    if not people.has_consented(uow, actor.person_id, PRIVACY, PRIVACY_VERSION):
        return [
            NextAction(
                title=_("Read what Lantern keeps about you"),
                reason=_("One page, in plain words, before others rely on you."),
                minutes=2,
                due=None,
                url="/privacy",
            )
        ]
    return []


CARDS = (profile,)
