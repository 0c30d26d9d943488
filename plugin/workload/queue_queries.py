"""What pages and features read of queues, as frozen values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import (
    NOTHING_LEFT,
    ItemState,
    Lease,
    LeaseState,
    QueueEvent,
    QueueItem,
    Reservation,
    ReservationState,
)
from plugin.workload.waits import WaitEstimate, estimate_wait

_HISTORY = 200


@dataclass(frozen=True)
class ItemView:
    """An item and how far it is: ``finished`` of ``wanted``, ``places`` free to take now."""

    item_key: str
    author_id: UUID | None
    entered_at: datetime
    wanted: int
    finished: int
    places: int
    state: ItemState
    widen_at: datetime | None
    coordinator_at: datetime | None
    done_at: datetime | None

    @property
    def held(self) -> int:
        """Places that somebody has reserved."""
        return max(0, self.wanted - self.finished - self.places)


@dataclass(frozen=True)
class LeaseView:
    """One person's reservation of a place of an item."""

    queue: str
    item_key: str
    person_id: UUID
    state: LeaseState
    taken_at: datetime
    until: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class LogEntry:
    """One decision of a queue."""

    item_key: str
    person_id: UUID | None
    kind: str
    at: datetime
    facts: dict[str, Any]


def items(uow: UnitOfWork, queue: str) -> dict[str, ItemView]:
    """Return everything that ever entered a queue, in the order of its places."""
    return _items(uow, QueueItem.queue == queue)


def waiting(uow: UnitOfWork, queue: str) -> tuple[ItemView, ...]:
    """Return the items that still miss something, oldest place first."""
    found = _items(uow, QueueItem.queue == queue, QueueItem.state == ItemState.OPEN)
    return tuple(found.values())


def item(uow: UnitOfWork, queue: str, item_key: str) -> ItemView | None:
    """Return one item of a queue."""
    found = _items(uow, QueueItem.queue == queue, QueueItem.item_key == item_key)
    return found.get(item_key)


def items_by_key(uow: UnitOfWork, item_keys: Collection[str]) -> dict[str, ItemView]:
    """Return items of any queues by their keys; random keys are unique over all queues."""
    return _items(uow, QueueItem.item_key.in_(item_keys))


def leases(uow: UnitOfWork, queue: str) -> tuple[LeaseView, ...]:
    """Return all reservations of a queue, in the order in which they were taken."""
    return _leases(uow, QueueItem.queue == queue)


def leases_of(
    uow: UnitOfWork, person_id: UUID, *, prefix: str = "", state: LeaseState | None = None
) -> tuple[LeaseView, ...]:
    """Return a person's reservations in every queue whose name starts with ``prefix``."""
    wanted = [Lease.person_id == person_id, Lease.queue.startswith(prefix, autoescape=True)]
    if state is not None:
        wanted.append(Lease.state == state)
    return _leases(uow, *wanted)


def lease(uow: UnitOfWork, queue: str, item_key: str, person_id: UUID) -> LeaseView | None:
    """Return the reservation that a person has or had of an item."""
    found = _leases(
        uow,
        QueueItem.queue == queue,
        QueueItem.item_key == item_key,
        Lease.person_id == person_id,
    )
    return found[0] if found else None


def ending(uow: UnitOfWork, *, prefix: str, before: datetime) -> tuple[LeaseView, ...]:
    """Return the reservations that end soon, in every queue whose name starts with ``prefix``."""
    return _leases(
        uow,
        Lease.state == LeaseState.HELD,
        Lease.until <= before,
        Lease.until > uow.now(),
        Lease.queue.startswith(prefix, autoescape=True),
    )


def position(uow: UnitOfWork, queue: str, item_key: str) -> int | None:
    """Return the item's place among those that can be taken now (1 is next), None when it cannot.

    It never grows by somebody else's later arrival; it grows when a reservation of an earlier item
    ended and that item came back to its old place.
    """
    mine = uow.session.execute(
        sa.select(QueueItem.rank, QueueItem.entered_at, QueueItem.id, QueueItem.places).where(
            QueueItem.queue == queue, QueueItem.item_key == item_key
        )
    ).one_or_none()
    if mine is None or mine.places < 1:
        return None
    place = sa.tuple_(QueueItem.rank, QueueItem.entered_at, QueueItem.id)
    ahead = uow.session.scalars(
        sa.select(sa.func.count())
        .select_from(QueueItem)
        .where(
            QueueItem.queue == queue,
            QueueItem.places > NOTHING_LEFT,
            place
            < sa.tuple_(
                sa.literal(mine.rank),
                sa.literal(mine.entered_at, QueueItem.entered_at.type),
                sa.literal(mine.id, QueueItem.id.type),
            ),
        )
    ).one()
    return ahead + 1


def wait_estimate(uow: UnitOfWork, queue: str) -> WaitEstimate | None:
    """Return how long items of this queue take until they have everything, from its history."""
    finished = uow.session.execute(
        sa.select(QueueItem.entered_at, QueueItem.done_at)
        .where(QueueItem.queue == queue, QueueItem.state == ItemState.DONE)
        .order_by(QueueItem.done_at.desc())
        .limit(_HISTORY)
    ).all()
    still = uow.session.scalars(
        sa.select(QueueItem.entered_at)
        .where(QueueItem.queue == queue, QueueItem.state == ItemState.OPEN)
        .order_by(QueueItem.entered_at.desc())
        .limit(_HISTORY)
    ).all()
    return estimate_wait(
        (done_at - entered_at for entered_at, done_at in finished if done_at is not None),
        (uow.now() - entered_at for entered_at in still),
    )


def anything_due(uow: UnitOfWork) -> bool:
    """Whether the time of any reservation is over, in a queue or in a ledger."""
    places = sa.select(Lease.id).where(Lease.state == LeaseState.HELD, Lease.until <= uow.now())
    minutes = sa.select(Reservation.id).where(
        Reservation.state == ReservationState.HELD, Reservation.expires_at <= uow.now()
    )
    return any(uow.session.scalars(due.limit(1)).first() for due in (places, minutes))


def queue_log(uow: UnitOfWork, queue: str, item_key: str | None = None) -> tuple[LogEntry, ...]:
    """Return the decisions of a queue, oldest first."""
    wanted = [QueueEvent.queue == queue]
    if item_key is not None:
        wanted.append(QueueItem.item_key == item_key)
    rows = uow.session.execute(
        sa.select(
            QueueItem.item_key,
            QueueEvent.person_id,
            QueueEvent.kind,
            QueueEvent.at,
            QueueEvent.facts,
        )
        .join(QueueItem, QueueItem.id == QueueEvent.item_id)
        .where(*wanted)
        .order_by(QueueEvent.at, QueueEvent.id)
    )
    return tuple(LogEntry(*row) for row in rows)


def _items(uow: UnitOfWork, *wanted: sa.ColumnElement[bool]) -> dict[str, ItemView]:
    rows = uow.session.execute(
        sa.select(
            QueueItem.item_key,
            QueueItem.author_id,
            QueueItem.entered_at,
            QueueItem.wanted,
            QueueItem.finished,
            QueueItem.places,
            QueueItem.state,
            QueueItem.widen_at,
            QueueItem.coordinator_at,
            QueueItem.done_at,
        )
        .where(*wanted)
        .order_by(QueueItem.rank, QueueItem.entered_at, QueueItem.id)
    )
    views = (ItemView(*tuple(row)) for row in rows)
    return {view.item_key: view for view in views}


def _leases(uow: UnitOfWork, *wanted: sa.ColumnElement[bool]) -> tuple[LeaseView, ...]:
    rows = uow.session.execute(
        sa.select(
            Lease.queue,
            QueueItem.item_key,
            Lease.person_id,
            Lease.state,
            Lease.taken_at,
            Lease.until,
            Lease.ended_at,
        )
        .join(QueueItem, QueueItem.id == Lease.item_id)
        .where(*wanted)
        .order_by(Lease.taken_at, Lease.id)
    )
    return tuple(LeaseView(*row) for row in rows)
