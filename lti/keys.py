"""Our signing keys: RSA pairs, sealed at rest, several of them live.

A platform reads our key set when it likes and keeps it for a while. So a new key is published an
hour before anything is signed with it, and a key that signs no longer stays published for a week.
However often somebody rotates, what signs is a key that was published in time. Only a key that was
stolen leaves at once (``replace_stolen``).
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lti.models import ToolKey
from lti.verification import ALGORITHM
from plugin.kernel.crypto import Vault
from plugin.kernel.ids import new_handle
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork

KEY_BITS = 2048
PUBLISHED_FIRST = timedelta(hours=1)
STAYS_PUBLISHED = timedelta(days=7)


@dataclass(frozen=True)
class SigningKey:
    """The key to sign with now."""

    kid: str
    private: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, claims: dict[str, Any]) -> str:
        """Claims as a signed JWT whose header names the key."""
        return jwt.encode(claims, self.private, algorithm=ALGORITHM, headers={"kid": self.kid})


def ensure_key(services: Services) -> None:
    """Make the first key. Two processes may both do so: both keys are good then."""
    with services.units.system_reading() as uow:
        if _live(uow):
            return
    _add_key(services)


def rotate(services: Services) -> str:
    """Add a key that signs in an hour; what it replaces is published for a week more.

    Its id is answered. While a new key rests already, that one is answered and none is made.
    """
    ensure_key(services)
    with services.units.system_reading() as uow:
        newest = _live(uow)[0]
        if newest.created_at > uow.now() - PUBLISHED_FIRST and len(_live(uow)) > 1:
            return newest.kid
    return _add_key(services, retire=True)


def replace_stolen(services: Services) -> str:
    """Add a key that signs at once and publish no other: for the day on which one was stolen."""
    ensure_key(services)
    kid = _add_key(services)
    with services.units.system() as uow:
        for key in uow.session.scalars(sa.select(ToolKey).where(ToolKey.kid != kid)):
            key.retired_at = uow.now() - STAYS_PUBLISHED
            key.sealed_private_key = ""
        uow.audit("lti.key.stolen", actor=None, subject=f"key:{kid}")
        uow.commit()
    return kid


def public_key_set(services: Services) -> dict[str, Any]:
    """The JWKS document: every live key with `alg` and `use` (Moodle 4.3 fails without `alg`)."""
    ensure_key(services)
    with services.units.system_reading() as uow:
        return {"keys": [key.public_jwk for key in _published(uow)]}


def live_key_ages(services: Services) -> list[timedelta]:
    """How old each live key is, newest first; for the doctor."""
    with services.units.system_reading() as uow:
        return [uow.now() - key.created_at for key in _live(uow)]


def signing_key(services: Services) -> SigningKey:
    """The newest key that platforms have had time to read, else the oldest."""
    ensure_key(services)
    with services.units.system_reading() as uow:
        live = _live(uow)
        read = [key for key in live if key.created_at <= uow.now() - PUBLISHED_FIRST]
        chosen = read[0] if read else live[-1]
    return SigningKey(chosen.kid, _opened(services.vault, chosen))


def _live(uow: UnitOfWork) -> list[ToolKey]:
    query = sa.select(ToolKey).where(ToolKey.retired_at.is_(None))
    return list(uow.session.scalars(query.order_by(ToolKey.created_at.desc(), ToolKey.kid)))


def _published(uow: UnitOfWork) -> list[ToolKey]:
    query = sa.select(ToolKey).where(
        sa.or_(ToolKey.retired_at.is_(None), ToolKey.retired_at > uow.now() - STAYS_PUBLISHED)
    )
    return list(uow.session.scalars(query.order_by(ToolKey.created_at.desc(), ToolKey.kid)))


def forget_old(services: Services) -> None:
    """Remove keys that are no longer published; their private halves go with them."""
    with services.units.system() as uow:
        uow.session.execute(
            sa.delete(ToolKey).where(ToolKey.retired_at <= uow.now() - STAYS_PUBLISHED)
        )
        uow.commit()


def _add_key(services: Services, *, retire: bool = False) -> str:
    kid, pair = new_handle(), rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(pair.public_key()))
    public = {name: jwk[name] for name in ("kty", "n", "e")}
    private = pair.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with services.units.system() as uow:
        if retire:
            # what signs now goes on signing until the new key was published long enough
            rested = [k for k in _live(uow) if k.created_at <= uow.now() - PUBLISHED_FIRST]
            for old in rested[1:]:
                old.retired_at = uow.now()
        uow.session.add(
            ToolKey(
                kid=kid,
                sealed_private_key=services.vault.seal(private),
                public_jwk={**public, "kid": kid, "alg": ALGORITHM, "use": "sig"},
                created_at=uow.now(),
            )
        )
        uow.audit("lti.key.added", actor=None, subject=f"key:{kid}")
        uow.commit()
    return kid


def _opened(vault: Vault, key: ToolKey) -> rsa.RSAPrivateKey:
    loaded = serialization.load_der_private_key(vault.open(key.sealed_private_key), password=None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise TypeError("a tool key is an RSA key")
    return loaded
