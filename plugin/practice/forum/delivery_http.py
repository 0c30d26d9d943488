"""One webhook request, with exactly the headers that the real sender sets. No redirects.

http.client is used rather than a higher library because nothing may add a header.
"""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_BODY = 20_000
NOT_DELIVERED = -1


@dataclass(frozen=True)
class Sent:
    """The answer; status -1 stands for a time-out, a refused or a dropped connection."""

    status: int
    headers: dict[str, str]
    body: str
    milliseconds: int

    @property
    def successful(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, headers: dict[str, str], body: bytes, timeout: float) -> Sent:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    begun = time.monotonic()
    try:
        connection.putrequest("POST", target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read(MAX_BODY).decode("utf-8", "replace")
        return Sent(answer.status, dict(answer.getheaders()), text, _since(begun))
    except (OSError, http.client.HTTPException) as problem:
        return Sent(NOT_DELIVERED, {}, f"{type(problem).__name__}: {problem}", _since(begun))
    finally:
        connection.close()


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
