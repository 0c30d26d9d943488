"""Which item is next for a person: the oldest free place that the rules allow."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import NOTHING_LEFT, Lease, LeaseState, QueueItem
from plugin.workload.services.places import COLUMNS, Item

Facts = dict[str, Any]

_PERSON = sa.bindparam("person", type_=QueueItem.id.type)
_NOW = sa.bindparam("now", type_=QueueItem.entered_at.type)

# This person holds, finished or handed back the item; one whose time ran out may take it again.
_HAD = sa.exists().where(
    Lease.item_id == QueueItem.id,
    Lease.person_id == _PERSON,
    Lease.state != LeaseState.EXPIRED,
)
_OTHERS = sa.or_(QueueItem.author_id.is_(None), QueueItem.author_id != _PERSON)
_MINE, _THEIRS = aliased(QueueItem), aliased(Lease)
# The author of the outer item holds or finished an item of this person in the same queue.
_HAS_MINE = (
    sa.exists()
    .where(
        _MINE.queue == QueueItem.queue,
        _MINE.author_id == _PERSON,
        _THEIRS.item_id == _MINE.id,
        _THEIRS.person_id == QueueItem.author_id,
        _THEIRS.state.in_([LeaseState.HELD, LeaseState.FINISHED]),
    )
    .correlate(QueueItem)
)
_WIDENED = sa.and_(QueueItem.widen_at.is_not(None), QueueItem.widen_at <= _NOW)
_OLDEST_FIRST = (QueueItem.rank, QueueItem.entered_at, QueueItem.id)

_HELD = (
    sa.select(sa.func.count())
    .select_from(Lease)
    .where(
        Lease.person_id == _PERSON,
        Lease.queue == sa.bindparam("queue"),
        Lease.state == LeaseState.HELD,
    )
)


def _statement(*, strangers_only: bool, some_excluded: bool) -> sa.Select[*tuple[Any, ...]]:
    rules = [QueueItem.queue == sa.bindparam("queue"), *_rules(strangers_only, some_excluded)]
    rules.append(QueueItem.id.not_in(sa.bindparam("passed_over", expanding=True)))
    return sa.select(*COLUMNS).where(*rules).order_by(*_OLDEST_FIRST).limit(1)


def _rules(strangers_only: bool, some_excluded: bool) -> list[sa.ColumnElement[bool]]:
    rules: list[sa.ColumnElement[bool]] = [QueueItem.places > NOTHING_LEFT, _OTHERS, ~_HAD]
    if some_excluded:
        barred: sa.BindParameter[Any] = sa.bindparam("barred", expanding=True)
        rules.append(sa.or_(QueueItem.author_id.is_(None), QueueItem.author_id.not_in(barred)))
    if strangers_only:
        rules.append(sa.or_(_WIDENED, ~_HAS_MINE))
    return rules


_STATEMENTS = {
    (strangers, excluded, stepping): _statement(
        strangers_only=strangers, some_excluded=excluded
    ).with_for_update(skip_locked=stepping)
    for strangers in (False, True)
    for excluded in (False, True)
    for stepping in (False, True)
}


def may_have(
    uow: UnitOfWork, person_id: UUID, barred: Collection[UUID], reciprocal: bool
) -> tuple[list[sa.ColumnElement[bool]], Facts]:
    """Return the conditions under which a person may take an item now, with their parameters."""
    return _rules(reciprocal, bool(barred)), _facts(uow, person_id, barred, reciprocal)


def held_by(uow: UnitOfWork, queue: str, person_id: UUID) -> int:
    """Return how many items of a queue a person holds."""
    return uow.session.scalars(_HELD, {"queue": queue, "person": person_id}).one()


def next_item(
    uow: UnitOfWork,
    queue: str,
    person_id: UUID,
    barred: Collection[UUID],
    reciprocal: bool,
    passed_over: Collection[UUID],
) -> Item | None:
    """Return the oldest item that the rules allow, its row locked.

    On PostgreSQL rows that rivals hold are stepped over first; only when nothing else is left is it
    worth waiting for them. SQLite has one writer, so nobody else holds anything.
    """
    facts = _facts(uow, person_id, barred, reciprocal)
    facts |= {"queue": queue, "passed_over": list(passed_over)}
    for stepping in (True, False):
        statement = _STATEMENTS[reciprocal, bool(barred), stepping]
        row = uow.session.execute(statement, facts).one_or_none()
        if row is not None:
            return Item(*row)
    return None


def _facts(uow: UnitOfWork, person_id: UUID, barred: Collection[UUID], reciprocal: bool) -> Facts:
    facts: Facts = {"person": person_id}
    if barred:
        facts["barred"] = list(barred)
    if reciprocal:
        facts["now"] = uow.now()
    return facts
