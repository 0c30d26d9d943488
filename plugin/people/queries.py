"""Selects about people, into frozen read models."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import (
    Community,
    Consent,
    Context,
    ExternalIdentity,
    Membership,
    Person,
    Relation,
    StaffRight,
)

_CHUNK = 500


@dataclass(frozen=True)
class CommunityView:
    """A community as others see it."""

    id: UUID
    handle: str
    name: str
    locale: str
    time_zone: str


@dataclass(frozen=True)
class ContextView:
    """A context as others see it."""

    id: UUID
    handle: str
    kind: str
    title: str
    community_id: UUID


@dataclass(frozen=True)
class PersonView:
    """A person as others see them. ``name`` always says something: ``Member 7F3A`` at least."""

    id: UUID
    handle: str
    name: str
    email: str | None
    email_confirmed: bool
    locale: str
    time_zone: str
    named: bool


@dataclass(frozen=True)
class Identity:
    """An account outside."""

    id: UUID
    person_id: UUID | None
    kind: str
    issuer: str
    subject: str
    username: str | None


@dataclass(frozen=True)
class Member:
    """A person on the roster of a context."""

    person: PersonView
    role: str
    source: str
    opened: bool


def person_view(row: Person | sa.Row[Any]) -> PersonView:
    """Turn a row into its read model; a missing name becomes a pseudonym that stays the same."""
    name = row.display_name or _("Member %(mark)s", mark=row.handle[:4].upper())
    return PersonView(
        id=row.id,
        handle=row.handle,
        name=_("Former member") if row.erased_at else name,
        email=row.email,
        email_confirmed=row.email_confirmed_at is not None,
        locale=row.locale,
        time_zone=row.time_zone,
        named=bool(row.display_name),
    )


def context_view(row: Context) -> ContextView:
    return ContextView(row.id, row.handle, row.kind.value, row.title, row.community_id)


def community_view(row: Community) -> CommunityView:
    return CommunityView(row.id, row.handle, row.name, row.locale, row.time_zone)


def identity_view(row: ExternalIdentity) -> Identity:
    return Identity(row.id, row.person_id, row.kind, row.issuer, row.subject, row.username)


def communities(uow: UnitOfWork) -> list[CommunityView]:
    """Return every community; works in a system unit of work (communities belong to nobody)."""
    rows = uow.session.scalars(sa.select(Community).order_by(Community.id))
    return [community_view(row) for row in rows]


def community(uow: UnitOfWork) -> CommunityView:
    """Return the community of this unit of work."""
    return community_view(uow.session.get_one(Community, uow.community_id))


def community_by_handle(uow: UnitOfWork, handle: str) -> CommunityView | None:
    row = uow.session.scalars(sa.select(Community).where(Community.handle == handle)).first()
    return community_view(row) if row else None


def person(uow: UnitOfWork, person_id: UUID) -> PersonView:
    """Return a person, or the one they were merged into; raise NotFound."""
    row = uow.session.scalars(sa.select(Person).where(Person.id == person_id)).first()
    if row is not None and row.merged_into_id is not None:
        return person(uow, row.merged_into_id)
    if row is None:
        raise NotFound("no_person", _("This person is not here."))
    return person_view(row)


def person_by_handle(uow: UnitOfWork, handle: str) -> PersonView:
    row = uow.session.scalars(sa.select(Person).where(Person.handle == handle)).first()
    if row is None:
        raise NotFound("no_person", _("This person is not here."))
    return person_view(row)


def person_by_email(uow: UnitOfWork, email: str) -> PersonView | None:
    """Return the person whose confirmed address this is."""
    row = uow.session.scalars(
        sa.select(Person).where(
            sa.func.lower(Person.email) == email.strip().lower(),
            Person.email_confirmed_at.is_not(None),
            Person.merged_into_id.is_(None),
        )
    ).first()
    return person_view(row) if row else None


def people_by_email(uow: UnitOfWork, emails: Iterable[str]) -> dict[str, PersonView]:
    """Return persons by their confirmed address, lower-cased, in few queries."""
    return {
        (row.email or "").lower(): person_view(row)
        for chunk in _chunks({email.strip().lower() for email in emails})
        for row in uow.session.scalars(
            sa.select(Person).where(
                sa.func.lower(Person.email).in_(chunk),
                Person.email_confirmed_at.is_not(None),
                Person.merged_into_id.is_(None),
            )
        )
    }


def people_by_username(uow: UnitOfWork, names: Iterable[str], kind: str) -> dict[str, PersonView]:
    """Return persons by the name of an account of theirs, lower-cased; a name that several
    accounts of a kind have is missing."""
    found: dict[str, PersonView] = {}
    twice: set[str] = set()
    for chunk in _chunks({name.strip().lower() for name in names}):
        rows = uow.session.execute(
            sa.select(ExternalIdentity.username, Person)
            .join(Person, Person.id == ExternalIdentity.person_id)
            .where(
                sa.func.lower(ExternalIdentity.username).in_(chunk),
                ExternalIdentity.kind == kind,
            )
        )
        for username, row in rows:
            name = str(username).lower()
            if name in found and found[name].id != row.id:
                twice.add(name)
            found[name] = person_view(row)
    return {name: person for name, person in found.items() if name not in twice}


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(texts)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def people_by_id(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    """Return persons by id, in one query; unknown ids are missing."""
    rows = uow.session.scalars(sa.select(Person).where(Person.id.in_(set(ids))))
    return {row.id: person_view(row) for row in rows}


def context(uow: UnitOfWork, context_id: UUID) -> ContextView:
    row = uow.session.scalars(sa.select(Context).where(Context.id == context_id)).first()
    if row is None:
        raise NotFound("no_context", _("This page is not here."))
    return context_view(row)


def issuer_of(uow: UnitOfWork, context_id: UUID) -> str:
    """Where a context comes from outside: the address of a forum, the issuer of a platform."""
    return uow.session.get_one(Context, context_id).issuer


def context_by_handle(uow: UnitOfWork, handle: str) -> ContextView:
    row = uow.session.scalars(sa.select(Context).where(Context.handle == handle)).first()
    if row is None:
        raise NotFound("no_context", _("This page is not here."))
    return context_view(row)


def contexts(uow: UnitOfWork, ids: Iterable[UUID] | None = None) -> list[ContextView]:
    """Return the contexts of the community (or those of the given ids), by title."""
    query = sa.select(Context).order_by(Context.title, Context.id)
    if ids is not None:
        query = query.where(Context.id.in_(set(ids)))
    return [context_view(row) for row in uow.session.scalars(query)]


def members(uow: UnitOfWork, context_id: UUID, role: str | None = None) -> list[Member]:
    """Return who is in a context now, by name; ``opened`` tells whether they ever came to us."""
    query = (
        sa.select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.context_id == context_id, Membership.left_at.is_(None))
        .order_by(Person.display_name, Person.id)
    )
    if role is not None:
        query = query.where(Membership.role == role)
    return [
        Member(person_view(p), m.role, m.source, p.last_seen_at is not None)
        for m, p in uow.session.execute(query)
    ]


def memberships_of(uow: UnitOfWork, person_id: UUID) -> list[tuple[UUID, str]]:
    """Return (context id, role) of everything a person is in now."""
    query = sa.select(Membership.context_id, Membership.role).where(
        Membership.person_id == person_id, Membership.left_at.is_(None)
    )
    return [(context_id, role) for context_id, role in uow.session.execute(query)]


def rights_of(uow: UnitOfWork, person_id: UUID) -> frozenset[tuple[str, UUID | None]]:
    query = sa.select(StaffRight.right, StaffRight.context_id).where(
        StaffRight.person_id == person_id
    )
    return frozenset((right, where) for right, where in uow.session.execute(query))


def has_right(uow: UnitOfWork, person_id: UUID, right: str, context_id: UUID | None = None) -> bool:
    rights = rights_of(uow, person_id)
    return (right, None) in rights or (context_id is not None and (right, context_id) in rights)


def staff(uow: UnitOfWork, right: str, context_id: UUID | None = None) -> list[PersonView]:
    """Return who has a right in a context; those who have it everywhere are included."""
    where: list[sa.ColumnElement[bool]] = [StaffRight.context_id.is_(None)]
    if context_id is not None:
        where.append(StaffRight.context_id == context_id)
    query = (
        sa.select(Person)
        .join(StaffRight, StaffRight.person_id == Person.id)
        .where(StaffRight.right == right, sa.or_(*where))
        .order_by(Person.display_name, Person.id)
        .distinct()
    )
    return [person_view(row) for row in uow.session.scalars(query)]


def identity_of(uow: UnitOfWork, person_id: UUID, kind: str) -> Identity | None:
    """Return a person's account of a kind (the oldest, where there are several)."""
    row = uow.session.scalars(
        sa.select(ExternalIdentity)
        .where(ExternalIdentity.person_id == person_id, ExternalIdentity.kind == kind)
        .order_by(ExternalIdentity.id)
    ).first()
    return identity_view(row) if row else None


def identities_of(uow: UnitOfWork, person_id: UUID) -> list[Identity]:
    query = (
        sa.select(ExternalIdentity)
        .where(ExternalIdentity.person_id == person_id)
        .order_by(ExternalIdentity.id)
    )
    return [identity_view(row) for row in uow.session.scalars(query)]


def identities_by_person(uow: UnitOfWork, ids: Iterable[UUID], kind: str) -> dict[UUID, Identity]:
    """Return accounts of a kind by person id, in one query."""
    query = (
        sa.select(ExternalIdentity)
        .where(ExternalIdentity.person_id.in_(set(ids)), ExternalIdentity.kind == kind)
        .order_by(ExternalIdentity.id.desc())
    )
    return {
        row.person_id: identity_view(row)
        for row in uow.session.scalars(query)
        if row.person_id is not None
    }


def identity(uow: UnitOfWork, identity_id: UUID) -> Identity | None:
    row = uow.session.scalars(
        sa.select(ExternalIdentity).where(ExternalIdentity.id == identity_id)
    ).first()
    return identity_view(row) if row else None


def find_identity(uow: UnitOfWork, issuer: str, subject: str) -> Identity | None:
    """Return the account of that issuer and subject, if it was ever seen."""
    row = uow.session.scalars(
        sa.select(ExternalIdentity).where(
            ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject
        )
    ).first()
    return identity_view(row) if row else None


def relations(
    uow: UnitOfWork, kind: str, among: Sequence[UUID] | None = None
) -> list[tuple[UUID, UUID]]:
    """Return the (a, b) of a kind; with ``among`` only those where both are in it."""
    query = sa.select(Relation.a_id, Relation.b_id).where(Relation.kind == kind)
    if among is not None:
        query = query.where(Relation.a_id.in_(among), Relation.b_id.in_(among))
    return [(a, b) for a, b in uow.session.execute(query)]


def related(uow: UnitOfWork, kind: str, person_id: UUID) -> set[UUID]:
    """Return everybody who stands in a relation of a kind to this person, either way round."""
    query = sa.select(Relation.a_id, Relation.b_id).where(
        Relation.kind == kind, sa.or_(Relation.a_id == person_id, Relation.b_id == person_id)
    )
    return {b if a == person_id else a for a, b in uow.session.execute(query)}


# Kept among the things that people said yes to: a zone that they chose or confirmed themselves.
ZONE_SAID, ZONE_VERSION = "time_zone", "1"


def said_zone(uow: UnitOfWork, person_id: UUID) -> bool:
    """Whether somebody said their zone; otherwise it is a platform's or the community's."""
    return has_consented(uow, person_id, ZONE_SAID, ZONE_VERSION)


def has_consented(uow: UnitOfWork, person_id: UUID, kind: str, version: str) -> bool:
    query = sa.select(Consent.id).where(
        Consent.person_id == person_id,
        Consent.kind == kind,
        Consent.version == version,
        Consent.withdrawn_at.is_(None),
    )
    return uow.session.scalars(query).first() is not None
