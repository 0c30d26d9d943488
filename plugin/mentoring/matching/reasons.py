"""Why two people fit, as message keys and parameters which both of them may read.

Only what both sides put on their join page is quoted: skills, goals, hours, stage and language.
The texts are made where a page or a message is written, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plugin.mentoring.matching.values import (
    LEVELS,
    WAITED,
    Candidate,
    Factor,
    Policy,
    Problem,
)

STRONGEST = 3


@dataclass(frozen=True)
class Reason:
    """One factor: message key, what it contributed to the score, and the words to fill in."""

    key: str
    points: int
    params: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        return {"key": self.key, "points": self.points, "params": self.params}


def reasons(mentee: Candidate, mentor: Candidate, problem: Problem) -> tuple[Reason, ...]:
    """The three strongest factors; the shared language stands in where fewer speak for the pair."""
    found = _factors(mentee, mentor, problem)
    strongest = sorted((reason for reason in found if reason.points), key=lambda r: -r.points)
    language = Reason("language", 0, {"languages": sorted(mentee.languages & mentor.languages)})
    return tuple([*strongest, language][:STRONGEST])


def score(mentee: Candidate, mentor: Candidate, problem: Problem) -> int:
    """What one allowed pair is worth: the same number as the solver's, by the written rule."""
    told = sum(reason.points for reason in _factors(mentee, mentor, problem))
    return max(1, 1 + told + _untold(mentee, mentor, problem))


def _factors(mentee: Candidate, mentor: Candidate, problem: Problem) -> list[Reason]:
    policy = problem.policy
    return [
        _skills(mentee, mentor, policy),
        _goals(mentee, mentor, policy),
        _hours(mentee, mentor, policy),
        _near_peer(mentee, mentor, policy),
        _alike(Factor.STYLE, mentee.style, mentor.style, policy),
        _alike(Factor.VALUES, mentee.values, mentor.values, policy),
        Reason("keep", policy.keep * ((mentee.key, mentor.key) in problem.running), {}),
    ]


def _untold(mentee: Candidate, mentor: Candidate, problem: Problem) -> int:
    """What counts and is nobody's business: time waited, and having been a pair before."""
    policy = problem.policy
    times = problem.times.get((mentee.key, mentor.key), 0)
    return policy.waiting * min(mentee.waited, WAITED) - policy.repeat * times


def _skills(mentee: Candidate, mentor: Candidate, policy: Policy) -> Reason:
    offered = {offer.skill: offer.level for offer in mentor.offers}
    total = sum(wish.priority for wish in mentee.wants)
    gains = {
        wish.skill: wish.priority
        * policy.usefulness[max(0, offered[wish.skill] - wish.level)]
        // total
        for wish in mentee.wants
        if wish.skill in offered
    }
    useful = sorted((skill for skill, gain in gains.items() if gain), key=lambda s: (-gains[s], s))
    points = sum(gains.values()) * policy.weight(Factor.SKILLS)
    return Reason("skills", points, {"skills": useful[:STRONGEST], "wanted": len(mentee.wants)})


def _goals(mentee: Candidate, mentor: Candidate, policy: Policy) -> Reason:
    shared = sorted(mentee.goals & mentor.goals)
    points = min(len(shared), policy.goals_enough) * 1000 // policy.goals_enough
    return Reason("goals", points * policy.weight(Factor.GOALS), {"goals": shared})


def _hours(mentee: Candidate, mentor: Candidate, policy: Policy) -> Reason:
    common = sorted(mentee.slots & mentor.slots)
    points = min(len(common), policy.hours_enough) * 1000 // policy.hours_enough
    params = {"minutes": 30 * len(common), "slots": _starts(common)}
    return Reason("hours", points * policy.weight(Factor.HOURS), params)


def _starts(slots: Iterable[int]) -> list[int]:
    """The first slots of each stretch of time, at most three: enough to name times to meet."""
    known = set(slots)
    return [slot for slot in sorted(known) if slot - 1 not in known][:STRONGEST]


def _near_peer(mentee: Candidate, mentor: Candidate, policy: Policy) -> Reason:
    ahead = mentor.stage - mentee.stage
    points = policy.nearness[ahead] if ahead >= 0 else 0
    return Reason("near_peer", points * policy.weight(Factor.NEAR_PEER), {"ahead": ahead})


def _alike(
    factor: Factor, asked: tuple[int, ...], answered: tuple[int, ...], policy: Policy
) -> Reason:
    """How close two questionnaires are; only how close, never an answer, is told."""
    if not (asked and answered):
        return Reason(factor.value, 0, {})
    farthest = len(asked) * (LEVELS - 1) ** 2
    distance = sum((a - b) ** 2 for a, b in zip(asked, answered, strict=True))
    points = 1000 - 1000 * distance // farthest
    return Reason(factor.value, points * policy.weight(factor), {"percent": points // 10})
