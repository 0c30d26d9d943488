"""A pair and what its two people agreed, as frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.availability import starts_at
from plugin.mentoring.errors import not_here
from plugin.mentoring.models import Goal, Meeting, MeetingState, Pair, PairState, Promise
from plugin.mentoring.models.pair import VISIBLE


@dataclass(frozen=True)
class PairView:
    """A pair without what the two wrote."""

    id: UUID
    handle: str
    programme_id: UUID
    matching_id: UUID
    mentor_id: UUID
    mentee_id: UUID
    state: PairState
    reasons: tuple[dict[str, Any], ...]
    minutes_per_week: int
    introduced_at: datetime | None
    accepted_at: datetime | None

    @property
    def visible(self) -> bool:
        return self.state in VISIBLE

    def partner_of(self, person_id: UUID) -> UUID:
        return self.mentor_id if person_id == self.mentee_id else self.mentee_id


@dataclass(frozen=True)
class GoalView:
    text: str
    evidence: str
    due_on: date | None
    set_at: datetime


@dataclass(frozen=True)
class PromiseView:
    handle: str
    person_id: UUID
    text: str
    made_at: datetime
    done: bool


@dataclass(frozen=True)
class MeetingView:
    """A meeting with its moment; `time_zone` is that of whoever proposed it."""

    handle: str
    pair_id: UUID
    starts_at: datetime
    local_start: str
    time_zone: str
    minutes: int
    place: str
    state: MeetingState
    sequence: int
    proposed_by_id: UUID | None
    changed_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def agreed(self) -> bool:
        return self.state is MeetingState.AGREED


def view(row: Pair) -> PairView:
    return PairView(
        id=row.id,
        handle=row.handle,
        programme_id=row.programme_id,
        matching_id=row.matching_id,
        mentor_id=row.mentor_id,
        mentee_id=row.mentee_id,
        state=row.state,
        reasons=tuple(row.reasons),
        minutes_per_week=row.minutes_per_week,
        introduced_at=row.introduced_at,
        accepted_at=row.accepted_at,
    )


def pair(uow: UnitOfWork, pair_id: UUID) -> PairView:
    row = uow.session.scalars(sa.select(Pair).where(Pair.id == pair_id)).first()
    if row is None:
        raise not_here()
    return view(row)


def pair_by_handle(uow: UnitOfWork, programme_id: UUID, handle: str) -> PairView:
    row = uow.session.scalars(
        sa.select(Pair).where(Pair.handle == handle, Pair.programme_id == programme_id)
    ).first()
    if row is None:
        raise not_here()
    return view(row)


def pairs_of(uow: UnitOfWork, person_id: UUID, programme_id: UUID | None = None) -> list[PairView]:
    """The pairs that a person may know of, running ones first, newest first."""
    query = (
        sa.select(Pair)
        .where(
            sa.or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id),
            Pair.state.in_(VISIBLE),
        )
        .order_by((Pair.state == PairState.ENDED), Pair.id.desc())
    )
    if programme_id is not None:
        query = query.where(Pair.programme_id == programme_id)
    return [view(row) for row in uow.session.scalars(query)]


def goal_of(uow: UnitOfWork, pair_id: UUID) -> GoalView | None:
    """The goal that counts: the newest."""
    row = uow.session.scalars(
        sa.select(Goal).where(Goal.pair_id == pair_id).order_by(Goal.id.desc()).limit(1)
    ).first()
    return GoalView(row.text, row.evidence, row.due_on, row.set_at) if row else None


def promises_of(uow: UnitOfWork, pair_id: UUID, limit: int = 10) -> list[PromiseView]:
    """The last promises, open ones first."""
    rows = uow.session.scalars(
        sa.select(Promise)
        .where(Promise.pair_id == pair_id)
        .order_by(Promise.done_at.is_not(None), Promise.id.desc())
        .limit(limit)
    )
    return [
        PromiseView(row.handle, row.person_id, row.text, row.made_at, row.done_at is not None)
        for row in rows
    ]


def meeting_view(row: Meeting) -> MeetingView:
    return MeetingView(
        handle=row.handle,
        pair_id=row.pair_id,
        starts_at=starts_at(row.local_start, row.time_zone),
        local_start=row.local_start,
        time_zone=row.time_zone,
        minutes=row.minutes,
        place=row.place,
        state=row.state,
        sequence=row.sequence,
        proposed_by_id=row.proposed_by_id,
        changed_at=row.changed_at,
    )


def next_meetings(uow: UnitOfWork, pair_ids: Iterable[UUID]) -> dict[UUID, MeetingView]:
    """The next meeting of each pair, where one lies ahead; one select."""
    rows = uow.session.scalars(
        sa.select(Meeting).where(
            Meeting.pair_id.in_(set(pair_ids)), Meeting.state != MeetingState.CANCELLED
        )
    )
    found: dict[UUID, MeetingView] = {}
    for meeting in sorted(map(meeting_view, rows), key=lambda one: one.starts_at, reverse=True):
        if meeting.ends_at > uow.now():
            found[meeting.pair_id] = meeting
    return found


def meeting_by_handle(uow: UnitOfWork, pair_id: UUID, handle: str) -> MeetingView:
    row = uow.session.scalars(
        sa.select(Meeting).where(Meeting.handle == handle, Meeting.pair_id == pair_id)
    ).first()
    if row is None:
        raise not_here()
    return meeting_view(row)
