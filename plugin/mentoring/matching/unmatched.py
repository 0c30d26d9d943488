"""Why somebody was left over, and what would change it.

The rule that is told is the one that stands in the way: the rules are applied one after the other,
and the first after which no mentor is left names the cause. If mentors are left, only their places
were missing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from plugin.mentoring.matching.advice import Advice
from plugin.mentoring.matching.values import SLOTS, Candidate, Policy, Problem, Rule

SUGGESTIONS = 3
T = TypeVar("T", str, int)


@dataclass(frozen=True)
class Unmatched:
    """Cause and remedy as message keys; `params` and `change` hold only counts, codes and hours."""

    mentee: str
    cause: str
    params: dict[str, Any]
    change: str
    change_params: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        return {
            "cause": self.cause,
            "params": self.params,
            "change": self.change,
            "change_params": self.change_params,
        }


def broken(mentee: Candidate, mentor: Candidate, problem: Problem) -> tuple[Rule, ...]:
    """All rules that forbid this pair, in the order in which they are told."""
    policy = problem.policy
    found = []
    if (mentee.key, mentor.key) in problem.apart:
        found.append(Rule.APART)
    if mentee.teams & mentor.teams:
        found.append(Rule.TEAM)
    if mentee.section and mentor.sections and mentee.section not in mentor.sections:
        found.append(Rule.SECTION)
    if not mentee.languages & mentor.languages:
        found.append(Rule.LANGUAGE)
    if len(mentee.slots & mentor.slots) < policy.minimum_common_slots:
        found.append(Rule.HOURS)
    if policy.require_skill and not _useful(mentee, mentor, policy):
        found.append(Rule.SKILL)
    return tuple(found)


def _useful(mentee: Candidate, mentor: Candidate, policy: Policy) -> bool:
    offered = {offer.skill: offer.level for offer in mentor.offers}
    total = sum(wish.priority for wish in mentee.wants)
    return any(
        wish.priority * policy.usefulness[max(0, offered[wish.skill] - wish.level)] // total
        for wish in mentee.wants
        if wish.skill in offered
    )


def explain(problem: Problem, mentee: Candidate, fitting: int, advice: Advice) -> Unmatched:
    """Name the cause for one mentee whom the best matching left over, and what would change it.

    `fitting` counts the mentors with a place whom no rule forbids; only where there is none are the
    rules gone through one by one. What `advice` found to help stands before general advice.
    """
    found = _cause(problem, mentee, fitting)
    tried = advice.for_person(mentee)
    return found if tried is None else replace(found, change=tried[0], change_params=tried[1])


def _cause(problem: Problem, mentee: Candidate, fitting: int) -> Unmatched:
    if fitting:
        count = {"mentors": fitting}
        return Unmatched(mentee.key, "no_capacity", count, "more_places", count)
    with_time = [mentor for mentor in problem.mentors if mentor.places]
    if not with_time:
        return Unmatched(mentee.key, "no_mentor", {}, "more_mentors", {"places": 1})
    hindrances = {mentor.key: broken(mentee, mentor, problem) for mentor in with_time}
    left = with_time
    for rule in Rule:
        passed = [mentor for mentor in left if rule not in hindrances[mentor.key]]
        if not passed:
            return _because(rule, mentee, left)
        left = passed
    raise ValueError(f"{mentee.key} fits {len(left)} mentors and was counted as fitting none")


def _because(rule: Rule, mentee: Candidate, nearly: list[Candidate]) -> Unmatched:
    """`nearly` are the mentors who pass every rule told before this one."""
    count = {"mentors": len(nearly)}
    if rule is Rule.LANGUAGE:
        spoken = Counter(code for mentor in nearly for code in mentor.languages)
        return Unmatched(
            mentee.key, "no_language", count, "add_language", {"languages": _most(spoken)}
        )
    if rule is Rule.HOURS:
        starts = Counter(slot for mentor in nearly for slot in _starts(mentor, mentee))
        return Unmatched(mentee.key, "no_hours", count, "add_hours", {"slots": _most(starts)})
    if rule is Rule.SKILL:
        skills = Counter(offer.skill for mentor in nearly for offer in mentor.offers)
        return Unmatched(mentee.key, "no_skill", count, "add_skill", {"skills": _most(skills)})
    if rule is Rule.SECTION:
        return Unmatched(mentee.key, "no_section", count, "more_mentors", {"places": 1})
    return Unmatched(mentee.key, "kept_apart", count, "more_mentors", {"places": 1})


def _starts(mentor: Candidate, mentee: Candidate) -> list[int]:
    """Where the mentor's free stretches begin, as far as the mentee is not free then."""
    return [
        slot
        for slot in mentor.slots
        if (slot - 1) % SLOTS not in mentor.slots and slot not in mentee.slots
    ]


def _most(counted: Counter[T]) -> list[T]:
    """The commonest first; equals in their own order, so that the text never depends on chance."""
    return [name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))][
        :SUGGESTIONS
    ]
