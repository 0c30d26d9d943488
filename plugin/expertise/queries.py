"""Selects of expertise into frozen read models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.expertise.models import ClaimedSkill, OptOut
from plugin.expertise.models import Contribution as ContributionRow
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


@dataclass(frozen=True)
class Contribution:
    """One act of help that can be looked at."""

    id: UUID
    identity_id: UUID
    kind: str
    source_url: str
    at: datetime
    tags: tuple[str, ...]


def view(row: ContributionRow) -> Contribution:
    """A row as others see it."""
    return Contribution(row.id, row.identity_id, row.kind, row.source_url, row.at, tuple(row.tags))


def contributions(
    uow: UnitOfWork, person_id: UUID, *, kind: str | None = None
) -> list[Contribution]:
    """What a person contributed under any linked account, newest first."""
    identities = [identity.id for identity in people.identities_of(uow, person_id)]
    return contributions_of_identities(uow, identities, kind=kind)


def contributions_of_identities(
    uow: UnitOfWork, identity_ids: Iterable[UUID], *, kind: str | None = None
) -> list[Contribution]:
    """What these accounts contributed and still stands, newest first."""
    query = (
        sa.select(ContributionRow)
        .where(
            ContributionRow.identity_id.in_(list(identity_ids)),
            ContributionRow.withdrawn_at.is_(None),
        )
        .order_by(ContributionRow.at.desc(), ContributionRow.id)
    )
    if kind is not None:
        query = query.where(ContributionRow.kind == kind)
    return [view(row) for row in uow.session.scalars(query)]


def contribution(uow: UnitOfWork, contribution_id: UUID) -> Contribution | None:
    """One contribution, also a withdrawn one."""
    row = uow.session.scalars(
        sa.select(ContributionRow).where(ContributionRow.id == contribution_id)
    ).first()
    return view(row) if row else None


def sources_under(uow: UnitOfWork, kind: str, prefix: str) -> frozenset[str]:
    """Sources of standing contributions whose URL begins like this (a topic's posts).

    Those that are held back stand, too: otherwise their topics would be read again and again.
    """
    rows = uow.session.scalars(
        sa.select(ContributionRow.source_url).where(
            ContributionRow.kind == kind,
            ContributionRow.source_url.startswith(prefix, autoescape=True),
            sa.or_(ContributionRow.withdrawn_at.is_(None), ContributionRow.held_back),
        )
    )
    return frozenset(rows)


def opted_out(uow: UnitOfWork, person_id: UUID | None) -> bool:
    """Whether somebody does not want to be counted; nobody known wants nothing."""
    if person_id is None:
        return False
    query = sa.select(OptOut.id).where(OptOut.person_id == person_id)
    return uow.session.scalars(query).first() is not None


def skills_of(uow: UnitOfWork, person_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Claimed skills by person, as typed, in the order of the words; one query for all."""
    rows = uow.session.scalars(
        sa.select(ClaimedSkill)
        .where(ClaimedSkill.person_id.in_(list(person_ids)))
        .order_by(ClaimedSkill.skill)
    )
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.label)
    return {person_id: tuple(labels) for person_id, labels in found.items()}


def people_who_claim(uow: UnitOfWork, skill: str) -> list[UUID]:
    """Persons who claim a normalised skill."""
    return list(
        uow.session.scalars(
            sa.select(ClaimedSkill.person_id)
            .where(ClaimedSkill.skill == skill)
            .order_by(ClaimedSkill.person_id)
        )
    )
