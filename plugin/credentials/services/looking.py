"""Selects for the people who decide about achievements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import (
    OPEN,
    AchievementText,
    AchievementVersion,
    Award,
    AwardEvidence,
    Credential,
    EvidenceEvent,
    Proposal,
)
from plugin.credentials.services.naming import reasons
from plugin.kernel.unit_of_work import UnitOfWork

SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """Somebody whose evidence meets the rule and who waits for a yes or no."""

    handle: str
    person_id: UUID
    since: datetime
    because: tuple[str, ...]


def waiting(uow: UnitOfWork, achievement_id: UUID) -> list[Waiting]:
    """The proposals to decide, oldest first, with their reasons; two selects."""
    rows = uow.session.scalars(
        sa.select(Proposal)
        .where(Proposal.achievement_id == achievement_id, Proposal.state == OPEN)
        .order_by(Proposal.id)
        .limit(SHOWN)
    ).all()
    why = reasons(uow, [UUID(one) for row in rows for one in row.evidence_ids])
    return [
        Waiting(
            row.handle,
            row.person_id,
            row.created_at,
            tuple(why[UUID(one)] for one in row.evidence_ids if UUID(one) in why),
        )
        for row in rows
    ]


def count_waiting(uow: UnitOfWork) -> dict[UUID, int]:
    """How many wait for a decision, by achievement."""
    rows = uow.session.execute(
        sa.select(Proposal.achievement_id, sa.func.count(Proposal.id))
        .where(Proposal.state == OPEN)
        .group_by(Proposal.achievement_id)
    )
    return {row[0]: row[1] for row in rows}


def proposal_row(uow: UnitOfWork, handle: str) -> Proposal | None:
    return uow.session.scalars(sa.select(Proposal).where(Proposal.handle == handle)).first()


def weakened(uow: UnitOfWork, achievement_id: UUID) -> frozenset[UUID]:
    """The credentials whose evidence was withdrawn after the award: somebody should look."""
    rows = uow.session.scalars(
        sa.select(Credential.id)
        .join(Award, Award.id == Credential.award_id)
        .join(AwardEvidence, AwardEvidence.award_id == Award.id)
        .join(EvidenceEvent, EvidenceEvent.id == AwardEvidence.evidence_id)
        .where(
            Credential.achievement_id == achievement_id,
            Credential.revoked_at.is_(None),
            Award.standing.is_not(None),
            EvidenceEvent.withdrawn_at.is_not(None),
        )
    )
    return frozenset(rows)


def texts(uow: UnitOfWork, achievement_id: UUID) -> Sequence[AchievementText]:
    return uow.session.scalars(
        sa.select(AchievementText)
        .where(AchievementText.achievement_id == achievement_id)
        .order_by(AchievementText.locale)
    ).all()


def history(uow: UnitOfWork, achievement_id: UUID) -> Sequence[AchievementVersion]:
    """What it said before and says now, newest first."""
    return uow.session.scalars(
        sa.select(AchievementVersion)
        .where(AchievementVersion.achievement_id == achievement_id)
        .order_by(AchievementVersion.number.desc())
    ).all()
