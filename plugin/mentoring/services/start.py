"""Start a programme, name its safety contact, close it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import policy
from plugin.mentoring.models import Programme, ProgrammeState
from plugin.mentoring.queries.programmes import ProgrammeView, view
from plugin.people import public as people

MINUTES = (15, 30, 45, 60)
"""What a pair may take each week."""


@dataclass(frozen=True)
class About:
    """What everybody reads before joining."""

    title: str
    purpose: str
    scope: str
    outcome: str
    minutes_per_week: int = 30
    ends_on: date | None = None
    safety_contact_id: UUID | None = None


def start_programme(
    uow: UnitOfWork, actor: people.Actor, context_id: UUID, about: About
) -> ProgrammeView:
    """Open a programme in a context; whoever starts it becomes its coordinator there."""
    require(policy.may_start(actor, context_id))
    if about.minutes_per_week not in MINUTES:
        raise Invalid("mentoring.minutes", _("Choose one of the offered lengths."))
    if about.ends_on is not None and about.ends_on <= uow.now().date():
        raise Invalid(
            "mentoring.ends_on",
            _("The programme would be over already."),
            {"ends_on": _("Choose a day in the future.")},
        )
    row = Programme(
        context_id=context_id,
        title=about.title,
        purpose=about.purpose,
        scope=about.scope,
        outcome=about.outcome,
        owner_id=actor.person_id,
        minutes_per_week=about.minutes_per_week,
        ends_on=about.ends_on,
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    people.grant_right(uow, actor.person_id, people.COORDINATOR, context_id, by=actor.person_id)
    if about.safety_contact_id is not None:
        _name_contact(uow, row, about.safety_contact_id, actor.person_id)
    uow.audit(
        "mentoring.programme.started", actor=actor.person_id, subject=f"programme:{row.handle}"
    )
    return view(row)


def name_safety_contact(
    uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView, person_id: UUID
) -> None:
    """Say whom people turn to when something is wrong."""
    require(policy.may_coordinate(actor, programme.context_id))
    row = uow.session.get_one(Programme, programme.id)
    _name_contact(uow, row, person_id, actor.person_id)


def _name_contact(uow: UnitOfWork, row: Programme, person_id: UUID, by: UUID) -> None:
    person = people.person(uow, person_id)
    row.safety_contact_id = person.id
    people.grant_right(uow, person.id, people.SAFETY_CONTACT, row.context_id, by=by)
    uow.audit(
        "mentoring.safety_contact.named",
        actor=by,
        subject=f"programme:{row.handle}",
        person=person.handle,
    )


def close_programme(uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView) -> None:
    """Take nobody in any more and run no matching; running pairs go on."""
    require(policy.may_coordinate(actor, programme.context_id))
    uow.session.get_one(Programme, programme.id).state = ProgrammeState.CLOSED
    uow.audit(
        "mentoring.programme.closed",
        actor=actor.person_id,
        subject=f"programme:{programme.handle}",
    )
