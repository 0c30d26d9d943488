"""X-Discourse-Event-Signature: HMAC-SHA256 over the raw body, compared in constant time.

Discourse signs the body only and leaves the header out when its hook has no secret, so a missing
header is a refusal and a blank secret is never accepted. Two secrets may be valid at once: that
is how a secret is changed without losing what is on its way.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

HEADER = "X-Discourse-Event-Signature"
SHORTEST_SECRET = 12
_PREFIX = "sha256="


def acceptable_secret(secret: str) -> bool:
    """Discourse itself refuses a webhook secret below twelve characters."""
    return len(secret.strip()) >= SHORTEST_SECRET


def signature(secret: str, body: bytes) -> str:
    """The header value Discourse sends for these exact bytes."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verified(header: str | None, body: bytes, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signed the body.

    Every secret is tried, so that the time taken does not tell which one matched.
    """
    sent = (header or "").encode("utf-8", "replace")
    matches = False
    for secret in secrets:
        expected = signature(secret, body).encode()
        matches |= acceptable_secret(secret) and hmac.compare_digest(sent, expected)
    return matches
