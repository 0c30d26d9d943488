"""Changing the status of many credentials: in chunks that resume, with progress, and a way out.

A run is rows: what it changes was chosen when it began, and an item is marked in the commit that
changed its credential. So a worker may die at any moment, and cancelling stops after a chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import Achievement, Credential, StatusRun, StatusRunItem
from plugin.credentials.services import revoking
from plugin.events.credentials import StatusRunStarted
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork

CHUNK = 25


@dataclass(frozen=True)
class RunView:
    """How far a run is."""

    handle: str
    achievement: str
    achievement_handle: str
    action: str
    reason: str
    total: int
    done: int
    began_at: datetime
    finished: bool
    cancelled: bool


def begin(
    uow: UnitOfWork,
    achievement: Achievement,
    credentials: Sequence[Credential],
    *,
    action: str,
    reason: str,
    actor: UUID,
) -> StatusRun:
    """Write down what is to change. The worker does it (`advance`)."""
    run = StatusRun(
        handle=uow.new_handle(),
        achievement_id=achievement.id,
        action=action,
        reason=reason,
        decided_by=actor,
        total=len(credentials),
        created_at=uow.now(),
    )
    uow.session.add(run)
    uow.session.flush()
    uow.session.add_all(StatusRunItem(run_id=run.id, credential_id=row.id) for row in credentials)
    uow.record(StatusRunStarted(run_id=run.id))
    uow.audit(
        "credentials.run.started",
        actor=actor,
        subject=f"achievement:{achievement.handle}",
        does=action,
        reason=reason,
        credentials=len(credentials),
    )
    return run


def advance(uow: UnitOfWork, vault: Vault, run_id: UUID) -> bool:
    """Change the next chunk; False when nothing is left. Unique: (run, credential)."""
    run = uow.session.scalars(
        sa.select(StatusRun).where(StatusRun.id == run_id).with_for_update()
    ).one()
    if run.finished_at is not None or run.cancelled_at is not None:
        return False
    items = uow.session.scalars(
        sa.select(StatusRunItem)
        .where(StatusRunItem.run_id == run_id, StatusRunItem.done_at.is_(None))
        .order_by(StatusRunItem.id)
        .limit(CHUNK)
    ).all()
    rows = uow.session.scalars(
        sa.select(Credential).where(Credential.id.in_([item.credential_id for item in items]))
    ).all()
    revoking.change(uow, vault, rows, action=run.action, reason=run.reason, actor=run.decided_by)
    for item in items:
        item.done_at = uow.now()
    if len(items) < CHUNK:
        run.finished_at = uow.now()
    return len(items) == CHUNK


def cancel(uow: UnitOfWork, run: StatusRun, *, actor: UUID) -> None:
    """Change no more; what has changed stays so."""
    if run.finished_at is None and run.cancelled_at is None:
        run.cancelled_at = uow.now()
        uow.audit("credentials.run.cancelled", actor=actor, subject=f"run:{run.handle}")


def run_row(uow: UnitOfWork, handle: str) -> StatusRun | None:
    return uow.session.scalars(sa.select(StatusRun).where(StatusRun.handle == handle)).first()


def view(uow: UnitOfWork, run: StatusRun) -> RunView:
    done = uow.session.scalar(
        sa.select(sa.func.count(StatusRunItem.id)).where(
            StatusRunItem.run_id == run.id, StatusRunItem.done_at.is_not(None)
        )
    )
    achievement = uow.session.get_one(Achievement, run.achievement_id)
    return RunView(
        handle=run.handle,
        achievement=achievement.name,
        achievement_handle=achievement.handle,
        action=run.action,
        reason=run.reason,
        total=run.total,
        done=done or 0,
        began_at=run.created_at,
        finished=run.finished_at is not None,
        cancelled=run.cancelled_at is not None,
    )
