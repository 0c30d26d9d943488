"""Giving something to many: a list is checked, looked at, then carried out in chunks.

Nothing is given before somebody confirmed. A run is rows, and a row is marked in the commit that
gave the award: a worker may die at any moment, and cancelling stops after a chunk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.award_queries import Past, pasts
from plugin.credentials.giving_list import Problem, Read
from plugin.credentials.models import BY_HAND, Achievement, GivingRow, GivingRun
from plugin.credentials.services.deciding import give_by_hand
from plugin.credentials.services.finding import find_people
from plugin.events.credentials import GivingConfirmed
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

CHUNK = 20
SHOWN = 200
GIVEN, HELD, FAILED = "given", "held", "failed"


@dataclass(frozen=True)
class Entry:
    """One person on a checked list."""

    line: int
    name: str
    words: str
    outcome: str


@dataclass(frozen=True)
class RunView:
    """A list, before, during and after."""

    handle: str
    total: int
    done: int
    given: int
    entries: tuple[Entry, ...]
    confirmed: bool
    finished: bool
    cancelled: bool


def check(
    uow: UnitOfWork, achievement: Achievement, found: Read, actor: UUID
) -> tuple[GivingRun | None, list[Problem]]:
    """The dry run: who is meant by each line, and what is wrong. A run is kept only when nothing
    is; it gives nothing yet."""
    problems = list(found.problems)
    persons = find_people(uow, [line.person for line in found.lines])
    past = pasts(uow, achievement_id=achievement.id)
    rows: list[GivingRow] = []
    meant: dict[UUID, int] = {}
    for line in found.lines:
        person = persons.get(line.person.lower())
        wrong = _wrong(person, achievement, past, meant, actor)
        if wrong or person is None:
            problems.append(Problem(line.number, "person", wrong))
            continue
        meant[person.id] = line.number
        rows.append(GivingRow(line=line.number, person_id=person.id, words=line.words))
    if problems or not rows:
        return None, sorted(problems, key=lambda one: one.line)
    run = GivingRun(
        handle=uow.new_handle(),
        achievement_id=achievement.id,
        decided_by=actor,
        created_at=uow.now(),
    )
    uow.session.add(run)
    uow.session.flush()
    for row in rows:
        row.run_id = run.id
    uow.session.add_all(rows)
    uow.session.flush()
    return run, []


def _wrong(
    person: people.PersonView | None,
    achievement: Achievement,
    past: Mapping[UUID, Past],
    meant: dict[UUID, int],
    actor: UUID,
) -> str:
    if person is None:
        return _("Nobody here is known by this address or name.")
    if person.id == actor:
        return _("Nobody gives an achievement to themselves.")
    if person.id in meant:
        return _("The same person as in line %(n)d.", n=meant[person.id])
    if achievement.id in past.get(person.id, Past()).standing:
        return _("Holds it already.")
    return ""


def confirm(uow: UnitOfWork, run: GivingRun, actor: UUID) -> None:
    """Let a checked list be carried out. Again is no error; a cancelled one raises Conflict."""
    if run.cancelled_at is not None:
        raise Conflict("credentials.run_cancelled", _("This list was cancelled. Send it again."))
    achievement = uow.session.get_one(Achievement, run.achievement_id)
    if achievement.mode != BY_HAND or achievement.retired_at is not None:
        raise Conflict("credentials.by_rule", _("This is given by its rule, not by hand."))
    if run.confirmed_at is None:
        run.confirmed_at, run.decided_by = uow.now(), actor
        uow.record(GivingConfirmed(run_id=run.id))
        uow.audit("credentials.giving.confirmed", actor=actor, subject=f"giving:{run.handle}")


def cancel(uow: UnitOfWork, run: GivingRun, actor: UUID) -> None:
    """Give no more; what was given stays."""
    if run.finished_at is None and run.cancelled_at is None:
        run.cancelled_at = uow.now()
        uow.audit("credentials.giving.cancelled", actor=actor, subject=f"giving:{run.handle}")


def advance(uow: UnitOfWork, run_id: UUID) -> bool:
    """Give to the next few; False when nobody is left. Unique: (run, line)."""
    run = uow.session.scalars(
        sa.select(GivingRun).where(GivingRun.id == run_id).with_for_update()
    ).one()
    if run.finished_at is not None or run.cancelled_at is not None or run.confirmed_at is None:
        return False
    rows = uow.session.scalars(
        sa.select(GivingRow)
        .where(GivingRow.run_id == run_id, GivingRow.outcome == "")
        .order_by(GivingRow.line)
        .limit(CHUNK)
    ).all()
    achievement = uow.session.get_one(Achievement, run.achievement_id)
    for row in rows:
        row.outcome = _give(uow, achievement, run, row)
    if len(rows) < CHUNK:
        run.finished_at = uow.now()
    return len(rows) == CHUNK


def _give(uow: UnitOfWork, achievement: Achievement, run: GivingRun, row: GivingRow) -> str:
    who = people.person(uow, row.person_id).id  # who they were merged into meanwhile
    try:
        give_by_hand(
            uow, achievement, who, run.decided_by or run.id, row.words, f"{run.handle}:{row.line}"
        )
    except Conflict as problem:
        return HELD if problem.code == "credentials.held" else FAILED
    return GIVEN


def run_row(uow: UnitOfWork, handle: str) -> GivingRun | None:
    return uow.session.scalars(sa.select(GivingRun).where(GivingRun.handle == handle)).first()


def view(uow: UnitOfWork, run: GivingRun) -> RunView:
    """How far it is, with its first lines; three selects."""
    counts = {
        row.outcome: row.n
        for row in uow.session.execute(
            sa.select(GivingRow.outcome, sa.func.count(GivingRow.id).label("n"))
            .where(GivingRow.run_id == run.id)
            .group_by(GivingRow.outcome)
        )
    }
    rows = uow.session.scalars(
        sa.select(GivingRow).where(GivingRow.run_id == run.id).order_by(GivingRow.line).limit(SHOWN)
    ).all()
    return RunView(
        handle=run.handle,
        total=sum(counts.values()),
        done=sum(n for outcome, n in counts.items() if outcome),
        given=counts.get(GIVEN, 0),
        entries=_entries(uow, rows),
        confirmed=run.confirmed_at is not None,
        finished=run.finished_at is not None,
        cancelled=run.cancelled_at is not None,
    )


def _entries(uow: UnitOfWork, rows: Sequence[GivingRow]) -> tuple[Entry, ...]:
    names = people.people_by_id(uow, [row.person_id for row in rows])
    return tuple(
        Entry(
            row.line,
            names[row.person_id].name if row.person_id in names else "",
            row.words,
            row.outcome,
        )
        for row in rows
    )
