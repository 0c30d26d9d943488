"""Taking in a delivery: who sent it, may it be kept, was it here before; then stored.

Discourse's deliveries are lossy hints (facts: a time-out is never retried, a retry has a new id, a
redelivery by hand the old one). So this is quick and does nothing else:

1. the signature over the raw bytes, before anything is parsed;
2. only archetype, post type, kind of chat and ids, to drop what is private (``privacy``); of a
   message that Lantern made the ids are kept;
3. one row, unique by (connection, event id). The same event name and body again within three
   hours is a retry of the same event, or a second event that looks alike (close, open, close):
   it becomes no second row, but the first one is handled once more, which costs a read at most.

Of a type that nobody here handles only the row is kept: plugins send what their authors wrote for
a few eyes.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from prometheus_client import Counter

from discourse_hooks import connections, inbox_store, loop_guard, privacy, signature
from discourse_hooks.connections import Forum
from discourse_hooks.handlers import HANDLERS
from discourse_hooks.inbox_store import Sent
from discourse_hooks.models import Connection
from plugin.kernel.telemetry import METRICS
from plugin.kernel.unit_of_work import Units

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

    from plugin.kernel.services import Services

LARGEST_BODY = 1_000_000
PING = "ping"
# The two webhooks of a forum may each have an address of their own: then a ping tells them apart.
CONTENT, PEOPLE = "content", "people"

deliveries_received = Counter(
    "lantern_discourse_deliveries_total",
    "Webhook deliveries by event type and what became of them",
    ["event_type", "outcome"],
    registry=METRICS,
)


class Received(enum.Enum):
    """What became of a delivery at the door."""

    STORED = "stored"
    REPEATED = "repeated"
    PRIVATE = "private"
    UNREADABLE = "unreadable"
    WRONG_SIGNATURE = "wrong_signature"


@dataclass(frozen=True)
class Arrival:
    """A request to the events URL, as it came."""

    body: bytes
    signature: str | None
    event_id: str
    event_type: str
    event_name: str
    hook: str = ""

    @classmethod
    def of(cls, headers: Headers | Mapping[str, str], body: bytes, hook: str = "") -> Arrival:
        """Read the five headers that matter; the sizes are those of the columns."""
        return cls(
            body=body,
            signature=headers.get(signature.HEADER),
            event_id=headers.get("X-Discourse-Event-Id", "")[:64],
            event_type=headers.get("X-Discourse-Event-Type", "")[:64],
            event_name=headers.get("X-Discourse-Event", "")[:100],
            hook=hook,
        )


def at_the_door(services: Services, handle: str, arrival: Arrival) -> Received:
    """Judge a delivery to the connection that a URL names; none looks like a wrong signature.

    What is remembered of the connection for some seconds may lack a secret that was just entered:
    a signature that does not fit is looked at once more with the row itself.
    """
    forum = connections.remembered(services, handle)
    if forum is None:
        return Received.WRONG_SIGNATURE
    outcome = receive(services.units, forum, arrival)
    if outcome is Received.WRONG_SIGNATURE and arrival.signature:
        fresh = connections.remembered(services, handle, afresh=True)
        if fresh is not None and fresh.webhook_secrets != forum.webhook_secrets:
            return receive(services.units, fresh, arrival)
    return outcome


def receive(units: Units, forum: Forum, arrival: Arrival) -> Received:
    """Judge one delivery and store it where that is due. Database errors reach the caller."""
    outcome = _receive(units, forum, arrival)
    # A name that nobody signed is anybody's to choose; each new one would stay in memory for good.
    signed = outcome in (Received.STORED, Received.REPEATED, Received.PRIVATE)
    deliveries_received.labels(arrival.event_type if signed else "other", outcome.value).inc()
    return outcome


def _receive(units: Units, forum: Forum, arrival: Arrival) -> Received:
    if not signature.verified(arrival.signature, arrival.body, forum.webhook_secrets):
        return Received.WRONG_SIGNATURE
    try:
        document = json.loads(arrival.body)
    except (ValueError, RecursionError):
        return Received.UNREADABLE
    if not isinstance(document, dict) or not arrival.event_id or not arrival.event_name:
        return Received.UNREADABLE
    if arrival.event_type not in document:
        return Received.UNREADABLE  # the type is not signed; the body's own key is
    value = document[arrival.event_type]
    private = privacy.is_private(arrival.event_type, value)
    if private and not _in_our_space(units, forum, privacy.message_of(arrival.event_type, value)):
        return Received.PRIVATE
    if private or arrival.event_type in privacy.IDS_ONLY:
        body: bytes | None = privacy.ids_of(arrival.event_type, value)
    else:
        body = arrival.body
    sent = Sent(
        forum.id,
        arrival.event_id,
        arrival.event_type,
        arrival.event_name,
        digest=hashlib.sha256(arrival.body).hexdigest(),
        body=body if arrival.event_type in HANDLERS else None,
        handled=f"{PING} {arrival.hook}".strip() if arrival.event_type == PING else "",
    )
    new = inbox_store.store(units, sent)
    if arrival.event_type == PING:
        _note_ping(units, forum.id, arrival.hook)
    return Received.STORED if new else Received.REPEATED


def _in_our_space(units: Units, forum: Forum, topic_id: int | None) -> bool:
    if topic_id is None:
        return False
    with units.reading(forum.community_id) as uow:
        return loop_guard.our_topic(uow, forum.id, topic_id)


def _note_ping(units: Units, connection_id: UUID, hook: str) -> None:
    """Which of the two webhooks works; a ping to the address of neither counts for none."""
    column = {CONTENT: "content_ping_at", PEOPLE: "people_ping_at"}.get(hook)
    if column is not None:
        with units.system() as uow:
            noted = {column: uow.now()}
            uow.session.execute(
                sa.update(Connection).where(Connection.id == connection_id).values(noted)
            )
            uow.commit()
