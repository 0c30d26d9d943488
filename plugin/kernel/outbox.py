"""The outbox: events as rows of the commit that caused them, one delivery row a subscriber.

The database says what is left to do. Losing the job store, or any process at any moment, loses
nothing: whatever is waiting and due is picked up by the next sweep of any worker.
"""

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.ids import new_id
from plugin.kernel.messages import Event, to_json

CLAIM = timedelta(minutes=2)


class DeliveryState(enum.Enum):
    """Where a delivery stands; parked ones wait for an operator."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class OutboxMessage(Base):
    """One event, written in the commit that caused it."""

    __tablename__ = "kernel_outbox_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    payload: Mapped[dict[str, Any]]
    reference: Mapped[str] = mapped_column(sa.String(16))
    created_at: Mapped[datetime]


class Delivery(Base):
    """One event for one subscriber, settled once (unique: message, subscriber)."""

    __tablename__ = "kernel_delivery"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "subscriber"),
        sa.Index("ix_kernel_delivery_due", "state", "next_attempt_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("kernel_outbox_message.id", ondelete="CASCADE")
    )
    subscriber: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    settled_at: Mapped[datetime | None]


def write(
    session: Session,
    community_id: UUID,
    events: Sequence[tuple[Event, tuple[str, ...]]],
    *,
    now: datetime,
    reference: str,
) -> None:
    """Add each event and a waiting delivery for each of its subscribers to the transaction."""
    messages = [
        OutboxMessage(
            id=new_id(),
            community_id=community_id,
            name=event.event_name,
            payload=to_json(event),
            reference=reference,
            created_at=now,
        )
        for event, _subscribers in events
    ]
    session.add_all(messages)
    session.flush()  # messages before the deliveries that refer to them
    session.add_all(
        Delivery(message_id=message.id, subscriber=subscriber, next_attempt_at=now)
        for message, (_event, subscribers) in zip(messages, events, strict=True)
        for subscriber in subscribers
    )


def claim(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Take up to ``limit`` due deliveries for this worker and return their ids, oldest first.

    A claim lapses by itself after :data:`CLAIM`, so a killed worker leaves nothing behind.
    """
    due = (
        sa.select(Delivery.id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_attempt_at <= now,
            sa.or_(Delivery.claimed_until.is_(None), Delivery.claimed_until < now),
        )
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(
        sa.update(Delivery)
        .where(Delivery.id.in_(due.scalar_subquery()))
        .values(claimed_until=now + CLAIM, attempts=Delivery.attempts + 1)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(rows.scalars())


def settle(session: Session, delivery_id: UUID, *, now: datetime) -> bool:
    """Mark a delivery done; False when somebody else has settled it already."""
    result = session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DONE, settled_at=now, claimed_until=None, last_error=None)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def put_off(
    session: Session, delivery_id: UUID, *, until: datetime, reason: str, failed: bool
) -> None:
    """Let a delivery wait until a time, with the reason an operator reads.

    Only a failure counts as an attempt: one that was told "later" many times is not near parking.
    """
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .values(
            next_attempt_at=until,
            claimed_until=None,
            last_error=reason[:500],
            attempts=Delivery.attempts if failed else Delivery.attempts - 1,
        )
        .execution_options(synchronize_session=False)
    )


def park(session: Session, delivery_id: UUID, *, reason: str, now: datetime) -> None:
    """Set a delivery aside until an operator looks at it."""
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .values(
            state=DeliveryState.PARKED,
            claimed_until=None,
            last_error=reason[:500],
            settled_at=now,
        )
        .execution_options(synchronize_session=False)
    )


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Return since when the longest waiting delivery is due; None when nothing is.

    What was put off until later, such as a bundle for the morning, is not due.
    """
    return session.scalar(
        sa.select(sa.func.min(Delivery.next_attempt_at)).where(
            Delivery.state == DeliveryState.WAITING, Delivery.next_attempt_at <= now
        )
    )


def forget_settled(session: Session, *, before: datetime) -> None:
    """Remove messages from before a time whose deliveries are all done: they hold texts."""
    open_ones = sa.select(Delivery.message_id).where(Delivery.state != DeliveryState.DONE)
    session.execute(
        sa.delete(OutboxMessage).where(
            OutboxMessage.created_at < before, OutboxMessage.id.not_in(open_ones)
        )
    )


def try_again(session: Session, delivery_id: UUID, *, now: datetime) -> None:
    """Put a parked or waiting delivery back in line at once, with its attempts forgotten."""
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state != DeliveryState.DONE)
        .values(
            state=DeliveryState.WAITING,
            next_attempt_at=now,
            attempts=0,
            claimed_until=None,
            settled_at=None,
        )
        .execution_options(synchronize_session=False)
    )
