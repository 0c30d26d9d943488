"""Which pairs the solver gets: for each mentee the best by score minus price (facts: matching 1.3).

Every pair of the instance is looked at once. Those not kept are bounded by one number a mentee, and
that number is what the proof over all pairs rests on (``certifying``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np
import numpy.typing as npt

from plugin.mentoring.matching.scoring import FORBIDDEN, Scorer
from plugin.mentoring.matching.sides import Ints, Row
from plugin.mentoring.matching.values import Candidate

NOTHING = FORBIDDEN
"""The bound where no allowed pair was left out: below every score minus every price."""
Counted = Callable[[int], None]


@dataclass(frozen=True)
class Pairs:
    """Allowed pairs as parallel arrays: index of the mentee, of the mentor, and the score (> 0)."""

    mentee: Ints
    mentor: Ints
    score: Ints

    def joined(self, other: Pairs, mentors: int) -> Pairs:
        """Both together, each pair once, in one order whatever order they were found in."""
        key = np.concatenate([self.mentee, other.mentee]) * mentors
        key += np.concatenate([self.mentor, other.mentor])
        key, first = np.unique(key, return_index=True)
        score = np.concatenate([self.score, other.score])[first]
        return Pairs(key // mentors, key % mentors, score)


@dataclass(frozen=True)
class Kept:
    """The kept pairs, and per mentee: the bound of score - price over allowed pairs not kept."""

    pairs: Pairs
    bound: Ints
    allowed: Ints
    """How many mentors no rule forbids, for each mentee."""
    fitting: Ints
    """The same among mentors with a place."""


def keep(
    scorer: Scorer,
    mentees: Sequence[Candidate],
    most: int,
    price: Ints,
    counted: Counted | None = None,
) -> Kept:
    """Keep at most `most` pairs a mentee, the best by score minus price; all pairs are looked at.

    `counted` hears how many mentees are done; whatever it raises ends the work.
    """
    starts = range(0, len(mentees), scorer.size)
    price32 = price.astype(np.int32)
    places = np.array([mentor.places > 0 for mentor in scorer.problem.mentors], dtype=bool)
    workers = max(1, min(cpu_count() or 1, len(starts)))
    scorers = [scorer, *(scorer.again() for _worker in range(workers - 1))]
    done: dict[int, list[_Found]] = {}

    def work(worker: int) -> None:
        for start in starts[worker::workers]:
            part = mentees[start : start + scorer.size]
            done[start] = _best(scorers[worker].block(part), start, most, price32, places)
            if counted is not None:
                counted(len(part))

    if workers == 1:
        work(0)
    else:
        with ThreadPoolExecutor(workers) as pool:
            for finished in [pool.submit(work, number) for number in range(workers)]:
                finished.result()
    return _together([one for start in starts for one in done.pop(start)])


@dataclass(frozen=True)
class _Found:
    columns: Ints
    scores: Row
    bound: int
    allowed: int
    fitting: int


def _best(
    scores: Row, start: int, most: int, price: Row, places: npt.NDArray[np.bool_]
) -> list[_Found]:
    allowed = scores > 0
    count = np.count_nonzero(allowed, axis=1).tolist()
    fitting = np.count_nonzero(allowed & places, axis=1).tolist()
    found = []
    for number, row in enumerate(scores):
        if count[number] <= most:
            columns, bound = np.flatnonzero(allowed[number]), NOTHING
        else:
            columns, bound = _highest(row - price, most, start + number)
        found.append(_Found(columns, row[columns], bound, count[number], fitting[number]))
    return found


def _highest(value: Row, most: int, number: int) -> tuple[Ints, int]:
    """The columns of the `most` highest values, and the bound of all others."""
    edge = len(value) - most - 1
    bound = int(np.partition(value, edge)[edge])
    columns = np.flatnonzero(value > bound)
    missing = most - len(columns)
    if missing:
        # Many equally good ones: everybody takes others of them, or all would want the same few.
        equal = np.flatnonzero(value == bound)
        turn = number * missing % len(equal)
        columns = np.sort(np.concatenate([columns, np.roll(equal, -turn)[:missing]]))
    return columns, bound


def _together(found: Sequence[_Found]) -> Kept:
    sizes = [len(one.columns) for one in found]
    none = np.zeros(0, dtype=np.int64)
    return Kept(
        Pairs(
            np.repeat(np.arange(len(found), dtype=np.int64), sizes),
            np.concatenate([none, *(one.columns for one in found)]),
            np.concatenate([none, *(one.scores for one in found)]).astype(np.int64),
        ),
        np.array([one.bound for one in found], dtype=np.int64),
        np.array([one.allowed for one in found], dtype=np.int64),
        np.array([one.fitting for one in found], dtype=np.int64),
    )
