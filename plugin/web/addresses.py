"""Which person a confirmed address signs in as, found without knowing the community."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.ids import hash_secret
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web.models import WebAddress


@dataclass(frozen=True)
class Known:
    """A person who has proved an address."""

    community_id: UUID
    person_id: UUID


def _hash(email: str) -> str:
    return hash_secret(email.strip().lower())


def remember(uow: UnitOfWork, email: str, person_id: UUID) -> None:
    """Keep that a person has proved this address (unique: address, person); older ones go."""
    uow.session.execute(
        sa.delete(WebAddress).where(
            WebAddress.person_id == person_id, WebAddress.address_hash != _hash(email)
        )
    )
    known = sa.select(WebAddress.id).where(
        WebAddress.person_id == person_id, WebAddress.address_hash == _hash(email)
    )
    if uow.session.scalars(known).first() is None:
        uow.session.add(
            WebAddress(
                address_hash=_hash(email),
                community_id=uow.community_id,
                person_id=person_id,
                confirmed_at=uow.now(),
            )
        )


def known_as(uow: UnitOfWork, email: str) -> list[Known]:
    """Return whom an address signs in as, newest first: one for each community they are in."""
    rows = uow.session.scalars(
        sa.select(WebAddress)
        .where(WebAddress.address_hash == _hash(email))
        .order_by(WebAddress.confirmed_at.desc(), WebAddress.id.desc())
    )
    return [Known(row.community_id, row.person_id) for row in rows]
