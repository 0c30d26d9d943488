"""What administration shows: staff, the audit trail, deliveries that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.audit import AuditEntry
from plugin.kernel.outbox import Delivery, DeliveryState, OutboxMessage
from plugin.kernel.pagination import Page, cut, mark_to_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

ROWS = 50


@dataclass(frozen=True)
class StaffMember:
    """A right and who has it; ``where`` is None for the whole community."""

    person: people.PersonView
    right: str
    where: people.Context | None


@dataclass(frozen=True)
class AuditLine:
    """One entry of the audit trail with the name of who did it."""

    at: datetime
    action: str
    actor: str | None
    subject: str
    facts: dict[str, Any]
    reference: str


@dataclass(frozen=True)
class DeliveryLine:
    """One delivery that is not done: which event for which part, and why it waits."""

    id: UUID
    name: str
    subscriber: str
    state: str
    attempts: int
    since: datetime
    next_attempt_at: datetime
    reason: str
    reference: str


@dataclass(frozen=True)
class Backlog:
    """How many deliveries wait, fail and are parked."""

    waiting: int
    failing: int
    parked: int


def staff(uow: UnitOfWork) -> list[StaffMember]:
    """Return everybody with a right for the whole community, then those of single contexts."""
    found = [
        StaffMember(person, right, None)
        for right in people.RIGHTS
        for person in people.staff(uow, right)
    ]
    everywhere = {(one.right, one.person.id) for one in found}
    for context in people.contexts(uow):
        for right in people.RIGHTS:
            found.extend(
                StaffMember(person, right, context)
                for person in people.staff(uow, right, context.id)
                if (right, person.id) not in everywhere
            )
    return found


def audit_trail(uow: UnitOfWork, mark: str | None = None) -> Page[AuditLine]:
    """Return the community's audit trail, newest first."""
    query = sa.select(AuditEntry).where(AuditEntry.community_id == uow.community_id)
    if (after := mark_to_id(mark)) is not None:
        query = query.where(AuditEntry.id < after)
    rows = uow.session.scalars(query.order_by(AuditEntry.id.desc()).limit(ROWS + 1)).all()
    about = {row.id: _person_in(row.subject) for row in rows}
    mentioned = {*about.values(), *(row.actor_id for row in rows)} - {None}
    names = people.people_by_id(uow, [one for one in mentioned if one is not None])
    lines = [
        AuditLine(
            row.at,
            row.action,
            names[row.actor_id].name if row.actor_id in names else None,
            _in_words(row.subject, about[row.id], names),
            row.facts,
            row.reference,
        )
        for row in rows
    ]
    return cut(lines, ROWS, rows[ROWS - 1].id if len(rows) >= ROWS else None)


def _person_in(subject: str) -> UUID | None:
    """The person an entry is about; None when it is about something else."""
    kind, _mark, which = subject.partition(":")
    try:
        return UUID(which) if kind == "person" else None
    except ValueError:
        return None


def _in_words(subject: str, about: UUID | None, names: Mapping[UUID, people.PersonView]) -> str:
    """What an entry is about; a person by name, never by the key of their row."""
    if about is None:
        return subject
    return names[about].name if about in names else "person"


def backlog(uow: UnitOfWork) -> Backlog:
    """Count this community's deliveries that are not done, in one select."""
    failing = sa.and_(Delivery.state == DeliveryState.WAITING, Delivery.attempts > 1)
    row = uow.session.execute(
        sa.select(
            sa.func.count().filter(Delivery.state == DeliveryState.WAITING),
            sa.func.count().filter(failing),
            sa.func.count().filter(Delivery.state == DeliveryState.PARKED),
        )
        .select_from(Delivery)
        .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
        .where(OutboxMessage.community_id == uow.community_id)
    ).one()
    return Backlog(waiting=row[0] - row[1], failing=row[1], parked=row[2])


def deliveries(
    uow: UnitOfWork, mark: str | None = None, *, all_of_them: bool = False
) -> Page[DeliveryLine]:
    """Return what was parked or failed, newest first; on request also what just waits."""
    query = (
        sa.select(Delivery, OutboxMessage)
        .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
        .where(OutboxMessage.community_id == uow.community_id, Delivery.state != DeliveryState.DONE)
    )
    if not all_of_them:
        query = query.where(sa.or_(Delivery.state == DeliveryState.PARKED, Delivery.attempts > 1))
    if (after := mark_to_id(mark)) is not None:
        query = query.where(Delivery.id < after)
    rows = uow.session.execute(query.order_by(Delivery.id.desc()).limit(ROWS + 1)).all()
    lines = [
        DeliveryLine(
            delivery.id,
            message.name,
            delivery.subscriber,
            _state(delivery),
            delivery.attempts,
            message.created_at,
            delivery.next_attempt_at,
            delivery.last_error or "",
            message.reference,
        )
        for delivery, message in rows
    ]
    return cut(lines, ROWS, rows[ROWS - 1][0].id if len(rows) >= ROWS else None)


def delivery_in_community(uow: UnitOfWork, delivery_id: UUID) -> bool:
    """Whether a delivery is this community's."""
    return (
        uow.session.scalar(
            sa.select(Delivery.id)
            .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
            .where(OutboxMessage.community_id == uow.community_id, Delivery.id == delivery_id)
        )
        is not None
    )


def _state(row: Delivery) -> str:
    if row.state is DeliveryState.PARKED:
        return "parked"
    return "failing" if row.attempts > 1 else "waiting"
