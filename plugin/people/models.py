"""Communities, contexts, persons and what ties them together."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed
from plugin.kernel.ids import new_handle, new_id


class Community(Timed, Base):
    """The tenant. Every other row of a community carries its id."""

    __tablename__ = "people_community"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    name: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(20), default="en")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ContextKind(enum.Enum):
    """What a context is outside."""

    COURSE = "course"
    SECTION = "section"
    FORUM = "forum"
    CATEGORY = "category"
    PROGRAMME = "programme"  # neither LMS nor forum: a community of its own


class Context(Tenant, Timed, Base):
    """A place where people meet: a course, a forum, or the community itself."""

    __tablename__ = "people_context"
    __table_args__ = (sa.UniqueConstraint("community_id", "issuer", "external_id"),)

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    kind: Mapped[ContextKind]
    title: Mapped[str] = mapped_column(sa.String(300))
    issuer: Mapped[str] = mapped_column(sa.String(500))
    external_id: Mapped[str] = mapped_column(sa.String(255))


class Person(Tenant, Timed, Base):
    """A human being in one community. Nothing but the id is certain to be known."""

    __tablename__ = "people_person"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    display_name: Mapped[str | None] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(320))
    email_confirmed_at: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(sa.String(20), default="en")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    last_seen_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_person.id"))
    erased_at: Mapped[datetime | None]


class ExternalIdentity(Tenant, Timed, Base):
    """An account outside. ``person_id`` is None while only its contributions are known.

    ``told_name`` and ``told_email`` are what the platform last gave, so that a person who goes by
    them stops doing so when the platform stops giving them.
    """

    __tablename__ = "people_external_identity"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "issuer", "subject"),
        sa.Index("ix_people_external_identity_person", "person_id", "kind"),
    )

    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_person.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))  # lti | discourse | email
    issuer: Mapped[str] = mapped_column(sa.String(500))
    subject: Mapped[str] = mapped_column(sa.String(255))
    username: Mapped[str | None] = mapped_column(sa.String(200))
    told_name: Mapped[str | None] = mapped_column(sa.String(200))
    told_email: Mapped[str | None] = mapped_column(sa.String(320))


class Membership(Tenant, Timed, Base):
    """Somebody stands on the roster of a context. ``source`` is roster, launch, forum or invite."""

    __tablename__ = "people_membership"
    __table_args__ = (sa.UniqueConstraint("context_id", "person_id"),)

    context_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_context.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str] = mapped_column(sa.String(20))
    left_at: Mapped[datetime | None]


class StaffRight(Tenant, Timed, Base):
    """A right given by a person here, never by an LMS; for one context, or everywhere (None)."""

    __tablename__ = "people_staff_right"
    __table_args__ = (
        # two partial indexes: NULLs are distinct in a plain unique constraint
        sa.Index(
            "uq_people_staff_right_context",
            "person_id",
            "right",
            "context_id",
            unique=True,
            sqlite_where=sa.text("context_id IS NOT NULL"),
            postgresql_where=sa.text("context_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_people_staff_right_everywhere",
            "person_id",
            "right",
            unique=True,
            sqlite_where=sa.text("context_id IS NULL"),
            postgresql_where=sa.text("context_id IS NULL"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    context_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_context.id"))
    right: Mapped[str] = mapped_column(sa.String(20))


class Relation(Tenant, Timed, Base):
    """Two people and what is between them: block, pair, team or conflict."""

    __tablename__ = "people_relation"
    __table_args__ = (
        sa.UniqueConstraint("kind", "a_id", "b_id", "key"),
        sa.Index("ix_people_relation_b", "b_id", "kind"),
    )

    kind: Mapped[str] = mapped_column(sa.String(20))
    a_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    b_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    context_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people_context.id"))
    key: Mapped[str] = mapped_column(sa.String(80), default="")


class Consent(Tenant, Timed, Base):
    """What a person agreed to, and which version of the words."""

    __tablename__ = "people_consent"
    __table_args__ = (sa.UniqueConstraint("person_id", "kind", "version"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    kind: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[str] = mapped_column(sa.String(40))
    withdrawn_at: Mapped[datetime | None]
