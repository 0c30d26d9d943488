"""The figures of reconciliation: what a run looked at, marked, brought back and repaired.

A run only marks; whether a mark was worth it shows when the thing has been read. Then the run that
asked gets the credit, if the read changed any row here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from discourse_hooks.models import Reconciliation
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class RunLine:
    """One run as a page shows it."""

    started_at: datetime
    looked_at: int
    known: int
    marked: int
    repaired: int
    redelivered: int
    complete: bool
    why: str


@contextmanager
def counting(uow: UnitOfWork, run_id: UUID | None) -> Iterator[None]:
    """Credit the run if what happens inside changes a row."""
    if run_id is None:
        yield
        return
    changed: list[bool] = []

    def look(session: Session, _context: object, _instances: object) -> None:
        edited = any(session.is_modified(row) for row in session.dirty)
        changed.append(bool(session.new or session.deleted or edited))

    event.listen(uow.session, "before_flush", look)
    try:
        yield
        uow.session.flush()
    finally:
        event.remove(uow.session, "before_flush", look)
    if any(changed):
        uow.session.execute(
            sa.update(Reconciliation)
            .where(Reconciliation.id == run_id)
            .values(repaired=Reconciliation.repaired + 1)
            .execution_options(synchronize_session=False)
        )


def last_runs(uow: UnitOfWork, connection_id: UUID, *, limit: int = 10) -> list[RunLine]:
    """The newest runs of one forum, newest first."""
    rows = uow.session.scalars(
        sa.select(Reconciliation)
        .where(Reconciliation.connection_id == connection_id)
        .order_by(Reconciliation.started_at.desc(), Reconciliation.id.desc())
        .limit(limit)
    )
    return [
        RunLine(
            row.started_at,
            row.looked_at,
            row.looked_at - row.marked,
            row.marked,
            row.repaired,
            row.redelivered,
            row.complete,
            row.why,
        )
        for row in rows
    ]
