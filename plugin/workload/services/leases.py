"""The life of a reservation: renewed while somebody works, handed back, expired, finished.

Whatever happens to a reservation, the item keeps the place in the queue that it entered with.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import NotFound
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import Lease, LeaseState, QueueItem
from plugin.workload.services.ledger import book, confirm, release, take_turn
from plugin.workload.services.log import note
from plugin.workload.services.places import Item, ledger_key, lock_item, settle_item
from plugin.workload.services.rows import affected


@dataclass(frozen=True)
class Finished:
    """``late``: the reservation had ended. ``done``: the item now has everything it wanted."""

    late: bool
    done: bool


@dataclass(frozen=True)
class Expired:
    """A reservation whose time ran out."""

    queue: str
    item_key: str
    person_id: UUID


@dataclass(frozen=True)
class _Lease:
    id: UUID
    state: LeaseState
    until: datetime


def renew(
    uow: UnitOfWork, queue: str, item_key: str, person_id: UUID, *, reservation: timedelta
) -> datetime | None:
    """Extend a reservation; take an expired one up again while its place is still free.

    None means that the place went to somebody else. Finishing is possible all the same.
    """
    lease, item = _lock(uow, queue, item_key, person_id)
    until = max(lease.until, uow.now() + reservation)
    if lease.state is LeaseState.HELD:
        _set(uow, lease, LeaseState.HELD, until=until)
        note(uow, item, "renewed", person_id, until=until.isoformat())
        return until
    if lease.state is not LeaseState.EXPIRED or item.places < 1:
        return None
    _set(uow, lease, LeaseState.HELD, until=until, ended_at=None)
    if item.minutes:
        # The work is under way already, so it counts even where the week has filled up meanwhile.
        book(uow, person_id, ledger_key(lease.id), minutes=item.minutes)
    settle_item(uow, item.id)
    note(uow, item, "resumed", person_id, until=until.isoformat())
    return until


def hand_back(uow: UnitOfWork, queue: str, item_key: str, person_id: UUID) -> bool:
    """Give the place back; this person is not offered the item again. False when not held."""
    lease, item = _lock(uow, queue, item_key, person_id)
    if lease.state not in (LeaseState.HELD, LeaseState.EXPIRED):
        return False
    _give_back(uow, lease, item, person_id, LeaseState.RETURNED, "handed_back")
    return True


def finish(uow: UnitOfWork, queue: str, item_key: str, person_id: UUID) -> Finished:
    """Note that the work was done. Late work counts too. Idempotent for one person and item."""
    lease, item = _lock(uow, queue, item_key, person_id)
    if lease.state is LeaseState.FINISHED:
        return Finished(late=False, done=False)
    late = lease.state is not LeaseState.HELD
    _set(uow, lease, LeaseState.FINISHED, ended_at=uow.now())
    if item.minutes:
        key = ledger_key(lease.id)
        if not confirm(uow, key):
            book(uow, person_id, key, minutes=item.minutes)
    done = settle_item(uow, item.id)
    note(uow, item, "finished", person_id, late=late, done=done)
    return Finished(late=late, done=done)


def expire_due(uow: UnitOfWork, *, limit: int = 200) -> list[Expired]:
    """End the reservations whose time is over; the items go back to their old places."""
    due = uow.session.execute(
        sa.select(QueueItem.queue, QueueItem.item_key, Lease.person_id)
        .join(QueueItem, QueueItem.id == Lease.item_id)
        .where(Lease.state == LeaseState.HELD, Lease.until <= uow.now())
        .order_by(Lease.person_id, Lease.item_id)
        .limit(limit)
    ).all()
    ended: list[Expired] = []
    for queue, item_key, person_id in due:
        lease, item = _lock(uow, queue, item_key, person_id)
        if lease.state is LeaseState.HELD and lease.until <= uow.now():
            _give_back(uow, lease, item, person_id, LeaseState.EXPIRED, "expired")
            ended.append(Expired(queue, item_key, person_id))
    return ended


def _lock(uow: UnitOfWork, queue: str, item_key: str, person_id: UUID) -> tuple[_Lease, Item]:
    take_turn(uow, person_id)
    item = lock_item(uow, queue, item_key)
    row = uow.session.execute(
        sa.select(Lease.id, Lease.state, Lease.until).where(
            Lease.item_id == item.id, Lease.person_id == person_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound("workload.not_taken", "This person has not taken this item.")
    return _Lease(*row), item


def _give_back(
    uow: UnitOfWork, lease: _Lease, item: Item, person_id: UUID, state: LeaseState, kind: str
) -> None:
    _set(uow, lease, state, ended_at=uow.now(), pair=None)
    release(uow, ledger_key(lease.id))
    settle_item(uow, item.id)
    note(uow, item, kind, person_id)


def _set(uow: UnitOfWork, lease: _Lease, state: LeaseState, **values: object) -> None:
    affected(uow, sa.update(Lease).where(Lease.id == lease.id).values({"state": state, **values}))
