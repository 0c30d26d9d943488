"""Who signs: the community's issuer, and persons who endorse with a key of their own."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import did, openbadges
from plugin.credentials.models import COMMUNITY, Issuer, PublicAddress
from plugin.credentials.services import keys, status_lists
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork


def publish_address(uow: UnitOfWork, handle: str, kind: str) -> None:
    """Let a public page find the community of this handle."""
    uow.session.add(PublicAddress(handle=handle, kind=kind, community_id=uow.community_id))


def community_issuer(uow: UnitOfWork) -> Issuer | None:
    return uow.session.scalars(sa.select(Issuer).where(Issuer.signs_for == COMMUNITY)).first()


def ensure_issuer(uow: UnitOfWork, vault: Vault, *, name: str, base_url: str) -> Issuer:
    """The community's issuer, made at its first credential. Unique: one issuer for a community.

    Its host is the public address of that day and stays, because every credential names it.
    """
    known = community_issuer(uow)
    if known is not None:
        known.name = name  # a community may be renamed; what was signed keeps the older name
        return known
    issuer = _make(uow, vault, signs_for=COMMUNITY, name=name, base_url=base_url)
    keys.add_jwt_key(uow, vault, issuer)
    status_lists.open_pair(uow, vault, issuer)
    return issuer


def ensure_endorser(
    uow: UnitOfWork, vault: Vault, person_id: UUID, *, name: str, base_url: str
) -> Issuer:
    """The identity under which a person endorses, with a key of their own. Unique: the person.

    `name` is what the endorsement shows: the person decides, and it may be what they do rather
    than what they are called. The identifier says nothing about them.
    """
    known = uow.session.scalars(
        sa.select(Issuer).where(Issuer.person_id == person_id).order_by(Issuer.id)
    ).first()
    if known is not None:
        known.name = name
        return known
    return _make(
        uow,
        vault,
        signs_for=str(person_id),
        name=name,
        base_url=base_url,
        person_id=person_id,
    )


def profile(issuer: Issuer) -> openbadges.Profile:
    return openbadges.Profile(did=issuer.did, name=issuer.name, url=issuer.base_url)


def _make(
    uow: UnitOfWork,
    vault: Vault,
    *,
    signs_for: str,
    name: str,
    base_url: str,
    person_id: UUID | None = None,
) -> Issuer:
    handle = uow.new_handle()
    issuer = Issuer(
        handle=handle,
        signs_for=signs_for,
        person_id=person_id,
        name=name,
        base_url=base_url.rstrip("/"),
        did=did.did_web(base_url, "issuers", handle),
        created_at=uow.now(),
    )
    uow.session.add(issuer)
    uow.session.flush()
    publish_address(uow, handle, "issuer")
    keys.add_key(uow, vault, issuer)
    return issuer
