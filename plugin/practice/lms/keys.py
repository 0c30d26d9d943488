"""The platform's RS256 keys: made at the first use, kept in the store, rotated on request."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from plugin.practice.lms.store import Db, Store

KEY_BITS = 2048


def signing_key(store: Store) -> tuple[str, str]:
    """Key id and private PEM of the newest published key."""
    with store.reading() as db:
        row = _newest(db)
    if row is not None:
        return row
    _add_key(store, only_if_none=True)
    return signing_key(store)


def rotate(store: Store, *, drop_old: bool = False) -> str:
    """Sign with a new key from now on; the old ones stay in the key set unless dropped."""
    kid = _add_key(store, only_if_none=False)
    if drop_old:
        with store.writing() as db:
            db.execute("UPDATE platform_key SET published = 0 WHERE kid <> ?", (kid,))
    return kid


def key_set(store: Store) -> dict[str, Any]:
    signing_key(store)
    with store.reading() as db:
        rows = db.execute(
            "SELECT kid, private_pem FROM platform_key WHERE published = 1 ORDER BY created, rowid"
        ).fetchall()
    return {"keys": [_public_jwk(row["kid"], row["private_pem"]) for row in rows]}


def sign(store: Store, claims: dict[str, Any]) -> str:
    kid, pem = signing_key(store)
    return jwt.encode(claims, _private(pem), algorithm="RS256", headers={"kid": kid})


def _newest(db: Db) -> tuple[str, str] | None:
    row = db.execute(
        "SELECT kid, private_pem FROM platform_key WHERE published = 1"
        " ORDER BY created DESC, rowid DESC LIMIT 1"
    ).fetchone()
    return (row["kid"], row["private_pem"]) if row else None


def _add_key(store: Store, *, only_if_none: bool) -> str:
    kid = secrets.token_hex(10)
    pem = (
        rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )
    with store.writing() as db:
        if not (only_if_none and _newest(db)):
            db.execute(
                "INSERT INTO platform_key (kid, private_pem, created) VALUES (?, ?, ?)",
                (kid, pem, store.clock.timestamp()),
            )
    return kid


@lru_cache(maxsize=32)
def _private(pem: str) -> rsa.RSAPrivateKey:
    """The key of a PEM; reading one checks its primes, which takes longer than signing."""
    private = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("the platform signs with RSA keys only")
    return private


def _public_jwk(kid: str, pem: str) -> dict[str, Any]:
    public = RSAAlgorithm.to_jwk(_private(pem).public_key(), as_dict=True)
    public.pop("key_ops", None)
    return {**public, "alg": "RS256", "kid": kid, "use": "sig"}
