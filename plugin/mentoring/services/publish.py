"""Publish a draft, take it back. Nothing is visible or sent before the final flip.

`request_publish` → `reserve_chunk` … → `flip` → `introduce_chunk` …; each chunk is keyed by
(matching, pair) through the pair's state, so a killed worker goes on where it stopped.
"""

from uuid import UUID

import sqlalchemy as sa

from plugin.events.mentoring import (
    MatchingPublished,
    PairEnded,
    PairIntroduced,
    PublishRequested,
    UndoRequested,
)
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import policy
from plugin.mentoring.errors import no_safety_contact, not_here
from plugin.mentoring.models import (
    Matching,
    MatchingState,
    Pair,
    PairState,
    Participation,
    Programme,
)
from plugin.mentoring.models.pair import TAKEN
from plugin.mentoring.queries.programmes import ProgrammeView
from plugin.people import public as people
from plugin.workload import public as workload

CHUNK = 25
UNDOABLE = (PairState.PROPOSED, PairState.RESERVED, PairState.INTRODUCED)


def ledger_key(pair_id: UUID) -> str:
    """Under which the mentor's minutes for this pair stand in the time ledger."""
    return f"mentoring.pair:{pair_id}"


def request_publish(
    uow: UnitOfWork, actor: people.Actor, about: ProgrammeView, matching_id: UUID
) -> None:
    """Decide that a draft goes out. Refused without a named safety contact."""
    require(policy.may_coordinate(actor, about.context_id))
    if about.safety_contact_id is None:
        raise no_safety_contact()
    row = _matching(uow, matching_id)
    if row.programme_id != about.id:
        raise not_here()
    if row.state is not MatchingState.DRAFT:
        raise Conflict("mentoring.not_draft", _("This matching is no draft any more."))
    row.state = MatchingState.PUBLISHING
    row.published_by_id = actor.person_id
    uow.record(PublishRequested(matching_id=row.id))
    uow.audit(
        "mentoring.matching.publish_requested",
        actor=actor.person_id,
        subject=f"matching:{row.handle}",
    )


def reserve_chunk(uow: UnitOfWork, matching_id: UUID, limit: int = CHUNK) -> bool:
    """Take the mentors' minutes for some pairs; False when nothing is left to do.

    A mentor whose time was taken meanwhile makes the pair NO_TIME: the coordinator is told, the two
    never hear of it.
    """
    if _matching(uow, matching_id).state is not MatchingState.PUBLISHING:
        return False
    pairs = _pairs(uow, matching_id, (PairState.PROPOSED,), limit)
    taken = _elsewhere(uow, matching_id, [pair.mentee_participation_id for pair in pairs])
    gone = _gone(uow, pairs)
    for pair in pairs:
        if {pair.mentee_participation_id, pair.mentor_participation_id} & (taken | gone):
            pair.state = PairState.WITHDRAWN
        elif workload.reserve(
            uow, pair.mentor_id, ledger_key(pair.id), minutes_per_week=pair.minutes_per_week
        ):
            pair.state = PairState.RESERVED
        else:
            pair.state = PairState.NO_TIME
    return bool(pairs)


def flip(uow: UnitOfWork, matching_id: UUID) -> None:
    """The one moment at which a matching becomes public. Unique by the matching's state."""
    row = _matching(uow, matching_id)
    if row.state is not MatchingState.PUBLISHING:
        return
    programme = uow.session.get_one(Programme, row.programme_id)
    row.state = MatchingState.PUBLISHED
    row.published_at = uow.now()
    uow.record(
        MatchingPublished(
            matching_id=row.id, programme_id=programme.id, context_id=programme.context_id
        )
    )
    uow.audit(
        "mentoring.matching.published",
        actor=row.published_by_id,
        subject=f"matching:{row.handle}",
    )


def introduce_chunk(uow: UnitOfWork, matching_id: UUID, limit: int = CHUNK) -> bool:
    """Introduce some pairs of a published matching; False when all are. Unique by pair state."""
    row = _matching(uow, matching_id)
    if row.state is not MatchingState.PUBLISHED:
        return False
    programme = uow.session.get_one(Programme, row.programme_id)
    pairs = _pairs(uow, matching_id, (PairState.RESERVED,), limit)
    for pair in pairs:
        pair.state = PairState.INTRODUCED
        pair.introduced_at = uow.now()
        uow.record(
            PairIntroduced(
                pair_id=pair.id,
                programme_id=programme.id,
                context_id=programme.context_id,
                mentor_id=pair.mentor_id,
                mentee_id=pair.mentee_id,
            )
        )
    return bool(pairs)


def request_undo(
    uow: UnitOfWork, actor: people.Actor, about: ProgrammeView, matching_id: UUID
) -> None:
    """Take a published matching back, as far as no mentor has accepted."""
    require(policy.may_coordinate(actor, about.context_id))
    row = _matching(uow, matching_id)
    if row.programme_id != about.id:
        raise not_here()
    if row.state not in (MatchingState.PUBLISHED, MatchingState.PUBLISHING):
        raise Conflict("mentoring.not_published", _("There is nothing to take back."))
    row.state = MatchingState.UNDONE
    uow.record(UndoRequested(matching_id=row.id))
    uow.audit("mentoring.matching.undone", actor=actor.person_id, subject=f"matching:{row.handle}")


def withdraw_chunk(uow: UnitOfWork, matching_id: UUID, limit: int = CHUNK) -> bool:
    """Withdraw some pairs of an undone matching and free the time; accepted pairs stay."""
    row = _matching(uow, matching_id)
    if row.state is not MatchingState.UNDONE:
        return False
    programme = uow.session.get_one(Programme, row.programme_id)
    pairs = _pairs(uow, matching_id, UNDOABLE, limit)
    for pair in pairs:
        told = pair.state is PairState.INTRODUCED
        pair.state = PairState.WITHDRAWN
        pair.ended_at = uow.now()
        workload.release(uow, ledger_key(pair.id))
        if told:
            uow.record(
                PairEnded(
                    pair_id=pair.id,
                    context_id=programme.context_id,
                    mentor_id=pair.mentor_id,
                    mentee_id=pair.mentee_id,
                    reason="undone",
                )
            )
    return bool(pairs)


def _matching(uow: UnitOfWork, matching_id: UUID) -> Matching:
    row = uow.session.scalars(
        sa.select(Matching).where(Matching.id == matching_id).with_for_update()
    ).first()
    if row is None:
        raise not_here()
    return row


def _pairs(
    uow: UnitOfWork, matching_id: UUID, states: tuple[PairState, ...], limit: int
) -> list[Pair]:
    return list(
        uow.session.scalars(
            sa.select(Pair)
            .where(Pair.matching_id == matching_id, Pair.state.in_(states))
            .order_by(Pair.id)
            .limit(limit)
            .with_for_update()
        )
    )


def _gone(uow: UnitOfWork, pairs: list[Pair]) -> set[UUID]:
    """Who left the programme since this draft was made."""
    both = {key for p in pairs for key in (p.mentee_participation_id, p.mentor_participation_id)}
    rows = uow.session.scalars(
        sa.select(Participation.id).where(
            Participation.id.in_(both), Participation.left_at.is_not(None)
        )
    )
    return set(rows)


def _elsewhere(uow: UnitOfWork, matching_id: UUID, mentees: list[UUID]) -> set[UUID]:
    """Mentees who got somebody from another matching since this draft was made."""
    rows = uow.session.scalars(
        sa.select(Pair.mentee_participation_id).where(
            Pair.mentee_participation_id.in_(mentees),
            Pair.matching_id != matching_id,
            Pair.state.in_(TAKEN),
        )
    )
    return set(rows)
