"""From evidence to award: rules are data, the decision is pure, the database keeps it single."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from plugin.credentials import rules
from plugin.credentials.award_queries import Past, Record, awardable, grounds_for, pasts, records
from plugin.credentials.models import (
    PROPOSED,
    Achievement,
    Award,
    AwardEvidence,
    EvidenceEvent,
    Proposal,
)
from plugin.credentials.services.naming import EARNED
from plugin.events.credentials import AchievementAwarded
from plugin.kernel.unit_of_work import UnitOfWork


def award_due(uow: UnitOfWork, person_id: UUID) -> list[Award]:
    """Award everything that this person's evidence has earned and that they do not hold.

    Unique: (person, achievement, evidence) and one standing award for (person, achievement). An
    award that was revoked is not given again for the same evidence. What builds on an award that
    was just given is looked at again, so that a whole stack is one commit. Achievements that people
    approve become proposals, once for the same evidence.
    """
    given: list[Award] = []
    while fresh := _round(uow, person_id):
        given += fresh
    return given


def _round(uow: UnitOfWork, person_id: UUID) -> list[Award]:
    record = records(uow, person_id).get(person_id, Record())
    past = pasts(uow, person_id=person_id).get(person_id, Past())
    fresh: list[Award] = []
    for achievement in awardable(uow):
        found = grounds_for(achievement, rules.from_json(achievement.rule), record, past)
        if found is None:
            continue
        if achievement.mode == PROPOSED:
            propose(uow, person_id, achievement, found)
        elif award := give(uow, person_id, achievement, found):
            fresh.append(award)
    return fresh


def propose(
    uow: UnitOfWork, person_id: UUID, achievement: Achievement, found: rules.Grounds
) -> None:
    """Put it to the people who approve. Unique: (person, achievement, evidence)."""
    row = Proposal(
        handle=uow.new_handle(),
        person_id=person_id,
        achievement_id=achievement.id,
        evidence_key=found.key,
        evidence_ids=[str(one) for one in found.evidence_ids],
        created_at=uow.now(),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
            uow.session.flush()
    except IntegrityError:
        return  # another worker proposed it in this moment


def give(
    uow: UnitOfWork,
    person_id: UUID,
    achievement: Achievement,
    found: rules.Grounds,
    *,
    decided_by: UUID | None = None,
) -> Award | None:
    """Award once, with the evidence that it rests on; None when another worker was faster."""
    award = Award(
        person_id=person_id,
        achievement_id=achievement.id,
        evidence_key=found.key,
        decided_by=decided_by,
        achievement_version=achievement.version,
        created_at=uow.now(),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(award)
            uow.session.flush()
    except IntegrityError:  # another worker gave it in this moment: one award is what we want
        return None
    uow.session.add_all(
        AwardEvidence(award_id=award.id, evidence_id=evidence_id)
        for evidence_id in found.evidence_ids
    )
    uow.session.add(_as_evidence(uow, award, achievement))
    uow.session.flush()
    uow.record(
        AchievementAwarded(award_id=award.id, person_id=person_id, achievement_id=achievement.id)
    )
    uow.audit(
        "credentials.achievement.awarded",
        actor=decided_by,
        subject=f"achievement:{achievement.handle}",
        person=str(person_id),
        evidence=found.key,
    )
    return award


def holds(uow: UnitOfWork, person_id: UUID, achievement_id: UUID) -> bool:
    """Whether an award of this achievement stands for this person."""
    found = sa.select(Award.id).where(
        Award.person_id == person_id,
        Award.achievement_id == achievement_id,
        Award.standing.is_not(None),
    )
    return uow.session.scalars(found).first() is not None


def no_longer_earned(uow: UnitOfWork, award_ids: Sequence[UUID]) -> None:
    """An award that stands no more is no evidence for what builds on it."""
    uow.session.execute(
        sa.update(EvidenceEvent)
        .where(
            EvidenceEvent.kind == EARNED,
            EvidenceEvent.source_key.in_([str(one) for one in award_ids]),
            EvidenceEvent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=uow.now())
    )


def _as_evidence(uow: UnitOfWork, award: Award, achievement: Achievement) -> EvidenceEvent:
    return EvidenceEvent(
        kind=EARNED,
        source_key=str(award.id),
        subject=str(award.id),
        person_id=award.person_id,
        occurred_at=uow.now(),
        facts={"achievement": achievement.handle, "name": achievement.name},
        created_at=uow.now(),
    )
