"""The audit trail of registrations, and who knocked: what the administrator's pages read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.kernel.audit import AuditEntry
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

_ROWS = 30


@dataclass(frozen=True)
class Step:
    """One decision: when, what in words, by whom (None: the command line or the platform)."""

    at: datetime
    words: str
    who: str | None
    reference: str


def steps(uow: UnitOfWork, subjects: list[str]) -> list[Step]:
    """What was decided about these things in this community, newest first."""
    words = _words()
    rows = uow.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.community_id == uow.community_id,
            AuditEntry.subject.in_(subjects),
            AuditEntry.action.in_(words),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(_ROWS)
    ).all()
    names = people.people_by_id(uow, {row.actor_id for row in rows if row.actor_id})
    return [
        Step(
            row.at,
            words[row.action],
            names[row.actor_id].name if row.actor_id in names else None,
            row.reference,
        )
        for row in rows
    ]


def _words() -> dict[str, Any]:
    return {
        "lti.registration.saved": _("Registered, or brought up to date"),
        "lti.registration.approved": _("Approved"),
        "lti.registration.blocked": _("Blocked"),
        "lti.registration.renamed": _("Renamed"),
        "lti.deployment.seen": _("A place came for the first time"),
        "lti.deployment.activated": _("A place was approved"),
        "lti.deployment.blocked": _("A place was blocked"),
        "lti.deployment.renamed": _("A place was renamed"),
        "lti.deployment.roles": _("Roles of a place were changed"),
        "lti.deployment.removed": _("A place was removed"),
    }
