"""HMAC-SHA256 as Discourse uses it: over the raw webhook body, and over the sso text."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode


def hex_hmac(secret: str, data: bytes) -> str:
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def event_signature(secret: str, body: bytes) -> str:
    return "sha256=" + hex_hmac(secret, body)


def sso_pack(values: dict[str, str], secret: str) -> dict[str, str]:
    """The two query parameters: strict base64 without newlines, signed before URL encoding."""
    sso = base64.b64encode(urlencode(values).encode()).decode()
    return {"sso": sso, "sig": hex_hmac(secret, sso.encode())}


def sso_read(sso: str) -> dict[str, str]:
    """The values inside; raises ValueError for what is not base64 of a query string."""
    return dict(parse_qsl(base64.b64decode(sso, validate=True).decode(), keep_blank_values=True))


def sso_verified(sso: str, sig: str, secret: str) -> bool:
    return hmac.compare_digest(hex_hmac(secret, sso.encode()), sig)
