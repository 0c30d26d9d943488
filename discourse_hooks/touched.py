"""Marking things of the forum as to be read again, and claiming those marks.

Many events about one thing are one read. ``asked`` is remembered before the read and compared
after it, in the commit of the read's effect: what was asked meanwhile stays due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from discourse_hooks.models import Touched
from plugin.kernel.unit_of_work import UnitOfWork

CLAIM = timedelta(minutes=1)


@dataclass(frozen=True, order=True)
class Touch:
    """A thing of the forum: ``topic``, ``user_badge`` …, and its id there."""

    kind: str
    remote_id: str


@dataclass(frozen=True)
class Claimed:
    """A mark in one worker's hand; ``claim`` tells this claim from a later one of the same."""

    id: UUID
    connection_id: UUID
    touch: Touch
    asked: int
    attempts: int
    claim: UUID
    run_id: UUID | None


def mark(
    uow: UnitOfWork, connection_id: UUID, touches: Iterable[Touch], *, run_id: UUID | None = None
) -> None:
    """Ask for a read of each; idempotent by (connection, kind, remote id).

    ``run_id`` is the reconciliation that asks; an event that asks leaves it as it is.

    In one order everywhere, so that two workers with the same things wait for each other and do
    not lock each other out.
    """
    now = uow.now()
    counted = sorted(Counter(touches).items())
    rows = [
        {
            "id": uow.new_id(),
            "connection_id": connection_id,
            "kind": touch.kind,
            "remote_id": touch.remote_id,
            "asked": times,
            "answered": 0,
            "waiting": True,
            "parked": False,
            "attempts": 0,
            "next_attempt_at": now,
            "last_error": "",
            "run_id": run_id,
        }
        for touch, times in counted
    ]
    connection = uow.session.connection()
    if rows:
        connection.execute(_MARK[connection.dialect.name], rows)


def _mark_statement(insert: Any) -> Any:
    table = Touched.metadata.tables[Touched.__tablename__]
    new = insert(table)
    due = sa.case((table.c.waiting, table.c.next_attempt_at), else_=new.excluded.next_attempt_at)
    return new.on_conflict_do_update(
        index_elements=["connection_id", "kind", "remote_id"],
        set_={
            "asked": table.c.asked + new.excluded.asked,
            "next_attempt_at": due,
            "waiting": True,
            "parked": False,
            "run_id": sa.func.coalesce(new.excluded.run_id, table.c.run_id),
        },
    )


_MARK = {"sqlite": _mark_statement(sqlite.insert), "postgresql": _mark_statement(postgresql.insert)}


def claim(uow: UnitOfWork, *, limit: int) -> list[Claimed]:
    """Take due marks, oldest first; a claim lapses by itself."""
    now = uow.now()
    this_claim = uow.new_id()
    due = (
        sa.select(Touched.id)
        .where(
            Touched.waiting,
            ~Touched.parked,
            Touched.next_attempt_at <= now,
            sa.or_(Touched.claimed_until.is_(None), Touched.claimed_until < now),
        )
        .order_by(Touched.next_attempt_at, Touched.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.execute(
        sa.update(Touched)
        .where(Touched.id.in_(due.scalar_subquery()))
        .values(claimed_until=now + CLAIM, claim=this_claim, attempts=Touched.attempts + 1)
        .returning(
            Touched.id,
            Touched.connection_id,
            Touched.kind,
            Touched.remote_id,
            Touched.asked,
            Touched.attempts,
            Touched.run_id,
        )
        .execution_options(synchronize_session=False)
    ).all()
    return [
        Claimed(
            row.id,
            row.connection_id,
            Touch(row.kind, row.remote_id),
            row.asked,
            row.attempts,
            this_claim,
            row.run_id,
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


def answered(uow: UnitOfWork, claimed: Claimed) -> bool:
    """Record that the claimed reading is acted on; False when the claim lapsed to another."""
    row = uow.session.execute(
        sa.update(Touched)
        .where(Touched.id == claimed.id, Touched.claim == claimed.claim)
        .values(
            answered=claimed.asked,
            waiting=Touched.asked > claimed.asked,
            attempts=0,
            claimed_until=None,
            claim=None,
            run_id=None,
            last_read_at=uow.now(),
            last_error="",
        )
        .returning(Touched.id)
        .execution_options(synchronize_session=False)
    ).first()
    return row is not None


def put_off(uow: UnitOfWork, claimed: Claimed, *, after: timedelta, reason: str) -> None:
    """Let a mark wait."""
    _let_go(uow, claimed, reason, next_attempt_at=uow.now() + after)


def park(uow: UnitOfWork, claimed: Claimed, *, reason: str) -> None:
    """Set a mark aside for an operator; the next event about the thing brings it back."""
    _let_go(uow, claimed, reason, parked=True)


def _let_go(uow: UnitOfWork, claimed: Claimed, reason: str, **values: object) -> None:
    uow.session.execute(
        sa.update(Touched)
        .where(Touched.id == claimed.id, Touched.claim == claimed.claim)
        .values(claimed_until=None, claim=None, last_error=reason[:300], **values)
        .execution_options(synchronize_session=False)
    )


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    return timedelta(seconds=min(2.0**attempts, 1800.0))
