"""The portfolio: a page of chosen credentials, reached by links that can be closed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import Credential, Portfolio, PortfolioItem, ShareLink
from plugin.credentials.services.holding import MOST_LINKS, close_links, count_open, new_link
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork


def portfolio_of(uow: UnitOfWork, person_id: UUID) -> Portfolio | None:
    return uow.session.scalars(sa.select(Portfolio).where(Portfolio.person_id == person_id)).first()


def chosen(uow: UnitOfWork, portfolio: Portfolio) -> Sequence[UUID]:
    """The credentials on the page, in their order."""
    return uow.session.scalars(
        sa.select(PortfolioItem.credential_id)
        .where(PortfolioItem.portfolio_id == portfolio.id)
        .order_by(PortfolioItem.position, PortfolioItem.id)
    ).all()


def arrange(
    uow: UnitOfWork,
    person_id: UUID,
    *,
    title: str,
    about: str,
    holder_name: str,
    handles: Sequence[str],
) -> Portfolio:
    """Say what stands on the page. Unique: the person. What is not theirs, taken back or put away
    is left out without a word; open links show the new page at once."""
    row = portfolio_of(uow, person_id)
    if row is None:
        row = Portfolio(person_id=person_id, created_at=uow.now())
        uow.session.add(row)
    row.title, row.about, row.holder_name = title, about, holder_name
    uow.session.flush()
    mine = {
        one.handle: one.id
        for one in uow.session.scalars(
            sa.select(Credential).where(
                Credential.person_id == person_id,
                Credential.handle.in_(handles),
                Credential.revoked_at.is_(None),
                Credential.put_away_at.is_(None),
            )
        )
    }
    wanted = [mine[handle] for handle in dict.fromkeys(handles) if handle in mine]
    uow.session.execute(sa.delete(PortfolioItem).where(PortfolioItem.portfolio_id == row.id))
    uow.session.add_all(
        PortfolioItem(portfolio_id=row.id, credential_id=one, position=number)
        for number, one in enumerate(wanted)
    )
    uow.session.flush()
    _follow(uow, row, wanted)
    return row


def open_link(uow: UnitOfWork, portfolio: Portfolio, *, label: str, days: int | None) -> ShareLink:
    """A link to the page, and one through it to each credential on it."""
    if count_open(uow, portfolio.person_id) >= MOST_LINKS:
        raise Conflict(
            "credentials.many_links", _("You have many open links. Close one of them first.")
        )
    row = new_link(uow, portfolio.person_id, label=label, days=days, portfolio_id=portfolio.id)
    for credential_id in chosen(uow, portfolio):
        _through(uow, row, credential_id)
    uow.audit("credentials.link.made", actor=portfolio.person_id, subject=f"link:{row.handle}")
    return row


def _follow(uow: UnitOfWork, portfolio: Portfolio, wanted: Sequence[UUID]) -> None:
    """Open links reach what is on the page now, and no longer what was taken off it."""
    parents = uow.session.scalars(
        sa.select(ShareLink).where(
            ShareLink.portfolio_id == portfolio.id, ShareLink.closed_at.is_(None)
        )
    ).all()
    ids = [row.id for row in parents]
    close_links(
        uow,
        sa.and_(ShareLink.parent_id.in_(ids), ShareLink.credential_id.not_in(wanted)),
    )
    there = {
        (row.parent_id, row.credential_id)
        for row in uow.session.scalars(
            sa.select(ShareLink).where(ShareLink.parent_id.in_(ids), ShareLink.closed_at.is_(None))
        )
    }
    for parent in parents:
        for credential_id in wanted:
            if (parent.id, credential_id) not in there:
                _through(uow, parent, credential_id)


def _through(uow: UnitOfWork, parent: ShareLink, credential_id: UUID) -> None:
    row = new_link(
        uow, parent.person_id, label="", credential_id=credential_id, parent_id=parent.id
    )
    row.expires_at = parent.expires_at
