"""The best assignment and the prices that prove it (facts: matching 1.2 and 1.3).

OR-Tools does not hand out the duals of a min-cost flow, so they are recovered here from the optimal
flow. This is no second solver: a fault here can only make the certificate fail, never make a wrong
result look proven, because the certificate is checked by plain arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from plugin.mentoring.matching.keeping import Pairs
from plugin.mentoring.matching.sides import Ints

UNMATCHED = -1


class NotProvenError(RuntimeError):
    """The prices do not prove the assignment: a fault of the program, never published."""


@dataclass(frozen=True)
class Assignment:
    """For each mentee the mentor's index or -1, with the score, and the shadow prices.

    `value` is the sum of scores less what uneven load costs; `bound` is what no matching of the
    given pairs can exceed, and equals it.
    """

    mentor: Ints
    score: Ints
    surplus: Ints
    price: Ints
    value: int
    bound: int


def assign(pairs: Pairs, mentees: int, places: Ints, balance: int = 0) -> Assignment:
    """Best total over the given pairs, each mentee at most once, each mentor at most `places`.

    A mentor's second pair costs `balance`, the third twice as much, and so on.
    """
    chosen = _solve(pairs, mentees, places, balance)
    mentor = np.full(mentees, UNMATCHED, dtype=np.int64)
    score = np.zeros(mentees, dtype=np.int64)
    mentor[pairs.mentee[chosen]] = pairs.mentor[chosen]
    score[pairs.mentee[chosen]] = pairs.score[chosen]
    load = np.bincount(mentor[mentor >= 0], minlength=len(places))
    least = balance * np.maximum(load - 1, 0)
    price = _prices(pairs, np.arange(mentees), mentor, score, least, mentees)
    surplus = _surplus(mentor, score, price)
    value = int(score.sum()) - int((balance * load * (load - 1) // 2).sum())
    bound = int(surplus.sum()) + worth(places, price, balance)
    if value != bound or (surplus.size and int(surplus.min()) < 0):
        raise NotProvenError(f"value {value}, bound {bound}")
    return Assignment(mentor, score, surplus, price, value, bound)


def worth(places: Ints, price: Ints, balance: int) -> int:
    """The most that the mentors' places can be worth at these prices.

    Σ over mentors and places k = 0, 1, 2 … of max(0, price - balance · k), in closed form.
    """
    if balance == 0:
        return int((places * price).sum())
    used = np.minimum(places, (price + balance - 1) // balance)
    return int((used * price - balance * used * (used - 1) // 2).sum())


def prices_of_sample(pairs: Pairs, mentees: int, places: Ints, units: int) -> Ints:
    """Prices when each mentee of a sample stands for `units` alike: a guess at everybody's."""
    sink = mentees + len(places)
    each = np.arange(mentees, dtype=np.int64)
    solver = min_cost_flow.SimpleMinCostFlow()
    some = np.full_like(pairs.mentee, units)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        pairs.mentee, mentees + pairs.mentor, some, -pairs.score
    )
    mentors = np.arange(len(places), dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        mentees + mentors, np.full_like(mentors, sink), places, np.zeros_like(mentors)
    )
    whole = np.full_like(each, units)
    past = solver.add_arcs_with_capacity_and_unit_cost(
        each, np.full_like(each, sink), whole, np.zeros_like(each)
    )
    solver.set_nodes_supplies(np.append(each, sink), np.append(whole, np.int64(-units * mentees)))
    if solver.solve() != solver.OPTIMAL:
        raise NotProvenError("no prices for a sample")
    flows = np.asarray(solver.flows(arcs)) > 0
    left_over = np.flatnonzero(np.asarray(solver.flows(past)) > 0)
    none = np.zeros_like(left_over)
    return _prices(
        pairs,
        np.concatenate([pairs.mentee[flows], left_over]),
        np.concatenate([pairs.mentor[flows], none + UNMATCHED]),
        np.concatenate([pairs.score[flows], none]),
        np.zeros_like(places),
        mentees,
    )


def _solve(pairs: Pairs, mentees: int, places: Ints, balance: int) -> Ints:
    """Indices of the chosen pairs. One sink; every mentee may also go there for nothing.

    Among equally good matchings the one that spreads the load is taken: a mentor's second pair
    costs one, the third two, and so on, in a unit so small that all of it together never outweighs
    one point of score.
    """
    if pairs.score.size == 0:
        return np.zeros(0, dtype=np.int64)
    sink = mentees + len(places)
    each = np.arange(mentees, dtype=np.int64)
    seats = np.minimum(places, mentees)
    point = mentees * int(seats.max()) + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        pairs.mentee, mentees + pairs.mentor, np.ones_like(pairs.score), -pairs.score * point
    )
    owner = np.repeat(np.arange(len(places), dtype=np.int64), seats)
    load = np.arange(len(owner), dtype=np.int64) - np.repeat(np.cumsum(seats) - seats, seats)
    solver.add_arcs_with_capacity_and_unit_cost(
        mentees + owner,
        np.full_like(owner, sink),
        np.ones_like(owner),
        load * (1 + balance * point),
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        each, np.full_like(each, sink), np.ones_like(each), np.zeros_like(each)
    )
    solver.set_nodes_supplies(
        np.append(each, sink), np.append(np.ones_like(each), np.int64(-mentees))
    )
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NotProvenError(f"solver status {status}")
    return np.flatnonzero(np.asarray(solver.flows(arcs)) > 0)


def _surplus(mentor: Ints, score: Ints, price: Ints) -> Ints:
    """What a mentee has beyond the price of the mentor's time; 0 for those left over."""
    if price.size == 0:
        return np.zeros_like(score)
    return np.where(mentor == UNMATCHED, 0, score - price[np.maximum(mentor, 0)])


def _prices(
    pairs: Pairs, mentee: Ints, mentor: Ints, score: Ints, least: Ints, mentees: int
) -> Ints:
    """The least prices under which nobody prefers another mentor: longest paths in the residual.

    `mentee`, `mentor`, `score` say where the flow goes, -1 as mentor where it goes to nobody.
    Prices are raised until nothing moves. An optimal assignment has no gaining cycle, so every
    shortest way to a price visits a mentor once and at most `mentors` rounds are needed.
    """
    price = least.astype(np.int64)
    for _round in range(len(price) + 1):
        before = price.copy()
        surplus = np.full(mentees, np.iinfo(np.int64).max)
        np.minimum.at(surplus, mentee, _surplus(mentor, score, price))
        np.maximum.at(price, pairs.mentor, pairs.score - surplus[pairs.mentee])
        if np.array_equal(price, before):
            return price
    raise NotProvenError("the prices do not settle")


def greatest_prices(pairs: Pairs, found: Assignment, places: Ints, balance: int = 0) -> Ints:
    """What the others lose at least by giving up one place of each mentor.

    The least surpluses, and the prices that go with them: the other end of the range of prices that
    prove the same assignment. Where pairs were left out it may be too high, never too low.
    """
    taken = found.mentor >= 0
    load = np.bincount(found.mentor[taken], minlength=len(places))
    room = np.where(load < places, balance * load, np.iinfo(np.int64).max)
    surplus = np.zeros_like(found.surplus)
    for _round in range(len(surplus) + 1):
        price = room.copy()
        np.minimum.at(price, found.mentor[taken], (found.score - surplus)[taken])
        before = surplus.copy()
        np.maximum.at(surplus, pairs.mentee, pairs.score - price[pairs.mentor])
        if np.array_equal(surplus, before):
            return price
    raise NotProvenError("the surpluses do not settle")
