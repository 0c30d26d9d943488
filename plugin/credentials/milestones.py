"""Milestones of people who help others: facts about one person, never next to another's. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from plugin.kernel.i18n import _, ngettext

HOURS = (10, 50, 100, 250, 500)
PAIRS = (1, 3, 5, 10, 25)
REVIEWS = (1, 10, 25, 50, 100)
CONFIRMED = (1, 3, 10)


@dataclass(frozen=True)
class Served:
    """What somebody gave: minutes by kind, pairs that ran to their end, reviews, outcomes."""

    minutes: dict[str, int] = field(default_factory=dict)
    pairs: int = 0
    reviews: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    confirmed: int = 0

    @property
    def total(self) -> int:
        return sum(self.minutes.values())


@dataclass(frozen=True)
class Milestone:
    """One that was reached, and how far the next of its kind is (0: none is left)."""

    words: str
    next_at: int
    have: int


def milestones(of: Served) -> list[Milestone]:
    """The furthest of each kind, and the next; nothing that was not begun."""
    hours = of.total // 60
    rows = (
        (hours, HOURS, _hours),
        (of.pairs, PAIRS, _pairs),
        (of.reviews, REVIEWS, _reviews),
        (of.confirmed, CONFIRMED, _confirmed),
    )
    found = []
    for have, steps, words in rows:
        reached = max((step for step in steps if have >= step), default=0)
        coming = next((step for step in steps if step > have), 0)
        if reached:
            found.append(Milestone(words(reached), coming, have))
    return found


def _hours(n: int) -> str:
    return ngettext("%(n)d hour given to others", "%(n)d hours given to others", n)


def _pairs(n: int) -> str:
    if n == 1:
        return _("The first person mentored to the end")
    return ngettext("%(n)d person mentored to the end", "%(n)d people mentored to the end", n)


def _reviews(n: int) -> str:
    if n == 1:
        return _("The first review written for somebody else")
    return ngettext("%(n)d review written", "%(n)d reviews written", n)


def _confirmed(n: int) -> str:
    return ngettext(
        "%(n)d person confirmed what came of it", "%(n)d people confirmed what came of it", n
    )
