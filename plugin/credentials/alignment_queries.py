"""What achievements speak of, as documents and pages name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import Alignment, Competency, Framework
from plugin.kernel.unit_of_work import UnitOfWork


def alignments(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """By achievement: code, name, framework, url (empty: our own page of it), its place there and
    the level; one select."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    rows = uow.session.execute(
        sa.select(Alignment, Competency, Framework)
        .join(Competency, Competency.id == Alignment.competency_id)
        .join(Framework, Framework.id == Competency.framework_id)
        .where(Alignment.achievement_id.in_(set(ids)))
        .order_by(Framework.name, Competency.position)
    )
    for aligned, target, framework in rows:
        level = aligned.level
        names = [str(one["name"]) for one in framework.levels]
        found[aligned.achievement_id].append(
            {
                "key": f"{framework.handle}:{target.code}",
                "code": target.code,
                "name": target.name,
                "description": target.description,
                "framework": framework.name,
                "kind": target.kind,
                "url": target.url,
                "place": f"/frameworks/{framework.handle}#c{target.position + 1}",
                "level": names[level] if level is not None and level < len(names) else "",
            }
        )
    return found
