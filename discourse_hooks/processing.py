"""The worker's side of the inbox: claimed rows, settled in the commit of their effect.

The claimed rows of one forum are handled in one commit; when one of them fails, each is handled in
a commit of its own. A handler that fails is tried again with growing pauses; a body that cannot be
read is parked at once, because another try would meet the same bytes. Killing a worker anywhere
leaves claims that lapse by themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks import connections, loop_guard, payloads, pilot, touched
from discourse_hooks.connections import Forum
from discourse_hooks.handlers import HANDLERS, Event, Outcome
from discourse_hooks.models import InboxMessage, InboxState
from plugin.kernel.telemetry import get_logger, referenced
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
BATCH = 200
BATCHES = 20
ATTEMPTS = 8
# Short, because handling is a few milliseconds: what a killed worker held is soon taken up again.
CLAIM = timedelta(seconds=30)


@dataclass(frozen=True)
class Taken:
    """A row in this worker's hand."""

    id: UUID
    connection_id: UUID
    event_type: str
    event_name: str
    body: bytes | None
    attempts: int
    repeats: int


def process_inbox(services: Services) -> int:
    """Handle what waits; return how many rows were taken."""
    taken = 0
    for _batch in range(BATCHES):
        count = _process_batch(services)
        taken += count
        if count < BATCH:
            break
    return taken


def _process_batch(services: Services) -> int:
    with services.units.system() as uow:
        rows = _claim(uow)
        uow.commit()
    by_forum: dict[UUID, list[Taken]] = {}
    for row in rows:
        by_forum.setdefault(row.connection_id, []).append(row)
    for connection_id, of_it in by_forum.items():
        forum = connections.by_id(services, connection_id)
        if forum is None:
            _leave(services, of_it)
        elif not _handle_together(services, forum, of_it):
            for row in of_it:
                _handle(services, forum, row)
    return len(rows)


def _handle_together(services: Services, forum: Forum, rows: list[Taken]) -> bool:
    """All in one commit; False when one of them fails, and then nothing is written."""
    if len(rows) == 1:
        return False
    try:
        events = [_read(row) for row in rows]
        with services.units.community(forum.community_id) as uow:
            loop_guard.look_up(uow, forum.id, _topics_of(events))
            outcomes = [
                _judge(uow, forum, row, event) for row, event in zip(rows, events, strict=True)
            ]
            touched.mark(uow, forum.id, [one for each in outcomes for one in each.touches])
            _settle_all(uow, rows, outcomes)
            uow.commit()
    except Exception as error:  # whichever it was: handled alone it will say so itself
        log.info("inbox rows handled one by one", reason=type(error).__name__, rows=len(rows))
        return False
    return True


def _topics_of(events: list[Event | None]) -> set[int]:
    facts = [event.facts for event in events if event is not None]
    posts = [one.post if isinstance(one, payloads.LikeFacts) else one for one in facts]
    topics = {one.topic_id for one in posts if isinstance(one, payloads.PostFacts)}
    return topics | {one.id for one in posts if isinstance(one, payloads.TopicFacts)}


def _claim(uow: UnitOfWork) -> list[Taken]:
    now = uow.now()
    due = (
        sa.select(InboxMessage.id)
        .where(
            InboxMessage.state == InboxState.WAITING,
            InboxMessage.next_attempt_at <= now,
            sa.or_(InboxMessage.claimed_until.is_(None), InboxMessage.claimed_until < now),
        )
        .order_by(InboxMessage.next_attempt_at, InboxMessage.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.execute(
        sa.update(InboxMessage)
        .where(InboxMessage.id.in_(due.scalar_subquery()))
        .values(claimed_until=now + CLAIM, attempts=InboxMessage.attempts + 1)
        .returning(
            InboxMessage.id,
            InboxMessage.connection_id,
            InboxMessage.event_type,
            InboxMessage.event_name,
            InboxMessage.body,
            InboxMessage.attempts,
            InboxMessage.repeats,
        )
        .execution_options(synchronize_session=False)
    ).all()
    return [Taken(*row) for row in sorted(rows, key=lambda row: row.id)]


def _handle(services: Services, forum: Forum, row: Taken) -> None:
    with referenced(inbox=str(row.id), event=row.event_name):
        try:
            event = _read(row)
            with services.units.community(forum.community_id) as uow:
                outcome = _judge(uow, forum, row, event)
                touched.mark(uow, forum.id, outcome.touches)
                if _settle(uow, row, outcome):
                    uow.commit()
        except payloads.Unreadable as error:
            _set_aside(services, row, str(error))
        except Exception as error:  # whatever a handler meets, the row keeps the reason
            log.exception("inbox row failed", attempt=row.attempts)
            reason = f"{type(error).__name__}: {error}"
            if row.attempts >= ATTEMPTS:
                _set_aside(services, row, reason)
            else:
                _put_off(services, row, reason)


def _read(row: Taken) -> Event | None:
    """The event of a row; None where nobody handles the type, or the body has gone."""
    if row.body is None or row.event_type not in HANDLERS:
        return None
    facts = payloads.read(row.event_type, json.loads(row.body))
    return None if facts is None else Event(row.event_name, facts)


def _judge(uow: UnitOfWork, forum: Forum, row: Taken, event: Event | None) -> Outcome:
    if event is not None and pilot.outside(forum, event.facts):
        return Outcome(note="outside the pilot's category", ignored=True)
    if event is not None:
        return HANDLERS[row.event_type](uow, forum, event)
    gone = row.event_type in HANDLERS and row.body is None
    note = "body removed before it was handled" if gone else "not understood"
    return Outcome(note=note, ignored=True)


def _settle(uow: UnitOfWork, row: Taken, outcome: Outcome) -> bool:
    """False when somebody settled it, or when it came again while it was in hand."""
    settled = uow.session.execute(
        sa.update(InboxMessage)
        .where(
            InboxMessage.id == row.id,
            InboxMessage.state == InboxState.WAITING,
            InboxMessage.repeats == row.repeats,
        )
        .values(
            state=InboxState.IGNORED if outcome.ignored else InboxState.DONE,
            outcome=outcome.note[:300],
            settled_at=uow.now(),
            claimed_until=None,
        )
        .returning(InboxMessage.id)
        .execution_options(synchronize_session=False)
    ).first()
    return settled is not None


def _settle_all(uow: UnitOfWork, rows: list[Taken], outcomes: list[Outcome]) -> None:
    """The same for many. One that came again meanwhile stays open and is handled once more."""
    now = uow.now()
    table = InboxMessage.metadata.tables[InboxMessage.__tablename__]
    settle = (
        sa.update(table)
        .where(
            table.c.id == sa.bindparam("row_id"),
            table.c.state == InboxState.WAITING,
            table.c.repeats == sa.bindparam("seen_repeats"),
        )
        .values(
            state=sa.bindparam("to_state"),
            outcome=sa.bindparam("note"),
            settled_at=now,
            claimed_until=None,
        )
    )
    given = [
        {
            "row_id": row.id,
            "seen_repeats": row.repeats,
            "to_state": InboxState.IGNORED if outcome.ignored else InboxState.DONE,
            "note": outcome.note[:300],
        }
        for row, outcome in zip(rows, outcomes, strict=True)
    ]
    uow.session.connection().execute(settle, given)


def _leave(services: Services, rows: list[Taken]) -> None:
    """Their forum is connected no more."""
    with services.units.system() as uow:
        for row in rows:
            change(
                uow,
                row.id,
                state=InboxState.IGNORED,
                outcome="the forum is not connected any more",
                settled_at=uow.now(),
            )
        uow.commit()


def _set_aside(services: Services, row: Taken, reason: str) -> None:
    with services.units.system() as uow:
        change(uow, row.id, state=InboxState.PARKED, outcome=reason[:300], settled_at=uow.now())
        uow.commit()


def _put_off(services: Services, row: Taken, reason: str) -> None:
    with services.units.system() as uow:
        after = timedelta(seconds=min(2.0**row.attempts, 600.0))
        change(uow, row.id, next_attempt_at=uow.now() + after, outcome=reason[:300])
        uow.commit()


def change(uow: UnitOfWork, row_id: UUID, **values: object) -> None:
    """Change a waiting row and let go of it."""
    uow.session.execute(
        sa.update(InboxMessage)
        .where(InboxMessage.id == row_id, InboxMessage.state == InboxState.WAITING)
        .values(claimed_until=None, **values)
        .execution_options(synchronize_session=False)
    )
