"""Bringing an item into a queue, changing what it waits for, and taking it out again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import ItemState, Lease, LeaseState, QueueItem
from plugin.workload.services.ledger import release
from plugin.workload.services.log import note
from plugin.workload.services.places import ledger_key, lock_item, settle_item
from plugin.workload.services.rows import affected, insert_once


def enqueue(
    uow: UnitOfWork,
    queue: str,
    item_key: str,
    *,
    author_id: UUID | None = None,
    wanted: int = 1,
    minutes: int = 0,
    entered_at: datetime | None = None,
    rank: int = 0,
    widen_at: datetime | None = None,
    coordinator_at: datetime | None = None,
) -> bool:
    """Offer an item to ``wanted`` different people, ``minutes`` each; lower ``rank`` goes first.

    After ``widen_at`` the rule against mutual work gives way; at ``coordinator_at`` it is the
    coordinator's. Idempotent by (queue, item_key): False when the item is there already.
    """
    arrived = entered_at or uow.now()
    new = insert_once(
        uow,
        QueueItem,
        queue=queue,
        item_key=item_key,
        author_id=author_id,
        wanted=wanted,
        places=wanted,
        minutes=minutes,
        rank=rank,
        entered_at=arrived,
        widen_at=widen_at,
        coordinator_at=coordinator_at,
    )
    if new:
        item = lock_item(uow, queue, item_key)
        note(uow, item, "offered", None, wanted=wanted, minutes=minutes, rank=rank)
    return new


def set_wanted(uow: UnitOfWork, queue: str, item_key: str, wanted: int) -> None:
    """Change how many people an item waits for. The caller has authorised and audits it."""
    item = lock_item(uow, queue, item_key)
    affected(uow, sa.update(QueueItem).where(QueueItem.id == item.id).values(wanted=wanted))
    note(uow, item, "wanted", None, wanted=wanted)
    settle_item(uow, item.id)


def withdraw(uow: UnitOfWork, queue: str, item_key: str) -> None:
    """Take an item out of its queue; whoever holds it gets their time back."""
    held = uow.session.execute(
        sa.select(Lease.id, Lease.person_id)
        .join(QueueItem, QueueItem.id == Lease.item_id)
        .where(
            QueueItem.queue == queue,
            QueueItem.item_key == item_key,
            Lease.state == LeaseState.HELD,
        )
        .order_by(Lease.person_id)
    ).all()
    for lease in held:
        release(uow, ledger_key(lease.id))
    item = lock_item(uow, queue, item_key)
    affected(
        uow,
        sa.update(Lease)
        .where(Lease.item_id == item.id, Lease.state == LeaseState.HELD)
        .values(state=LeaseState.RETURNED, ended_at=uow.now(), pair=None),
    )
    affected(
        uow,
        sa.update(QueueItem)
        .where(QueueItem.id == item.id)
        .values(state=ItemState.WITHDRAWN, places=0),
    )
    note(uow, item, "withdrawn", None)
