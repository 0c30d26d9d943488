"""A matching from a problem: pairs with reasons, the unmatched with why, and the certificate.

`propose` is the one entry for callers. Same problem (in any order) and seed, same solver version:
same pairs; another solver version: the same value, possibly other pairs among equals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from plugin.mentoring.matching.advice import Advice
from plugin.mentoring.matching.certifying import EVERY_PAIR, Best, Progress, best, places_of
from plugin.mentoring.matching.floor import above, highest_floor
from plugin.mentoring.matching.flow import UNMATCHED, assign, greatest_prices, worth
from plugin.mentoring.matching.keeping import NOTHING
from plugin.mentoring.matching.reasons import Reason, reasons
from plugin.mentoring.matching.snapshots import digest, snapshot
from plugin.mentoring.matching.unmatched import Unmatched, explain
from plugin.mentoring.matching.values import Aim, Problem

SOLVER = f"columns-3/ortools-{version('ortools')}"
FLOORED = 100_000_000
"""Pairs up to which the highest floor is offered: it needs all allowed pairs at once."""


class TooManyPairsError(ValueError):
    """The highest floor was asked for among more pairs than fit into memory at once."""

    def __init__(self, pairs: int) -> None:
        super().__init__(f"{pairs} pairs; the highest floor is found among up to {FLOORED}")


@dataclass(frozen=True)
class Pair:
    """Two keys that belong together, their score and what speaks for it."""

    mentee: str
    mentor: str
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Certificate:
    """Numbers by which anybody can check that no better overall matching exists.

    For every allowed pair of at least the floor, surplus[mentee] + price[mentor] >= its score. Then
    no matching of such pairs can be worth more than the sum of all surpluses and of what the places
    are worth at these prices, and that equals our value (scores less the cost of uneven load).
    """

    value: int
    bound: int
    surplus: dict[str, int]
    price: dict[str, int]
    compared: int
    allowed: int
    problem_digest: str
    floor: int = 1


@dataclass(frozen=True)
class Proposal:
    """What the solver hands to a person, who edits and publishes it."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    free_places: dict[str, int]
    certificate: Certificate
    solver: str


def _quiet(step: str, share: float = 0.0) -> None:
    """Nobody watches."""


def propose(problem: Problem, progress: Progress = _quiet) -> Proposal:
    """Compute the best overall matching over all allowed pairs and prove it.

    `progress` hears each step; what it raises ends the work (a coordinator who cancels).
    """
    ordered = problem.canonical()
    found = best(ordered, progress, EVERY_PAIR if problem.policy.aim is not Aim.FLOOR else FLOORED)
    floor = 1
    if problem.policy.aim is Aim.FLOOR:
        progress("raising")
        found, floor = _with_floor(ordered, found)
    progress("explaining")
    return _told(problem, ordered, found, floor)


def _with_floor(ordered: Problem, found: Best) -> tuple[Best, int]:
    """The same again with the highest floor; over the kept pairs, which here are all there are."""
    places = places_of(ordered)
    if np.any(found.kept.bound > NOTHING):
        raise TooManyPairsError(len(ordered.mentees) * len(places))
    count = len(ordered.mentees)
    matched = int(np.count_nonzero(found.assignment.mentor != UNMATCHED))
    floor = highest_floor(found.kept.pairs, count, places, matched)
    pairs = above(found.kept.pairs, floor)
    again = assign(pairs, count, places)
    return replace(found, assignment=again, kept=replace(found.kept, pairs=pairs)), floor


def _told(problem: Problem, ordered: Problem, best_one: Best, floor: int) -> Proposal:
    found, kept = best_one.assignment, best_one.kept
    places = places_of(ordered)
    cost = ordered.policy.cost_of_load
    advice = Advice(ordered, greatest_prices(kept.pairs, found, places, cost))
    chosen: list[Pair] = []
    left: list[Unmatched] = []
    used = dict.fromkeys((mentor.key for mentor in ordered.mentors), 0)
    for index, mentee in enumerate(ordered.mentees):
        partner = int(found.mentor[index])
        if partner == UNMATCHED:
            left.append(explain(ordered, mentee, int(kept.fitting[index]), advice))
            continue
        mentor = ordered.mentors[partner]
        used[mentor.key] += 1
        why = reasons(mentee, mentor, ordered)
        chosen.append(Pair(mentee.key, mentor.key, int(found.score[index]), why))
    free = {mentor.key: mentor.places - used[mentor.key] for mentor in ordered.mentors}
    return Proposal(
        pairs=tuple(sorted(chosen, key=lambda pair: pair.mentee)),
        unmatched=tuple(sorted(left, key=lambda person: person.mentee)),
        free_places={key: count for key, count in sorted(free.items()) if count},
        certificate=Certificate(
            value=found.value,
            bound=int(found.surplus.sum()) + worth(places, found.price, cost),
            surplus=_by_key([c.key for c in ordered.mentees], found.surplus.tolist()),
            price=_by_key([c.key for c in ordered.mentors], found.price.tolist()),
            compared=len(ordered.mentees) * len(ordered.mentors),
            allowed=int(kept.allowed.sum()),
            problem_digest=digest(snapshot(problem)),
            floor=floor,
        ),
        solver=SOLVER,
    )


def _by_key(keys: list[str], numbers: list[int]) -> dict[str, int]:
    """Only what is not zero is kept: a checker reads a missing number as zero."""
    return {key: number for key, number in sorted(zip(keys, numbers, strict=True)) if number}


def result(proposal: Proposal) -> dict[str, Any]:
    """The proposal's claim as plain JSON values: what is stored and what the checker reads."""
    certificate = proposal.certificate
    return {
        "format": 2,
        "floor": certificate.floor,
        "solver": proposal.solver,
        "pairs": [[pair.mentee, pair.mentor, pair.score] for pair in proposal.pairs],
        "value": certificate.value,
        "bound": certificate.bound,
        "surplus": certificate.surplus,
        "price": certificate.price,
        "compared": certificate.compared,
        "allowed": certificate.allowed,
        "problem_digest": certificate.problem_digest,
    }
