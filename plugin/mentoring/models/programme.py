"""A programme hangs on a context (course, forum group); people take part with four answers."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant
from plugin.kernel.ids import new_handle


class ProgrammeFormat(enum.Enum):
    """How people are brought together."""

    ONE_TO_ONE = "one_to_one"


class ProgrammeState(enum.Enum):
    """OPEN takes people in and runs matchings; CLOSED only lets its pairs finish."""

    OPEN = "open"
    CLOSED = "closed"


class Side(enum.Enum):
    """What somebody comes for."""

    LEARN = "learn"
    OFFER = "offer"


class Programme(Tenant, Base):
    """What it is about, who answers for it, and how much time a pair takes each week."""

    __tablename__ = "mentoring_programme"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    context_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_context.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(sa.String(120))
    purpose: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[str] = mapped_column(sa.Text)
    outcome: Mapped[str] = mapped_column(sa.Text)
    owner_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    safety_contact_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    ends_on: Mapped[date | None]
    format: Mapped[ProgrammeFormat] = mapped_column(default=ProgrammeFormat.ONE_TO_ONE)
    minutes_per_week: Mapped[int] = mapped_column(default=30)
    state: Mapped[ProgrammeState] = mapped_column(default=ProgrammeState.OPEN)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]


class Participation(Tenant, Base):
    """One person in one programme: opened the page, then answered, perhaps left again.

    ``hours`` are hours of the week (0 = Monday 00:00) in ``time_zone``: what people mean stays the
    same when the clocks change. ``answered_at`` makes the difference between begun and ready.
    """

    __tablename__ = "mentoring_participation"
    __table_args__ = (sa.UniqueConstraint("programme_id", "person_id"),)

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    programme_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_programme.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Side] = mapped_column(default=Side.LEARN)
    hours: Mapped[list[Any]] = mapped_column(default=list)
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    languages: Mapped[list[str]] = mapped_column(default=list)
    sentence: Mapped[str] = mapped_column(sa.String(280), default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    goals: Mapped[list[str]] = mapped_column(default=list)
    stage: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class Invitation(Tenant, Base):
    """A mentor invited by e-mail. Nobody is admitted by it: the person is known once they came."""

    __tablename__ = "mentoring_invitation"
    __table_args__ = (sa.UniqueConstraint("programme_id", "email"),)

    programme_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_programme.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(sa.String(254))
    person_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL"), index=True
    )
    invited_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    invited_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
