"""The welcome of a place, who is a contact there, and who is new."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed
from plugin.kernel.ids import new_handle


class Welcome(Tenant, Timed, Base):
    """How newcomers of a place are welcomed (unique: context); off until somebody says so."""

    __tablename__ = "newcomers_welcome"
    __table_args__ = (sa.UniqueConstraint("context_id"),)

    context_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_context.id"))
    on: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    within_hours: Mapped[int] = mapped_column(default=48)
    most_each: Mapped[int] = mapped_column(default=3)
    task: Mapped[str] = mapped_column(sa.String(300), default="")
    groups: Mapped[bool] = mapped_column(default=False)
    facilitator_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_person.id"))
    call_every_days: Mapped[int] = mapped_column(default=28)
    last_call_at: Mapped[datetime | None]


class Contact(Tenant, Timed, Base):
    """Somebody who is there for newcomers of a place (unique: context, person)."""

    __tablename__ = "newcomers_contact"
    __table_args__ = (sa.UniqueConstraint("context_id", "person_id"),)

    context_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_context.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    paused: Mapped[bool] = mapped_column(default=False)


class Stage(enum.Enum):
    """Where a newcomer stands."""

    WAITING = "waiting"
    ACCOMPANIED = "accompanied"
    GRADUATED = "graduated"
    ALONE = "alone"  # they said that they need nobody


class Newcomer(Tenant, Timed, Base):
    """Somebody new who showed a sign of life (unique: context, account).

    ``steps`` maps what they did to when; ``told_at`` is when the coordinator was told that nobody
    was named in time.
    """

    __tablename__ = "newcomers_newcomer"
    __table_args__ = (
        sa.UniqueConstraint("context_id", "identity_id"),
        sa.Index("ix_newcomers_newcomer_stage", "context_id", "stage", "due_at"),
    )

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    context_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_context.id"))
    identity_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_external_identity.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    stage: Mapped[Stage] = mapped_column(default=Stage.WAITING)
    alive_at: Mapped[datetime]
    due_at: Mapped[datetime]
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    named_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    group_week: Mapped[str] = mapped_column(sa.String(10), default="")
    finished_at: Mapped[datetime | None]
