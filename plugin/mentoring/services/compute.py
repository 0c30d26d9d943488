"""Run a matching: asked for by a coordinator, computed by a worker outside any transaction.

The steps are `request_matching`, `begin`, (compute), `store_pairs` in chunks, `finish`. Each may be
repeated: a worker that was killed finds the snapshot and goes on from it, with the same result.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.events.mentoring import MatchingRequested
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import matching as engine
from plugin.mentoring import policy
from plugin.mentoring.models import Matching, MatchingState, Pair, Participation, Programme
from plugin.mentoring.queries.matchings import MatchingView, unfinished, view
from plugin.mentoring.queries.pool import plain_reasons, problem
from plugin.mentoring.queries.programmes import ProgrammeView, programme
from plugin.people import public as people

CHUNK = 200
KEPT = timedelta(days=180)
RUNNING = (MatchingState.REQUESTED, MatchingState.COMPUTING)


def request_matching(
    uow: UnitOfWork,
    actor: people.Actor,
    about: ProgrammeView,
    aim: engine.Aim = engine.Aim.TOTAL,
) -> MatchingView:
    """Ask for a matching; one at a time in a programme. An older draft is discarded."""
    require(policy.may_coordinate(actor, about.context_id))
    if not about.open:
        raise Invalid("mentoring.closed", _("This programme is closed."))
    for earlier in unfinished(uow, [about.id]):
        if earlier.state is not MatchingState.DRAFT:
            raise Conflict("mentoring.running", _("A matching is being worked on already."))
        uow.session.get_one(Matching, earlier.id).state = MatchingState.DISCARDED
    row = Matching(
        programme_id=about.id,
        aim=aim.value,
        seed=secrets.randbits(31),
        unmatched={},
        requested_by_id=actor.person_id,
        requested_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(MatchingRequested(matching_id=row.id))
    uow.audit(
        "mentoring.matching.requested", actor=actor.person_id, subject=f"matching:{row.handle}"
    )
    return view(row)


def read_input(uow: UnitOfWork, matching_id: UUID) -> engine.Problem | None:
    """The input as it stands, or as it was frozen; None when this matching is not wanted any more.

    Only reads, so that a large programme holds nobody up.
    """
    row = _row(uow, matching_id)
    if row is None or row.state not in RUNNING:
        return None
    if row.snapshot is not None:
        return engine.restore(row.snapshot)
    return problem(uow, programme(uow, row.programme_id), seed=row.seed, aim=engine.Aim(row.aim))


def begin(uow: UnitOfWork, matching_id: UUID, fresh: engine.Problem) -> engine.Problem | None:
    """Freeze the input, unless a worker before us did; None when it is not wanted any more."""
    row = _row(uow, matching_id)
    if row is None or row.state not in RUNNING:
        return None
    row.state = MatchingState.COMPUTING
    row.progress = "comparing"
    if row.snapshot is not None:
        return engine.restore(row.snapshot)
    row.snapshot = engine.snapshot(fresh)
    row.digest = engine.digest(row.snapshot)
    return fresh


def note_progress(uow: UnitOfWork, matching_id: UUID, step: str, percent: int) -> bool:
    """Say on the page which step is under way; whether the matching is still wanted."""
    wanted = uow.session.scalars(
        sa.update(Matching)
        .where(Matching.id == matching_id, Matching.state == MatchingState.COMPUTING)
        .values(progress=step, percent=percent)
        .returning(Matching.id)
    )
    return wanted.first() is not None


def store_pairs(uow: UnitOfWork, matching_id: UUID, pairs: Sequence[engine.Pair]) -> None:
    """Keep one chunk of proposed pairs; unique by matching and mentee: repeating adds nothing."""
    row = _row(uow, matching_id)
    if row is None or row.state is not MatchingState.COMPUTING:
        return
    keys = {key for pair in pairs for key in (pair.mentee, pair.mentor)}
    persons = {
        one.handle: one
        for one in uow.session.scalars(
            sa.select(Participation).where(Participation.handle.in_(keys))
        )
    }
    stored = set(
        uow.session.scalars(
            sa.select(Pair.mentee_participation_id).where(
                Pair.matching_id == matching_id,
                Pair.mentee_participation_id.in_([one.id for one in persons.values()]),
            )
        )
    )
    minutes = uow.session.get_one(Programme, row.programme_id).minutes_per_week
    for pair in pairs:
        if pair.mentee not in persons or pair.mentor not in persons:
            continue  # erased while the matching was computed
        mentee, mentor = persons[pair.mentee], persons[pair.mentor]
        if mentee.id in stored:
            continue
        uow.session.add(
            Pair(
                programme_id=row.programme_id,
                matching_id=matching_id,
                mentor_id=mentor.person_id,
                mentee_id=mentee.person_id,
                mentor_participation_id=mentor.id,
                mentee_participation_id=mentee.id,
                score=pair.score,
                reasons=plain_reasons(pair.reasons, mentee.skills),
                minutes_per_week=minutes,
                created_at=uow.now(),
            )
        )


def finish(
    uow: UnitOfWork, matching_id: UUID, proposal: engine.Proposal, result: dict[str, Any]
) -> None:
    """Show the draft to the coordinator, with the proof and why people were left over."""
    row = _row(uow, matching_id)
    if row is None or row.state is not MatchingState.COMPUTING:
        return
    certificate = proposal.certificate
    row.state = MatchingState.DRAFT
    row.progress = "done"
    row.solver = proposal.solver
    row.value, row.bound = certificate.value, certificate.bound
    row.compared, row.allowed = certificate.compared, certificate.allowed
    row.checked = True
    row.result = result
    row.unmatched = {person.mentee: person.plain() for person in proposal.unmatched}
    row.computed_at = uow.now()


def fail(uow: UnitOfWork, matching_id: UUID, reason: str) -> None:
    """Nothing is published that the checker does not accept."""
    row = _row(uow, matching_id)
    if row is not None and row.state in RUNNING:
        row.state = MatchingState.FAILED
        row.failure = reason[:300]


def discard(uow: UnitOfWork, actor: people.Actor, about: ProgrammeView, matching_id: UUID) -> None:
    """Throw a draft away, or stop one that is being computed; nobody has seen anything."""
    require(policy.may_coordinate(actor, about.context_id))
    row = _row(uow, matching_id)
    if row is None or row.state not in (*RUNNING, MatchingState.DRAFT, MatchingState.FAILED):
        raise Conflict("mentoring.not_draft", _("Only a draft can be thrown away."))
    row.state = MatchingState.DISCARDED
    uow.audit(
        "mentoring.matching.discarded", actor=actor.person_id, subject=f"matching:{row.handle}"
    )


def end_old_replays(uow: UnitOfWork) -> int:
    """Forget the input of matchings after half a year; their pages say that replay has ended."""
    rows = uow.session.scalars(
        sa.select(Matching).where(
            Matching.requested_at < uow.now() - KEPT, Matching.replay_ended_at.is_(None)
        )
    ).all()
    for row in rows:
        row.snapshot = row.result = None
        row.replay_ended_at = uow.now()
    return len(rows)


def _row(uow: UnitOfWork, matching_id: UUID) -> Matching | None:
    return uow.session.scalars(sa.select(Matching).where(Matching.id == matching_id)).first()
