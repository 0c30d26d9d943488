"""An independent check of a stored matching. It shares no code with the solver, on purpose.

It reads the two JSON texts which a matching keeps (snapshot and result), computes every score anew
and tests the claim by weak duality alone. It imports nothing of this package: a fault in the solver
or in its vocabulary cannot hide here. Where the solver adds up arrays of slots and skills, this one
works on bit masks and level tables, mentee by mentee.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugin.mentoring.matching.checked_scores import Mentors


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the result claims."""

    code: str
    detail: str


def check(snapshot: Mapping[str, Any], result: Mapping[str, Any]) -> tuple[Fault, ...]:
    """All faults found; an empty tuple means: allowed, counted rightly, and best overall."""
    return tuple(_faults(snapshot, result))


def _faults(snapshot: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[Fault]:
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(text.encode()).hexdigest() != result["problem_digest"]:
        yield Fault("input", "the result belongs to another input")
    places = {row["key"]: row["places"] for row in snapshot["mentors"]}
    learners = {row["key"] for row in snapshot["mentees"]}
    known = [pair for pair in result["pairs"] if pair[0] in learners and pair[1] in places]
    if len(known) != len(result["pairs"]):
        yield Fault("unknown", "a pair names somebody who is not in the input")
    yield from _places(known, places)
    yield from _scores_and_proof(snapshot, result, known)
    yield from _value(snapshot, result, known)


def _places(pairs: list[Any], places: Mapping[str, int]) -> Iterator[Fault]:
    seen: set[str] = set()
    for a, _b, _claimed in pairs:
        if a in seen:
            yield Fault("twice", f"{a} has two mentors")
        seen.add(a)
    for key, count in _load(pairs).items():
        if count > places[key]:
            yield Fault("places", f"{key} has {count} pairs and room for {places[key]}")


def _load(pairs: list[Any]) -> dict[str, int]:
    taken: dict[str, int] = {}
    for _a, b, _claimed in pairs:
        taken[b] = taken.get(b, 0) + 1
    return taken


def _value(
    snapshot: Mapping[str, Any], result: Mapping[str, Any], pairs: list[Any]
) -> Iterator[Fault]:
    """Value and bound, each added up anew: scores less the cost of load, and all prices."""
    cost = _cost_of_load(snapshot["policy"])
    total = sum(claimed for _a, _b, claimed in pairs)
    total -= sum(cost * step for count in _load(pairs).values() for step in range(count))
    if total != result["value"]:
        yield Fault("value", f"the pairs are worth {total}, not {result['value']}")
    surplus, price = result["surplus"], result["price"]
    if any(number < 0 for number in (*surplus.values(), *price.values())):
        yield Fault("proof", "a price is negative")
    bound = sum(surplus.get(row["key"], 0) for row in snapshot["mentees"])
    for row in snapshot["mentors"]:
        own = price.get(row["key"], 0)
        if own:
            bound += sum(max(0, own - cost * step) for step in range(row["places"]))
    if bound != result["bound"] or bound != result["value"]:
        yield Fault("proof", f"bound {bound} and value {result['value']} differ")


def _cost_of_load(policy: Mapping[str, Any]) -> int:
    return int(policy["balance"]) if policy.get("aim") == "load" else 0


def _scores_and_proof(
    snapshot: Mapping[str, Any], result: Mapping[str, Any], pairs: list[Any]
) -> Iterator[Fault]:
    """Every pair's score, and that the prices cover every allowed pair (weak duality)."""
    mentors = Mentors.of(snapshot)
    price = mentors.numbers(result["price"])
    floor = result.get("floor", 1)
    claimed: dict[str, list[tuple[str, int]]] = {}
    for a, b, score in pairs:
        claimed.setdefault(a, []).append((b, score))
    allowed = 0
    for mentee in snapshot["mentees"]:
        key = mentee["key"]
        scores = mentors.scores(mentee)
        allowed += int((scores > 0).sum())
        scores[scores < floor] = 0
        for b, score in claimed.get(key, ()):
            real = int(scores[mentors.column[b]])
            if real == 0:
                yield Fault("rule", f"{key} and {b} must not be a pair")
            elif real != score:
                yield Fault("score", f"{key} and {b}: {real}, not {score}")
        over = scores > result["surplus"].get(key, 0) + price
        if over.any():
            b = mentors.keys[int(over.argmax())]
            yield Fault("proof", f"{key} and {b} are worth more than the prices admit")
    compared = len(snapshot["mentees"]) * len(mentors.keys)
    if (compared, allowed) != (result["compared"], result["allowed"]):
        yield Fault("count", f"{compared} pairs compared, {allowed} allowed")
