"""Hours people are free: from their own week to the half hours of the matching's week. Pure.

People say "Tuesday from 18 to 20, Berlin". That is kept as said. For a matching it becomes half
hours of a UTC week, as the clocks stand in the week after it; only half hours that lie wholly
inside somebody's time count, so zones of three quarters of an hour lose a little and never gain.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEK_HOURS = 168
_HALF_HOURS = 336
_MINUTES = 7 * 24 * 60

STARTS = (8, 13, 18)
SPAN = 4
"""Stretches of a day that the join page offers: three large boxes fit into a phone's row."""


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC for one that does not exist (zones come from other systems)."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Whether there is a zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def monday_after(day: date) -> date:
    """The first Monday after a day: the week for which a matching reads people's hours."""
    return day + timedelta(days=7 - day.weekday())


def hours_of(stretches: Iterable[str]) -> list[int]:
    """Hours of the week for names like ``1-18`` (Tuesday from 18 on); ValueError for others."""
    hours: set[int] = set()
    for stretch in stretches:
        day, _, start = stretch.partition("-")
        if int(day) not in range(7) or int(start) not in STARTS:
            raise ValueError(stretch)
        first = int(day) * 24 + int(start)
        hours.update(range(first, first + SPAN))
    return sorted(hours)


def stretches_of(hours: Iterable[int]) -> list[str]:
    """The stretches that lie wholly inside these hours, to fill the form again."""
    known = set(hours)
    return [
        f"{day}-{start}"
        for day in range(7)
        for start in STARTS
        if known.issuperset(range(day * 24 + start, day * 24 + start + SPAN))
    ]


def half_hours(hours: Iterable[int], time_zone: str, monday: date) -> frozenset[int]:
    """Half hours of the UTC week (0 = Monday 00:00 UTC) in which the person is free."""
    zone = zone_of(time_zone)
    start_of_week = datetime.combine(monday, time(), UTC)
    free: set[int] = set()
    for hour in sorted(set(hours)):
        local = datetime.combine(monday + timedelta(days=hour // 24), time(hour % 24), zone)
        begin = int((local.astimezone(UTC) - start_of_week).total_seconds()) // 60
        first = -(-begin // 30)
        last = (begin + 60) // 30
        free.update(slot % _HALF_HOURS for slot in range(first, last))
    return frozenset(free)


def moment_of(slot: int, monday: date) -> datetime:
    """The beginning of a half hour, as aware UTC, in the matching's week."""
    return datetime.combine(monday, time(), UTC) + timedelta(minutes=30 * slot % _MINUTES)


def starts_at(local_start: str, time_zone: str) -> datetime:
    """A meeting's beginning in UTC from ``2026-11-24T18:00`` and a zone.

    A time that the clocks skip in spring is read as the same distance after midnight (RFC 5545,
    3.3.5), one that occurs twice in autumn as the first.
    """
    naive = datetime.fromisoformat(local_start)
    return naive.replace(tzinfo=zone_of(time_zone), fold=0).astimezone(UTC)
