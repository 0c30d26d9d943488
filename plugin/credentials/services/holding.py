"""What the holder decides: the name in the file, who may see it, and what lies in the drawer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import Credential, PortfolioItem, PublicAddress, ShareLink
from plugin.credentials.openbadges import HashedEmail
from plugin.credentials.services.issuers import publish_address
from plugin.credentials.services.issuing import add_edition
from plugin.kernel.crypto import Vault
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.ids import new_secret
from plugin.kernel.unit_of_work import UnitOfWork

MOST_LINKS = 20


@dataclass(frozen=True)
class Shows:
    """What a credential shows of its holder: a name or none, links to posts, and an address that
    readers can check and not read (None: none)."""

    name: str = ""
    links: bool = False
    email: str | None = None


def claim(uow: UnitOfWork, vault: Vault, credential: Credential, shows: Shows) -> None:
    """Take it: choose what the file shows. It stays private; signed again only if that changed."""
    changed = (credential.holder_name, credential.shows_links) != (shows.name, shows.links)
    changed = _bind(credential, shows.email) or changed
    credential.holder_name = shows.name
    credential.shows_links = shows.links
    credential.claimed_at = credential.claimed_at or uow.now()
    if changed:
        add_edition(uow, vault, credential)
        uow.audit(
            "credentials.credential.named",
            actor=credential.person_id,
            subject=f"credential:{credential.handle}",
            named=bool(shows.name),
            address=shows.email is not None,
        )


def _bind(credential: Credential, address: str | None) -> bool:
    """Tie it to an address by a salted hash (a salt of its own each time), or to none."""
    if address is None:
        bound = bool(credential.email_hash)
        credential.email_salt = credential.email_hash = ""
        return bound
    known = HashedEmail(salt=credential.email_salt, digest=credential.email_hash)
    if known.digest and known.fits(address):
        return False
    fresh = HashedEmail.of(address, new_secret()[:32])
    credential.email_salt, credential.email_hash = fresh.salt, fresh.digest
    return True


def move_address(uow: UnitOfWork, vault: Vault, person_id: UUID, address: str) -> int:
    """Sign again, under the same identifiers, every credential that names an older address of
    theirs; returns how many. The files from before are replaced by these."""
    rows = uow.session.scalars(
        sa.select(Credential).where(
            Credential.person_id == person_id,
            Credential.email_hash != "",
            Credential.revoked_at.is_(None),
        )
    ).all()
    moved = [row for row in rows if _bind(row, address)]
    for row in moved:
        add_edition(uow, vault, row)
    if moved:
        uow.audit(
            "credentials.address.moved", actor=person_id, subject="credentials", count=len(moved)
        )
    return len(moved)


def share(uow: UnitOfWork, vault: Vault, credential: Credential, shows: Shows) -> None:
    """Open the public page."""
    claim(uow, vault, credential, shows)
    credential.shared_at = credential.shared_at or uow.now()
    uow.audit(
        "credentials.credential.shared",
        actor=credential.person_id,
        subject=f"credential:{credential.handle}",
        named=bool(shows.name),
    )


def stop_sharing(uow: UnitOfWork, credential: Credential) -> None:
    """Close the public page. Copies that were taken stay valid; nothing new can be fetched."""
    credential.shared_at = None
    uow.audit(
        "credentials.credential.hidden",
        actor=credential.person_id,
        subject=f"credential:{credential.handle}",
    )


def put_away(uow: UnitOfWork, credential: Credential, *, away: bool) -> None:
    """Into the drawer, or out of it: put away, it stands on no list and on no shared page."""
    credential.put_away_at = uow.now() if away else None
    if not away:
        return
    uow.session.execute(
        sa.delete(PortfolioItem).where(PortfolioItem.credential_id == credential.id)
    )
    credential.shared_at = None
    close_links(uow, ShareLink.credential_id == credential.id)


def make_link(
    uow: UnitOfWork, person_id: UUID, *, label: str, days: int | None, credential: Credential
) -> ShareLink:
    """A link for one reader; raises Conflict when there are too many open ones."""
    if count_open(uow, person_id) >= MOST_LINKS:
        raise Conflict(
            "credentials.many_links", _("You have many open links. Close one of them first.")
        )
    row = new_link(uow, person_id, label=label, days=days, credential_id=credential.id)
    uow.audit(
        "credentials.link.made",
        actor=person_id,
        subject=f"credential:{credential.handle}",
        days=days,
    )
    return row


def new_link(
    uow: UnitOfWork,
    person_id: UUID,
    *,
    label: str,
    days: int | None = None,
    credential_id: UUID | None = None,
    portfolio_id: UUID | None = None,
    parent_id: UUID | None = None,
) -> ShareLink:
    """A row and its public address: a credential's link opens where its page would."""
    row = ShareLink(
        handle=uow.new_handle(),
        person_id=person_id,
        credential_id=credential_id,
        portfolio_id=portfolio_id,
        parent_id=parent_id,
        label=label,
        expires_at=uow.now() + timedelta(days=days) if days else None,
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    publish_address(uow, row.handle, "portfolio" if portfolio_id else "credential")
    return row


def count_open(uow: UnitOfWork, person_id: UUID) -> int:
    found = uow.session.scalar(
        sa.select(sa.func.count(ShareLink.id)).where(
            ShareLink.person_id == person_id,
            ShareLink.closed_at.is_(None),
            ShareLink.parent_id.is_(None),
            sa.or_(ShareLink.expires_at.is_(None), ShareLink.expires_at > uow.now()),
        )
    )
    return found or 0


def close_link(uow: UnitOfWork, row: ShareLink) -> None:
    """Close it for good, with the links that were made through it."""
    close_links(uow, sa.or_(ShareLink.id == row.id, ShareLink.parent_id == row.id))
    uow.audit("credentials.link.closed", actor=row.person_id, subject=f"link:{row.handle}")


def close_links(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> None:
    """Close links; their addresses lead nowhere from this commit on."""
    rows = uow.session.scalars(
        sa.select(ShareLink).where(which, ShareLink.closed_at.is_(None))
    ).all()
    for row in rows:
        row.closed_at = uow.now()
    uow.session.execute(
        sa.delete(PublicAddress).where(PublicAddress.handle.in_([row.handle for row in rows]))
    )
    uow.session.flush()
