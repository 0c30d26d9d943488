"""What is next for somebody: achievements that they do not hold, and exactly what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from plugin.credentials import queries, rules, wording
from plugin.credentials.award_queries import Past, Record, pasts, records
from plugin.credentials.models import BY_HAND
from plugin.credentials.queries import AchievementView
from plugin.credentials.services.naming import names_of
from plugin.credentials.services.rubrics import Scale, offered
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Condition:
    """One condition: met, or what is missing of it."""

    met: bool
    words: str


@dataclass(frozen=True)
class Next:
    """An achievement that is not held yet, how far it is, and its conditions."""

    achievement: AchievementView
    progress: rules.Progress
    conditions: tuple[Condition, ...]
    waits: bool = False

    @property
    def share(self) -> float:
        return self.progress.have / max(self.progress.need, 1)


def ahead(
    uow: UnitOfWork, person_id: UUID, *, held: Collection[UUID], with_forum: bool
) -> list[Next]:
    """The nearest first. `held` are left out; help in a forum counts only where there is one."""
    record = records(uow, person_id).get(person_id, Record())
    past = pasts(uow, person_id=person_id).get(person_id, Past())
    shown = [
        one
        for one in queries.achievements(uow)
        if one.published
        and not one.retired
        and one.id not in held
        and (with_forum or not _needs_forum(one.rule))
    ]
    names = names_of(uow, [one.rule for one in shown])
    scales = {scale.handle: scale for scale in offered(uow)}
    found = [_next(one, record, past, names, scales) for one in shown]
    return sorted(found, key=lambda one: (one.achievement.mode == BY_HAND, -one.share))


def _next(
    achievement: AchievementView,
    record: Record,
    past: Past,
    names: wording.Names,
    scales: Mapping[str, Scale],
) -> Next:
    usable = record.for_achievement(achievement, past)
    gaps = rules.gaps(achievement.rule, usable)
    return Next(
        achievement,
        rules.progress(achievement.rule, usable),
        tuple(_condition(gap, names, scales) for gap in gaps),
        waits=achievement.id in past.standing,
    )


def _condition(gap: rules.Gap, names: wording.Names, scales: Mapping[str, Scale]) -> Condition:
    if gap.closed:
        return Condition(True, wording.criteria(gap.rule, names))
    rows: dict[str, str] = {}
    if isinstance(gap.rule, rules.RubricLevel) and gap.work is not None:
        scale = scales.get(gap.work.rubric)
        for row in scale.rows if scale else ():
            if row.key in gap.rows:
                rows[row.key] = wording.row_gap(
                    row.title, row.named(gap.rows[row.key]), row.named(gap.rule.level)
                )
    return Condition(False, wording.gap(gap, names, rows))


def _needs_forum(rule: rules.Rule) -> bool:
    return any(
        isinstance(one, rules.Contributions) and one.kind == "accepted_answer"
        for one in rules.conditions(rule)
    )
