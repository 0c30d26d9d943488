"""From rows to a problem: who may be matched in a programme now, and who must be kept apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.expertise import public as expertise
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.availability import half_hours, monday_after
from plugin.mentoring.matching import WAITED, Aim, Candidate, Offer, Policy, Problem, Reason, Wish
from plugin.mentoring.models import Matching, MatchingState, Pair, PairState, Side
from plugin.mentoring.models.pair import TAKEN
from plugin.mentoring.queries.programmes import (
    ParticipationView,
    ProgrammeView,
    participations,
    reachable,
)
from plugin.people import public as people
from plugin.workload import public as workload

APART = ("block", "conflict", "team")


WAITING = 2000
"""What each matching that left somebody over adds to all their pairs, of about 100,000."""


def problem(
    uow: UnitOfWork, programme: ProgrammeView, *, seed: int, aim: Aim = Aim.TOTAL
) -> Problem:
    """Everything the engine may know, under the participations' handles: no names, no ids."""
    everybody = participations(uow, programme.id)
    busy = _busy(uow, programme.id)
    learners = [p for p in everybody if p.side is Side.LEARN and p.person_id not in busy]
    mentors = [p for p in everybody if p.side is Side.OFFER]
    channel = reachable(uow, {p.person_id for p in mentors})
    mentors = [p for p in mentors if p.person_id in channel]
    capacity = workload.capacities(uow, [p.person_id for p in mentors])
    monday = monday_after(uow.now().date())
    waited = _waited(uow, programme.id)
    chosen = {"waiting": WAITING, **programme.settings.get("matching", {}), "aim": aim}
    return Problem(
        mentees=tuple(
            replace(candidate(p, monday, 1), waited=waited.get(p.handle, 0)) for p in learners
        ),
        mentors=tuple(
            candidate(
                p,
                monday,
                capacity[p.person_id].free_every_week // programme.minutes_per_week,
            )
            for p in mentors
        ),
        policy=Policy(**chosen),
        apart=_apart(uow, programme.id, learners, mentors),
        seed=seed,
    )


def _waited(uow: UnitOfWork, programme_id: UUID) -> Counter[str]:
    """How many of the last published matchings left each learner over, by handle."""
    rows = uow.session.scalars(
        sa.select(Matching.unmatched)
        .where(Matching.programme_id == programme_id, Matching.state == MatchingState.PUBLISHED)
        .order_by(Matching.id.desc())
        .limit(WAITED)
    )
    return Counter(handle for left_over in rows for handle in left_over)


def candidate(person: ParticipationView, monday: date, places: int) -> Candidate:
    """One person's answers as the engine reads them."""
    learns = person.side is Side.LEARN
    skills = tuple(dict.fromkeys(map(expertise.normalise, person.skills)))
    return Candidate(
        key=person.handle,
        languages=frozenset(person.languages),
        slots=half_hours(person.hours, person.time_zone, monday),
        wants=tuple(Wish(skill, person.stage) for skill in skills) if learns else (),
        offers=() if learns else tuple(Offer(skill, person.stage) for skill in skills),
        goals=frozenset(person.goals),
        stage=person.stage,
        places=places,
    )


def plain_reasons(reasons: Iterable[Reason], mentee_skills: Iterable[str]) -> list[dict[str, Any]]:
    """Reasons as JSON values, with skills as the mentee typed them."""
    labels = {expertise.normalise(skill): skill for skill in mentee_skills}
    found = [reason.plain() for reason in reasons]
    for reason in found:
        if reason["key"] == "skills":
            words = [labels.get(word, word) for word in reason["params"]["skills"]]
            reason["params"] = {**reason["params"], "skills": words}
    return found


def _busy(uow: UnitOfWork, programme_id: UUID) -> set[UUID]:
    """Mentees who have somebody already, or are being introduced."""
    rows = uow.session.scalars(
        sa.select(Pair.mentee_id).where(Pair.programme_id == programme_id, Pair.state.in_(TAKEN))
    )
    return set(rows)


def _apart(
    uow: UnitOfWork,
    programme_id: UUID,
    learners: Sequence[ParticipationView],
    mentors: Sequence[ParticipationView],
) -> frozenset[tuple[str, str]]:
    """Blocks and conflicts either way round, and pairs that one of the two ended or declined."""
    left = {p.person_id: p.handle for p in learners}
    right = {p.person_id: p.handle for p in mentors}
    found = {pair for kind in APART for pair in people.relations(uow, kind)}
    found |= {(b, a) for a, b in found}
    over = uow.session.execute(
        sa.select(Pair.mentee_id, Pair.mentor_id).where(
            Pair.programme_id == programme_id,
            Pair.state.in_((PairState.DECLINED, PairState.ENDED)),
        )
    )
    found |= set(over)
    return frozenset((left[a], right[b]) for a, b in found if a in left and b in right)
