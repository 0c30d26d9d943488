"""Rows of what comes in: deliveries, what is to be read again, what was looked for, calls.

They stand outside any community: they exist before it is known whose event this is.
"""

import enum
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.ids import new_id


class InboxState(enum.Enum):
    """Where a delivery of the forum stands."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"
    PARKED = "parked"


# Of millions of rows only these are looked for by their state; the rest stays out of the index.
_OPEN = "state IN ('waiting', 'parked')"


class InboxMessage(Base):
    """One stored webhook delivery (unique: connection, event id). The body goes after a while.

    ``same_key`` is where a delivery with the same name and body would stand: the hour of its
    arrival, then 40 bits of a digest (:mod:`inbox_store`). So the index grows at its end, and a
    delivery costs the same whether there are ten rows or ten million.
    """

    __tablename__ = "discourse_hooks_inbox_message"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "event_id"),
        sa.Index(
            "ix_discourse_hooks_inbox_open",
            "state",
            "next_attempt_at",
            "id",
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
        sa.Index("ix_discourse_hooks_inbox_same", "same_key"),
        sa.Index("ix_discourse_hooks_inbox_received", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # no foreign key: each insert would lock the forum's one row, which all deliveries share
    connection_id: Mapped[UUID]
    event_id: Mapped[str] = mapped_column(sa.String(64))
    event_type: Mapped[str] = mapped_column(sa.String(64))
    event_name: Mapped[str] = mapped_column(sa.String(100))
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    same_key: Mapped[int] = mapped_column(sa.BigInteger)
    body: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    state: Mapped[InboxState] = mapped_column(default=InboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")


class Touched(Base):
    """A thing of the forum that must be read again (unique: connection, kind, remote id).

    ``asked`` counts how often something pointed at it and ``answered`` up to which asking it has
    been read: an event that comes in during a read leaves them apart, so nothing is missed.
    ``run_id`` is the reconciliation that asked, so that what it repaired is counted.
    """

    __tablename__ = "discourse_hooks_touched"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "kind", "remote_id"),
        sa.Index("ix_discourse_hooks_touched_due", "waiting", "next_attempt_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(sa.String(30))
    remote_id: Mapped[str] = mapped_column(sa.String(64))
    asked: Mapped[int] = mapped_column(default=1)
    answered: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[bool] = mapped_column(default=True)
    parked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    claim: Mapped[UUID | None]
    run_id: Mapped[UUID | None]
    last_read_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")


class Reconciliation(Base):
    """One look for what never arrived, in figures.

    Of the things ``looked_at`` the ``marked`` ones differed or might; ``repaired`` is how many of
    those, once read again, changed anything here. ``redelivered`` came from the forum's own list
    of deliveries that failed. ``why`` says what was left out or stopped it.
    """

    __tablename__ = "discourse_hooks_reconciliation"
    __table_args__ = (
        sa.Index("ix_discourse_hooks_reconciliation_forum", "connection_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    looked_at: Mapped[int] = mapped_column(default=0)
    marked: Mapped[int] = mapped_column(default=0)
    repaired: Mapped[int] = mapped_column(default=0)
    redelivered: Mapped[int] = mapped_column(default=0)
    complete: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(sa.String(300), default="")


class CallBudget(Base):
    """The one limiter of a forum for all processes; a missing row means nothing was called yet.

    ``free_from`` moves on with every call (a leaky bucket as one number); ``closed_until`` is what
    a 429 answer asked for.
    """

    __tablename__ = "discourse_hooks_call_budget"

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE"), primary_key=True
    )
    free_from: Mapped[float]
    closed_until: Mapped[float] = mapped_column(default=0.0)
