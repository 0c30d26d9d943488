"""What the two agree: a goal, promises, the next meeting."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.availability import starts_at, zone_of
from plugin.mentoring.errors import not_here
from plugin.mentoring.models import Goal, Meeting, MeetingState, Pair, PairState, Promise
from plugin.mentoring.services import tell
from plugin.mentoring.services.answer import locked

RUNNING = (PairState.INTRODUCED, PairState.ACTIVE)


@dataclass(frozen=True)
class When:
    """A meeting as somebody writes it down: their own clock and zone."""

    local_start: datetime
    time_zone: str
    minutes: int
    place: str = ""


def set_goal(
    uow: UnitOfWork,
    pair_id: UUID,
    person_id: UUID,
    *,
    text: str,
    evidence: str = "",
    due_on: date | None = None,
) -> None:
    """Write a goal down; the one before stays in the pair's history."""
    pair = _running(uow, pair_id, person_id)
    uow.session.add(
        Goal(
            pair_id=pair.id,
            text=text,
            evidence=evidence,
            due_on=due_on,
            set_by_id=person_id,
            set_at=uow.now(),
        )
    )
    uow.session.flush()


def promise(uow: UnitOfWork, pair_id: UUID, person_id: UUID, text: str) -> None:
    """Say what one will do until the next meeting."""
    pair = _running(uow, pair_id, person_id)
    uow.session.add(Promise(pair_id=pair.id, person_id=person_id, text=text, made_at=uow.now()))
    uow.session.flush()


def keep_promise(uow: UnitOfWork, pair_id: UUID, person_id: UUID, handle: str) -> None:
    """Tick one's own promise off."""
    _running(uow, pair_id, person_id)
    row = uow.session.scalars(
        sa.select(Promise).where(
            Promise.handle == handle, Promise.pair_id == pair_id, Promise.person_id == person_id
        )
    ).first()
    if row is None:
        raise not_here()
    if row.done_at is None:
        row.done_at = uow.now()


def propose_meeting(uow: UnitOfWork, pair_id: UUID, person_id: UUID, when: When) -> UUID:
    """Propose the next meeting; one that was open before is moved and not doubled."""
    pair = _running(uow, pair_id, person_id)
    local = when.local_start.replace(tzinfo=None, second=0, microsecond=0)
    written = local.isoformat(timespec="minutes")
    zone = zone_of(when.time_zone).key
    if starts_at(written, zone) <= uow.now():
        raise Invalid(
            "mentoring.past",
            _("This time is over."),
            {"starts": _("Choose a time in the future.")},
        )
    row = _open_meeting(uow, pair.id)
    if row is None:
        row = Meeting(pair_id=pair.id)
        uow.session.add(row)
    else:
        row.sequence += 1
    row.local_start = written
    row.time_zone = zone
    row.minutes = when.minutes
    row.place = when.place
    row.state = MeetingState.PROPOSED
    row.proposed_by_id = person_id
    row.changed_at = uow.now()
    uow.session.flush()
    tell.meeting_set(uow, pair.id, person_id)
    return row.id


def agree_meeting(uow: UnitOfWork, pair_id: UUID, person_id: UUID, handle: str) -> None:
    """The other one says yes. Agreeing twice changes nothing."""
    row = _meeting(uow, pair_id, person_id, handle)
    if row.state is MeetingState.AGREED:
        return
    if row.state is MeetingState.CANCELLED or row.proposed_by_id == person_id:
        raise Invalid("mentoring.not_to_agree", _("The other one has to agree to this time."))
    row.state = MeetingState.AGREED
    row.sequence += 1
    row.changed_at = uow.now()


def cancel_meeting(uow: UnitOfWork, pair_id: UUID, person_id: UUID, handle: str) -> None:
    """Call a meeting off; calendars that hold it learn it from the same file name."""
    row = _meeting(uow, pair_id, person_id, handle)
    if row.state is not MeetingState.CANCELLED:
        row.state = MeetingState.CANCELLED
        row.sequence += 1
        row.changed_at = uow.now()


def _running(uow: UnitOfWork, pair_id: UUID, person_id: UUID) -> Pair:
    pair = locked(uow, pair_id)
    if person_id not in (pair.mentor_id, pair.mentee_id):
        raise not_here()
    if pair.state not in RUNNING:
        raise Invalid("mentoring.not_running", _("This pair is not running."))
    return pair


def _meeting(uow: UnitOfWork, pair_id: UUID, person_id: UUID, handle: str) -> Meeting:
    _running(uow, pair_id, person_id)
    row = uow.session.scalars(
        sa.select(Meeting).where(Meeting.handle == handle, Meeting.pair_id == pair_id)
    ).first()
    if row is None:
        raise not_here()
    return row


def _open_meeting(uow: UnitOfWork, pair_id: UUID) -> Meeting | None:
    """The meeting that still lies ahead: it is the one that is moved."""
    rows = uow.session.scalars(
        sa.select(Meeting)
        .where(Meeting.pair_id == pair_id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.id.desc())
    )
    ahead = [row for row in rows if starts_at(row.local_start, row.time_zone) > uow.now()]
    return ahead[0] if ahead else None
