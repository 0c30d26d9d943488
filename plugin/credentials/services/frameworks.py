"""Competency frameworks: lists that a community keeps or brings in, and what speaks of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.framework_list import Entry
from plugin.credentials.models import Achievement, Alignment, Competency, Framework
from plugin.credentials.services.achievements import next_version
from plugin.credentials.services.issuers import publish_address
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork


def keep(
    uow: UnitOfWork,
    *,
    name: str,
    url: str,
    levels: Sequence[str],
    entries: Sequence[Entry],
    actor: UUID,
    source: str = "csv",
) -> Framework:
    """Keep a list with its levels, lowest first."""
    row = Framework(
        handle=uow.new_handle(),
        name=name,
        url=url,
        source=source,
        levels=[{"name": level} for level in levels],
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    publish_address(uow, row.handle, "framework")
    uow.session.add_all(
        Competency(
            framework_id=row.id,
            code=entry.code,
            name=entry.name,
            description=entry.description,
            url=entry.url,
            position=number,
        )
        for number, entry in enumerate(entries)
    )
    uow.session.flush()
    uow.audit("credentials.framework.kept", actor=actor, subject=f"framework:{row.handle}")
    return row


def frameworks(uow: UnitOfWork) -> list[tuple[Framework, list[Competency]]]:
    """Every list with its competencies, two selects."""
    rows = uow.session.scalars(sa.select(Framework).order_by(Framework.name, Framework.id)).all()
    inside: dict[UUID, list[Competency]] = {row.id: [] for row in rows}
    for one in uow.session.scalars(sa.select(Competency).order_by(Competency.position)):
        inside[one.framework_id].append(one)
    return [(row, inside[row.id]) for row in rows]


def framework(uow: UnitOfWork, handle: str) -> tuple[Framework, list[Competency]] | None:
    row = uow.session.scalars(sa.select(Framework).where(Framework.handle == handle)).first()
    if row is None:
        return None
    found = uow.session.scalars(
        sa.select(Competency).where(Competency.framework_id == row.id).order_by(Competency.position)
    )
    return row, list(found)


def align(
    uow: UnitOfWork,
    achievement: Achievement,
    framework_handle: str,
    code: str,
    level: int | None,
    actor: UUID,
) -> None:
    """Say that an achievement speaks of a competency. Unique: (achievement, competency). What is
    published becomes another version, so that earlier awards say what they said."""
    found = framework(uow, framework_handle)
    target = next((one for one in found[1] if one.code == code), None) if found else None
    if found is None or target is None:
        raise NotFound("no_such_competency", _("There is no such competency."))
    known = uow.session.scalars(
        sa.select(Alignment).where(
            Alignment.achievement_id == achievement.id, Alignment.competency_id == target.id
        )
    ).first()
    with next_version(uow, achievement, actor):
        row = known or Alignment(achievement_id=achievement.id, competency_id=target.id)
        row.level = level if level is not None and level < len(found[0].levels) else None
        uow.session.add(row)
        uow.session.flush()


def unalign(uow: UnitOfWork, achievement: Achievement, competency_id: UUID, actor: UUID) -> None:
    """Speak of it no more."""
    with next_version(uow, achievement, actor):
        uow.session.execute(
            sa.delete(Alignment).where(
                Alignment.achievement_id == achievement.id,
                Alignment.competency_id == competency_id,
            )
        )
