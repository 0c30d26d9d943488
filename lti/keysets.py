"""The public keys of platforms, kept as key objects (RFC 7517; Security Framework 1.0, 6.3).

One KeySets lives in a process. A key set is good for an hour; a `kid` that it does not hold makes
one more request, at most once a minute for each address, so a platform may rotate whenever it likes
and a stream of made-up kids costs it nothing. When the platform does not answer, keys that we hold
stay good for a day; with none the launch is answered 503 and may be tried again.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from lti.errors import KeysUnavailable, LaunchRefused
from lti.verification import ALGORITHM, MIN_KEY_BITS
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger

FRESH = timedelta(hours=1)
STALE_IF_ERROR = timedelta(days=1)
REFETCH_PAUSE = timedelta(minutes=1)
RETRY_PAUSE = timedelta(seconds=10)
MAX_KEYS = 50
_MAX_BYTES = 200_000

log = get_logger(__name__)


@dataclass(frozen=True)
class KeySet:
    """The usable keys of one address, and the ids of those too short to be used."""

    keys: Mapping[str, RSAPublicKey]
    too_short: frozenset[str] = frozenset()


def read_key_set(document: object) -> KeySet:
    """The RS256 keys of a JWKS. Keys of other kinds or broken ones are passed over, not fatal."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no key set")
    keys: dict[str, RSAPublicKey] = {}
    too_short = set()
    for jwk in listed[:MAX_KEYS]:
        key = _rsa_key(jwk)
        if key is None:
            continue
        if key.key_size < MIN_KEY_BITS:
            too_short.add(jwk["kid"])
        else:
            keys[jwk["kid"]] = key
    return KeySet(keys, frozenset(too_short))


def _rsa_key(jwk: Any) -> RSAPublicKey | None:
    if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or not isinstance(jwk.get("kid"), str):
        return None
    if jwk.get("use") not in (None, "sig") or jwk.get("alg") not in (None, ALGORITHM):
        return None
    public = {name: jwk.get(name) for name in ("kty", "n", "e")}
    try:
        key = jwt.algorithms.RSAAlgorithm.from_jwk(public)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return key if isinstance(key, RSAPublicKey) else None


@dataclass
class _Entry:
    """What is known of one address; changed only under its lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    keys: KeySet | None = None
    fetched_at: datetime | None = None
    refetched_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""


class KeySets:
    """Key objects by key set address and `kid`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def key(self, url: str, kid: str) -> RSAPublicKey:
        """The key of that id; LaunchRefused without one, KeysUnavailable when it cannot be read."""
        with self._lock:
            entry = self._entries.setdefault(url, _Entry())
        with entry.lock:
            now = self._services.clock.now()
            before = entry.fetched_at
            found = self._current(url, entry, now)
            held = entry.fetched_at is before
            if held and kid not in found.keys and self._may_refetch(entry, now):
                entry.refetched_at = now
                self._fetch(url, entry, now)
                found = entry.keys or found
        if kid in found.too_short:
            raise LaunchRefused("key_too_short")
        if kid not in found.keys:
            raise LaunchRefused("key_unknown")
        return found.keys[kid]

    def _current(self, url: str, entry: _Entry, now: datetime) -> KeySet:
        age = None if entry.fetched_at is None else now - entry.fetched_at
        resting = entry.failed_at is not None and now - entry.failed_at < RETRY_PAUSE
        if (age is None or age >= FRESH) and not resting:
            self._fetch(url, entry, now)
            age = None if entry.fetched_at is None else now - entry.fetched_at
        if entry.keys is None or age is None or age > STALE_IF_ERROR:
            raise KeysUnavailable(detail=entry.failure)
        return entry.keys

    @staticmethod
    def _may_refetch(entry: _Entry, now: datetime) -> bool:
        return entry.refetched_at is None or now - entry.refetched_at >= REFETCH_PAUSE

    def _fetch(self, url: str, entry: _Entry, now: datetime) -> None:
        """Read the address; on failure what we hold stays and the reason is remembered."""
        try:
            entry.keys = self._read(url)
            entry.fetched_at, entry.failed_at, entry.failure = now, None, ""
        except (RemoteCallFailed, ValueError) as error:
            entry.failed_at, entry.failure = now, str(error)[:200]
            log.warning("lti.key_set_unavailable", url=url, reason=entry.failure)

    def _read(self, url: str) -> KeySet:
        answer = self._services.http.request(
            "GET",
            url,
            headers={"Accept": "application/json"},
            timeout=(3, 5),
            max_bytes=_MAX_BYTES,
            most_seconds=10,
        )
        if answer.status != 200:
            raise ValueError(f"answered {answer.status}")
        found = read_key_set(answer.json())
        if not found.keys and not found.too_short:
            raise ValueError("no usable key")
        return found


def key_sets_of(services: Services) -> KeySets:
    """The process's one cache of key sets."""
    found: KeySets = services.extra.setdefault("lti.key_sets", KeySets(services))
    return found
