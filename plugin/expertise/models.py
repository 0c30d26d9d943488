"""Rows of expertise: skills that people claim, contributions that others can look at.

A contribution hangs on an external identity, because a forum member may help for years before
Lantern meets the person. Its source is what makes it one: the same answer, reported five times,
is one row.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant


class Contribution(Tenant, Base):
    """One act of help with its public source; withdrawn ones keep their row and may return.

    ``value`` is how well an answer went (0 to 1), None where that cannot be said. ``held_back``
    rows stand at their source, but their person does not want them counted here.
    """

    __tablename__ = "expertise_contribution"
    __table_args__ = (sa.UniqueConstraint("community_id", "kind", "source_url"),)

    identity_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_external_identity.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(40))
    source_url: Mapped[str] = mapped_column(sa.String(500))
    at: Mapped[datetime]
    tags: Mapped[list[Any]] = mapped_column(default=list)
    value: Mapped[float | None]
    held_back: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ClaimedSkill(Tenant, Base):
    """A skill somebody says to have; ``skill`` is the normalised word, ``label`` as typed."""

    __tablename__ = "expertise_claimed_skill"
    __table_args__ = (sa.UniqueConstraint("community_id", "person_id", "skill"),)

    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_person.id", ondelete="CASCADE"), index=True
    )
    skill: Mapped[str] = mapped_column(sa.String(80), index=True)
    label: Mapped[str] = mapped_column(sa.String(80))
    claimed_at: Mapped[datetime]


class OptOut(Tenant, Base):
    """Somebody who does not want what they do outside to be counted here (unique: person)."""

    __tablename__ = "expertise_opt_out"
    __table_args__ = (sa.UniqueConstraint("person_id"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id", ondelete="CASCADE"))
    since: Mapped[datetime]
