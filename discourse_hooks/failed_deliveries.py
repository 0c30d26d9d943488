"""Deliveries that the forum itself knows have failed, taken from its own list (facts 1.3).

Only a key for everything may see that list; with a narrow one there is nothing to ask, and the
forum hides the page behind a 404. What is found goes through the door of the inbox like any
delivery: its signature, what is private, whether it came before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from discourse_hooks import inbox
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.connections import Forum
from discourse_hooks.inbox import Arrival, Received
from plugin.kernel.telemetry import get_logger

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
MOST_PAGES = 4


def fetch(services: Services, forum: Forum, api: ForumApi) -> int:
    """Take in what failed; return how many deliveries were new here."""
    if not forum.wide_key:  # seen by the last check
        return 0
    stored = 0
    try:
        for hook_id in api.hooks_to(f"/discourse/{forum.handle}/events"):
            for page in range(MOST_PAGES):
                failed = api.failed_deliveries(hook_id, page)
                taken = sum(_take(services, forum, one) for one in failed)
                stored += taken
                if not taken:  # the list keeps them for a month; older pages were here already
                    break
    except ForumRefused as refused:
        log.info("no list of failed deliveries", forum=forum.handle, status=refused.status)
    return stored


def _take(services: Services, forum: Forum, delivery: Mapping[str, Any]) -> bool:
    headers = dict(_headers(delivery.get("headers")))
    arrival = Arrival.of(headers, str(delivery.get("payload") or "").encode())
    return inbox.receive(services.units, forum, arrival) is Received.STORED


def _headers(value: object) -> Iterator[tuple[str, str]]:
    """The headers that were sent: a JSON text in the list."""
    try:
        read = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return
    if isinstance(read, Mapping):
        yield from ((str(name), str(text)) for name, text in read.items())
