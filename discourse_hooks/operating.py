"""What an operator sees of the inbox and may do with it: list, handle again, set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks.models import Connection, InboxMessage, InboxState, Touched
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class InboxLine:
    """One delivery, without its body."""

    id: UUID
    connection: str
    event_name: str
    state: str
    attempts: int
    repeats: int
    received_at: datetime
    outcome: str


def listed(
    uow: UnitOfWork,
    *,
    state: InboxState | None = None,
    connection_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[InboxLine]:
    """Deliveries, newest first; go on with ``before`` the last one's id."""
    query = (
        sa.select(InboxMessage, Connection.handle)
        .join(Connection, Connection.id == InboxMessage.connection_id)
        .order_by(InboxMessage.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(InboxMessage.state == state)
    if connection_id is not None:
        query = query.where(InboxMessage.connection_id == connection_id)
    if before is not None:
        query = query.where(InboxMessage.id < before)
    return [
        InboxLine(
            row.id,
            handle,
            row.event_name,
            row.state.value,
            row.attempts,
            row.repeats,
            row.received_at,
            row.outcome,
        )
        for row, handle in uow.session.execute(query)
    ]


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many deliveries stand where."""
    rows = uow.session.execute(
        sa.select(InboxMessage.state, sa.func.count()).group_by(InboxMessage.state)
    )
    return {state.value: count for state, count in rows}


def replay(uow: UnitOfWork, ids: Iterable[UUID]) -> int:
    """Handle deliveries again; their effects are the same once, so this harms nothing."""
    return _change(
        uow,
        ids,
        (InboxMessage.body.is_not(None),),
        state=InboxState.WAITING,
        attempts=0,
        next_attempt_at=uow.now(),
        claimed_until=None,
        settled_at=None,
        outcome="",
    )


def read_again(uow: UnitOfWork, connection_id: UUID) -> int:
    """Read again what could not be read; return how many things that are."""
    changed = uow.session.execute(
        sa.update(Touched)
        .where(Touched.connection_id == connection_id, Touched.parked)
        .values(parked=False, waiting=True, attempts=0, next_attempt_at=uow.now())
        .returning(Touched.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(changed)


def park(uow: UnitOfWork, ids: Iterable[UUID], reason: str) -> int:
    """Set waiting deliveries aside."""
    return _change(
        uow,
        ids,
        (InboxMessage.state == InboxState.WAITING,),
        state=InboxState.PARKED,
        claimed_until=None,
        settled_at=uow.now(),
        outcome=reason[:300],
    )


def of_forum(uow: UnitOfWork, connection_id: UUID, ids: Iterable[UUID]) -> list[UUID]:
    """Those of the ids that are deliveries of this forum."""
    return list(
        uow.session.scalars(
            sa.select(InboxMessage.id).where(
                InboxMessage.connection_id == connection_id, InboxMessage.id.in_(list(ids))
            )
        )
    )


def ids_in(uow: UnitOfWork, state: InboxState) -> list[UUID]:
    """All deliveries in a state."""
    return list(uow.session.scalars(sa.select(InboxMessage.id).where(InboxMessage.state == state)))


def parse_ids(texts: Iterable[str]) -> list[UUID]:
    """Ids as typed."""
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Invalid("discourse_hooks.bad_id", _("This is no id of the inbox.")) from error


def _change(
    uow: UnitOfWork,
    ids: Iterable[UUID],
    which: tuple[sa.ColumnElement[bool], ...],
    **values: object,
) -> int:
    changed = uow.session.execute(
        sa.update(InboxMessage)
        .where(InboxMessage.id.in_(list(ids)), *which)
        .values(**values)
        .returning(InboxMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(changed)
