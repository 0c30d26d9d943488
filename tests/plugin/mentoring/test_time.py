"""Hours, weeks, clock changes, the forecast, the calendar file: pure, so tried at their edges."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from plugin.mentoring.availability import (
    SPAN,
    STARTS,
    half_hours,
    hours_of,
    moment_of,
    monday_after,
    starts_at,
    stretches_of,
    zone_of,
)
from plugin.mentoring.calendar import ics
from plugin.mentoring.forecast import forecast
from plugin.mentoring.models import MeetingState
from plugin.mentoring.queries.pairs import MeetingView
from tests.plugin.mentoring.matching.strategies import untimed

MONDAY = date(2026, 11, 23)
TUESDAY_18 = 24 + 18


def test_an_hour_in_berlin_is_two_half_hours_of_the_utc_week() -> None:
    assert half_hours([TUESDAY_18], "Europe/Berlin", MONDAY) == {48 + 34, 48 + 35}


def test_the_same_hour_moves_with_the_clocks() -> None:
    summer = half_hours([TUESDAY_18], "Europe/Berlin", date(2026, 7, 6))
    assert summer == {48 + 32, 48 + 33}


def test_india_keeps_its_half_hour_and_nepal_loses_the_broken_one() -> None:
    assert half_hours([TUESDAY_18], "Asia/Kolkata", MONDAY) == {48 + 25, 48 + 26}
    assert half_hours([TUESDAY_18], "Asia/Kathmandu", MONDAY) == {48 + 25}


def test_hours_before_the_utc_week_come_at_its_end() -> None:
    assert half_hours([0], "Asia/Tokyo", MONDAY) == {336 - 18, 336 - 17}
    assert half_hours([167], "America/Los_Angeles", MONDAY) == {14, 15}


@untimed
@given(st.sets(st.integers(0, 167)), st.sampled_from(["UTC", "Asia/Kolkata", "Pacific/Auckland"]))
def test_nobody_gains_time(hours: set[int], zone: str) -> None:
    assert len(half_hours(hours, zone, MONDAY)) == 2 * len(hours)


@untimed
@given(st.sets(st.tuples(st.integers(0, 6), st.sampled_from(STARTS))))
def test_stretches_survive_the_form(chosen: set[tuple[int, int]]) -> None:
    names = sorted(f"{day}-{start}" for day, start in chosen)
    hours = hours_of(names)
    assert len(hours) == SPAN * len(names)
    assert sorted(stretches_of(hours)) == names


@pytest.mark.parametrize("name", ["7-18", "1-9", "1", "x-y", ""])
def test_a_made_up_stretch_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^[\w-]*$|invalid literal"):
        hours_of([name])


def test_the_week_is_the_next_one() -> None:
    assert monday_after(date(2026, 11, 20)) == MONDAY
    assert monday_after(MONDAY) == date(2026, 11, 30)
    assert moment_of(48 + 34, MONDAY) == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_a_skipped_and_a_doubled_hour_have_one_meaning() -> None:
    assert starts_at("2026-03-29T02:30", "Europe/Berlin") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    assert starts_at("2026-10-25T02:30", "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_an_unknown_zone_stops_nobody() -> None:
    assert zone_of("Mars/Olympus").key == "UTC"


def test_the_forecast_of_the_example() -> None:
    found = forecast(mentors=15, minutes_each=120, learners=120, minutes_per_pair=30)
    assert (found.pairs, found.waiting, found.groups, found.group_size) == (60, 60, 15, 8)


@untimed
@given(
    st.integers(0, 200), st.integers(0, 600), st.integers(0, 500), st.sampled_from([15, 30, 45, 60])
)
def test_a_forecast_promises_no_more_than_there_is(
    mentors: int, each: int, learners: int, minutes: int
) -> None:
    found = forecast(
        mentors=mentors, minutes_each=each, learners=learners, minutes_per_pair=minutes
    )
    assert found.pairs * minutes <= mentors * each
    assert found.pairs + found.waiting == learners
    assert found.spare == 0 or found.waiting == 0


def test_a_forecast_needs_sense() -> None:
    with pytest.raises(ValueError, match="negative"):
        forecast(mentors=-1, minutes_each=0, learners=0, minutes_per_pair=30)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (MeetingState.PROPOSED, "TENTATIVE"),
        (MeetingState.AGREED, "CONFIRMED"),
        (MeetingState.CANCELLED, "CANCELLED"),
    ],
)
def test_the_calendar_file_keeps_local_time_and_its_zone(state: MeetingState, word: str) -> None:
    meeting = MeetingView(
        handle="abc",
        pair_id=None,  # type: ignore[arg-type]
        starts_at=datetime(2026, 11, 24, 17, tzinfo=UTC),
        local_start="2026-11-24T18:00",
        time_zone="Europe/Berlin",
        minutes=45,
        place="Room 5",
        state=state,
        sequence=3,
        proposed_by_id=None,
        changed_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    text = ics(meeting, title="Meeting", description="One\nTwo", host="h.example", url="https://h")
    read = Calendar.from_ical(text)
    (event,) = read.walk("VEVENT")
    assert event["UID"] == "abc@h.example"
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == word
    assert event.DTSTART.astimezone(UTC) == meeting.starts_at
    assert event.DTSTART.tzinfo is not None
    assert [str(zone["TZID"]) for zone in read.walk("VTIMEZONE")] == ["Europe/Berlin"]
