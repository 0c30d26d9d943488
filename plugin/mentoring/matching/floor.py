"""The highest score that everybody can be promised, without leaving anybody over for it.

Bisection over the scores with a maximum flow each (facts: matching 1.5).
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import max_flow

from plugin.mentoring.matching.keeping import Pairs
from plugin.mentoring.matching.sides import Ints


def highest_floor(pairs: Pairs, mentees: int, places: Ints, matched: int) -> int:
    """The greatest floor under which `matched` people can still have a mentor; at least 1.

    `matched` must be possible without a floor.
    """
    steps = np.unique(pairs.score)
    low, high = 0, len(steps) - 1
    if high < 0:
        return 1
    while low < high:
        middle = (low + high + 1) // 2
        if reachable(above(pairs, int(steps[middle])), mentees, places) >= matched:
            low = middle
        else:
            high = middle - 1
    return max(1, int(steps[low]))


def above(pairs: Pairs, floor: int) -> Pairs:
    """The pairs worth at least the floor."""
    good = pairs.score >= floor
    return Pairs(pairs.mentee[good], pairs.mentor[good], pairs.score[good])


def reachable(pairs: Pairs, mentees: int, places: Ints) -> int:
    """How many people can have a mentor at most when only these pairs may meet."""
    source, sink = mentees + len(places), mentees + len(places) + 1
    each = np.arange(mentees, dtype=np.int64)
    mentors = np.arange(len(places), dtype=np.int64)
    solver = max_flow.SimpleMaxFlow()
    for start, end, room in (
        (np.full_like(each, source), each, np.ones_like(each)),
        (pairs.mentee, mentees + pairs.mentor, np.ones_like(pairs.mentee)),
        (mentees + mentors, np.full_like(mentors, sink), places),
    ):
        solver.add_arcs_with_capacity(start, end, room)
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise ArithmeticError("the flow has no end")
    return int(solver.optimal_flow())
