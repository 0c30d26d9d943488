"""Who hears of which event, what runs when, and how a delivery is carried out.

A local handler runs in a unit of work of the event's community and is settled in the same commit:
its effect happens exactly once. A remote handler talks to the network, so it is carried out at
least once and must be idempotent by a key that its docstring names; what it reports goes through
:func:`report`.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from plugin.kernel import outbox
from plugin.kernel.errors import Unavailable
from plugin.kernel.messages import Event, from_json
from plugin.kernel.outbox import Delivery, DeliveryState, OutboxMessage
from plugin.kernel.telemetry import deliveries_total, get_logger, referenced

if TYPE_CHECKING:
    from plugin.kernel.services import Services
    from plugin.kernel.unit_of_work import UnitOfWork

log = get_logger(__name__)
ATTEMPTS = 12


class Later(Exception):
    """Try this delivery again after a while; it is nobody's fault and counts as no failure."""

    def __init__(self, after: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.after = after
        self.reason = reason


class Park(Exception):
    """Set this delivery aside for an operator, who reads the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class DeliveryFacts:
    """What a remote handler knows of its own delivery."""

    id: UUID
    community_id: UUID
    attempt: int
    created_at: datetime


@dataclass(frozen=True)
class Subscription:
    """One handler of one event; ``name`` is kept in rows, so it never changes."""

    event: type[Event]
    name: str
    handler: Callable[..., None]
    remote: bool = False


@dataclass(frozen=True)
class Schedule:
    """A job that runs every so often, on one replica at a time."""

    every: timedelta
    name: str
    job: Callable[["Services"], None]


@dataclass(frozen=True)
class Pump:
    """Work waiting in rows of its own (an inbox): runs in each sweep until it answers 0."""

    name: str
    run: Callable[["Services"], int]


def on(event: type[Event], name: str, handler: Callable[[Any, Any], None]) -> Subscription:
    """Subscribe ``handler(uow, event)``; its effects and the settlement are one commit."""
    return Subscription(event, name, handler)


def on_remote(
    event: type[Event], name: str, handler: Callable[[Any, Any, Any], None]
) -> Subscription:
    """Subscribe ``handler(services, delivery, event)``, which may use the network."""
    return Subscription(event, name, handler, remote=True)


def every(interval: timedelta, name: str, job: Callable[["Services"], None]) -> Schedule:
    """Run ``job(services)`` about every ``interval``."""
    return Schedule(interval, name, job)


@dataclass(frozen=True)
class Dispatcher:
    """The table of subscriptions, schedules and pumps that the composition root fills."""

    subscriptions: tuple[Subscription, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    pumps: tuple[Pump, ...] = ()
    _by_event: dict[type[Event], tuple[str, ...]] = field(default_factory=dict)
    _by_name: dict[str, Subscription] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for subscription in self.subscriptions:
            if subscription.name in self._by_name:
                raise ValueError(f"two subscribers are called {subscription.name}")
            self._by_name[subscription.name] = subscription
            known = self._by_event.get(subscription.event, ())
            self._by_event[subscription.event] = (*known, subscription.name)

    def subscribers(self, event: type[Event]) -> tuple[str, ...]:
        """Return the names of those who hear of this event."""
        return self._by_event.get(event, ())

    def subscription(self, name: str) -> Subscription | None:
        """Return the subscriber of that name, None when its package is gone."""
        return self._by_name.get(name)


def drain(services: "Services", *, limit: int = 10) -> int:
    """Carry out everything that is due now; return how many deliveries were tried."""
    tried = 0
    while True:
        with services.units.system() as uow:
            claimed = outbox.claim(uow.session, now=uow.now(), limit=limit)
            uow.commit()
        for delivery_id in claimed:
            deliver(services, delivery_id)
        tried += len(claimed)
        if not claimed:
            return tried


def deliver(services: "Services", delivery_id: UUID) -> None:
    """Carry out one claimed delivery and settle, put off or park it."""
    with services.units.system_reading() as uow:
        row = uow.session.get(Delivery, delivery_id)
        message = uow.session.get(OutboxMessage, row.message_id) if row else None
    if row is None or message is None or row.state is not DeliveryState.WAITING:
        return
    facts = DeliveryFacts(row.id, message.community_id, row.attempts, message.created_at)
    with referenced(message.reference or None, delivery=str(row.id), handler=row.subscriber):
        outcome = "done"
        try:
            subscription = services.dispatcher.subscription(row.subscriber)
            if subscription is None:
                raise Park(f"nothing here is called {row.subscriber}")
            _carry_out(services, subscription, facts, from_json(message.name, message.payload))
        except Later as later:
            outcome = "later"
            _put_off(services, facts, later.after, later.reason)
        except Unavailable as down:
            outcome = "later"
            _put_off(services, facts, down.after, down.message)
        except Park as parked:
            outcome = "parked"
            _park(services, facts, parked.reason)
        except Exception as error:  # a handler may fail in any way; the row keeps the reason
            outcome = "failed"
            log.exception("delivery failed", attempt=facts.attempt)
            _after_failure(services, facts, f"{type(error).__name__}: {error}")
        deliveries_total.labels(row.subscriber, outcome).inc()


def _carry_out(
    services: "Services", subscription: Subscription, facts: DeliveryFacts, event: Event
) -> None:
    if subscription.remote:
        subscription.handler(services, facts, event)
        with services.units.system() as uow:
            outbox.settle(uow.session, facts.id, now=uow.now())
            uow.commit()
        return
    with services.units.community(facts.community_id) as uow:
        if outbox.settle(uow.session, facts.id, now=uow.now()):
            subscription.handler(uow, event)
            uow.commit()


def report(uow: "UnitOfWork", delivery: DeliveryFacts, event: Event) -> None:
    """Record what came of a remote delivery and settle it, both in the caller's commit.

    So a report is made exactly once: whoever dies before the commit leaves no report, whoever dies
    after it leaves nothing to do again, and of two who had it in hand the first one reports.
    """
    if outbox.settle(uow.session, delivery.id, now=uow.now()):
        uow.record(event)


def _put_off(
    services: "Services",
    facts: DeliveryFacts,
    after: timedelta,
    reason: str,
    *,
    failed: bool = False,
) -> None:
    with services.units.system() as uow:
        until = uow.now() + after
        outbox.put_off(uow.session, facts.id, until=until, reason=reason, failed=failed)
        uow.commit()


def _park(services: "Services", facts: DeliveryFacts, reason: str) -> None:
    log.warning("delivery parked", reason=reason)
    with services.units.system() as uow:
        outbox.park(uow.session, facts.id, reason=reason, now=uow.now())
        uow.commit()


def _after_failure(services: "Services", facts: DeliveryFacts, reason: str) -> None:
    if facts.attempt >= ATTEMPTS:
        _park(services, facts, reason)
    else:
        # 2, 4, 8 … seconds up to an hour, spread so that failures of one cause do not march in step
        seconds = min(2.0**facts.attempt, 3600.0) * random.uniform(0.75, 1.25)  # noqa: S311
        _put_off(services, facts, timedelta(seconds=seconds), reason, failed=True)


def names(items: Iterable[Subscription | Schedule | Pump]) -> list[str]:
    """Return the names of subscriptions, schedules or pumps, sorted."""
    return sorted(item.name for item in items)
