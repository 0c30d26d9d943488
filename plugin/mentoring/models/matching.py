"""A matching: what went in, what came out, the proof, and how far it is on its way to people."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from plugin.kernel.database import Base, Tenant
from plugin.kernel.ids import new_handle


class MatchingState(enum.Enum):
    """REQUESTED and COMPUTING are the worker's; DRAFT is the coordinator's; nobody else sees
    anything before PUBLISHED. FAILED keeps its reason."""

    REQUESTED = "requested"
    COMPUTING = "computing"
    DRAFT = "draft"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"


class Matching(Tenant, Base):
    """``snapshot`` and ``result`` are what the independent checker reads.

    A person's erasure empties both and ends the replay, visibly (``replay_ended_at``)."""

    __tablename__ = "mentoring_matching"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    programme_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("mentoring_programme.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[MatchingState] = mapped_column(default=MatchingState.REQUESTED)
    aim: Mapped[str] = mapped_column(sa.String(10), default="total")
    """What it is best at: `matching.Aim`."""
    progress: Mapped[str] = mapped_column(sa.String(40), default="waiting")
    percent: Mapped[int] = mapped_column(default=0)
    """How far the step named by ``progress`` is."""
    seed: Mapped[int]
    solver: Mapped[str] = mapped_column(sa.String(60), default="")
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    value: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    bound: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    compared: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    allowed: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    checked: Mapped[bool] = mapped_column(default=False)
    snapshot: Mapped[dict[str, Any] | None] = deferred(mapped_column(sa.JSON))
    result: Mapped[dict[str, Any] | None] = deferred(mapped_column(sa.JSON))
    unmatched: Mapped[dict[str, Any]] = deferred(mapped_column(sa.JSON, default=dict))
    failure: Mapped[str] = mapped_column(sa.String(300), default="")
    requested_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    published_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="SET NULL")
    )
    requested_at: Mapped[datetime]
    computed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    replay_ended_at: Mapped[datetime | None]
