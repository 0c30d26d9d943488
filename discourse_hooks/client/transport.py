"""One call to a forum: budget first, then HTTP, then what the answer means.

* no budget, 429 (JSON, text or a proxy's HTML), 5xx, silence, something that is not JSON: later;
* 404 and 410: None, the thing is not there (or not for us);
* any other refusal: :class:`ForumRefused`, with the forum's own words.
Nothing sleeps here, and nothing is tried twice: the row that caused the call is.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from discourse_hooks.client import budget
from discourse_hooks.client.errors import ForumRefused
from discourse_hooks.connections import Forum
from plugin.kernel.dispatch import Later
from plugin.kernel.http import RemoteCallFailed

if TYPE_CHECKING:
    from plugin.kernel.http import Answer
    from plugin.kernel.services import Services

LONGEST_WAIT = timedelta(minutes=15)
AFTER_A_FAULT = timedelta(seconds=20)
AFTER_SILENCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Transport:
    """Calls one forum as its bot user."""

    services: Services
    forum: Forum
    waited_for: bool = True

    def get(self, path: str, **params: str | int) -> dict[str, Any] | None:
        """A JSON object, or None when the forum has no such thing."""
        return self._json("GET", path, params=params)

    def send(
        self, method: str, path: str, fields: Mapping[str, str | int | list[str]]
    ) -> dict[str, Any] | None:
        """Write as a form, as all of Discourse's own clients do."""
        return self._json(method, path, data=fields)

    def location(self, path: str) -> tuple[dict[str, Any] | None, str]:
        """A JSON object, or where the forum sends us instead."""
        answer = self._call("GET", path)
        if answer is not None and answer.status in {301, 302, 303, 307, 308}:
            return None, answer.headers.get("Location", "")
        return (None if answer is None else self._read(answer, path)), ""

    def _json(self, method: str, path: str, **how: Any) -> dict[str, Any] | None:
        answer = self._call(method, path, **how)
        if answer is None:
            return None
        if 300 <= answer.status < 400:
            raise ForumRefused(answer.status, "an unexpected redirect", f"{method} {path}")
        return self._read(answer, f"{method} {path}")

    def _call(self, method: str, path: str, **how: Any) -> Answer | None:
        wait = budget.take(
            self.services.units,
            self.forum.id,
            per_minute=self.forum.calls_per_minute,
            waited_for=self.waited_for,
        )
        if wait is not None:
            raise Later(wait, "waiting for the forum's rate limit")
        headers = {
            "Api-Key": self.forum.api_key,
            "Api-Username": self.forum.api_username,
            "Accept": "application/json",
        }
        url = self.forum.base_url + path
        try:
            answer = self.services.http.request(method, url, headers=headers, **how)
        except RemoteCallFailed as failed:
            if not failed.retryable:  # a private address, an answer of megabytes
                raise ForumRefused(0, failed.reason, f"{method} {path}") from failed
            # Nobody else shall wait for a time-out meanwhile.
            until = self.services.clock.now() + AFTER_SILENCE
            budget.close(self.services.units, self.forum.id, until=until)
            raise Later(_spread(AFTER_A_FAULT), f"the forum did not answer: {failed}") from failed
        return self._judged(answer, f"{method} {path}")

    def _judged(self, answer: Answer, call: str) -> Answer | None:
        if answer.status == 429:
            wait = _spread(min(_asked_wait(answer), LONGEST_WAIT))
            until = self.services.clock.now() + wait
            budget.close(self.services.units, self.forum.id, until=until)
            raise Later(wait, "the forum answered: too many calls")
        if answer.status >= 500:
            raise Later(_spread(AFTER_A_FAULT), f"the forum failed: {answer.status}")
        if answer.status in {404, 410}:
            return None
        if answer.status >= 400:
            raise ForumRefused(answer.status, _words(answer), call)
        return answer

    def _read(self, answer: Answer, call: str) -> dict[str, Any]:
        try:
            read = json.loads(answer.body or b"{}")
        except ValueError as error:
            raise Later(_spread(AFTER_A_FAULT), f"{call}: the answer is not JSON") from error
        return read if isinstance(read, dict) else {"list": read}


def segment(value: str) -> str:
    """A user-chosen text as one path segment."""
    return quote(value, safe="")


def _spread(wait: timedelta) -> timedelta:
    # Processes that were refused together should not come back together.
    return wait * random.uniform(1.0, 1.3)  # noqa: S311


def _asked_wait(answer: Answer) -> timedelta:
    """Retry-After, else the JSON's wait_seconds, else a minute (a proxy's HTML has neither)."""
    asked: object = answer.headers.get("Retry-After", "")
    try:
        read = json.loads(answer.body)
        asked = asked or read["extras"]["wait_seconds"]
    except (ValueError, KeyError, TypeError):
        asked = asked or ""
    try:
        return timedelta(seconds=max(float(str(asked)), 1.0))
    except ValueError:
        return timedelta(minutes=1)


def _words(answer: Answer) -> str:
    try:
        read = json.loads(answer.body)
    except ValueError:
        return "no explanation"
    errors = read.get("errors") if isinstance(read, dict) else None
    if isinstance(errors, list):
        return "; ".join(str(error) for error in errors)[:300]
    return "no explanation"
