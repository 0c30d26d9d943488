"""One call to a platform's service with a token: time limits, one new token on 401, a pinned host.

Service addresses come from verified launches and from answers of the platform. ``pinned`` keeps
what an answer names (a next page, a new line item) on the host that it came from.
"""

import random
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from lti.advantage.tokens import access_token, forget
from lti.registrations import RegistrationView, origin_of
from plugin.kernel.http import Answer, RemoteCallFailed
from plugin.kernel.services import Services

MAX_PAUSE = timedelta(hours=1)
_NEXT = re.compile(r"<([^>]*)>\s*(?:;[^,<]*)?;\s*rel=\"?([^\",;]*)\"?", re.IGNORECASE)


class PlatformBusy(RemoteCallFailed):
    """429 or 5xx: the call may be made again, not before ``after`` where the platform says so."""

    def __init__(self, url: str, answer: Answer) -> None:
        super().__init__(url, f"answered {answer.status}", retryable=True, status=answer.status)
        told = answer.headers.get("Retry-After", "").strip()
        seconds = int(told) if told.isascii() and told.isdigit() and len(told) < 8 else 0
        self.after = min(timedelta(seconds=seconds), MAX_PAUSE)


def pause(failures: int, failure: RemoteCallFailed) -> timedelta:
    """How long to wait after the n-th failure: 2, 4, 8 … seconds up to an hour, spread by a
    quarter so that many who failed together do not come back together; longer if told so."""
    asked = failure.after if isinstance(failure, PlatformBusy) else timedelta(0)
    usual = min(timedelta(seconds=2.0 ** min(failures, 12)), MAX_PAUSE)
    return max(usual, asked) * random.uniform(1.0, 1.25)  # noqa: S311 - no secret


class ServiceClient:
    """Calls of one registration with one set of scopes."""

    def __init__(
        self, services: Services, registration: RegistrationView, scopes: tuple[str, ...]
    ) -> None:
        self._services = services
        self._registration = registration
        self._scopes = scopes

    def call(
        self,
        method: str,
        url: str,
        *,
        accept: str,
        content_type: str | None = None,
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
        max_bytes: int = 2_000_000,
    ) -> Answer:
        """The platform's answer, whatever it says except 429 and 5xx (PlatformBusy)."""
        headers = {"Accept": accept}
        if content_type:
            headers["Content-Type"] = content_type

        def once(token: str) -> Answer:
            return self._services.http.request(
                method,
                url,
                headers={**headers, "Authorization": f"Bearer {token}"},
                params=params,
                data=body,
                max_bytes=max_bytes,
            )

        token = access_token(self._services, self._registration, self._scopes)
        answer = once(token)
        if answer.status == 401:
            forget(self._services, self._registration, self._scopes, token)
            answer = once(access_token(self._services, self._registration, self._scopes))
        if answer.status == 429 or answer.status >= 500:
            raise PlatformBusy(url, answer)
        return answer


def pinned(url: Any, to: str) -> str:
    """That address if it stands on the origin that it came from; else RemoteCallFailed."""
    if not isinstance(url, str) or not origin_of(url) or origin_of(url) != origin_of(to):
        raise RemoteCallFailed(to, "the answer names another host", retryable=False)
    return url


def unusable(url: str, answer: Answer) -> RemoteCallFailed:
    """The failure for a status that the caller has no use for; bodies stay out of it."""
    return RemoteCallFailed(url, f"answered {answer.status}", retryable=False, status=answer.status)


def next_page(header: str, base: str, first: str) -> str | None:
    """The address of the next page (RFC 8288), its case kept, on the host where the list began."""
    for address, relation in _NEXT.findall(header):
        if "next" in relation.lower().split():
            return pinned(urljoin(base, address), first)
    return None
