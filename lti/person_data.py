"""What the adapter keeps about a person: scores to send, places on lists, choices of a teacher,
registration links that an administrator made.

The account itself (issuer and subject) belongs to people.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from lti.models import DeepLinkingRequest, RegistrationInvitation, Score
from lti.service_models import RosterEntry
from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    for table in (Score, DeepLinkingRequest, RosterEntry):
        uow.session.execute(sa.delete(table).where(table.person_id == person_id))
    uow.session.execute(
        sa.update(RegistrationInvitation)
        .where(RegistrationInvitation.invited_by == person_id)
        .values(invited_by=None)
    )


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    scores = uow.session.scalars(sa.select(Score).where(Score.person_id == person_id))
    entries = uow.session.scalars(sa.select(RosterEntry).where(RosterEntry.person_id == person_id))
    return {
        "scores": [
            {
                "activity": score.resource,
                "state": score.state.value,
                "wanted_at": score.wanted_at.isoformat(),
                "sent_at": score.sent_at and score.sent_at.isoformat(),
            }
            for score in scores
        ],
        "course_lists": [{"role": entry.role, "sections": entry.sections} for entry in entries],
    }


def _merge(uow: UnitOfWork, source: UUID, target: UUID) -> None:
    """Scores and places on lists move; where both have one, the target's stays."""
    kept = {
        (score.context_id, score.resource)
        for score in uow.session.scalars(sa.select(Score).where(Score.person_id == target))
    }
    for score in uow.session.scalars(sa.select(Score).where(Score.person_id == source)):
        if (score.context_id, score.resource) in kept:
            uow.session.delete(score)
        else:
            score.person_id = target
    _merge_entries(uow, source, target)
    uow.session.execute(
        sa.update(DeepLinkingRequest)
        .where(DeepLinkingRequest.person_id == source)
        .values(person_id=target)
    )
    uow.session.execute(
        sa.update(RegistrationInvitation)
        .where(RegistrationInvitation.invited_by == source)
        .values(invited_by=target)
    )


def _merge_entries(uow: UnitOfWork, source: UUID, target: UUID) -> None:
    lists = sa.select(RosterEntry.context_link_id).where(RosterEntry.person_id == target)
    kept = set(uow.session.scalars(lists))
    for entry in uow.session.scalars(sa.select(RosterEntry).where(RosterEntry.person_id == source)):
        if entry.context_link_id in kept:
            uow.session.delete(entry)
        else:
            entry.person_id = target


PERSON_DATA = PersonData(
    package="lti",
    tables=(
        "lti_score",
        "lti_deep_linking_request",
        "lti_registration_invitation",
        "lti_roster_entry",
    ),
    erase=_erase,
    export=_export,
    merge=_merge,
)
