"""What the services of a platform leave here: readings of rosters, and who stands on which list."""

import enum
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lti.models import ContextLink
from plugin.kernel.database import Base, Tenant

__all__ = ["ReadState", "RosterEntry", "RosterRead"]


class ReadState(enum.Enum):
    """Where a reading of a roster stands."""

    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class RosterRead(Tenant, Base):
    """One reading of one roster, page by page; a killed one goes on at ``next_url``.

    ``listed_at`` says that the list is complete and only those who left it are still to be noted.
    """

    __tablename__ = "lti_roster_read"
    __table_args__ = (sa.Index("ix_lti_roster_read_link", "context_link_id", "started_at"),)

    context_link_id: Mapped[UUID] = mapped_column(sa.ForeignKey(ContextLink.id, ondelete="CASCADE"))
    delivery_id: Mapped[UUID]
    state: Mapped[ReadState] = mapped_column(default=ReadState.READING)
    next_url: Mapped[str | None] = mapped_column(sa.String(4096))
    pages: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(sa.String(300))
    started_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    listed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RosterEntry(Tenant, Base):
    """Somebody stands on the list of a deployment's course; reading ``read_id`` met them last."""

    __tablename__ = "lti_roster_entry"
    __table_args__ = (sa.UniqueConstraint("context_link_id", "person_id"),)

    context_link_id: Mapped[UUID] = mapped_column(sa.ForeignKey(ContextLink.id, ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(index=True)
    read_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(sa.String(20))
    sections: Mapped[list[str]] = mapped_column(default=list)
