"""How the forums are doing, for operators: what came, what waits, what is set aside and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks.models import CallBudget, Connection, InboxMessage, InboxState, Touched
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services


@dataclass(frozen=True)
class ForumHealth:
    """One connection in figures."""

    id: UUID
    handle: str
    title: str
    base_url: str
    quiet: bool
    last_event_at: datetime | None
    last_reconciled_at: datetime | None
    waiting: int
    failing: int
    parked: int
    unread: int
    why_unread: str

    @property
    def well(self) -> bool:
        return not (self.parked or self.unread)


@dataclass(frozen=True)
class Trouble:
    """Several things that fail or are set aside for one reason."""

    what: str
    reason: str
    count: int


def forums(uow: UnitOfWork) -> list[ForumHealth]:
    """The community's forums by title; the number of queries grows with forums, not with events."""
    rows = uow.session.scalars(
        sa.select(Connection)
        .where(Connection.community_id == uow.community_id)
        .order_by(Connection.title, Connection.id)
    )
    return [_of(uow, row) for row in rows]


def _of(uow: UnitOfWork, row: Connection) -> ForumHealth:
    states = [InboxState.WAITING, InboxState.PARKED]
    failing = sa.func.sum(sa.case((InboxMessage.outcome != "", 1), else_=0))
    counted = {
        state: (count, ill)
        for state, count, ill in uow.session.execute(
            sa.select(InboxMessage.state, sa.func.count(), failing)
            .where(InboxMessage.connection_id == row.id, InboxMessage.state.in_(states))
            .group_by(InboxMessage.state)
        )
    }
    waiting, failing_events = counted.get(InboxState.WAITING, (0, 0))
    marks = uow.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(sa.case((Touched.parked, 1), else_=0)),
            sa.func.sum(sa.case((sa.and_(~Touched.parked, Touched.last_error != ""), 1), else_=0)),
            sa.func.max(sa.case((Touched.parked, Touched.last_error), else_="")),
        ).where(Touched.connection_id == row.id, Touched.waiting)
    ).one()
    to_read, unread, failing_reads, why = marks
    last = (
        sa.select(InboxMessage.received_at)
        .where(InboxMessage.connection_id == row.id)
        .order_by(InboxMessage.received_at.desc())
        .limit(1)
    )
    return ForumHealth(
        id=row.id,
        handle=row.handle,
        title=row.title,
        base_url=row.base_url,
        quiet=row.quiet,
        last_event_at=uow.session.scalar(last),
        last_reconciled_at=row.last_reconciled_at,
        waiting=waiting + to_read - (unread or 0),
        failing=(failing_events or 0) + (failing_reads or 0),
        parked=counted.get(InboxState.PARKED, (0, 0))[0],
        unread=unread or 0,
        why_unread=why or "",
    )


def troubles(uow: UnitOfWork, connection_id: UUID, *, parked: bool) -> list[Trouble]:
    """What fails, or is set aside, by reason: events by their name, reads by what is read."""
    state = InboxState.PARKED if parked else InboxState.WAITING
    events = uow.session.execute(
        sa.select(InboxMessage.event_name, InboxMessage.outcome, sa.func.count())
        .where(
            InboxMessage.connection_id == connection_id,
            InboxMessage.state == state,
            InboxMessage.outcome != "",
        )
        .group_by(InboxMessage.event_name, InboxMessage.outcome)
        .limit(50)
    )
    reads = uow.session.execute(
        sa.select(Touched.kind, Touched.last_error, sa.func.count())
        .where(
            Touched.connection_id == connection_id,
            Touched.waiting,
            Touched.parked == parked,
            Touched.last_error != "",
        )
        .group_by(Touched.kind, Touched.last_error)
        .limit(50)
    )
    return [Trouble(what, reason, count) for what, reason, count in [*events.all(), *reads.all()]]


def asked_to_wait_until(uow: UnitOfWork, connection_id: UUID) -> datetime | None:
    """Until when the forum wants no calls from us; None when it has not asked."""
    budget = uow.session.get(CallBudget, connection_id)
    if budget is None or budget.closed_until <= uow.now().timestamp():
        return None
    return datetime.fromtimestamp(budget.closed_until, UTC)


def in_one_line(uow: UnitOfWork, _services: Services) -> str:
    """The line on the overview of administration."""
    found = forums(uow)
    if not found:
        return _("No forum is connected.")
    ill = sum(not one.well for one in found)
    if ill:
        return ngettext("%(n)d forum needs a look.", "%(n)d forums need a look.", ill)
    silent = [one.title for one in found if one.quiet]
    if silent:
        return _("%(forum)s is quiet: nothing is posted there.", forum=silent[0])
    return ngettext("%(n)d forum, all is well.", "%(n)d forums, all is well.", len(found))
