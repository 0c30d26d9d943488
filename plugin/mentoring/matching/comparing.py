"""Why this mentor and not that one, in the numbers of the proof.

A pair is worth its score. The mentor's price is what the others lose when one of the mentor's
places goes here. What is left over the price is what counts: nobody has more of it elsewhere than
with the mentor that the best overall matching gave them (facts: matching 1.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.mentoring.matching.scoring import Scorer
from plugin.mentoring.matching.unmatched import broken
from plugin.mentoring.matching.values import Problem, Rule


@dataclass(frozen=True)
class Option:
    """One mentor for one mentee: numbers in score, or the rules that forbid the pair."""

    mentor: str
    worth: int
    price: int
    chosen: bool
    rules: tuple[Rule, ...]

    @property
    def rest(self) -> int:
        """What is left when the others are made good; the best mentor is where it is most."""
        return self.worth - self.price


def compare(problem: Problem, result: Mapping[str, Any], mentee: str) -> tuple[Option, ...]:
    """All mentors with places for one mentee: allowed ones by what is left, then the others.

    `result` is what ``proposal.result`` gave for this problem. Raises KeyError for a key that is
    not among the mentees.
    """
    who = {one.key: one for one in problem.mentees}[mentee]
    given = {a: b for a, b, _score in result["pairs"]}.get(mentee)
    row = Scorer(problem).row(who).tolist()
    options = [
        Option(
            mentor=mentor.key,
            worth=max(0, score),
            price=result["price"].get(mentor.key, 0),
            chosen=mentor.key == given,
            rules=() if score > 0 else broken(who, mentor, problem),
        )
        for mentor, score in zip(problem.mentors, row, strict=True)
        if mentor.places
    ]
    order = {rule: number for number, rule in enumerate(Rule)}
    return tuple(
        sorted(
            options,
            key=lambda one: (
                bool(one.rules),
                -one.rest if not one.rules else order[one.rules[0]],
                not one.chosen,
                one.mentor,
            ),
        )
    )
