"""An achievement as it was on the day of an award: what is signed later must not say more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import Achievement, AchievementVersion, Award
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AsAwarded:
    """The words that a credential is about."""

    name: str
    description: str
    criteria: str
    kind: str
    version: int
    alignment: tuple[dict[str, Any], ...] = ()


def present(achievement: Achievement, aligned: Sequence[dict[str, Any]] = ()) -> AsAwarded:
    """What it says now."""
    return AsAwarded(
        achievement.name,
        achievement.description,
        achievement.criteria,
        achievement.kind,
        achievement.version,
        tuple(aligned),
    )


def as_awarded(uow: UnitOfWork, award_ids: Sequence[UUID]) -> dict[UUID, AsAwarded]:
    """By award, the version of its day where another one is in force now; one select."""
    rows = uow.session.execute(
        sa.select(Award.id, AchievementVersion)
        .join(Achievement, Achievement.id == Award.achievement_id)
        .join(
            AchievementVersion,
            sa.and_(
                AchievementVersion.achievement_id == Award.achievement_id,
                AchievementVersion.number == Award.achievement_version,
            ),
        )
        .where(Award.id.in_(award_ids), Award.achievement_version != Achievement.version)
    )
    return {
        award_id: AsAwarded(
            kept.content["name"],
            kept.content["description"],
            kept.content["criteria"],
            kept.content["kind"],
            kept.number,
            tuple(kept.content.get("alignment", ())),
        )
        for award_id, kept in rows
    }
