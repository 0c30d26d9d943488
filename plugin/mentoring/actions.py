"""What a mentor can do from a message without signing in: accept, or decline."""

from typing import Any
from uuid import UUID

from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.queries.pairs import pair
from plugin.mentoring.queries.programmes import programme, sentence_of
from plugin.mentoring.services import answer
from plugin.mentoring.wording import reasons_text
from plugin.notifications import public as notifications
from plugin.people import public as people


def _describe_accept(uow: UnitOfWork, arguments: dict[str, Any]) -> str:
    """The question, then why these two and what the mentee said, each on a line."""
    found = pair(uow, UUID(arguments["pair"]))
    mentee, mentor = (people.person(uow, one) for one in (found.mentee_id, found.mentor_id))
    question = _(
        "Accept %(name)s as your mentee in %(programme)s, about %(minutes)d minutes a week?",
        name=mentee.name,
        programme=programme(uow, found.programme_id).title,
        minutes=found.minutes_per_week,
    )
    why = reasons_text(found.reasons, mentee.name, mentor.name, mentor.time_zone, uow.now())
    said = sentence_of(uow, found.programme_id, mentee.id)
    return "\n".join([question, *why, *([f"“{said}” – {mentee.name}"] if said else [])])


def _accept(uow: UnitOfWork, person_id: UUID, arguments: dict[str, Any]) -> str:
    found = pair(uow, UUID(arguments["pair"]))
    answer.accept(uow, found.id, person_id)
    name = people.person(uow, found.mentee_id).name
    return _("You and %(name)s are a pair. %(name)s has been told.", name=name)


def _describe_decline(uow: UnitOfWork, arguments: dict[str, Any]) -> str:
    found = pair(uow, UUID(arguments["pair"]))
    return _(
        "Decline %(name)s? Your time is free again, and nobody has to explain it.",
        name=people.person(uow, found.mentee_id).name,
    )


def _decline(uow: UnitOfWork, person_id: UUID, arguments: dict[str, Any]) -> str:
    answer.decline(uow, UUID(arguments["pair"]), person_id)
    return _("Declined. Your time is free again.")


ACTIONS = (
    notifications.signed_action("mentoring.accept", _describe_accept, _accept),
    notifications.signed_action("mentoring.decline", _describe_decline, _decline),
)
