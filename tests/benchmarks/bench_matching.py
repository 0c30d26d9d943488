"""How fast the matching is and what proves it, next to OR-Tools' assignment solver in the same run.

The peer gets the same allowed pairs and scores. It knows no capacities, so every place becomes a
seat of its own, and no leaving over, so it works on the doubled graph. Both must find the same
value. Where the peer would take minutes, the limit in its place is the LP bound of the certificate.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.graph.python import linear_sum_assignment

from plugin.mentoring.matching import Problem, check, propose, result, snapshot
from plugin.mentoring.matching.flow import assign
from plugin.mentoring.matching.keeping import Pairs, keep
from plugin.mentoring.matching.scoring import Scorer
from tests.plugin.mentoring.matching.instances import instance

AGAINST_PEER = ((200, 50), (2_000, 400))
AGAINST_BOUND = (10_000, 2_000)


def run() -> Iterable[dict[str, Any]]:
    """One line for each measured claim."""
    yield from _against_peer()
    yield _against_bound()
    yield _checker()


def _against_peer() -> Iterator[dict[str, Any]]:
    for mentees, mentors in AGAINST_PEER:
        problem = instance(mentees, mentors, seed=mentees).canonical()
        places = _places(problem)
        nothing = np.zeros(mentors, dtype=np.int64)
        pairs = keep(Scorer(problem), problem.mentees, mentors, nothing).pairs
        began = time.perf_counter()
        ours = assign(pairs, mentees, places)
        between = time.perf_counter()
        peer = _seats(pairs, mentees, places)
        ended = time.perf_counter()
        if int(ours.score.sum()) != peer:
            raise AssertionError(f"values differ: {int(ours.score.sum())} and {peer}")
        yield _line(
            f"matching.solve_and_prove.{mentees}x{mentors}",
            between - began,
            ended - between,
            "ortools LinearSumAssignment on the same pairs, same value, no proof",
            "seconds",
            {"mentees": mentees, "mentors": mentors, "pairs": int(pairs.score.size)},
        )


def _against_bound() -> dict[str, Any]:
    mentees, mentors = AGAINST_BOUND
    problem = instance(mentees, mentors, seed=mentees)
    began = time.perf_counter()
    certificate = propose(problem).certificate
    seconds = time.perf_counter() - began
    return _line(
        f"matching.value.{mentees}x{mentors}",
        certificate.value,
        certificate.bound,
        "LP bound over all pairs: no matching can be worth more",
        "score",
        {
            "mentees": mentees,
            "mentors": mentors,
            "pairs": certificate.allowed,
            "seconds_with_reasons": round(seconds, 3),
        },
    )


def _checker() -> dict[str, Any]:
    """The independent checker over every pair, next to the time of the matching it checks."""
    problem = instance(2_000, 400, seed=7)
    began = time.perf_counter()
    proposal = propose(problem)
    between = time.perf_counter()
    faults = check(snapshot(problem), result(proposal))
    ended = time.perf_counter()
    if faults:
        raise AssertionError(faults[0])
    return _line(
        "matching.check.2000x400",
        ended - between,
        between - began,
        "the matching that is checked, with its reasons",
        "seconds",
        {"mentees": 2_000, "mentors": 400, "pairs": proposal.certificate.allowed},
    )


def _seats(pairs: Pairs, mentees: int, places: np.ndarray[Any, Any]) -> int:
    """The best total by assignment of copied seats on the doubled graph."""
    first = np.concatenate([[0], np.cumsum(places)])
    seats = int(first[-1])
    copies = places[pairs.mentor]
    row = np.repeat(pairs.mentee, copies)
    within = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    seat = np.repeat(first[pairs.mentor], copies) + within
    cost = -np.repeat(pairs.score, copies)
    each, every = np.arange(mentees), np.arange(seats)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(
        np.concatenate([row, each, mentees + every, mentees + seat]),
        np.concatenate([seat, seats + each, every, seats + row]),
        np.concatenate([cost, np.zeros(mentees + seats + len(row), dtype=np.int64)]),
    )
    if solver.solve() != solver.OPTIMAL:
        raise AssertionError("the peer found no assignment")
    return -int(solver.optimal_cost())


def _places(problem: Problem) -> np.ndarray[Any, Any]:
    return np.array([mentor.places for mentor in problem.mentors], dtype=np.int64)


def _line(
    name: str, ours: float, peer: float, what: str, unit: str, sizes: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 6),
        "peer": round(peer, 6),
        "peer_is": what,
        "ratio": round(ours / peer, 4),
        "unit": unit,
        "sizes": sizes,
        "versions": {
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "ortools": version("ortools"),
        },
    }
