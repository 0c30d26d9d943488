"""Programmes, who takes part, and how far each person is with joining."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.errors import not_here
from plugin.mentoring.models import Invitation, Participation, Programme, ProgrammeState, Side
from plugin.notifications import public as notifications
from plugin.people import public as people


@dataclass(frozen=True)
class ProgrammeView:
    """A programme as pages and other use cases see it."""

    id: UUID
    handle: str
    context_id: UUID
    title: str
    purpose: str
    scope: str
    outcome: str
    owner_id: UUID | None
    safety_contact_id: UUID | None
    ends_on: date | None
    minutes_per_week: int
    state: ProgrammeState
    settings: dict[str, Any]
    reminded_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state is ProgrammeState.OPEN


@dataclass(frozen=True)
class ParticipationView:
    """One person's answers; ``answered`` makes them ready."""

    id: UUID
    handle: str
    programme_id: UUID
    person_id: UUID
    side: Side
    hours: tuple[int, ...]
    time_zone: str
    languages: tuple[str, ...]
    sentence: str
    skills: tuple[str, ...]
    goals: tuple[str, ...]
    stage: int
    answered_at: datetime | None

    @property
    def answered(self) -> bool:
        return self.answered_at is not None


class Joining(Enum):
    """How far somebody is, from the staff's side: never came here, came, answered, no channel."""

    NOT_OPENED = "not_opened"
    BEGUN = "begun"
    READY = "ready"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class JoiningRow:
    """One person on the joining page; an invited one who never came has only an address."""

    name: str
    person: people.PersonView | None
    state: Joining
    side: Side | None
    invited: bool
    answered_at: datetime | None


def view(row: Programme) -> ProgrammeView:
    return ProgrammeView(
        id=row.id,
        handle=row.handle,
        context_id=row.context_id,
        title=row.title,
        purpose=row.purpose,
        scope=row.scope,
        outcome=row.outcome,
        owner_id=row.owner_id,
        safety_contact_id=row.safety_contact_id,
        ends_on=row.ends_on,
        minutes_per_week=row.minutes_per_week,
        state=row.state,
        settings=dict(row.settings),
        reminded_at=row.reminded_at,
    )


def participation_view(row: Participation) -> ParticipationView:
    return ParticipationView(
        id=row.id,
        handle=row.handle,
        programme_id=row.programme_id,
        person_id=row.person_id,
        side=row.side,
        hours=tuple(row.hours),
        time_zone=row.time_zone,
        languages=tuple(row.languages),
        sentence=row.sentence,
        skills=tuple(row.skills),
        goals=tuple(row.goals),
        stage=row.stage,
        answered_at=row.answered_at,
    )


def programme(uow: UnitOfWork, programme_id: UUID) -> ProgrammeView:
    row = uow.session.scalars(sa.select(Programme).where(Programme.id == programme_id)).first()
    if row is None:
        raise not_here()
    return view(row)


def programme_anywhere(uow: UnitOfWork, handle: str) -> ProgrammeView | None:
    """The programme of that name in any course of the community."""
    row = uow.session.scalars(sa.select(Programme).where(Programme.handle == handle)).first()
    return None if row is None else view(row)


def any_programme(uow: UnitOfWork) -> bool:
    """Whether this community has ever started one."""
    return uow.session.scalars(sa.select(Programme.id).limit(1)).first() is not None


def programmes_by_id(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, ProgrammeView]:
    rows = uow.session.scalars(sa.select(Programme).where(Programme.id.in_(set(ids))))
    return {row.id: view(row) for row in rows}


def programme_by_handle(uow: UnitOfWork, context_id: UUID, handle: str) -> ProgrammeView:
    """A programme by its public name; one of another context is not here."""
    row = uow.session.scalars(
        sa.select(Programme).where(Programme.handle == handle, Programme.context_id == context_id)
    ).first()
    if row is None:
        raise not_here()
    return view(row)


def programmes(uow: UnitOfWork, context_ids: Iterable[UUID]) -> list[ProgrammeView]:
    """The programmes of these contexts, open and newest first."""
    rows = uow.session.scalars(
        sa.select(Programme)
        .where(Programme.context_id.in_(set(context_ids)))
        .order_by((Programme.state == ProgrammeState.OPEN).desc(), Programme.id.desc())
    )
    return [view(row) for row in rows]


def participation(uow: UnitOfWork, programme_id: UUID, person_id: UUID) -> ParticipationView | None:
    row = uow.session.scalars(
        sa.select(Participation).where(
            Participation.programme_id == programme_id, Participation.person_id == person_id
        )
    ).first()
    return participation_view(row) if row else None


def sentence_of(uow: UnitOfWork, programme_id: UUID, person_id: UUID) -> str:
    """What somebody said of themselves, for their partner."""
    found = participation(uow, programme_id, person_id)
    return found.sentence if found else ""


def participations(
    uow: UnitOfWork, programme_id: UUID, *, answered: bool = True
) -> list[ParticipationView]:
    """Who takes part, in the order in which they came; those who left are not in it."""
    query = sa.select(Participation).where(
        Participation.programme_id == programme_id, Participation.left_at.is_(None)
    )
    if answered:
        query = query.where(Participation.answered_at.is_not(None))
    rows = uow.session.scalars(query.order_by(Participation.id))
    return [participation_view(row) for row in rows]


def participations_of(uow: UnitOfWork, person_id: UUID) -> list[ParticipationView]:
    """Where one person takes part."""
    rows = uow.session.scalars(
        sa.select(Participation)
        .where(Participation.person_id == person_id, Participation.left_at.is_(None))
        .order_by(Participation.id)
    )
    return [participation_view(row) for row in rows]


@dataclass(frozen=True)
class InvitationView:
    """An address that is to become a mentor."""

    id: UUID
    programme_id: UUID
    email: str
    invited_by_id: UUID | None
    sent: bool


def invitation(uow: UnitOfWork, invitation_id: UUID) -> InvitationView | None:
    row = uow.session.scalars(sa.select(Invitation).where(Invitation.id == invitation_id)).first()
    if row is None:
        return None
    return InvitationView(
        row.id, row.programme_id, row.email, row.invited_by_id, row.sent_at is not None
    )


def invitations(uow: UnitOfWork, programme_id: UUID) -> list[tuple[str, UUID | None]]:
    """Address and, once they came, person of everybody invited to be a mentor."""
    rows = uow.session.execute(
        sa.select(Invitation.email, Invitation.person_id)
        .where(Invitation.programme_id == programme_id)
        .order_by(Invitation.id)
    )
    return list(rows)


def reachable(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Who has a confirmed channel outside the tool."""
    known = set(ids)
    return known - notifications.unreachable(uow, known)


def mentors_out_of_reach(uow: UnitOfWork, programme_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many ready mentors nobody can tell anything, by programme; only where there are some."""
    rows = uow.session.execute(
        sa.select(Participation.programme_id, Participation.person_id).where(
            Participation.programme_id.in_(set(programme_ids)),
            Participation.side == Side.OFFER,
            Participation.answered_at.is_not(None),
            Participation.left_at.is_(None),
        )
    ).all()
    silent = notifications.unreachable(uow, {person_id for _programme, person_id in rows})
    return dict(Counter(key for key, person_id in rows if person_id in silent))


def joining(uow: UnitOfWork, about: ProgrammeView) -> list[JoiningRow]:
    """Everybody who could be ready, problems first; six selects, whatever the number of people."""
    members = [m for m in people.members(uow, about.context_id) if m.role != people.TEACHER]
    roster = {member.person.id: member.person for member in members}
    never = {member.person.id for member in members if not member.opened}
    known = {one.person_id: one for one in participations(uow, about.id, answered=False)}
    asked = invitations(uow, about.id)
    came = {person_id for _, person_id in asked if person_id is not None}
    roster.update(people.people_by_id(uow, (set(known) | came) - set(roster)))
    reached = reachable(uow, roster)
    rows = [
        _joining_row(
            person,
            known.get(person.id),
            opened=person.id not in never,
            invited=person.id in came,
            reached=person.id in reached,
        )
        for person in roster.values()
    ]
    rows += [
        JoiningRow(email, None, Joining.NOT_OPENED, Side.OFFER, True, None)
        for email, person_id in asked
        if person_id is None
    ]
    order = (Joining.UNREACHABLE, Joining.NOT_OPENED, Joining.BEGUN, Joining.READY)
    return sorted(rows, key=lambda row: (order.index(row.state), row.name.casefold()))


def _joining_row(
    person: people.PersonView,
    answer: ParticipationView | None,
    *,
    opened: bool,
    invited: bool,
    reached: bool,
) -> JoiningRow:
    """A mentor needs a confirmed channel; a learner is met in the course."""
    ready = answer is not None and answer.answered
    offers = invited or (answer is not None and ready and answer.side is Side.OFFER)
    if ready:
        state = Joining.READY if reached or not offers else Joining.UNREACHABLE
    else:
        state = Joining.BEGUN if opened or answer is not None else Joining.NOT_OPENED
    side = answer.side if answer is not None and ready else (Side.OFFER if invited else None)
    return JoiningRow(
        name=person.name,
        person=person,
        state=state,
        side=side,
        invited=invited,
        answered_at=answer.answered_at if answer else None,
    )
