"""What mentoring keeps about a person: how it is erased, exported and moved to another person."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.models import (
    Goal,
    Invitation,
    Matching,
    Meeting,
    Pair,
    PairState,
    Participation,
    Programme,
    Promise,
)
from plugin.mentoring.services.publish import ledger_key
from plugin.workload import public as workload


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    """Pairs end and stay for the partner; what the person wrote and answered goes.

    A matching whose input named the person loses its snapshot: it can no longer be replayed, and
    its page says so.
    """
    _end_replays(uow, person_id)
    involved = sa.or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id)
    for pair in uow.session.scalars(sa.select(Pair).where(involved)):
        if pair.state is not PairState.ENDED:
            pair.state, pair.ended_at = PairState.ENDED, uow.now()
            workload.release(uow, ledger_key(pair.id))
    uow.session.flush()
    uow.session.execute(sa.delete(Promise).where(Promise.person_id == person_id))
    uow.session.execute(
        sa.update(Goal).where(Goal.set_by_id == person_id).values(set_by_id=None, text="–")
    )
    uow.session.execute(sa.delete(Invitation).where(Invitation.person_id == person_id))
    uow.session.execute(
        sa.update(Participation)
        .where(Participation.person_id == person_id)
        .values(
            hours=[], languages=[], skills=[], goals=[], sentence="", left_at=uow.now(),
            answered_at=None,
        )
    )  # fmt: skip
    _forget_staff(uow, person_id)


def _end_replays(uow: UnitOfWork, person_id: UUID) -> None:
    taking_part = sa.select(Participation.programme_id).where(Participation.person_id == person_id)
    uow.session.execute(
        sa.update(Matching)
        .where(Matching.programme_id.in_(taking_part), Matching.replay_ended_at.is_(None))
        .values(snapshot=sa.null(), result=sa.null(), replay_ended_at=uow.now())
    )


def _forget_staff(uow: UnitOfWork, person_id: UUID) -> None:
    for model, column in _STAFF_COLUMNS:
        uow.session.execute(sa.update(model).where(column == person_id).values({column.key: None}))


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    answers = uow.session.scalars(
        sa.select(Participation).where(Participation.person_id == person_id)
    )
    pairs = uow.session.scalars(
        sa.select(Pair).where(sa.or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id))
    )
    promises = uow.session.scalars(sa.select(Promise).where(Promise.person_id == person_id))
    goals = uow.session.scalars(sa.select(Goal).where(Goal.set_by_id == person_id))
    return {
        "participations": [
            {
                "side": row.side.value,
                "hours": row.hours,
                "time_zone": row.time_zone,
                "languages": row.languages,
                "sentence": row.sentence,
                "skills": row.skills,
                "goals": row.goals,
                "stage": row.stage,
            }
            for row in answers
        ],
        "pairs": [
            {
                "role": "mentor" if row.mentor_id == person_id else "mentee",
                "state": row.state.value,
                "began": row.accepted_at.isoformat() if row.accepted_at else None,
            }
            for row in pairs
        ],
        "promises": [row.text for row in promises],
        "goals": [row.text for row in goals],
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """Rows move; where both took part in one programme the target's answers stay."""
    both = sa.select(Participation.programme_id).where(Participation.person_id == target_id)
    doubled = uow.session.scalars(
        sa.select(Participation).where(
            Participation.person_id == source_id, Participation.programme_id.in_(both)
        )
    ).all()
    for row in doubled:
        row.left_at = row.left_at or uow.now()
    uow.session.flush()
    uow.session.execute(
        sa.update(Participation)
        .where(
            Participation.person_id == source_id,
            Participation.id.not_in([row.id for row in doubled]),
        )
        .values(person_id=target_id)
    )
    for model, column in (*_PERSON_COLUMNS, *_STAFF_COLUMNS):
        uow.session.execute(
            sa.update(model).where(column == source_id).values({column.key: target_id})
        )


_PERSON_COLUMNS: tuple[tuple[Any, Any], ...] = (
    (Pair, Pair.mentor_id),
    (Pair, Pair.mentee_id),
    (Promise, Promise.person_id),
    (Invitation, Invitation.person_id),
)
_STAFF_COLUMNS: tuple[tuple[Any, Any], ...] = (
    (Programme, Programme.owner_id),
    (Programme, Programme.safety_contact_id),
    (Matching, Matching.requested_by_id),
    (Matching, Matching.published_by_id),
    (Pair, Pair.ended_by_id),
    (Goal, Goal.set_by_id),
    (Meeting, Meeting.proposed_by_id),
    (Invitation, Invitation.invited_by_id),
)

PERSON_DATA = PersonData(
    package="mentoring",
    tables=(
        "mentoring_programme",
        "mentoring_participation",
        "mentoring_invitation",
        "mentoring_matching",
        "mentoring_pair",
        "mentoring_goal",
        "mentoring_promise",
        "mentoring_meeting",
    ),
    erase=_erase,
    export=_export,
    merge=_merge,
)
