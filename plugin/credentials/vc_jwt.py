"""The JWT form of a credential: a compact JWS (Open Badges 3.0 section 8.2; RFC 7515, 7519).

ES256 is the default and RS256 the other one: 1EdTech's validator reads these two. The header holds
`alg`, `kid` and `typ` and nothing else; `kid` is an address in the issuer's DID document, because
a key that comes in the header proves nothing about the issuer.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from plugin.credentials.errors import CredentialError, KeyMalformed, ProofInvalid
from plugin.credentials.jsonld import Json

DEFAULT, RSA = "ES256", "RS256"
ALGORITHMS = (DEFAULT, RSA)
_HEADER = {"alg", "kid", "typ"}
_THUMBPRINT = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
# What a claim of the token has to equal in the credential.
_SAME = (("iss", "issuer"), ("jti", "id"), ("sub", "subject"))

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class JwtSigner:
    """A private key with its algorithm and the address of its public half."""

    key: Private
    algorithm: str
    kid: str


def generate(algorithm: str) -> Private:
    """A fresh key of the algorithm's kind."""
    if algorithm == DEFAULT:
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    raise KeyMalformed(f"{algorithm} is not one of {', '.join(ALGORITHMS)}")


def to_bytes(key: Private) -> bytes:
    """The private key as PKCS #8 DER, for sealing."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def from_bytes(data: bytes) -> Private:
    key = serialization.load_der_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyMalformed("not a key for the JWT form")
    return key


def public_jwk(key: Private) -> dict[str, str]:
    """The public half as a JSON Web Key (RFC 7517) that names its algorithm."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        found = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {name: str(found[name]) for name in ("kty", "crv", "x", "y")} | {"alg": DEFAULT}
    found = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: str(found[name]) for name in ("kty", "n", "e")} | {"alg": RSA}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638: the digest of the required members in order, base64url without padding."""
    members = {name: jwk[name] for name in _THUMBPRINT[jwk["kty"]]}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def sign(document: Json, signer: JwtSigner) -> str:
    """The credential as a compact JWS; its own members are the payload (VCDM 2.0)."""
    claims = {
        **{name: value for name, value in document.items() if name != "proof"},
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
        "sub": document["credentialSubject"]["id"],
    }
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    headers = {"kid": signer.kid, "typ": "JWT"}
    return jwt.encode(claims, signer.key, algorithm=signer.algorithm, headers=headers)


def read(token: str) -> tuple[dict[str, Any], Json]:
    """Header and payload, not yet believed. Raises ProofInvalid for what is no such token."""
    try:
        whole = jwt.api_jws.decode_complete(token, options={"verify_signature": False})
        payload = json.loads(whole["payload"])
    except (jwt.PyJWTError, ValueError, RecursionError) as problem:
        raise ProofInvalid("this is no JWT that we can read") from problem
    if not isinstance(payload, dict):
        raise ProofInvalid("the JWT holds no credential")
    return dict(whole["header"]), payload


def verify(token: str, keys: Mapping[str, Mapping[str, Any]]) -> Json:
    """The credential inside, when one of `keys` (public JWKs by their address) signed it.

    The key decides which algorithm is possible, never the token: a token that says otherwise is
    refused (RFC 8725, section 3.1). Raises ProofInvalid; the message says which check failed.
    """
    header, payload = read(token)
    if not set(header) <= _HEADER or header.get("typ", "JWT") != "JWT":
        raise ProofInvalid("the JWT has a header that Open Badges 3.0 does not allow")
    kid = header.get("kid")
    jwk = keys.get(kid) if isinstance(kid, str) else None
    if jwk is None:
        raise ProofInvalid("the proof names a key that the issuer does not publish")
    credential = credential_in(payload)
    if str(kid).partition("#")[0] != _issuer(credential):
        raise ProofInvalid("the proof was made by somebody else than the issuer")
    algorithm = _algorithm(jwk)
    if header["alg"] != algorithm:
        raise ProofInvalid("the JWT names another algorithm than its key is for")
    try:
        jwt.api_jws.decode(token, jwt.PyJWK.from_dict(_bare(jwk), algorithm).key, [algorithm])
    except (jwt.PyJWTError, ValueError) as problem:
        raise ProofInvalid("the content was changed after it was signed") from problem
    _agree(payload, credential)
    return credential


def _algorithm(jwk: Mapping[str, Any]) -> str:
    if (jwk.get("kty"), jwk.get("crv")) == ("EC", "P-256"):
        return DEFAULT
    if jwk.get("kty") == "RSA":
        return RSA
    raise ProofInvalid("the proof is of a kind that we do not read")


def _bare(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """Only the public members: a private or symmetric part in a document is not taken over."""
    return {name: jwk[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in jwk}


def credential_in(payload: Json) -> Json:
    """VCDM 2.0 keeps the credential at the top of the payload, 1.1 in the claim `vc`."""
    inner = payload.get("vc", payload)
    if not isinstance(inner, dict):
        raise ProofInvalid("the JWT holds no credential")
    registered = {"iss", "jti", "nbf", "sub", "exp", "iat", "aud"}
    return {name: value for name, value in inner.items() if name not in registered}


def _issuer(credential: Mapping[str, Any]) -> object:
    issuer = credential.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _agree(payload: Json, credential: Json) -> None:
    """The claims for JWT readers say the same as the credential for everybody else."""
    subject = credential.get("credentialSubject")
    meant = {
        "issuer": _issuer(credential),
        "id": credential.get("id"),
        "subject": subject.get("id") if isinstance(subject, dict) else None,
    }
    for claim, member in _SAME:
        if claim in payload and payload[claim] != meant[member]:
            raise ProofInvalid(f"the JWT says one {claim} and its credential another")
    for claim, member in (("nbf", "validFrom"), ("exp", "validUntil")):
        if (claim in payload) and payload[claim] != _instant(credential.get(member)):
            raise ProofInvalid(f"the JWT says one {claim} and its credential another")


def _instant(text: object) -> int | None:
    try:
        return _seconds(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _seconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise CredentialError("a date in a credential carries a zone")
    return int(moment.timestamp())
