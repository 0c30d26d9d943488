"""The keys of an issuer: sealed in the database, several live, none ever dropped.

A key that leaves the DID document kills everything that it signed, so keys are only added; an
older one is retired and stays published.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import did, proofs, vc_jwt
from plugin.credentials.models import Issuer, IssuerKey, JwtKey
from plugin.credentials.multikey import SigningKey, VerifyingKey
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Seal:
    """What an issuer signs with right now."""

    issuer: Issuer
    key_id: UUID
    signer: proofs.Signer


def add_key(uow: UnitOfWork, vault: Vault, issuer: Issuer) -> IssuerKey:
    """A fresh Ed25519 key that signs from now on."""
    uow.session.execute(
        sa.update(IssuerKey)
        .where(IssuerKey.issuer_id == issuer.id, IssuerKey.retired_at.is_(None))
        .values(retired_at=uow.now())
    )
    key = SigningKey.generate()
    row = IssuerKey(
        issuer_id=issuer.id,
        multibase=key.public.multibase,
        sealed_seed=vault.seal(key.seed),
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.audit("credentials.key.added", actor=None, subject=f"issuer:{issuer.handle}")
    return row


def add_jwt_key(
    uow: UnitOfWork, vault: Vault, issuer: Issuer, algorithm: str = vc_jwt.DEFAULT
) -> JwtKey:
    """A fresh key of the JWT form. Raises KeyMalformed for an algorithm that is not ours."""
    key = vc_jwt.generate(algorithm)
    uow.session.execute(
        sa.update(JwtKey)
        .where(
            JwtKey.issuer_id == issuer.id,
            JwtKey.algorithm == algorithm,
            JwtKey.retired_at.is_(None),
        )
        .values(retired_at=uow.now())
    )
    jwk = vc_jwt.public_jwk(key)
    row = JwtKey(
        issuer_id=issuer.id,
        algorithm=algorithm,
        thumbprint=vc_jwt.thumbprint(jwk),
        public_jwk=jwk,
        sealed_key=vault.seal(vc_jwt.to_bytes(key)),
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.audit(
        "credentials.key.added",
        actor=None,
        subject=f"issuer:{issuer.handle}",
        algorithm=algorithm,
    )
    return row


def seal_of(uow: UnitOfWork, vault: Vault, issuer: Issuer) -> Seal:
    """The issuer with its newest key, opened for signing."""
    row = uow.session.scalars(
        sa.select(IssuerKey)
        .where(IssuerKey.issuer_id == issuer.id, IssuerKey.retired_at.is_(None))
        .order_by(IssuerKey.id.desc())
    ).one()
    key = SigningKey.from_seed(vault.open(row.sealed_seed))
    return Seal(issuer, row.id, proofs.Signer(key, did.verification_method(issuer.did, key.public)))


def has_jwt_key(uow: UnitOfWork, issuer: Issuer, algorithm: str) -> bool:
    return _live_jwt_key(uow, issuer, algorithm) is not None


def jwt_signer(uow: UnitOfWork, vault: Vault, issuer: Issuer, algorithm: str) -> vc_jwt.JwtSigner:
    """What the issuer signs JWTs with. Its key is made when it is first needed, which takes a
    writing unit of work; `has_jwt_key` says whether it is there."""
    row = _live_jwt_key(uow, issuer, algorithm) or add_jwt_key(uow, vault, issuer, algorithm)
    key = vc_jwt.from_bytes(vault.open(row.sealed_key))
    return vc_jwt.JwtSigner(key, algorithm, did.jwt_method(issuer.did, row.thumbprint))


def published_keys(uow: UnitOfWork, issuer: Issuer) -> list[VerifyingKey]:
    """Every Ed25519 key that ever signed, oldest first."""
    rows = uow.session.scalars(
        sa.select(IssuerKey.multibase)
        .where(IssuerKey.issuer_id == issuer.id)
        .order_by(IssuerKey.id)
    )
    return [VerifyingKey.from_multibase(text) for text in rows]


def published_jwks(uow: UnitOfWork, issuer: Issuer) -> dict[str, dict[str, str]]:
    """Every key of the JWT form by its thumbprint, oldest first."""
    rows = uow.session.execute(
        sa.select(JwtKey.thumbprint, JwtKey.public_jwk)
        .where(JwtKey.issuer_id == issuer.id)
        .order_by(JwtKey.id)
    )
    return {thumbprint: dict(jwk) for thumbprint, jwk in rows}


def _live_jwt_key(uow: UnitOfWork, issuer: Issuer, algorithm: str) -> JwtKey | None:
    return uow.session.scalars(
        sa.select(JwtKey)
        .where(
            JwtKey.issuer_id == issuer.id,
            JwtKey.algorithm == algorithm,
            JwtKey.retired_at.is_(None),
        )
        .order_by(JwtKey.id.desc())
    ).first()
