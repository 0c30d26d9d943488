"""How many places of an item are free: computed in one way, under the item's row lock.

Order of locks, everywhere: first the person's ledger row, then the item's row. A unit of work that
handles several people does so in the order of their ids.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.errors import NoSuchItem
from plugin.workload.models import ItemState, Lease, LeaseState, QueueItem
from plugin.workload.services.rows import affected


@dataclass(frozen=True)
class Item:
    """What decisions about an item need to know."""

    id: UUID
    queue: str
    item_key: str
    author_id: UUID | None
    minutes: int
    entered_at: datetime
    widen_at: datetime | None
    places: int
    state: ItemState


COLUMNS = (
    QueueItem.id,
    QueueItem.queue,
    QueueItem.item_key,
    QueueItem.author_id,
    QueueItem.minutes,
    QueueItem.entered_at,
    QueueItem.widen_at,
    QueueItem.places,
    QueueItem.state,
)


def lock_item(uow: UnitOfWork, queue: str, item_key: str) -> Item:
    """Return the item, locked until the unit of work ends; raises :class:`NoSuchItem`."""
    row = uow.session.execute(
        sa.select(*COLUMNS)
        .where(QueueItem.queue == queue, QueueItem.item_key == item_key)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NoSuchItem(item_key)
    return Item(*row)


def ledger_key(lease_id: UUID) -> str:
    """Return the key under which a lease's minutes stand in the ledger."""
    return f"workload.lease:{lease_id}"


def settle_item(uow: UnitOfWork, item_id: UUID) -> bool:
    """Recompute places and state from the leases; True when the item just became done.

    The caller holds the item's row lock. More may have finished than wanted (late work counts).
    """

    def counted(state: LeaseState) -> sa.ScalarSelect[int]:
        return (
            sa.select(sa.func.count())
            .select_from(Lease)
            .where(Lease.item_id == item_id, Lease.state == state)
            .scalar_subquery()
        )

    uow.session.flush()
    row = uow.session.execute(
        sa.select(
            QueueItem.wanted,
            QueueItem.state,
            counted(LeaseState.HELD).label("held"),
            counted(LeaseState.FINISHED).label("finished"),
        ).where(QueueItem.id == item_id)
    ).one()
    values: dict[str, object] = {"finished": row.finished}
    done = row.finished >= row.wanted
    if row.state is not ItemState.WITHDRAWN:
        values["places"] = max(0, row.wanted - row.finished - row.held)
        values["state"] = ItemState.DONE if done else ItemState.OPEN
        if row.state is ItemState.OPEN and done:
            values["done_at"] = uow.now()
    affected(uow, sa.update(QueueItem).where(QueueItem.id == item_id).values(values))
    return done and row.state is ItemState.OPEN
