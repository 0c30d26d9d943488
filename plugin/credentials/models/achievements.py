"""What achievements belong to: competencies, their own history, other languages, pathways."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.credentials.models.credentials import HANDLE
from plugin.kernel.database import Base, Tenant, Timed

OPEN, APPROVED, DECLINED = "open", "approved", "declined"


class Framework(Tenant, Timed, Base):
    """A list of competencies that somebody keeps, and the levels on which they are told apart.

    `levels` is `[{"name", "description"}]`, lowest first; `url` is where its keeper publishes it.
    """

    __tablename__ = "credentials_framework"

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    source: Mapped[str] = mapped_column(sa.String(20))
    levels: Mapped[list[dict[str, Any]]]


class Competency(Tenant, Base):
    """One thing that people can be able to do; `url` names it for the world, when it has a name."""

    __tablename__ = "credentials_competency"
    __table_args__ = (sa.UniqueConstraint("framework_id", "code"),)

    framework_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_framework.id", ondelete="CASCADE")
    )
    code: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(300))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    kind: Mapped[str] = mapped_column(sa.String(40), default="ceasn:Competency")
    position: Mapped[int]


class Alignment(Tenant, Base):
    """An achievement speaks of this competency, on this level of its framework (or on none)."""

    __tablename__ = "credentials_alignment"
    __table_args__ = (sa.UniqueConstraint("achievement_id", "competency_id"),)

    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id", ondelete="CASCADE")
    )
    competency_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_competency.id"), index=True
    )
    level: Mapped[int | None]


class AchievementVersion(Tenant, Timed, Base):
    """What an achievement said before; `content` holds its words, rule and picture."""

    __tablename__ = "credentials_achievement_version"
    __table_args__ = (sa.UniqueConstraint("achievement_id", "number"),)

    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[UUID | None]


class AchievementText(Tenant, Base):
    """An achievement in another language; its criteria are written anew from the rule."""

    __tablename__ = "credentials_achievement_text"
    __table_args__ = (sa.UniqueConstraint("achievement_id", "locale"),)

    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id", ondelete="CASCADE")
    )
    locale: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.String(500))
    note: Mapped[str] = mapped_column(sa.String(600), default="")


class Proposal(Tenant, Timed, Base):
    """A rule was met where people approve: it waits for one of them, and is asked once."""

    __tablename__ = "credentials_proposal"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "achievement_id", "evidence_key"),
        sa.Index("ix_credentials_proposal_open", "achievement_id", "state"),
    )

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    person_id: Mapped[UUID]
    achievement_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_achievement.id"))
    evidence_key: Mapped[str] = mapped_column(sa.String(200))
    evidence_ids: Mapped[list[str]]
    state: Mapped[str] = mapped_column(sa.String(20), default=OPEN)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.String(400), default="")


class Pathway(Tenant, Timed, Base):
    """A way through achievements, stage by stage."""

    __tablename__ = "credentials_pathway"
    __table_args__ = (sa.UniqueConstraint("community_id", "standard"),)

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    standard: Mapped[str | None] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.String(500))


class Stage(Tenant, Base):
    """One stage of a pathway: what is expected of whoever has reached it."""

    __tablename__ = "credentials_stage"
    __table_args__ = (sa.UniqueConstraint("pathway_id", "position"),)

    pathway_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_pathway.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(80))
    expectation: Mapped[str] = mapped_column(sa.String(400))


class Step(Tenant, Base):
    """An achievement that belongs to a stage; all of them together are the stage."""

    __tablename__ = "credentials_step"
    __table_args__ = (sa.UniqueConstraint("stage_id", "achievement_id"),)

    stage_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_stage.id", ondelete="CASCADE")
    )
    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id"), index=True
    )


class CourseScore(Tenant, Timed, Base):
    """A teacher wants this achievement to be a score in the gradebook of a course."""

    __tablename__ = "credentials_course_score"
    __table_args__ = (sa.UniqueConstraint("achievement_id", "context_id"),)

    achievement_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_achievement.id"))
    context_id: Mapped[UUID] = mapped_column(index=True)
    points: Mapped[int] = mapped_column(default=1)
    stopped_at: Mapped[datetime | None]
