"""Selects about accounts outside, many at once."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import ExternalIdentity
from plugin.people.queries import Identity, identity_view


def linked_from(
    uow: UnitOfWork, issuer: str, *, after: UUID | None = None, limit: int = 50
) -> list[Identity]:
    """Return accounts of an issuer that are somebody's, by id; go on with ``after`` the last id."""
    query = (
        sa.select(ExternalIdentity)
        .where(ExternalIdentity.issuer == issuer, ExternalIdentity.person_id.is_not(None))
        .order_by(ExternalIdentity.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(ExternalIdentity.id > after)
    return [identity_view(row) for row in uow.session.scalars(query)]


def accounts_in(uow: UnitOfWork, issuer: str, ids: Iterable[UUID]) -> dict[UUID, Identity]:
    """Return the accounts of people in one place outside, by person id, in one query."""
    query = (
        sa.select(ExternalIdentity)
        .where(ExternalIdentity.person_id.in_(set(ids)), ExternalIdentity.issuer == issuer)
        .order_by(ExternalIdentity.id.desc())
    )
    return {
        row.person_id: identity_view(row)
        for row in uow.session.scalars(query)
        if row.person_id is not None
    }


def identities_by_id(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Identity]:
    """Return accounts by id, in one query; unknown ids are missing."""
    rows = uow.session.scalars(sa.select(ExternalIdentity).where(ExternalIdentity.id.in_(set(ids))))
    return {row.id: identity_view(row) for row in rows}
