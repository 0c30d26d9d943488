"""ISO weeks in a person's own zone, written like ``2026-W47`` (ISO 8601, 5.2.3).

The text form sorts by time, so "this week and later" is a plain comparison in SQL.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def week_of(moment: datetime, zone: str) -> str:
    """Return the ISO week in which an aware moment falls for somebody in ``zone``."""
    year, week, _ = moment.astimezone(_zone(zone)).isocalendar()
    return f"{year:04d}-W{week:02d}"


def monday_of(week: str) -> date:
    """Return the first day of an ISO week; raises ValueError when the text is none."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def week_after(week: str, weeks: int = 1) -> str:
    """Return the ISO week that lies ``weeks`` later (or earlier, when negative)."""
    year, number, _ = (monday_of(week) + timedelta(weeks=weeks)).isocalendar()
    return f"{year:04d}-W{number:02d}"


def _zone(name: str) -> ZoneInfo:
    # Zones come from other systems' claims; an unknown one must not stop a person from working.
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
