"""Tables of the ledger and of the queues.

Ledger: one ``workload_capacity`` row per person is the lock and holds what every week costs;
``workload_week`` holds dated minutes; ``workload_reservation`` says what the minutes are for.
Queues: an item keeps its place (``entered_at``) until it has all it wants; a lease is one person's
reservation of one place; ``workload_queue_event`` is the log from which a queue can be replayed.
"""

import enum
from datetime import datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant

DEFAULT_MINUTES_PER_WEEK = 120
# Written into the statement, not bound: a database uses a partial index only when it can see that
# the statement's condition implies the index's.
NOTHING_LEFT: sa.ColumnElement[int] = sa.literal_column("0", sa.Integer)


class Capacity(Tenant, Base):
    """What a person gives per week. ``standing`` is the sum of their standing reservations."""

    __tablename__ = "workload_capacity"
    __table_args__ = (sa.UniqueConstraint("person_id"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    minutes_per_week: Mapped[int] = mapped_column(default=DEFAULT_MINUTES_PER_WEEK)
    stated: Mapped[bool] = mapped_column(default=False)
    standing: Mapped[int] = mapped_column(default=0)
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    quiet_from: Mapped[time] = mapped_column(default=time(21))
    quiet_to: Mapped[time] = mapped_column(default=time(8))
    turn: Mapped[int] = mapped_column(default=0)


class Week(Tenant, Base):
    """Dated minutes of one person in one ISO week of their zone."""

    __tablename__ = "workload_week"
    __table_args__ = (sa.UniqueConstraint("person_id", "week"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    week: Mapped[str] = mapped_column(sa.String(8))
    minutes: Mapped[int] = mapped_column(default=0)


class ReservationState(enum.Enum):
    """Held time can still be given back by expiry; kept time was confirmed."""

    HELD = "held"
    KEPT = "kept"


class Reservation(Tenant, Base):
    """Minutes taken under a key: every week (``week`` is None) or in one week."""

    __tablename__ = "workload_reservation"
    __table_args__ = (sa.UniqueConstraint("community_id", "key"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(200))
    minutes: Mapped[int]
    week: Mapped[str | None] = mapped_column(sa.String(8))
    state: Mapped[ReservationState] = mapped_column(default=ReservationState.HELD)
    reserved_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class Served(Tenant, Base):
    """Standing minutes that were kept and have ended: what somebody gave, for as long as it ran."""

    __tablename__ = "workload_served"
    __table_args__ = (sa.UniqueConstraint("community_id", "key"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(200))
    minutes: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]


class ItemState(enum.Enum):
    """OPEN waits or is being worked on, DONE has all it wants, WITHDRAWN left the queue."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class QueueItem(Tenant, Base):
    """One thing that waits for ``wanted`` people; ``places`` of them may still take it now."""

    __tablename__ = "workload_queue_item"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "queue", "item_key"),
        # "The next one" reads this index from its start: takeable items in order of their place.
        sa.Index(
            "ix_workload_queue_item_next",
            "community_id",
            "queue",
            "rank",
            "entered_at",
            "id",
            sqlite_where=sa.text("places > 0"),
            postgresql_where=sa.text("places > 0"),
        ),
        sa.Index("ix_workload_queue_item_author", "queue", "author_id"),
        sa.Index("ix_workload_queue_item_history", "queue", "state", "done_at"),
        sa.CheckConstraint("places >= 0", name="places_not_negative"),
    )

    queue: Mapped[str] = mapped_column(sa.String(100))
    item_key: Mapped[str] = mapped_column(sa.String(100))
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_person.id"))
    minutes: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int] = mapped_column(default=0)
    entered_at: Mapped[datetime]
    wanted: Mapped[int] = mapped_column(default=1)
    places: Mapped[int]
    finished: Mapped[int] = mapped_column(default=0)
    state: Mapped[ItemState] = mapped_column(default=ItemState.OPEN)
    widen_at: Mapped[datetime | None]
    coordinator_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class LeaseState(enum.Enum):
    """HELD occupies a place; EXPIRED and RETURNED gave it back; FINISHED used it."""

    HELD = "held"
    EXPIRED = "expired"
    RETURNED = "returned"
    FINISHED = "finished"


class Lease(Tenant, Base):
    """One person's reservation of one place of one item; taken again, the same row is reused."""

    __tablename__ = "workload_lease"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "person_id"),
        sa.UniqueConstraint("queue", "pair"),
        sa.Index("ix_workload_lease_due", "state", "until"),
        sa.Index("ix_workload_lease_holder", "person_id", "queue", "state"),
    )

    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("workload_queue_item.id", ondelete="CASCADE")
    )
    queue: Mapped[str] = mapped_column(sa.String(100))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    state: Mapped[LeaseState] = mapped_column(default=LeaseState.HELD)
    pair: Mapped[str | None] = mapped_column(sa.String(64))
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class QueueEvent(Tenant, Base):
    """One decision of a queue, in order of ``id``; ``facts`` hold what replaying needs."""

    __tablename__ = "workload_queue_event"
    __table_args__ = (sa.Index("ix_workload_queue_event_log", "queue", "item_id", "id"),)

    queue: Mapped[str] = mapped_column(sa.String(100))
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("workload_queue_item.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
