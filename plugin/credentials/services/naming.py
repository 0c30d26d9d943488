"""What rules and evidence refer to, in words, for pages and for signed documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import rules, wording
from plugin.credentials.models import Achievement, EvidenceEvent
from plugin.credentials.services.rubrics import Scale, offered, scale_of
from plugin.kernel.unit_of_work import UnitOfWork

DECISION, EARNED, SERVICE = "decision", "award", "service"


def names_of(uow: UnitOfWork, which: Iterable[rules.Rule]) -> wording.Names:
    """The words for all of these rules, with one select and one look into the library."""
    found = list(which)
    handles = {handle for rule in found for handle in rules.needs(rule)}
    rows = uow.session.execute(
        sa.select(Achievement.handle, Achievement.name).where(Achievement.handle.in_(handles))
    )
    levels = {
        (one.rubric, one.level)
        for rule in found
        for one in rules.conditions(rule)
        if isinstance(one, rules.RubricLevel)
    }
    scales = {scale.handle: scale for scale in offered(uow)} if levels else {}
    return wording.Names(
        achievements={row.handle: row.name for row in rows},
        bars={
            (rubric, level): (scales[rubric].title, scales[rubric].least(level))
            for rubric, level in levels
            if rubric in scales
        },
    )


def describe(
    item: EvidenceEvent, scale: Scale | None = None, names: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Title and sentence of one piece of evidence; `names` are achievements by handle."""
    day, facts = item.occurred_at.date(), item.facts
    if item.kind == "reviewed_work":
        return wording.work_title(), wording.work_narrative(
            reviews=facts["reviews"],
            mentor_reviews=facts.get("mentor_reviews", 0),
            rubric=scale.title if scale else "",
            sha256=facts["artifact_sha256"],
            on=day,
        )
    if item.kind == DECISION:
        return wording.decision_evidence(facts["by"], facts.get("words", ""), day)
    if item.kind == EARNED:
        known = (names or {}).get(facts["achievement"])
        return wording.earned_evidence(known or str(facts.get("name", "")), day)
    if item.kind == SERVICE:
        return wording.service_evidence(facts, day)
    return wording.counted_evidence(facts, day)


def reasons(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Why somebody is due an award: a sentence for each piece of evidence, in one select."""
    rows = uow.session.scalars(sa.select(EvidenceEvent).where(EvidenceEvent.id.in_(ids))).all()
    titles = {scale.handle: scale for scale in offered(uow)}
    return {row.id: _reason(uow, row, titles) for row in rows}


def _reason(uow: UnitOfWork, row: EvidenceEvent, titles: Mapping[str, Scale]) -> str:
    if row.kind != "reviewed_work":
        title, sentence = describe(row)
        return f"{title}: {sentence}"
    known = titles.get(row.facts["rubric"]) or scale_of(
        uow, row.facts["rubric"], row.facts["levels"]
    )
    reached = [
        f"{part.title}: {part.named(row.facts['levels'][part.key])}"
        for part in known.rows
        if part.key in row.facts["levels"]
    ]
    return wording.work_reason(
        reviews=row.facts["reviews"],
        mentor_reviews=row.facts.get("mentor_reviews", 0),
        on=row.occurred_at.date(),
        reached=reached,
    )
