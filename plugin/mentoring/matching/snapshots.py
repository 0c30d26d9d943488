"""The pseudonymous text of a problem: what a matching keeps and all that the checker reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from plugin.mentoring.matching.values import Aim, Candidate, Offer, Policy, Problem, Wish

FORMAT = 2
"""1 knew no teams, sections, style, values, waiting, running or earlier pairs."""


def snapshot(problem: Problem) -> dict[str, Any]:
    """The problem as plain JSON values, sorted by key, so that equal problems give equal text."""
    policy = problem.policy
    return {
        "format": FORMAT,
        "seed": problem.seed,
        "policy": asdict(policy)
        | {
            "aim": policy.aim.value,
            "usefulness": list(policy.usefulness),
            "nearness": list(policy.nearness),
        },
        "mentees": [_plain(c) for c in sorted(problem.mentees, key=lambda c: c.key)],
        "mentors": [_plain(c) for c in sorted(problem.mentors, key=lambda c: c.key)],
        "apart": [list(pair) for pair in sorted(problem.apart)],
        "running": [list(pair) for pair in sorted(problem.running)],
        "earlier": [list(pair) for pair in sorted(problem.earlier)],
    }


def _plain(candidate: Candidate) -> dict[str, Any]:
    return {
        "key": candidate.key,
        "languages": sorted(candidate.languages),
        "slots": sorted(candidate.slots),
        "wants": [[w.skill, w.level, w.priority] for w in sorted(candidate.wants)],
        "offers": [[o.skill, o.level] for o in sorted(candidate.offers)],
        "goals": sorted(candidate.goals),
        "stage": candidate.stage,
        "places": candidate.places,
        "teams": sorted(candidate.teams),
        "section": candidate.section,
        "sections": sorted(candidate.sections),
        "style": list(candidate.style),
        "values": list(candidate.values),
        "waited": candidate.waited,
    }


def restore(plain: Mapping[str, Any]) -> Problem:
    """Read a snapshot back, also one of format 1."""
    policy = dict(plain["policy"])
    policy["usefulness"] = tuple(policy["usefulness"])
    policy["nearness"] = tuple(policy["nearness"])
    policy["aim"] = Aim(policy.get("aim", Aim.TOTAL))
    return Problem(
        mentees=tuple(_candidate(c) for c in plain["mentees"]),
        mentors=tuple(_candidate(c) for c in plain["mentors"]),
        policy=Policy(**policy),
        apart=frozenset((a, b) for a, b in plain["apart"]),
        seed=int(plain["seed"]),
        running=frozenset((a, b) for a, b in plain.get("running", ())),
        earlier=tuple((a, b, times) for a, b, times in plain.get("earlier", ())),
    )


def _candidate(plain: Mapping[str, Any]) -> Candidate:
    return Candidate(
        key=plain["key"],
        languages=frozenset(plain["languages"]),
        slots=frozenset(plain["slots"]),
        wants=tuple(Wish(*wish) for wish in plain["wants"]),
        offers=tuple(Offer(*offer) for offer in plain["offers"]),
        goals=frozenset(plain["goals"]),
        stage=plain["stage"],
        places=plain["places"],
        teams=frozenset(plain.get("teams", ())),
        section=plain.get("section", ""),
        sections=frozenset(plain.get("sections", ())),
        style=tuple(plain.get("style", ())),
        values=tuple(plain.get("values", ())),
        waited=plain.get("waited", 0),
    )


def digest(plain: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON text of a snapshot or of a result."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
