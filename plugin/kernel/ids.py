"""Identifiers: primary keys that never leave, handles that do, secrets of which only hashes stay.

Primary keys are UUIDv7 (RFC 9562, section 5.7): they sort by time of creation, so indexes grow at
their end and keyset paging by id follows time. They leak that time, which is why pages, external
ids and file names use random handles instead.
"""

import hashlib
import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a UUIDv7, strictly increasing within this process."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 bits of sub-millisecond fraction (RFC 9562, 6.2 method 3).
        ticks = max((time.time_ns() << 12) // 1_000_000, _last + 1)
        _last = ticks
    value = (ticks >> 12) << 80
    value |= 0x7 << 76
    value |= (ticks & 0xFFF) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return UUID(int=value)


def new_handle() -> str:
    """Return a random public name of 132 bits in 22 characters that need no escaping.

    Letters and digits only, so it may also be a Discourse external id (``[\\w-]``, at most 50) or a
    file name.
    """
    alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(alphabet) for _ in range(23))


def new_secret() -> str:
    """Return 256 bits for a link or a cookie; store only :func:`hash_secret` of it."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Return the hex SHA-256 of a high-entropy secret (no salt needed at 256 bits)."""
    return hashlib.sha256(secret.encode()).hexdigest()
