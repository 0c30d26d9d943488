"""Who signs, with which keys, and the signed lists of what no longer counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed

HANDLE = sa.String(64)
COMMUNITY = "community"


class Issuer(Tenant, Timed, Base):
    """Who signs: the community, or a person who endorses with an own key. `base_url` and `did` keep
    the host of the day it was created. `signs_for` is `community`, or the id of the person; an
    erased person's row stays without `person_id`, because what they signed names its `did`."""

    __tablename__ = "credentials_issuer"
    __table_args__ = (sa.UniqueConstraint("community_id", "signs_for"),)

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    signs_for: Mapped[str] = mapped_column(sa.String(40), default=COMMUNITY)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    base_url: Mapped[str] = mapped_column(sa.String(300))
    did: Mapped[str] = mapped_column(sa.String(400), unique=True)


class IssuerKey(Tenant, Timed, Base):
    """An Ed25519 key, its seed sealed. A retired key signs no more and stays published forever."""

    __tablename__ = "credentials_issuer_key"

    issuer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_issuer.id"), index=True)
    multibase: Mapped[str] = mapped_column(sa.String(80), unique=True)
    sealed_seed: Mapped[str] = mapped_column(sa.Text)
    retired_at: Mapped[datetime | None]


class JwtKey(Tenant, Timed, Base):
    """A key for the JWT form (ES256 or RS256), named by its JWK thumbprint (RFC 7638). It stands in
    the same DID document as the Ed25519 keys and, like them, stays there for good."""

    __tablename__ = "credentials_jwt_key"

    issuer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_issuer.id"), index=True)
    algorithm: Mapped[str] = mapped_column(sa.String(10))
    thumbprint: Mapped[str] = mapped_column(sa.String(80), unique=True)
    public_jwk: Mapped[dict[str, Any]]
    sealed_key: Mapped[str] = mapped_column(sa.Text)
    retired_at: Mapped[datetime | None]


class StatusList(Tenant, Timed, Base):
    """One signed list of bits; the bits are those of its revoked (or suspended) credentials.

    A list of suspensions has the places of the list of revocations that it goes with: `pair_id`.
    """

    __tablename__ = "credentials_status_list"

    issuer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_issuer.id"), index=True)
    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    pair_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("credentials_status_list.id"), unique=True
    )
    signed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    signed_at: Mapped[datetime]


class SpentPlace(Tenant, Base):
    """A place in a status list whose credential was erased: never given to another, and revoked
    for good if that credential was. It names nobody."""

    __tablename__ = "credentials_spent_place"
    __table_args__ = (sa.UniqueConstraint("status_list_id", "status_index"),)

    status_list_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_status_list.id"))
    status_index: Mapped[int]
    revoked: Mapped[bool]
