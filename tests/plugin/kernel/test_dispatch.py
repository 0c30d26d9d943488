"""Deliveries: once in effect, put off, parked, taken over after a crash."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from plugin.kernel import dispatch, outbox, schedules
from plugin.kernel.dispatch import DeliveryFacts, Dispatcher, Later, Park, on, on_remote
from plugin.kernel.messages import Event, from_json, to_json
from plugin.kernel.outbox import Delivery, DeliveryState, OutboxMessage
from plugin.kernel.services import Services, build_services
from plugin.people import public as people
from plugin.settings import Settings
from tests.support.clock import FixedClock


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    event_name: ClassVar[str] = "tests.thing.happened.v1"
    person_id: UUID | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reported(Event):
    event_name: ClassVar[str] = "tests.thing.reported.v1"
    key: str


Make = Callable[..., Services]


@pytest.fixture
def make(settings: Settings, clock: FixedClock) -> Make:
    return lambda *subscriptions, **more: build_services(
        settings, Dispatcher(subscriptions=subscriptions, **more), clock=clock
    )


def _record(services: Services, **fields: Any) -> UUID:
    with services.units.system() as uow:
        community = people.found_community(uow, "Northern Lights")
        uow.commit()
    with services.units.community(community.id) as uow:
        uow.record(Happened(**fields))
        uow.commit()
    return community.id


def _delivery(services: Services) -> Delivery:
    with services.units.system_reading() as uow:
        return uow.session.scalars(sa.select(Delivery)).one()


def test_events_survive_the_outbox() -> None:
    event = Happened(person_id=UUID(int=7), tags=("sql", "python"))
    assert from_json(event.event_name, {**to_json(event), "newer": 1}) == event


def test_a_local_handler_and_its_settlement_are_one_commit(make: Make) -> None:
    calls: list[int] = []

    def handler(uow: Any, event: Happened) -> None:
        calls.append(1)
        people.admit(uow, issuer="x", subject="1", kind="lti")
        if len(calls) == 1:
            raise RuntimeError("killed half-way")

    services = make(on(Happened, "tests.handler", handler))
    community_id = _record(services)
    dispatch.drain(services)
    with services.units.reading(community_id) as uow:
        assert people.find_identity(uow, "x", "1") is None
    assert _delivery(services).last_error == "RuntimeError: killed half-way"
    services.clock.advance(minutes=1)  # type: ignore[attr-defined]
    dispatch.drain(services)
    dispatch.drain(services)
    with services.units.reading(community_id) as uow:
        assert people.find_identity(uow, "x", "1") is not None
    assert len(calls) == 2
    assert _delivery(services).state is DeliveryState.DONE


def test_later_waits_and_park_stays(make: Make, clock: FixedClock) -> None:
    says: list[Exception] = [Later(timedelta(minutes=5), "busy"), Park("ask the operator")]

    def handler(services: Services, delivery: Any, event: Happened) -> None:
        raise says.pop(0)

    services = make(on_remote(Happened, "tests.remote", handler))
    _record(services)
    assert dispatch.drain(services) == 1
    assert dispatch.drain(services) == 0
    clock.advance(minutes=6)
    assert dispatch.drain(services) == 1
    row = _delivery(services)
    assert (row.state, row.last_error) == (DeliveryState.PARKED, "ask the operator")
    clock.advance(days=1)
    assert dispatch.drain(services) == 0


def test_failures_back_off_and_end_parked(make: Make, clock: FixedClock) -> None:
    def handler(services: Services, delivery: Any, event: Happened) -> None:
        raise ValueError("never works")

    services = make(on_remote(Happened, "tests.remote", handler))
    _record(services)
    for _ in range(dispatch.ATTEMPTS):
        dispatch.drain(services)
        clock.advance(hours=2)
    assert _delivery(services).state is DeliveryState.PARKED


def test_a_claim_lapses_when_its_worker_dies(make: Make, clock: FixedClock) -> None:
    done: list[UUID] = []
    services = make(on_remote(Happened, "tests.remote", lambda s, d, e: done.append(d.id)))
    _record(services)
    with services.units.system() as uow:
        assert len(outbox.claim(uow.session, now=uow.now(), limit=10)) == 1
        uow.commit()  # … and here the worker is killed
    assert dispatch.drain(services) == 0
    clock.advance(seconds=outbox.CLAIM.total_seconds() + 1)
    assert dispatch.drain(services) == 1
    assert len(done) == 1


def test_a_report_is_made_once_even_when_its_worker_dies_after_it(
    make: Make, clock: FixedClock
) -> None:
    """The worker is killed between the commit of its report and its own settlement."""
    dies = [True]

    def carry_out(services: Services, delivery: DeliveryFacts, event: Happened) -> None:
        with services.units.community(delivery.community_id) as uow:
            dispatch.report(uow, delivery, Reported(key="one"))
            uow.commit()
        if dies:
            dies.clear()
            raise KeyboardInterrupt

    services = make(on_remote(Happened, "tests.remote", carry_out))
    _record(services)
    with pytest.raises(KeyboardInterrupt):
        dispatch.drain(services)
    clock.advance(seconds=outbox.CLAIM.total_seconds() + 1)
    dispatch.drain(services)
    assert _delivery(services).state is DeliveryState.DONE
    assert _reports(services) == 1


def test_of_two_workers_with_one_delivery_the_first_reports(make: Make) -> None:
    def carry_out(services: Services, delivery: DeliveryFacts, event: Happened) -> None:
        for _worker in range(2):
            with services.units.community(delivery.community_id) as uow:
                dispatch.report(uow, delivery, Reported(key="one"))
                uow.commit()

    services = make(on_remote(Happened, "tests.remote", carry_out))
    _record(services)
    dispatch.drain(services)
    assert _reports(services) == 1


def _reports(services: Services) -> int:
    with services.units.system_reading() as uow:
        return uow.session.scalars(
            sa.select(sa.func.count()).where(OutboxMessage.name == Reported.event_name)
        ).one()


def test_a_schedule_runs_once_an_interval(make: Make, clock: FixedClock) -> None:
    ran: list[int] = []
    schedule = dispatch.every(timedelta(hours=1), "tests.job", lambda services: ran.append(1))
    services = make(schedules=(schedule,))
    for _ in range(3):
        schedules.run_due(services)
    assert len(ran) == 1
    clock.advance(hours=2)
    schedules.run_due(services)
    assert len(ran) == 2


def test_claims_are_disjoint_on_both_databases(
    database_url: str, settings: Settings, tmp_path: Path
) -> None:
    services = build_services(
        replace(settings, database_url=database_url),
        Dispatcher(subscriptions=(on(Happened, "tests.handler", lambda uow, event: None),)),
    )
    _record(services)
    with services.units.system() as uow:
        community = people.communities(uow)[0]
    for _ in range(20):
        with services.units.community(community.id) as uow:
            uow.record(Happened())
            uow.commit()
    seen: list[UUID] = []
    while True:
        with services.units.system() as uow:
            claimed = outbox.claim(uow.session, now=uow.now(), limit=4)
            uow.commit()
        if not claimed:
            break
        seen += claimed
    assert len(seen) == len(set(seen)) == 21
    services.units.engine.dispose()


def test_being_told_later_does_not_count_as_a_failure(make: Make, clock: FixedClock) -> None:
    says: list[Exception] = [Later(timedelta(minutes=1), "busy")] * 20 + [ValueError("once")]
    done: list[int] = []

    def handler(services: Services, delivery: Any, event: Happened) -> None:
        if says:
            raise says.pop(0)
        done.append(delivery.attempt)

    services = make(on_remote(Happened, "tests.remote", handler))
    _record(services)
    for _ in range(22):
        dispatch.drain(services)
        clock.advance(minutes=2)
    assert done == [2]
    assert _delivery(services).state is DeliveryState.DONE
