"""Reading the truth: each marked thing is asked for once, then acted upon.

No call inside a unit of work. The effect, and the note that the mark is answered, are one commit;
a claim that lapsed meanwhile belongs to somebody else, and then nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks import (
    account_reading,
    connections,
    gone_accounts,
    held_badges,
    own_places,
    reconciliation_log,
    topic_reading,
    touched,
)
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from discourse_hooks.models import Touched
from discourse_hooks.touched import Claimed
from plugin.kernel.dispatch import Later
from plugin.kernel.telemetry import get_logger, referenced
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
BATCH = 5
BATCHES = 40
ATTEMPTS = 12

Effect = Callable[[UnitOfWork], None]
# Each reads one kind of thing and returns what to do about it in a unit of work.
READERS: dict[str, Callable[[ForumApi, Services, Forum, str], Effect]] = {
    "topic": topic_reading.read_topic,
    "held_badges": held_badges.read_held,
    gone_accounts.KIND: gone_accounts.read_gone,
    "user": account_reading.read_user,
    "group": own_places.read_group,
    "space": own_places.read_space,
}


def read_touched(services: Services) -> int:
    """Read what is marked and due; return how many marks were answered.

    The count of answered marks, not of claimed ones, keeps a sweep from turning in circles while a
    forum's budget is used up.
    """
    done = 0
    for _batch in range(BATCHES):
        answered = _read_batch(services)
        done += answered
        if answered < BATCH:
            break
    return done


def _read_batch(services: Services) -> int:
    """One batch; a forum that said "later" once is not asked again in it."""
    with services.units.system() as uow:
        claims = touched.claim(uow, limit=BATCH)
        uow.commit()
    forums: dict[UUID, Forum | None] = {}
    put_off: dict[UUID, Later] = {}
    done = 0
    for claimed in claims:
        where = claimed.connection_id
        if where not in forums:
            forums[where] = connections.by_id(services, where)
        forum = forums[where]
        if forum is None:
            continue
        with referenced(touched=f"{claimed.touch.kind}:{claimed.touch.remote_id}"):
            try:
                if where in put_off:
                    raise put_off[where]
                done += _read(services, forum, claimed)
            except Later as later:
                put_off[where] = later
                _put_off(services, claimed, later.after, later.reason)
    return done


def _read(services: Services, forum: Forum, claimed: Claimed) -> bool:
    """Read one thing and act; True when that is done and the mark answered."""
    api = ForumApi(Transport(services, forum, waited_for=False))
    try:
        effect = _effect(api, services, forum, claimed)
        with services.units.community(forum.community_id) as uow:
            if touched.answered(uow, claimed):
                with reconciliation_log.counting(uow, claimed.run_id):
                    effect(uow)
                uow.commit()
                return True
    except Later:
        raise
    except ForumRefused as refused:
        _park(services, claimed, refused.for_operator())
    except Exception as error:  # the mark keeps the reason, and its turn comes again
        log.exception("reading failed", attempt=claimed.attempts)
        _after_failure(services, claimed, f"{type(error).__name__}: {error}")
    return False


def _effect(api: ForumApi, services: Services, forum: Forum, claimed: Claimed) -> Effect:
    """Read one thing. A topic that alone is closed to the bot is as good as gone.

    The forum answers 403 to both a key that lacks a scope and a topic that was moved out of sight;
    a topic that could be read before tells which it is.
    """
    read = READERS[claimed.touch.kind]
    try:
        return read(api, services, forum, claimed.touch.remote_id)
    except ForumRefused as refused:
        control = _readable_before(services, claimed) if refused.status == 403 else None
        if claimed.touch.kind != "topic" or control is None or api.topic(control) is None:
            raise
    closed = replace(api, closed_topics=frozenset({int(claimed.touch.remote_id)}))
    return read(closed, services, forum, claimed.touch.remote_id)


def _readable_before(services: Services, claimed: Claimed) -> int | None:
    with services.units.system_reading() as uow:
        found = uow.session.scalar(
            sa.select(Touched.remote_id)
            .where(
                Touched.connection_id == claimed.connection_id,
                Touched.kind == "topic",
                Touched.id != claimed.id,
                Touched.last_read_at.is_not(None),
                Touched.last_error == "",
            )
            .order_by(Touched.last_read_at.desc())
            .limit(1)
        )
    return int(found) if found is not None else None


def _put_off(services: Services, claimed: Claimed, after: timedelta, reason: str) -> None:
    with services.units.system() as uow:
        touched.put_off(uow, claimed, after=after, reason=reason)
        uow.commit()


def _after_failure(services: Services, claimed: Claimed, reason: str) -> None:
    if claimed.attempts >= ATTEMPTS:
        _park(services, claimed, reason)
        return
    _put_off(services, claimed, touched.pause(claimed.attempts), reason)


def _park(services: Services, claimed: Claimed, reason: str) -> None:
    log.warning("reading parked", reason=reason)
    with services.units.system() as uow:
        touched.park(uow, claimed, reason=reason)
        uow.commit()
