"""What the ledger and the queues keep about a person, and how it is erased, exported and merged.

Erasing gives back what the person holds and removes their capacity, weeks and reservations. A
finished place stays under the emptied person's id: it is part of what the *author* was promised.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import (
    Capacity,
    Lease,
    LeaseState,
    QueueEvent,
    QueueItem,
    Reservation,
    Served,
    Week,
)
from plugin.workload.queries import capacity
from plugin.workload.queue_queries import leases_of
from plugin.workload.services.leases import hand_back
from plugin.workload.services.ledger import take_turn
from plugin.workload.services.rows import affected


def erase(uow: UnitOfWork, person_id: UUID) -> None:
    """Remove a person's ledger and give back their places."""
    for held in leases_of(uow, person_id, state=LeaseState.HELD):
        hand_back(uow, held.queue, held.item_key, person_id)
    affected(
        uow,
        sa.delete(Lease).where(Lease.person_id == person_id, Lease.state != LeaseState.FINISHED),
    )
    uow.session.flush()
    affected(
        uow,
        sa.update(QueueEvent).where(QueueEvent.person_id == person_id).values(person_id=None),
    )
    for model in (Reservation, Served, Week, Capacity):
        affected(uow, sa.delete(model).where(model.person_id == person_id))


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Return a person's time and reservations as plain values."""
    view = capacity(uow, person_id)
    reservations = uow.session.execute(
        sa.select(Reservation.key, Reservation.minutes, Reservation.week, Reservation.reserved_at)
        .where(Reservation.person_id == person_id)
        .order_by(Reservation.id)
    )
    return {
        "minutes_per_week": view.minutes_per_week,
        "stated": view.stated,
        "zone": view.zone,
        "quiet_hours": [view.quiet_from.isoformat(), view.quiet_to.isoformat()],
        "reservations": [
            {
                "for": row.key,
                "minutes": row.minutes,
                "week": row.week or "every week",
                "since": row.reserved_at.isoformat(),
            }
            for row in reservations
        ],
        "given": [
            {"for": row.key, "minutes": row.minutes, "until": row.until.isoformat()}
            for row in uow.session.scalars(
                sa.select(Served).where(Served.person_id == person_id).order_by(Served.id)
            )
        ],
        "places": [
            {"queue": lease.queue, "state": lease.state.value, "at": lease.taken_at.isoformat()}
            for lease in leases_of(uow, person_id)
        ],
    }


def merge(uow: UnitOfWork, source: UUID, target: UUID) -> None:
    """Move everything of ``source`` to ``target``. The sums may then exceed what was stated:
    nothing more can be taken, and nothing promised is lost."""
    for person_id in sorted((source, target)):
        take_turn(uow, person_id)
    _merge_capacity(uow, source, target)
    _merge_weeks(uow, source, target)
    both = sa.select(Lease.item_id).where(Lease.person_id == target)
    affected(uow, sa.delete(Lease).where(Lease.person_id == source, Lease.item_id.in_(both)))
    for model in (Reservation, Served, Lease, QueueEvent):
        affected(uow, sa.update(model).where(model.person_id == source).values(person_id=target))
    affected(
        uow, sa.update(QueueItem).where(QueueItem.author_id == source).values(author_id=target)
    )


def _merge_capacity(uow: UnitOfWork, source: UUID, target: UUID) -> None:
    columns = (Capacity.stated, Capacity.minutes_per_week, Capacity.standing)
    old = uow.session.execute(sa.select(*columns).where(Capacity.person_id == source)).one()
    new = uow.session.execute(sa.select(*columns).where(Capacity.person_id == target)).one()
    stated = old if old.stated and not new.stated else new
    affected(
        uow,
        sa.update(Capacity)
        .where(Capacity.person_id == target)
        .values(
            standing=old.standing + new.standing,
            minutes_per_week=stated.minutes_per_week,
            stated=stated.stated,
        ),
    )
    affected(uow, sa.delete(Capacity).where(Capacity.person_id == source))


def _merge_weeks(uow: UnitOfWork, source: UUID, target: UUID) -> None:
    rows = uow.session.execute(
        sa.select(Week.week, Week.minutes).where(Week.person_id == source)
    ).all()
    known = set(uow.session.scalars(sa.select(Week.week).where(Week.person_id == target)))
    for week, minutes in rows:
        if week in known:
            affected(
                uow,
                sa.update(Week)
                .where(Week.person_id == target, Week.week == week)
                .values(minutes=Week.minutes + minutes),
            )
            affected(uow, sa.delete(Week).where(Week.person_id == source, Week.week == week))
    affected(uow, sa.update(Week).where(Week.person_id == source).values(person_id=target))


PERSON_DATA = PersonData(
    package="workload",
    tables=(
        "workload_capacity",
        "workload_week",
        "workload_reservation",
        "workload_served",
        "workload_queue_item",
        "workload_lease",
        "workload_queue_event",
    ),
    erase=erase,
    export=export,
    merge=merge,
)
