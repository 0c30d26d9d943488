"""Keeping evidence: every event that may ever count, stored once, whatever today's rules ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import EvidenceAssessor, EvidenceEvent
from plugin.events.expertise import ContributionRecorded
from plugin.events.reviews import WorkReviewed
from plugin.kernel.unit_of_work import UnitOfWork

REVIEWED_WORK = "reviewed_work"
CONTRIBUTION = "contribution"
# A pair that ended earlier was tried, not finished.
LEAST_DAYS = 28
MENTORING, PROGRAMME, REVIEW, OUTCOME = "mentoring", "programme", "review", "outcome"


def keep_reviewed_work(uow: UnitOfWork, event: WorkReviewed, holder: UUID) -> None:
    """Store one state of a submission. Unique: (reviewed_work, submission and time of review)."""
    key = f"{event.submission_id}:{event.reviewed_at.isoformat()}"
    if _known(uow, REVIEWED_WORK, key) is not None:
        return
    row = EvidenceEvent(
        kind=REVIEWED_WORK,
        source_key=key,
        subject=str(event.submission_id),
        person_id=holder,
        context_id=event.context_id,
        occurred_at=event.reviewed_at,
        facts={
            "activity": str(event.activity_id),
            "artifact_sha256": event.artifact_sha256,
            "rubric": event.rubric,
            "levels": event.levels,
            "score": event.score,
            "maximum": event.maximum,
            "reviews": event.reviews,
            "mentor_reviews": event.mentor_reviews,
        },
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.session.add_all(
        EvidenceAssessor(evidence_id=row.id, person_id=reviewer)
        for reviewer in dict.fromkeys(event.reviewer_ids)
    )


def keep_contribution(uow: UnitOfWork, event: ContributionRecorded) -> None:
    """Store a contribution, or take back its withdrawal. Unique: (contribution, its id)."""
    key = str(event.contribution_id)
    row = _known(uow, CONTRIBUTION, key)
    if row is None:
        row = EvidenceEvent(
            kind=CONTRIBUTION,
            source_key=key,
            subject=key,
            identity_id=event.identity_id,
            occurred_at=event.at,
            source_url=event.source_url,
            facts={"kind": event.kind},
            created_at=uow.now(),
        )
        uow.session.add(row)
    row.withdrawn_at = None
    uow.session.flush()


def withdraw_contribution(uow: UnitOfWork, contribution_id: UUID) -> None:
    """Count it no more. What was awarded for it stays until a person decides otherwise."""
    row = _known(uow, CONTRIBUTION, str(contribution_id))
    if row is not None and row.withdrawn_at is None:
        row.withdrawn_at = uow.now()


def keep_counted(
    uow: UnitOfWork,
    *,
    kind: str,
    key: str,
    person_id: UUID,
    at: datetime,
    context_id: UUID | None,
    facts: Mapping[str, Any],
    assessors: Iterable[UUID] = (),
) -> None:
    """Store something that is counted, such as a review given. Unique: (kind, key)."""
    if _known(uow, kind, key) is not None:
        return
    row = EvidenceEvent(
        kind=kind,
        source_key=key,
        subject=key[:100],
        person_id=person_id,
        context_id=context_id,
        occurred_at=at,
        facts=dict(facts),
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.session.add_all(
        EvidenceAssessor(evidence_id=row.id, person_id=one) for one in dict.fromkeys(assessors)
    )


def began(uow: UnitOfWork, pair_id: UUID) -> datetime | None:
    """When a pair began, as far as we heard."""
    row = _known(uow, MENTORING, f"{pair_id}:began")
    return row.occurred_at if row is not None else None


def attribute(uow: UnitOfWork, identity_id: UUID, person_id: UUID) -> None:
    """What an account did before we knew whose it is, and after it moved, is this person's."""
    uow.session.execute(
        sa.update(EvidenceEvent)
        .where(EvidenceEvent.identity_id == identity_id)
        .values(person_id=person_id)
    )


def _known(uow: UnitOfWork, kind: str, key: str) -> EvidenceEvent | None:
    return uow.session.scalars(
        sa.select(EvidenceEvent).where(EvidenceEvent.kind == kind, EvidenceEvent.source_key == key)
    ).first()
