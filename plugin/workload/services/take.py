"""Taking the next item: oldest place first, one reservation, ledger and log in one transaction.

The statements are built once, with parameters: building them anew cost more time than the database
needed to carry them out.
"""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import NOTHING_LEFT, Lease, LeaseState, QueueItem
from plugin.workload.services.ledger import hold_now, take_turn
from plugin.workload.services.log import note
from plugin.workload.services.next_item import held_by, may_have, next_item
from plugin.workload.services.places import Item, ledger_key
from plugin.workload.services.rows import affected, insert_once

_RIVALS = 5


@dataclass(frozen=True)
class Exclusions:
    """Whose items this person must not get. Own items are excluded always.

    ``reciprocal`` also excludes the items of everybody who has or had one of this person's items
    in the same queue; it gives way for an item whose time to widen has come. It is meant for
    queues in which an author has one item.
    """

    authors: frozenset[UUID] = frozenset()
    reciprocal: bool = False


class NotTaken(enum.Enum):
    """Why nothing was taken."""

    NOTHING = "nothing"
    CAP = "cap"
    NO_TIME = "no_time"


@dataclass(frozen=True)
class Taken:
    """One place is this person's until ``until``."""

    item_key: str
    until: datetime
    entered_at: datetime


def take(
    uow: UnitOfWork,
    queue: str,
    person_id: UUID,
    *,
    reservation: timedelta,
    exclusions: Exclusions = Exclusions(),
    cap: int = 1,
    owed: bool = False,
) -> Taken | NotTaken:
    """Reserve the oldest item that this person may have, and their minutes with it.

    ``cap`` limits how many items of the queue one person holds at once. Two people never get the
    same place, and of two people who ask for each other's items at the same moment only one gets
    theirs. ``owed``: this person has to do one anyway, so a full week does not refuse it.
    """
    zone = take_turn(uow, person_id)
    if held_by(uow, queue, person_id) >= cap:
        return NotTaken.CAP
    passed_over: set[UUID] = set()
    for _ in range(_RIVALS):
        # First step over rows that rivals hold; only when nothing else is left, wait for them.
        item = next_item(
            uow, queue, person_id, exclusions.authors, exclusions.reciprocal, passed_over
        )
        if item is None:
            return NotTaken.NOTHING
        until = uow.now() + reservation
        lease_id = _lease(uow, item, person_id, until, _pair(uow, item, person_id, exclusions))
        if lease_id is None:
            passed_over.add(item.id)
            continue
        key = ledger_key(lease_id)
        if item.minutes and not hold_now(uow, person_id, zone, key, item.minutes, owed=owed):
            affected(uow, _UNLEASE, {"lease": lease_id})
            return NotTaken.NO_TIME
        # The item's row is locked since next_item saw a free place, so this one is still there.
        if affected(uow, _TAKE_PLACE, {"item": item.id}) != 1:
            raise AssertionError("a locked item lost its place")
        note(uow, item, "taken", person_id, until=until.isoformat())
        return Taken(item.item_key, until, item.entered_at)
    return NotTaken.NOTHING


def available(
    uow: UnitOfWork,
    queues: Collection[str],
    person_id: UUID,
    exclusions: Exclusions = Exclusions(),
) -> dict[str, int]:
    """Return how many items of each queue this person could take now, by the rules of `take`."""
    rules, facts = may_have(uow, person_id, exclusions.authors, exclusions.reciprocal)
    counted = uow.session.execute(
        sa.select(QueueItem.queue, sa.func.count())
        .where(QueueItem.queue.in_(queues), *rules)
        .group_by(QueueItem.queue),
        facts,
    )
    return dict.fromkeys(queues, 0) | {queue: count for queue, count in counted}  # noqa: C416


_TAKE_PLACE = (
    sa.update(QueueItem)
    .where(QueueItem.id == sa.bindparam("item"), QueueItem.places > NOTHING_LEFT)
    .values(places=QueueItem.places - 1)
)
_UNLEASE = sa.delete(Lease).where(Lease.id == sa.bindparam("lease"))
_FORGET_EXPIRED = sa.delete(Lease).where(
    Lease.item_id == sa.bindparam("item"),
    Lease.person_id == sa.bindparam("person"),
    Lease.state == LeaseState.EXPIRED,
)


def _pair(uow: UnitOfWork, item: Item, person_id: UUID, exclusions: Exclusions) -> str | None:
    """Name the unordered pair of author and taker where mutual work is excluded.

    Its unique key decides between two people who take each other's items in the same moment, when
    neither transaction can see the other's lease yet.
    """
    widened = item.widen_at is not None and item.widen_at <= uow.now()
    if not exclusions.reciprocal or item.author_id is None or widened:
        return None
    low, high = sorted((item.author_id.hex, person_id.hex))
    return f"{low}{high}"


def _lease(
    uow: UnitOfWork, item: Item, person_id: UUID, until: datetime, pair: str | None
) -> UUID | None:
    """Write the lease; None when a rival holds the pair's key.

    One that expired earlier makes room for the new one: the log keeps what it was.
    """
    lease_id = new_id()
    for _ in range(2):
        new = insert_once(
            uow,
            Lease,
            id=lease_id,
            item_id=item.id,
            queue=item.queue,
            person_id=person_id,
            pair=pair,
            taken_at=uow.now(),
            until=until,
        )
        if new:
            return lease_id
        if not affected(uow, _FORGET_EXPIRED, {"item": item.id, "person": person_id}):
            return None
    return None
