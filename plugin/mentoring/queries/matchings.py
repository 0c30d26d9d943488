"""What the coordinator sees of a matching: state, proof, pairs, the people left over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from plugin.kernel.pagination import Page, cut
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.errors import not_here
from plugin.mentoring.models import Matching, MatchingState, Pair, PairState, Participation
from plugin.people import public as people

PAGE = 100
UNFINISHED = (
    MatchingState.REQUESTED,
    MatchingState.COMPUTING,
    MatchingState.DRAFT,
    MatchingState.PUBLISHING,
)


@dataclass(frozen=True)
class MatchingView:
    """A matching without its large parts."""

    id: UUID
    handle: str
    programme_id: UUID
    state: MatchingState
    aim: str
    progress: str
    percent: int
    seed: int
    solver: str
    digest: str
    value: int
    bound: int
    compared: int
    allowed: int
    checked: bool
    failure: str
    requested_at: datetime
    published_at: datetime | None
    replay_ended_at: datetime | None

    @property
    def running(self) -> bool:
        return self.state in (
            MatchingState.REQUESTED,
            MatchingState.COMPUTING,
            MatchingState.PUBLISHING,
        )


@dataclass(frozen=True)
class PairRow:
    """One pair on the matching page; keys are the participations' handles."""

    id: UUID
    mentee: people.PersonView
    mentor: people.PersonView
    mentee_key: str
    mentor_key: str
    state: PairState
    score: int
    by_hand: bool
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Totals:
    """Counts over all pages, and what the pairs are worth as they stand now."""

    pairs: int
    worth: int
    by_state: dict[PairState, int]


def view(row: Matching) -> MatchingView:
    return MatchingView(
        id=row.id,
        handle=row.handle,
        programme_id=row.programme_id,
        state=row.state,
        aim=row.aim,
        progress=row.progress,
        percent=row.percent,
        seed=row.seed,
        solver=row.solver,
        digest=row.digest,
        value=row.value,
        bound=row.bound,
        compared=row.compared,
        allowed=row.allowed,
        checked=row.checked,
        failure=row.failure,
        requested_at=row.requested_at,
        published_at=row.published_at,
        replay_ended_at=row.replay_ended_at,
    )


def matching(uow: UnitOfWork, matching_id: UUID) -> MatchingView:
    row = uow.session.scalars(sa.select(Matching).where(Matching.id == matching_id)).first()
    if row is None:
        raise not_here()
    return view(row)


def matching_by_handle(uow: UnitOfWork, programme_id: UUID, handle: str) -> MatchingView:
    row = uow.session.scalars(
        sa.select(Matching).where(Matching.handle == handle, Matching.programme_id == programme_id)
    ).first()
    if row is None:
        raise not_here()
    return view(row)


def matchings(uow: UnitOfWork, programme_id: UUID) -> list[MatchingView]:
    """Those that somebody may still want to look at, newest first."""
    rows = uow.session.scalars(
        sa.select(Matching)
        .where(Matching.programme_id == programme_id, Matching.state != MatchingState.DISCARDED)
        .order_by(Matching.id.desc())
        .limit(50)
    )
    return [view(row) for row in rows]


def unfinished(uow: UnitOfWork, programme_ids: Iterable[UUID]) -> list[MatchingView]:
    """What is being worked on or waits for a decision, in these programmes."""
    rows = uow.session.scalars(
        sa.select(Matching).where(
            Matching.programme_id.in_(set(programme_ids)), Matching.state.in_(UNFINISHED)
        )
    )
    return [view(row) for row in rows]


def totals(uow: UnitOfWork, matching_id: UUID) -> Totals:
    return totals_of(uow, [matching_id])[matching_id]


def totals_of(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Totals]:
    """Counts of several matchings, in one select."""
    found: dict[UUID, dict[PairState, tuple[int, int]]] = {key: {} for key in ids}
    rows = uow.session.execute(
        sa.select(
            Pair.matching_id,
            Pair.state,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Pair.score), 0),
        )
        .where(Pair.matching_id.in_(list(found)))
        .group_by(Pair.matching_id, Pair.state)
    )
    for key, state, count, worth in rows:
        found[key][state] = (count, int(worth))
    return {
        key: Totals(
            pairs=sum(count for count, _ in states.values()),
            worth=sum(worth for _, worth in states.values()),
            by_state={state: count for state, (count, _) in states.items()},
        )
        for key, states in found.items()
    }


def pairs(uow: UnitOfWork, matching_id: UUID, after: UUID | None = None) -> Page[PairRow]:
    """One page of pairs; the weakest do not come first, chance does: by the rows' ids."""
    query = (
        sa.select(Pair, _mentee.handle, _mentor.handle)
        .join(_mentee, _mentee.id == Pair.mentee_participation_id)
        .join(_mentor, _mentor.id == Pair.mentor_participation_id)
        .where(Pair.matching_id == matching_id)
        .order_by(Pair.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Pair.id > after)
    found = uow.session.execute(query).all()
    persons = people.people_by_id(
        uow, {key for row, _, _ in found for key in (row.mentee_id, row.mentor_id)}
    )
    rows = [
        PairRow(
            id=row.id,
            mentee=persons[row.mentee_id],
            mentor=persons[row.mentor_id],
            mentee_key=mentee_key,
            mentor_key=mentor_key,
            state=row.state,
            score=row.score,
            by_hand=row.by_hand,
            reasons=tuple(row.reasons),
        )
        for row, mentee_key, mentor_key in found
    ]
    return cut(rows, PAGE, rows[PAGE - 1].id if len(rows) > PAGE else None)


_mentee = aliased(Participation)
_mentor = aliased(Participation)


def any_published(uow: UnitOfWork, programme_id: UUID) -> bool:
    """Whether people of this programme have been told of a matching yet."""
    published = sa.select(Matching.id).where(
        Matching.programme_id == programme_id, Matching.state == MatchingState.PUBLISHED
    )
    return uow.session.scalars(published.limit(1)).first() is not None
