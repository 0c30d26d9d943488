"""A pair from draft to ending, and what the two agree: a goal, promises, meetings."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant
from plugin.kernel.ids import new_handle


class PairState(enum.Enum):
    """PROPOSED and RESERVED are seen by the coordinator alone; INTRODUCED waits for the mentor."""

    PROPOSED = "proposed"
    RESERVED = "reserved"
    NO_TIME = "no_time"
    INTRODUCED = "introduced"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


VISIBLE = (PairState.INTRODUCED, PairState.ACTIVE, PairState.ENDED)
"""States in which the two may see their pair's page."""
TAKEN = (PairState.RESERVED, PairState.INTRODUCED, PairState.ACTIVE)
"""States that occupy both people: a next matching leaves them out."""


class Pair(Tenant, Base):
    """Mentor and mentee of one matching; a mentee occurs once in a matching (the chunks' key)."""

    __tablename__ = "mentoring_pair"
    __table_args__ = (sa.UniqueConstraint("matching_id", "mentee_participation_id"),)

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    programme_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_programme.id", ondelete="CASCADE"), index=True
    )
    matching_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_matching.id", ondelete="CASCADE")
    )
    mentor_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="CASCADE"), index=True
    )
    mentee_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="CASCADE"), index=True
    )
    mentor_participation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_participation.id", ondelete="CASCADE"), index=True
    )
    mentee_participation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_participation.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[PairState] = mapped_column(default=PairState.PROPOSED)
    by_hand: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    minutes_per_week: Mapped[int]
    created_at: Mapped[datetime]
    introduced_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )


class Goal(Tenant, Base):
    """What the mentee wants to reach and how both will see it; the newest one counts."""

    __tablename__ = "mentoring_goal"

    pair_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_pair.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(sa.String(400))
    evidence: Mapped[str] = mapped_column(sa.String(400), default="")
    due_on: Mapped[date | None]
    set_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    set_at: Mapped[datetime]


class Promise(Tenant, Base):
    """Something one of the two said to do until the next meeting."""

    __tablename__ = "mentoring_promise"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    pair_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_pair.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(sa.String(280))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class MeetingState(enum.Enum):
    """PROPOSED by one, AGREED by the other, or called off."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CANCELLED = "cancelled"


class Meeting(Tenant, Base):
    """A meeting in the local time and zone of whoever proposed it, so that it stays at 18:00 there
    when the clocks change. ``sequence`` counts changes for calendars (RFC 5545, 3.8.7.4)."""

    __tablename__ = "mentoring_meeting"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    pair_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_pair.id", ondelete="CASCADE"), index=True
    )
    local_start: Mapped[str] = mapped_column(sa.String(16))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    minutes: Mapped[int] = mapped_column(default=30)
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PROPOSED)
    sequence: Mapped[int] = mapped_column(default=0)
    proposed_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    changed_at: Mapped[datetime]
