"""Storing a delivery: one statement that is its own transaction; two more for one that came before.

It inserts unless the same name and body came within three hours, and leaves the row of an event id
alone that is there already. The same event within three hours is a retry, or a second event that
looks alike: no second row, but the first is handled once more. It is found by ``same_key``: the
hour of arrival, then 40 bits of a digest. So the index grows at its end, and a delivery costs the
same however many rows there are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from discourse_hooks.models import InboxMessage, InboxState
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork, Units

SAME_EVENT = timedelta(hours=3)
_HOURS = 3 + 1  # the running hour, and those that three hours reach back to
_table = InboxMessage.metadata.tables[InboxMessage.__tablename__]


@dataclass(frozen=True)
class Sent:
    """A delivery as it is stored. ``handled`` ones (pings) have nothing to wait for."""

    connection_id: UUID
    event_id: str
    event_type: str
    event_name: str
    digest: str
    body: bytes | None = field(repr=False)
    handled: str = ""


def _given(name: str) -> sa.BindParameter[Any]:
    """A parameter with the type of its column; named twice it is sent once."""
    return sa.bindparam(f"a_{name}", type_=_table.c[_NAMED_ALIKE.get(name, name)].type)


_NAMED_ALIKE = {"now": "received_at", "since": "received_at"} | {
    f"key_{back}": "same_key" for back in range(_HOURS)
}
_KEYS = [_given(f"key_{back}") for back in range(_HOURS)]
_ALIKE = (
    _table.c.same_key.in_(_KEYS),
    *(_table.c[name] == _given(name) for name in ("connection_id", "body_sha256", "event_name")),
    _table.c.received_at > _given("since"),
)
_GIVEN = (
    "id", "connection_id", "event_id", "event_type", "event_name", "body_sha256", "body", "state",
    "outcome", "settled_at",
)  # fmt: skip
_VALUES: dict[str, sa.ColumnElement[Any]] = {
    **{name: _given(name) for name in _GIVEN},
    "same_key": _KEYS[0],
    "received_at": _given("now"),
    "next_attempt_at": _given("now"),
    "attempts": sa.literal_column("0"),
    "repeats": sa.literal_column("0"),
}


def _statement(insert: Any) -> Any:
    new = sa.select(*_VALUES.values()).where(~sa.exists().where(*_ALIKE))
    made = insert(_table).from_select(list(_VALUES), new)
    return made.on_conflict_do_nothing(index_elements=["connection_id", "event_id"]).returning(
        _table.c.id
    )


_INSERT = {"sqlite": _statement(sqlite.insert), "postgresql": _statement(postgresql.insert)}
# Without a body (a type that nobody handles) there is nothing to do again.
_DONE = sa.and_(_table.c.state == InboxState.DONE, _table.c.body.is_not(None))
_AGAIN = (
    sa.update(_table)
    .where(*_ALIKE)
    .values(
        repeats=_table.c.repeats + 1,
        state=sa.case(
            (_DONE, sa.literal(InboxState.WAITING, _table.c.state.type)), else_=_table.c.state
        ),
        next_attempt_at=_given("now"),
    )
)


def store(units: Units, sent: Sent) -> bool:
    """Store it; False when it was here before. Raises what the database raises."""
    now = units.clock.now()
    alike = {
        **{f"a_key_{back}": key for back, key in enumerate(same_keys(sent, now))},
        "a_connection_id": sent.connection_id,
        "a_body_sha256": sent.digest,
        "a_event_name": sent.event_name,
        "a_now": now,
        "a_since": now - SAME_EVENT,
    }
    new = {
        "a_id": new_id(),
        "a_event_id": sent.event_id,
        "a_event_type": sent.event_type,
        "a_body": sent.body,
        "a_state": InboxState.DONE if sent.handled else InboxState.WAITING,
        "a_outcome": sent.handled,
        "a_settled_at": now if sent.handled else None,
    }
    if units.alone(_INSERT[units.engine.dialect.name], new | alike) is not None:
        return True
    with units.system() as uow:
        if not _came_before(uow, sent):
            uow.session.connection().execute(_AGAIN, alike)
            uow.commit()
    return False


def same_keys(sent: Sent, now: datetime) -> list[int]:
    """Where the same event would stand: one key an hour, the running hour first."""
    text = f"{sent.connection_id} {sent.event_name} {sent.digest}".encode()
    tail = int.from_bytes(hashlib.blake2b(text, digest_size=5).digest())
    hour = int(now.timestamp()) // 3600
    return [((hour - back) << 40) | tail for back in range(_HOURS)]


def _came_before(uow: UnitOfWork, sent: Sent) -> bool:
    """Whether this very id is stored: a redelivery by hand."""
    found = uow.session.scalar(
        sa.select(InboxMessage.id).where(
            InboxMessage.connection_id == sent.connection_id,
            InboxMessage.event_id == sent.event_id,
        )
    )
    return found is not None
