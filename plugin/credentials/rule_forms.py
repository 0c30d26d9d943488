"""Between the form of an achievement and its rule. Pure: no page, no table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.credentials import rules

COUNTS = (
    "accepted_answer",
    "review_given",
    "finished_programme",
    "mentored_pair",
    "confirmed_outcome",
)


def rule_of(data: Mapping[str, Any]) -> rules.Rule | None:
    """The rule that a filled-in form asks for; None when it asks for nothing."""
    parts: list[rules.Rule] = []
    reviews, mentors = data.get("reviews"), data.get("mentor_reviews") or 0
    if data.get("bar") or reviews or mentors:
        rubric, _colon, level = str(data.get("bar") or ":0").rpartition(":")
        least = max(int(reviews or 0), int(mentors), 1)
        parts.append(
            rules.RubricLevel(
                level=int(level), reviews=least, mentor_reviews=int(mentors), rubric=rubric
            )
        )
    parts += [
        rules.Contributions(kind=kind, count=int(data[kind])) for kind in COUNTS if data.get(kind)
    ]
    if data.get("decision"):
        parts.append(rules.Decision(by=str(data["decision"])))
    parts += [rules.Holds(achievement=handle) for handle in dict.fromkeys(data.get("needs", ()))]
    if len(parts) < 2:
        return parts[0] if parts else None
    if data.get("combine") == "any":
        return rules.AnyOf(parts=tuple(parts))
    return rules.AllOf(parts=tuple(parts))


def values_of(rule: rules.Rule) -> dict[str, Any]:
    """What stands in the form for a rule; the same rule comes back from it."""
    values: dict[str, Any] = {"combine": "any" if isinstance(rule, rules.AnyOf) else "all"}
    needed: list[str] = []
    for one in rules.conditions(rule):
        match one:
            case rules.RubricLevel():
                if one.level or one.rubric:
                    values["bar"] = f"{one.rubric}:{one.level}"
                values["reviews"] = one.reviews
                values["mentor_reviews"] = one.mentor_reviews or ""
            case rules.Contributions():
                values[one.kind] = one.count
            case rules.Decision():
                values["decision"] = one.by
            case rules.Holds():
                needed.append(one.achievement)
            case _:
                continue
    values["needs"] = needed
    return values
