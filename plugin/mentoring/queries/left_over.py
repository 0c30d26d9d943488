"""Who was left over by a matching and why, and which mentors have places."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased, undefer

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.models import Matching, MatchingState, Pair, Participation
from plugin.people import public as people

_mentee = aliased(Participation)
_mentor = aliased(Participation)


@dataclass(frozen=True)
class LeftOver:
    """A learner without a mentor, why, and what would change it."""

    person: people.PersonView
    key: str
    cause: str
    params: dict[str, Any]
    change: str
    change_params: dict[str, Any]


@dataclass(frozen=True)
class FreeMentor:
    """A mentor with places left in this draft."""

    person: people.PersonView
    key: str
    places: int


@dataclass(frozen=True)
class Overview:
    """What a matching page shows besides its pairs."""

    left_over: tuple[LeftOver, ...]
    free: tuple[FreeMentor, ...]
    everyone_free: int


def overview(uow: UnitOfWork, matching_id: UUID) -> Overview:
    """Who was left over and who has places, from the frozen input and the pairs as they stand."""
    row = uow.session.scalars(
        sa.select(Matching)
        .where(Matching.id == matching_id)
        .options(undefer(Matching.snapshot), undefer(Matching.unmatched))
    ).one()
    if row.snapshot is None:
        return Overview((), (), 0)
    paired, load = _load(uow, matching_id)
    unmatched = {c["key"] for c in row.snapshot["mentees"]} - paired
    places = {c["key"]: c["places"] - load.get(c["key"], 0) for c in row.snapshot["mentors"]}
    free = {key: count for key, count in places.items() if count > 0}
    persons = persons_by_key(uow, unmatched | set(free))
    left = [
        LeftOver(persons[key], key, **row.unmatched.get(key, _BY_HAND))
        for key in unmatched
        if key in persons
    ]
    mentors = [FreeMentor(persons[key], key, free[key]) for key in free if key in persons]
    return Overview(
        left_over=tuple(sorted(left, key=lambda one: (one.cause, one.person.name, one.key))),
        free=tuple(sorted(mentors, key=lambda one: (one.person.name.casefold(), one.key))),
        everyone_free=sum(free.values()),
    )


_BY_HAND: dict[str, Any] = {"cause": "by_hand", "params": {}, "change": "", "change_params": {}}


def _load(uow: UnitOfWork, matching_id: UUID) -> tuple[set[str], dict[str, int]]:
    """Keys of the mentees who have a mentor here, and how many each mentor has."""
    rows = uow.session.execute(
        sa.select(_mentee.handle, _mentor.handle)
        .select_from(Pair)
        .join(_mentee, _mentee.id == Pair.mentee_participation_id)
        .join(_mentor, _mentor.id == Pair.mentor_participation_id)
        .where(Pair.matching_id == matching_id)
    )
    paired: set[str] = set()
    load: dict[str, int] = {}
    for mentee, mentor in rows:
        paired.add(mentee)
        load[mentor] = load.get(mentor, 0) + 1
    return paired, load


def persons_by_key(uow: UnitOfWork, keys: set[str]) -> dict[str, people.PersonView]:
    """The people behind participations' handles; erased ones are left out."""
    rows = uow.session.execute(
        sa.select(Participation.handle, Participation.person_id).where(
            Participation.handle.in_(keys)
        )
    )
    ids = dict(list(rows))
    persons = people.people_by_id(uow, ids.values())
    return {key: persons[person_id] for key, person_id in ids.items() if person_id in persons}


def why_left_over(uow: UnitOfWork, programme_id: UUID, key: str) -> dict[str, Any] | None:
    """What the last published matching said about one learner, for their own page."""
    row = uow.session.scalars(
        sa.select(Matching)
        .where(Matching.programme_id == programme_id, Matching.state == MatchingState.PUBLISHED)
        .order_by(Matching.id.desc())
        .limit(1)
        .options(undefer(Matching.unmatched))
    ).first()
    if row is None:
        return None
    found: dict[str, Any] | None = row.unmatched.get(key)
    return found
