"""Who may review whom, and what it costs: the rules that peer review gives to the queue (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

RESERVATION = timedelta(hours=8)
AT_ONCE = 1


def queue_of(activity_handle: str) -> str:
    """Name the queue in which an activity's submissions wait."""
    return f"reviews:{activity_handle}"


def strangers_only(authors: int, reviews_wanted: int) -> bool:
    """Whether nobody need review the work of somebody who reviews theirs.

    With k reviews each, that needs 2k + 1 authors; in a smaller group this rule gives way first,
    because otherwise somebody's work would stay without its reviews.
    """
    return authors >= 2 * reviews_wanted + 1


def excluded_authors(*relations: Iterable[UUID]) -> frozenset[UUID]:
    """Return everybody whose work a person must not get: blocked, paired, in conflict."""
    return frozenset(person for group in relations for person in group)


@dataclass(frozen=True)
class Deadlines:
    """Rolling deadlines of one submission: each is counted from its own arrival."""

    widen_at: datetime
    coordinator_at: datetime


def deadlines(submitted_at: datetime, due_at: datetime | None, days: int) -> Deadlines:
    """Return when rules widen and when the teacher is asked.

    Work that comes before the due date has until ``days`` after that date; late work has ``days``
    of its own.
    """
    start = max(submitted_at, due_at) if due_at else submitted_at
    return Deadlines(
        widen_at=start + timedelta(days=days) / 2, coordinator_at=start + timedelta(days=days)
    )


@dataclass(frozen=True)
class Cost:
    """What an activity asks of everybody who hands in work."""

    reviews: int
    minutes: int


def cost(reviews_wanted: int, minutes_each: int) -> Cost:
    """Each work wants k reviews, so each author gives k: "2 reviews, about 40 min"."""
    return Cost(reviews=reviews_wanted, minutes=reviews_wanted * minutes_each)
