"""did:web, one identifier per issuer (W3C CCG did:web method; DID Core 1.0).

The identifier names the host on which the issuer was created. It never changes afterwards: every
credential says it, so a community that moves keeps serving its document under the old host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from plugin.credentials.errors import CredentialError
from plugin.credentials.multikey import VerifyingKey

CONTEXTS = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~@!$&'()*+,;=-]{1,200}")


def did_web(base_url: str, *path: str) -> str:
    """`https://host:8443` and ("issuers", "h") give `did:web:host%3A8443:issuers:h`."""
    host = urlsplit(base_url).netloc.lower()
    if not host or "@" in host:
        raise CredentialError(f"{base_url!r} names no host for an issuer")
    return ":".join(("did", "web", quote(host, safe=""), *(quote(part, safe="") for part in path)))


def verification_method(did: str, key: VerifyingKey) -> str:
    """The address of one key. Its fragment is the key itself, so it can never mean another one."""
    return f"{did}#{key.multibase}"


def jwt_method(did: str, thumbprint: str) -> str:
    """The address of a key of the JWT form; its fragment is the key's thumbprint (RFC 7638)."""
    return f"{did}#{thumbprint}"


def location(did: str) -> str:
    """The address of the document behind a did:web identifier; raises CredentialError."""
    parts = did.split(":")
    if parts[:2] != ["did", "web"] or not all(parts[2:]) or len(parts) < 3:
        raise CredentialError(f"{did!r} is no did:web identifier")
    host, *path = (unquote(part) for part in parts[2:])
    if not _HOST.fullmatch(host) or not all(_SEGMENT.fullmatch(part) for part in path):
        raise CredentialError(f"{did!r} names no host and path that we would ask")
    return f"https://{host}/" + "/".join([*path] or [".well-known"]) + "/did.json"


def did_document(
    did: str, keys: Sequence[VerifyingKey], jwks: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """The document behind the identifier, with every key that ever signed: Ed25519 keys as
    Multikey, keys of the JWT form (`jwks`, by thumbprint) as JsonWebKey.

    A key that is left out invalidates all credentials it signed. `assertionMethod` holds plain
    strings: 1EdTech's validator reads nothing else there.
    """
    addresses = [verification_method(did, key) for key in keys]
    others = {jwt_method(did, name): jwk for name, jwk in (jwks or {}).items()}
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": [
            {
                "id": address,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key.multibase,
            }
            for address, key in zip(addresses, keys, strict=True)
        ]
        + [
            {"id": address, "type": "JsonWebKey", "controller": did, "publicKeyJwk": dict(jwk)}
            for address, jwk in others.items()
        ],
        "assertionMethod": [*addresses, *others],
    }
