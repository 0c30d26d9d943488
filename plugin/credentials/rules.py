"""Rules of achievements: data in, and the evidence that meets them out.

Pure. A rule is stored as JSON beside its achievement; evidence comes as frozen values. The answer
is the same whenever it is computed from the same evidence, so past evidence can be judged again,
and a rule can be tried on real people before it goes live.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from plugin.credentials.errors import CredentialError
from plugin.credentials.rule_kinds import (
    AllOf,
    AnyOf,
    Contribution,
    Contributions,
    Decided,
    Decision,
    Earned,
    Evidence,
    Holds,
    ReviewedWork,
    RubricLevel,
    Rule,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "Contribution",
    "Contributions",
    "Decided",
    "Decision",
    "Earned",
    "Evidence",
    "Gap",
    "Grounds",
    "Holds",
    "Progress",
    "ReviewedWork",
    "RubricLevel",
    "Rule",
    "conditions",
    "fresh_key",
    "from_json",
    "gaps",
    "grounds",
    "needs",
    "progress",
    "to_json",
]

DEEPEST = 3
MOST_PARTS = 12


@dataclass(frozen=True)
class Grounds:
    """Why an achievement is due. `key` names the evidence: the same key never awards twice."""

    key: str
    evidence_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Progress:
    """How far somebody is, for "what is next"."""

    have: int
    need: int


@dataclass(frozen=True)
class Gap:
    """One condition, and what is missing of it. `rows` names the rows of the rubric that are below
    the level, with the level that the best work has there (None: no work yet)."""

    rule: RubricLevel | Contributions | Decision | Holds
    progress: Progress
    rows: Mapping[str, int] = field(default_factory=dict, hash=False)
    work: ReviewedWork | None = None

    @property
    def closed(self) -> bool:
        return self.progress.have >= self.progress.need


def grounds(rule: Rule, evidence: Iterable[Evidence]) -> Grounds | None:
    """The earliest evidence that meets the rule, None while nothing does."""
    known = list(evidence)
    match rule:
        case AllOf():
            found = [grounds(part, known) for part in rule.parts]
            met = [one for one in found if one is not None]
            return _together(met) if len(met) == len(found) else None
        case AnyOf():
            every = (grounds(part, known) for part in rule.parts)
            return next((one for one in every if one is not None), None)
        case RubricLevel():
            return _for_work(rule, known)
        case Contributions():
            return _for_count(rule, known)
        case Decision():
            said = sorted((e for e in known if _decides(rule, e)), key=_order)
            return Grounds("decision", (said[0].id,)) if said else None
        case Holds():
            held = [e for e in known if isinstance(e, Earned) and e.achievement == rule.achievement]
            first = min(held, key=_order, default=None)
            return Grounds(f"holds:{rule.achievement}", (first.id,)) if first else None


def gaps(rule: Rule, evidence: Iterable[Evidence]) -> tuple[Gap, ...]:
    """Every condition with what is missing. Of alternatives only the one that is nearest."""
    known = list(evidence)
    match rule:
        case AllOf():
            return tuple(gap for part in rule.parts for gap in gaps(part, known))
        case AnyOf():
            ways = [gaps(part, known) for part in rule.parts]
            return min(ways, key=_distance)
        case RubricLevel():
            return (_work_gap(rule, known),)
        case Contributions():
            have = min(len(_of_kind(rule, known)), rule.count)
            return (Gap(rule, Progress(have, rule.count)),)
        case Decision() | Holds():
            return (Gap(rule, Progress(int(grounds(rule, known) is not None), 1)),)


def progress(rule: Rule, evidence: Iterable[Evidence]) -> Progress:
    """Rows at the level (of the best piece of work), contributions so far; of a combination the
    conditions that are met."""
    found = gaps(rule, evidence)
    if len(found) == 1:
        return found[0].progress
    return Progress(sum(gap.closed for gap in found), len(found))


def needs(rule: Rule) -> frozenset[str]:
    """The achievements that this rule builds on."""
    if isinstance(rule, AllOf | AnyOf):
        return frozenset().union(*(needs(part) for part in rule.parts))
    return frozenset({rule.achievement}) if isinstance(rule, Holds) else frozenset()


def fresh_key(key: str, subjects: Sequence[str]) -> str:
    """The name of grounds whose usual name was used up by other evidence."""
    return f"{key[:120]}:{sha256(chr(10).join(subjects).encode()).hexdigest()[:40]}"


def conditions(rule: Rule) -> tuple[Rule, ...]:
    """The conditions that a rule is made of, combinations taken apart."""
    if isinstance(rule, AllOf | AnyOf):
        return tuple(one for part in rule.parts for one in conditions(part))
    return (rule,)


def _together(met: Sequence[Grounds]) -> Grounds:
    ids = dict.fromkeys(one for each in met for one in each.evidence_ids)
    names = "\n".join(each.key for each in met)
    return Grounds(f"all:{sha256(names.encode()).hexdigest()[:40]}", tuple(ids))


def _for_work(rule: RubricLevel, evidence: Sequence[Evidence]) -> Grounds | None:
    for work in _latest(evidence):
        rows = _rows(rule, work)
        enough = work.reviews >= rule.reviews and work.mentor_reviews >= rule.mentor_reviews
        if _assesses(rule, work) and enough and rows.need and rows.have == rows.need:
            return Grounds(f"work:{work.submission}", (work.id,))
    return None


def _for_count(rule: Contributions, evidence: Sequence[Evidence]) -> Grounds | None:
    chosen = _of_kind(rule, evidence)[: rule.count]
    if len(chosen) < rule.count:
        return None
    # The first n are named by their number: an older answer that arrives late changes which ones
    # they are, and must not look like new grounds.
    return Grounds(f"{rule.kind}:{rule.count}", tuple(item.id for item in chosen))


def _decides(rule: Decision, item: Evidence) -> bool:
    return isinstance(item, Decided) and (item.by == rule.by or item.by == "staff")


def _work_gap(rule: RubricLevel, evidence: Sequence[Evidence]) -> Gap:
    works = [work for work in _latest(evidence) if _assesses(rule, work)]
    if not works:
        return Gap(rule, Progress(0, 1))
    best = max(works, key=lambda work: _share(_all_of_work(rule, work)))
    low = {key: level for key, level in best.levels.items() if level < rule.level}
    return Gap(rule, _all_of_work(rule, best), low, best)


def _all_of_work(rule: RubricLevel, work: ReviewedWork) -> Progress:
    """Rows, and one step each for the reviews that are asked for and are missing."""
    rows = _rows(rule, work)
    missing = max(0, rule.reviews - work.reviews)
    missing = max(missing, rule.mentor_reviews - work.mentor_reviews)
    return Progress(rows.have, rows.need + missing)


def _distance(way: tuple[Gap, ...]) -> tuple[int, float]:
    return sum(not gap.closed for gap in way), -sum(_share(gap.progress) for gap in way)


def _share(of: Progress) -> float:
    return of.have / max(of.need, 1)


def _latest(evidence: Sequence[Evidence]) -> list[ReviewedWork]:
    """The newest state of each submission, oldest submission first."""
    newest: dict[str, ReviewedWork] = {}
    for work in sorted((e for e in evidence if isinstance(e, ReviewedWork)), key=_order):
        newest[work.submission] = work
    return sorted(newest.values(), key=_order)


def _assesses(rule: RubricLevel, work: ReviewedWork) -> bool:
    return not rule.rubric or work.rubric == rule.rubric


def _rows(rule: RubricLevel, work: ReviewedWork) -> Progress:
    reached = sum(level >= rule.level for level in work.levels.values())
    return Progress(reached, len(work.levels))


def _of_kind(rule: Contributions, evidence: Iterable[Evidence]) -> list[Contribution]:
    found = [e for e in evidence if isinstance(e, Contribution) and e.kind == rule.kind]
    return sorted(found, key=_order)


def _order(item: Evidence) -> tuple[datetime, UUID]:
    return item.at, item.id


_KINDS: dict[str, type[RubricLevel | Contributions | Decision | Holds]] = {
    "rubric_level": RubricLevel,
    "contributions": Contributions,
    "decision": Decision,
    "holds": Holds,
}
_GROUPS: dict[str, type[AllOf | AnyOf]] = {"all_of": AllOf, "any_of": AnyOf}


def to_json(rule: Rule) -> dict[str, Any]:
    """The stored form."""
    if isinstance(rule, AllOf | AnyOf):
        name = next(name for name, kind in _GROUPS.items() if isinstance(rule, kind))
        return {"rule": name, "parts": [to_json(part) for part in rule.parts]}
    name = next(name for name, kind in _KINDS.items() if isinstance(rule, kind))
    return {"rule": name, **vars(rule)}


def from_json(data: Mapping[str, Any], *, depth: int = 1) -> Rule:
    """Read a stored rule; refuses what this version does not know and what can never be met."""
    name = data.get("rule")
    if name in _GROUPS:
        parts = data.get("parts")
        if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS or depth >= DEEPEST:
            raise CredentialError(f"not a rule: {dict(data)}")
        return _GROUPS[name](parts=tuple(from_json(part, depth=depth + 1) for part in parts))
    values = {key: value for key, value in data.items() if key != "rule"}
    try:
        rule = _KINDS[name or ""](**values)
    except (KeyError, TypeError) as problem:
        raise CredentialError(f"not a rule: {dict(data)}") from problem
    if isinstance(rule, Contributions) and rule.count < 1:
        raise CredentialError("a rule needs at least one contribution")
    if isinstance(rule, RubricLevel) and (rule.reviews < 1 or rule.mentor_reviews > rule.reviews):
        raise CredentialError("a rule needs at least one review, and no more by mentors than all")
    if isinstance(rule, Decision) and rule.by not in ("mentor", "staff"):
        raise CredentialError("a decision is a mentor's or staff's")
    return rule
