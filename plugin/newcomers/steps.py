"""The first steps of a newcomer: what ticks them, in which order they are shown. Pure.

A step ticks itself from a sign of life. None can be failed: all of them, or four weeks, end it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=28)
# Which sign ticks which step; "thanked" and "answered" are two ways of the same one.
STEPS: Mapping[str, tuple[str, ...]] = {
    "begin": ("topic", "reply"),
    "reply": ("reply",),
    "like": ("like",),
    "solve": ("thanked", "answered"),
}


@dataclass(frozen=True)
class Step:
    """One line of the list; ``done_at`` is None until it is ticked."""

    name: str
    done_at: datetime | None


def checklist(signs: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps with their ticks; ``signs`` maps a sign to its ISO time."""
    return tuple(Step(name, _first(signs, ticks)) for name, ticks in STEPS.items())


def complete(signs: Mapping[str, str]) -> bool:
    """Whether every step is ticked."""
    return all(step.done_at is not None for step in checklist(signs))


def count(signs: Mapping[str, str]) -> int:
    """How many steps are ticked."""
    return sum(step.done_at is not None for step in checklist(signs))


def _first(signs: Mapping[str, str], ticks: tuple[str, ...]) -> datetime | None:
    times = [datetime.fromisoformat(signs[tick]) for tick in ticks if tick in signs]
    return min(times, default=None)
