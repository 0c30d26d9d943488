"""Is this id_token from the platform that we asked, for us, now, and for this login?

Our own verifier (1EdTech Security Framework 1.0, section 5.1.3; OpenID Connect Core 3.1.3.7):
The signature is checked with a key object that we chose, everything is decided here against an
injected time. RS256 only (RFC 7518, 3.3: RSASSA-PKCS1-v1_5 with SHA-256); the key comes from the
registered key set by `kid`, never from the token's header. The three parts are read strictly (RFC
7515, 3.1: base64url without padding). PyLTI1p3 takes no part in this (lti/docs/decisions).
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, NewType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from lti.errors import BadMessage, LaunchRefused
from plugin.kernel.ids import hash_secret

ALGORITHM = "RS256"
LEEWAY = timedelta(seconds=60)
# Canvas tokens live one hour; anything older than that plus the leeway was kept by somebody.
MAX_AGE = timedelta(hours=1) + LEEWAY
MIN_KEY_BITS = 2048
MAX_TOKEN_CHARS = 65_536
MAX_ID_CHARS = 255

_REQUIRED = ("iss", "aud", "sub", "exp", "iat", "nonce")

VerifiedClaims = NewType("VerifiedClaims", dict[str, Any])


@dataclass(frozen=True)
class Expected:
    """What the login that this token answers was started for."""

    issuer: str
    client_id: str
    nonce_hash: str


def key_id(token: str) -> str:
    """The `kid` of a token that claims to be RS256. Nothing is verified yet."""
    if len(token) > MAX_TOKEN_CHARS or token.count(".") != 2:
        raise BadMessage("token_malformed")
    try:
        header = _json(_decoded(token.partition(".")[0]))
    except (ValueError, RecursionError) as error:
        raise BadMessage("token_malformed", detail=type(error).__name__) from error
    if not isinstance(header, dict):
        raise BadMessage("token_malformed", detail="header is no object")
    if header.get("alg") != ALGORITHM:
        raise LaunchRefused("token_algorithm")
    if header.get("crit"):
        raise LaunchRefused("token_header_critical")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_ID_CHARS:
        raise LaunchRefused("token_key_id_missing")
    return kid


def verify(token: str, key: RSAPublicKey, expected: Expected, now: datetime) -> VerifiedClaims:
    """The claims of a token whose signature, audience, times and nonce all hold, else a refusal."""
    claims = _signed_claims(token, key)
    for name in _REQUIRED:
        if claims.get(name) in (None, "", []):
            raise LaunchRefused("claim_missing", detail=name)
    if claims["iss"] != expected.issuer:
        raise LaunchRefused("issuer_mismatch")
    _check_audience(claims, expected.client_id)
    _check_times(claims, now)
    _check_subject(claims["sub"])
    _check_nonce(claims["nonce"], expected.nonce_hash)
    return VerifiedClaims(claims)


def verify_notice(
    token: str, key: RSAPublicKey, issuer: str, client_id: str, now: datetime
) -> VerifiedClaims:
    """The claims of a platform's notice (PNS 1.0): nobody's login, so no subject and no nonce of
    ours. Whoever acts on one must not mind its coming twice."""
    claims = _signed_claims(token, key)
    for name in ("iss", "aud", "exp", "iat"):
        if claims.get(name) in (None, "", []):
            raise LaunchRefused("claim_missing", detail=name)
    if claims["iss"] != issuer:
        raise LaunchRefused("issuer_mismatch")
    _check_audience(claims, client_id)
    _check_times(claims, now)
    return VerifiedClaims(claims)


def _signed_claims(token: str, key: RSAPublicKey) -> dict[str, Any]:
    if key.key_size < MIN_KEY_BITS:
        raise LaunchRefused("key_too_short", detail=f"{key.key_size} bits")
    signed, _dot, signature = token.rpartition(".")
    try:
        key.verify(_decoded(signature), signed.encode("ascii"), PKCS1v15(), SHA256())
        claims = _json(_decoded(signed.partition(".")[2]))
    except InvalidSignature as error:
        raise LaunchRefused("signature_invalid") from error
    except (ValueError, RecursionError) as error:
        raise BadMessage("token_malformed", detail=type(error).__name__) from error
    if not isinstance(claims, dict):
        raise BadMessage("token_malformed", detail="payload is no object")
    return claims


def _decoded(part: str) -> bytes:
    """The bytes of one part; ValueError for a character too many, padding or spare bits."""
    raw = part.encode("ascii")
    found = base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    if base64.urlsafe_b64encode(found).rstrip(b"=") != raw:
        raise ValueError("no base64url")
    return found


def _json(raw: bytes) -> Any:
    return json.loads(raw, object_pairs_hook=_unique, parse_constant=_no_constants)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A claim that stands twice means different things to different readers: refuse it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a claim stands twice")
    return found


def _no_constants(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"]
    several = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(one, str) for one in several) or client_id not in several:
        raise LaunchRefused("audience_mismatch")
    party = claims.get("azp")
    if party is None and len(several) > 1:
        raise LaunchRefused("authorized_party_missing")
    if party is not None and party != client_id:
        raise LaunchRefused("authorized_party_mismatch")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, issued = _number(claims, "exp"), _number(claims, "iat")
    if expires <= moment - leeway:
        raise LaunchRefused("token_expired", detail=f"{moment - expires:.0f} s ago")
    if issued > moment + leeway:
        raise LaunchRefused("token_from_the_future", detail=f"{issued - moment:.0f} s ahead")
    if issued < moment - MAX_AGE.total_seconds():
        raise LaunchRefused("token_too_old", detail=f"{moment - issued:.0f} s")
    if claims.get("nbf") is not None and _number(claims, "nbf") > moment + leeway:
        raise LaunchRefused("token_not_yet_valid")


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12:
        raise BadMessage("claim_malformed", detail=name)
    return float(value)


def is_storable(text: str) -> bool:
    """Whether databases take this text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _check_subject(subject: Any) -> None:
    if not isinstance(subject, str) or len(subject) > MAX_ID_CHARS or not is_storable(subject):
        raise BadMessage("claim_malformed", detail="sub")


def _check_nonce(nonce: Any, nonce_hash: str) -> None:
    ours = isinstance(nonce, str) and nonce.isascii()
    if not ours or not compare_digest(hash_secret(nonce), nonce_hash):
        raise LaunchRefused("nonce_mismatch")
