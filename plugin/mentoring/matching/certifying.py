"""Best over *all* pairs: solve over the kept ones, look for a better pair among the rest, repeat.

Column generation (Dantzig & Wolfe 1960; facts: matching 1.3). A pair that was not kept is worth at
most its mentee's bound plus what the mentor's price has fallen since; where that settles nothing,
the pair is scored again. When no pair is worth more than the prices admit, the matching over the
kept pairs is the best over all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from plugin.mentoring.matching.flow import Assignment, NotProvenError, assign, prices_of_sample
from plugin.mentoring.matching.keeping import NOTHING, Kept, Pairs, keep
from plugin.mentoring.matching.scoring import Scorer
from plugin.mentoring.matching.sides import Ints
from plugin.mentoring.matching.values import Problem

EVERY_PAIR = 4_000_000
"""Up to so many pairs all allowed ones are kept: nothing is left to certify."""
MOST = 32
MOST_OF_SAMPLE = 128
SAMPLES = (40, 8)
"""The first guess at prices comes from every 40th mentee, the second from every 8th."""
ADDED = 16
ROUNDS = 40


class Progress(Protocol):
    """Hears which step is under way and how far it is, 0 to 1. What it raises ends the work."""

    def __call__(self, step: str, share: float = 0.0) -> None: ...


@dataclass(frozen=True)
class Best:
    """The best matching of all allowed pairs, and what was looked at to prove it."""

    assignment: Assignment
    kept: Kept
    rounds: int


class _Count:
    """Turns numbers of finished mentees into a share of one step."""

    def __init__(self, progress: Progress, step: str, whole: int) -> None:
        self._progress, self._step, self._whole, self._done = progress, step, whole, 0

    def __call__(self, more: int) -> None:
        self._done += more
        self._progress(self._step, self._done / max(1, self._whole))


def best(problem: Problem, progress: Progress, every_pair: int = EVERY_PAIR) -> Best:
    """The best overall matching of a problem in canonical order.

    Raises NotProvenError when the proof does not close, which is a fault of the program.
    """
    scorer = Scorer(problem)
    mentees, places = problem.mentees, places_of(problem)
    progress("comparing")
    few = len(mentees) * len(places) <= every_pair
    price = np.zeros(len(places), dtype=np.int64) if few else _guess(scorer, places)
    counted = _Count(progress, "comparing", len(mentees))
    kept = keep(scorer, mentees, len(places) if few else MOST, price, counted)
    pairs = kept.pairs
    for number in range(1, ROUNDS + 1):
        progress("solving", 1 - 0.5**number)
        found = assign(pairs, len(mentees), places, problem.policy.cost_of_load)
        progress("proving", 1 - 0.5**number)
        better = _better(scorer, kept, price, found)
        if better is None:
            return Best(found, Kept(pairs, kept.bound, kept.allowed, kept.fitting), number)
        pairs = pairs.joined(better, len(places))
    raise NotProvenError("better pairs are found without an end")


def places_of(problem: Problem) -> Ints:
    return np.array([mentor.places for mentor in problem.mentors], dtype=np.int64)


def _guess(scorer: Scorer, places: Ints) -> Ints:
    """Prices learnt from samples, so that few pairs need to be kept."""
    price = np.zeros(len(places), dtype=np.int64)
    mentees = scorer.problem.mentees
    for step in SAMPLES:
        # the canonical order is a random one already
        sample = mentees[::step]
        pairs = keep(scorer, sample, MOST_OF_SAMPLE, price).pairs
        price = prices_of_sample(pairs, len(sample), places, step)
    return price


def _better(scorer: Scorer, kept: Kept, guessed: Ints, found: Assignment) -> Pairs | None:
    """Pairs not kept that are worth more than the prices admit; None when there are none."""
    fallen = guessed - found.price
    unsure = kept.bound > NOTHING
    order = np.argsort(-fallen, kind="stable")
    columns, limit = _cheapest(kept, fallen[order], found.surplus, unsure)
    rows = np.flatnonzero(unsure & (kept.bound + limit > found.surplus))
    parts = []
    if columns:
        chosen = order[:columns]
        parts.append(_priced(scorer.only(chosen), np.flatnonzero(unsure), found, chosen))
    if len(rows):
        parts.append(_priced(scorer, rows, found, np.arange(len(guessed))))
    parts = [part for part in parts if part.mentee.size]
    if not parts:
        return None
    together = parts[0]
    for part in parts[1:]:
        together = together.joined(part, len(guessed))
    return together


def _cheapest(
    kept: Kept, fallen: Ints, surplus: Ints, unsure: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[int, int]:
    """How many of the mentors whose price fell most are scored again with everybody.

    The more of them, the lower the limit for the rest and the fewer mentees are scored again whole.
    """
    options = []
    mentors = len(fallen)
    for columns in sorted({0, 64, 256, 1024, 2048, 4096, mentors}):
        if columns > mentors:
            continue
        limit = int(fallen[columns]) if columns < mentors else NOTHING
        whole = int(np.count_nonzero(unsure & (kept.bound + limit > surplus)))
        cost = whole * mentors + int(np.count_nonzero(unsure)) * columns
        options.append((cost, columns, limit))
    _cost, columns, limit = min(options)
    return columns, limit


def _priced(scorer: Scorer, rows: Ints, found: Assignment, columns: Ints) -> Pairs:
    """For these mentees the best few pairs with these mentors that beat their surplus."""
    mentees = [scorer.problem.mentees[row] for row in rows.tolist()]
    again = keep(scorer, mentees, ADDED, found.price[columns]).pairs
    mentee, mentor = rows[again.mentee], columns[again.mentor]
    beats = again.score - found.price[mentor] > found.surplus[mentee]
    return Pairs(mentee[beats], mentor[beats], again.score[beats])
