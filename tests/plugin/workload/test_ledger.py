"""Minutes are never overbooked, taken once per key, and given back whole."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.kernel.database import create_engine
from plugin.kernel.unit_of_work import Units
from plugin.workload import public as workload
from tests.plugin.workload.conftest import Place
from tests.support.clock import FixedClock


def _reserve(place: Place, person: UUID, key: str, **amount: int) -> bool:
    with place.units.community(place.community_id) as uow:
        taken = workload.reserve(uow, person, key, **amount)  # type: ignore[arg-type]
        uow.commit()
    return taken


def test_standing_and_dated_minutes_share_one_sum(place: Place) -> None:
    person = place.people[0]
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, person, 90)
        assert workload.reserve(uow, person, "pair:1", minutes_per_week=60)
        assert workload.reserve(uow, person, "review:1", minutes=30)
        assert not workload.reserve(uow, person, "review:2", minutes=1)
        assert workload.reserve(uow, person, "review:3", minutes=30, week="2026-W48")
        assert not workload.reserve(uow, person, "pair:3", minutes_per_week=1)
        uow.commit()
    with place.units.reading(place.community_id) as uow:
        view = workload.capacity(uow, person)
        assert (view.spent, view.free, view.free_every_week) == (90, 0, 0)
        assert workload.free(uow, [person], "2026-W49") == {person: 30}


def test_the_running_week_says_nothing_about_the_weeks_to_come(place: Place) -> None:
    """Three reviews this week do not keep a mentor from a pair; a later week's minutes do."""
    person = place.people[0]
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, person, 60)
        for n in range(3):
            assert workload.reserve(uow, person, f"review:{n}", minutes=20)
        assert workload.capacity(uow, person).free_every_week == 60
        assert workload.reserve(uow, person, "review:later", minutes=20, week="2026-W50")
        assert workload.capacity(uow, person).free_every_week == 40
        assert not workload.reserve(uow, person, "pair:1", minutes_per_week=41)
        assert workload.reserve(uow, person, "pair:1", minutes_per_week=40)
        assert not workload.reserve(uow, person, "review:3", minutes=1)
        assert not workload.reserve(uow, person, "review:4", minutes=1, week="2026-W50")
        view = workload.capacity(uow, person)
        assert (view.standing, view.dated, view.free, view.free_every_week) == (40, 60, 0, 0)


def test_a_key_is_taken_once_and_released_once(place: Place) -> None:
    person = place.people[0]
    assert _reserve(place, person, "pair:1", minutes_per_week=60)
    assert _reserve(place, person, "pair:1", minutes_per_week=60)
    with place.units.community(place.community_id) as uow:
        assert workload.capacity(uow, person).standing == 60
        with pytest.raises(workload.KeyTaken):
            workload.reserve(uow, person, "pair:1", minutes_per_week=30)
        assert workload.confirm(uow, "pair:1")
        assert workload.release(uow, "pair:1")
        assert not workload.release(uow, "pair:1")
        assert not workload.confirm(uow, "pair:1")
        assert workload.capacity(uow, person).standing == 0


def test_concurrent_takers_never_overbook(place: Place) -> None:
    """Standing and a later week's minutes compete: of 120 only two of 50 fit, in any order."""
    person = place.people[0]

    def take(n: int) -> bool:
        if n % 2:
            return _reserve(place, person, f"key:{n}", minutes_per_week=50)
        with place.units.community(place.community_id) as uow:
            taken = workload.reserve(uow, person, f"key:{n}", minutes=50, week="2026-W48")
            uow.commit()
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(16)))
    assert sum(taken) == 2
    with place.units.reading(place.community_id) as uow:
        assert workload.capacity(uow, person, "2026-W48").spent == 100


def _take_in_a_process(url: str, community_id: UUID, person: UUID, first: int) -> int:
    """Try six reservations of 25 minutes; runs in a process of its own."""
    engine = create_engine(url)
    units = Units(engine, FixedClock())
    taken = 0
    for n in range(first, first + 6):
        with units.community(community_id) as uow:
            taken += workload.reserve(uow, person, f"process:{n}", minutes=25)
            uow.commit()
    engine.dispose()
    return taken


def test_processes_never_overbook_either(place: Place) -> None:
    """Of 120 minutes four times 25 fit, however many processes try at once."""
    url = place.units.engine.url.render_as_string(hide_password=False)
    facts = (url, place.community_id, place.people[0])
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        tries = [pool.submit(_take_in_a_process, *facts, first) for first in (0, 6, 12)]
        assert sum(one.result() for one in tries) == 4
    with place.units.reading(place.community_id) as uow:
        assert workload.capacity(uow, place.people[0]).dated == 100


def test_a_hold_lapses_unless_it_was_confirmed(place: Place) -> None:
    person = place.people[0]
    until = place.clock.now() + timedelta(days=3)
    with place.units.community(place.community_id) as uow:
        workload.reserve(uow, person, "kept", minutes_per_week=10, until=until)
        workload.reserve(uow, person, "lapsed", minutes_per_week=20, until=until)
        workload.confirm(uow, "kept")
        uow.commit()
    place.clock.advance(days=4)
    with place.units.community(place.community_id) as uow:
        assert workload.anything_due(uow)
        assert workload.expire_reservations(uow) == ["lapsed"]
        assert workload.capacity(uow, person).standing == 10


def test_a_week_begins_on_monday_in_the_persons_zone(place: Place) -> None:
    """Sunday evening in Berlin is Monday in Auckland: two weeks, two sums."""
    there, here = place.people[0], place.people[1]
    place.clock.advance(days=2, hours=6)  # Sunday 18:00 UTC
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, there, 60, zone="Pacific/Auckland")
        workload.set_capacity(uow, here, 60, zone="Europe/Berlin")
        assert workload.capacity(uow, there).week == "2026-W48"
        assert workload.capacity(uow, here).week == "2026-W47"
        workload.reserve(uow, there, "a", minutes=60)
        assert workload.free(uow, [there], "2026-W47") == {there: 60}


def test_lowering_capacity_keeps_what_was_promised(place: Place) -> None:
    person = place.people[0]
    with place.units.community(place.community_id) as uow:
        workload.reserve(uow, person, "pair:1", minutes_per_week=60)
        workload.set_capacity(uow, person, 30)
        view = workload.capacity(uow, person)
        assert (view.standing, view.free, view.minutes_per_week) == (60, 0, 30)
        assert not workload.reserve(uow, person, "x", minutes=1)


def test_people_without_a_row_have_the_default(place: Place) -> None:
    with place.units.reading(place.community_id) as uow:
        assert workload.free(uow, place.people[:2]) == dict.fromkeys(place.people[:2], 120)


def test_what_was_done_is_booked_even_in_a_full_week(place: Place) -> None:
    person = place.people[0]
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, person, 10)
        workload.book(uow, person, "late", minutes=20)
        workload.book(uow, person, "late", minutes=20)
        assert workload.spent(uow, [person]) == {person: 20}


def test_merging_adds_up_and_erasing_empties(place: Place) -> None:
    source, target = place.people[:2]
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, source, 200)
        workload.reserve(uow, source, "a", minutes_per_week=30)
        workload.reserve(uow, source, "b", minutes=20)
        workload.reserve(uow, target, "c", minutes=15)
        workload.PERSON_DATA.merge(uow, source, target)
        view = workload.capacity(uow, target)
        assert (view.minutes_per_week, view.standing, view.dated) == (200, 30, 35)
        assert workload.release(uow, "b")
        assert workload.capacity(uow, target).dated == 15
        workload.PERSON_DATA.erase(uow, target)
        assert workload.capacity(uow, target).spent == 0
        assert workload.PERSON_DATA.export(uow, target)["reservations"] == []


@given(st.integers(2000, 2100), st.integers(1, 52), st.integers(-60, 60))
def test_weeks_count_on_over_the_turn_of_years(year: int, week: int, step: int) -> None:
    name = f"{year}-W{week:02d}"
    later = workload.week_after(name, step)
    assert workload.week_after(later, -step) == name
    assert (later > name) == (step > 0)
    assert workload.monday_of(later) - workload.monday_of(name) == timedelta(weeks=step)
