"""What a rule would do to real people, before it goes live. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import rules
from plugin.credentials.award_queries import Past, grounds_for, pasts, records
from plugin.credentials.models import Achievement, Award
from plugin.credentials.services.naming import reasons
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

SHOWN = 50


@dataclass(frozen=True)
class Candidate:
    """Somebody who would be given the achievement, and the evidence that says so, in words."""

    person_id: UUID
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """`total` people would be given it, the first of them with reasons; `judged` have evidence,
    `holders` hold it already; `near` are one condition away."""

    total: int
    judged: int
    holders: int
    near: int
    candidates: tuple[Candidate, ...]


def preview(uow: UnitOfWork, achievement: Achievement, rule: rules.Rule) -> Preview:
    """Judge everybody by `rule`; the number of selects does not grow with them."""
    everybody = records(uow)
    before = pasts(uow, achievement_id=achievement.id)
    found: dict[UUID, rules.Grounds] = {}
    near = 0
    for person_id, record in everybody.items():
        past = before.get(person_id, Past())
        grounds = grounds_for(achievement, rule, record, past)
        if grounds is not None:
            found[person_id] = grounds
        elif achievement.id not in past.standing:
            left = rules.gaps(rule, record.for_achievement(achievement, past))
            near += sum(not gap.closed for gap in left) == 1
    holders = uow.session.scalar(
        sa.select(sa.func.count(Award.id)).where(
            Award.achievement_id == achievement.id, Award.standing.is_not(None)
        )
    )
    return Preview(
        total=len(found),
        judged=len(everybody),
        holders=holders or 0,
        near=near,
        candidates=_candidates(uow, found),
    )


def _candidates(uow: UnitOfWork, found: Mapping[UUID, rules.Grounds]) -> tuple[Candidate, ...]:
    persons = people.people_by_id(uow, found)
    first = sorted(found, key=lambda one: (persons[one].name if one in persons else "", one))
    shown = first[:SHOWN]
    why = reasons(uow, [one for person in shown for one in found[person].evidence_ids])
    return tuple(
        Candidate(
            person_id=person,
            name=persons[person].name if person in persons else "",
            because=tuple(why[one] for one in found[person].evidence_ids if one in why),
        )
        for person in shown
    )
