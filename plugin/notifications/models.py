"""Notices, what people want of them, and signed links."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed
from plugin.kernel.ids import new_id


class NoticeState(enum.Enum):
    """Where a notice stands."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_SENT = "not_sent"  # switched off, or no channel: it stands in the tool only


class Notice(Tenant, Timed, Base):
    """One thing that a person is told. ``key`` makes it once (unique: person, key)."""

    __tablename__ = "notifications_notice"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "key"),
        sa.Index("ix_notifications_notice_waiting", "person_id", "state", "due_at"),
    )

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    kind: Mapped[str] = mapped_column(sa.String(30))
    message: Mapped[str] = mapped_column(sa.String(80))
    params: Mapped[dict[str, Any]]
    url: Mapped[str] = mapped_column(sa.String(500))
    links: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    key: Mapped[str] = mapped_column(sa.String(120))
    waits: Mapped[bool] = mapped_column(default=False)
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.WAITING)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    channels: Mapped[str] = mapped_column(sa.String(60), default="")
    mail_id: Mapped[str | None] = mapped_column(sa.String(40), index=True)


class Preference(Tenant, Base):
    """When a kind of notice comes on a channel; no row means the default."""

    __tablename__ = "notifications_preference"
    __table_args__ = (sa.UniqueConstraint("person_id", "kind", "channel"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    kind: Mapped[str] = mapped_column(sa.String(30))
    channel: Mapped[str] = mapped_column(sa.String(10))
    timing: Mapped[str] = mapped_column(sa.String(10))


class QuietHours(Tenant, Base):
    """A person's own quiet hours, in local time."""

    __tablename__ = "notifications_quiet_hours"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), unique=True)
    begins: Mapped[int]
    ends: Mapped[int]


class SignedLink(Base):
    """A link in a message that does one thing, once. Found by its hash before any community is."""

    __tablename__ = "notifications_signed_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    community_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(sa.String(60))
    arguments: Mapped[dict[str, Any]]
    label: Mapped[str] = mapped_column(sa.String(120))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
