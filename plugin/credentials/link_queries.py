"""Selects over links: what a reader may open, what its owner sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import queries
from plugin.credentials.models import Credential, Portfolio, PortfolioItem, ShareLink
from plugin.credentials.queries import CredentialView
from plugin.kernel.unit_of_work import UnitOfWork


def _lives(uow: UnitOfWork) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ShareLink.closed_at.is_(None),
        sa.or_(ShareLink.expires_at.is_(None), ShareLink.expires_at > uow.now()),
    )


def live_link(uow: UnitOfWork, handle: str) -> ShareLink | None:
    """The link of that handle while it is open."""
    return uow.session.scalars(
        sa.select(ShareLink).where(ShareLink.handle == handle, *_lives(uow))
    ).first()


def credential_by_link(uow: UnitOfWork, handle: str) -> CredentialView | None:
    """The credential behind an open link, under the link's own handle: every address made from it
    is closed with the link."""
    link = live_link(uow, handle)
    if link is None or link.credential_id is None:
        return None
    own = uow.session.scalar(
        sa.select(Credential.handle).where(
            Credential.id == link.credential_id, Credential.person_id == link.person_id
        )
    )
    found = queries.credential(uow, own) if own else None
    return replace(found, handle=handle, shared=True) if found else None


def portfolio_by_link(
    uow: UnitOfWork, handle: str
) -> tuple[Portfolio, list[CredentialView]] | None:
    """The portfolio behind an open link, its credentials under the handles of their own links."""
    link = live_link(uow, handle)
    if link is None or link.portfolio_id is None:
        return None
    row = uow.session.get_one(Portfolio, link.portfolio_id)
    through = {
        child.credential_id: child.handle
        for child in uow.session.scalars(
            sa.select(ShareLink).where(ShareLink.parent_id == link.id, *_lives(uow))
        )
    }
    order = uow.session.scalars(
        sa.select(PortfolioItem.credential_id)
        .where(PortfolioItem.portfolio_id == row.id)
        .order_by(PortfolioItem.position, PortfolioItem.id)
    ).all()
    known = {one.id: one for one in queries.credentials_of(uow, row.person_id)}
    return row, [
        replace(known[one], handle=through[one]) for one in order if one in known and one in through
    ]


def links_of(
    uow: UnitOfWork, person_id: UUID, *, credential_id: UUID | None = None
) -> Sequence[ShareLink]:
    """The open links that somebody made: to one credential, or to their portfolio."""
    query = sa.select(ShareLink).where(
        ShareLink.person_id == person_id, ShareLink.parent_id.is_(None), *_lives(uow)
    )
    if credential_id is not None:
        query = query.where(ShareLink.credential_id == credential_id)
    else:
        query = query.where(ShareLink.portfolio_id.is_not(None))
    return uow.session.scalars(query.order_by(ShareLink.id.desc())).all()


def link_row(uow: UnitOfWork, handle: str) -> ShareLink | None:
    return uow.session.scalars(sa.select(ShareLink).where(ShareLink.handle == handle)).first()
