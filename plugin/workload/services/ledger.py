"""Taking and giving back a person's minutes.

A person's capacity row is their turn-taking: every change of their ledger first touches it, so that
two transactions about one person run one after the other, also on PostgreSQL, where a condition on
*other* rows alone would see an old picture (write skew under READ COMMITTED). The minutes are then
taken by one conditional UPDATE that checks the sum; whoever comes too late changes no row.

Three sums stay within what a person gives: all standing minutes; standing and dated minutes of
every later week; and the dated minutes of the running week together with what stood when each was
taken. A new standing promise does not look at the running week's dated minutes: it is made for the
weeks to come, and three reviews done this week say nothing about those. So this one week can hold
more than the person gives, never a later one.
"""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.workload.errors import KeyTaken
from plugin.workload.models import Capacity, Reservation, ReservationState, Served, Week
from plugin.workload.services.rows import affected, insert_once
from plugin.workload.weeks import week_of


def reserve(
    uow: UnitOfWork,
    person_id: UUID,
    key: str,
    *,
    minutes_per_week: int | None = None,
    minutes: int | None = None,
    week: str | None = None,
    until: datetime | None = None,
) -> bool:
    """Hold minutes of a person: every week (``minutes_per_week``) or in one week (``minutes``).

    ``week`` is an ISO week and defaults to the present one in the person's zone; ``until`` lets the
    hold lapse. False means: not enough time left, nothing changed. Idempotent by ``key``; the same
    key for other facts raises :class:`KeyTaken`.
    """
    standing = minutes_per_week is not None
    amount = minutes_per_week if minutes_per_week is not None else minutes
    if amount is None or amount < 0 or (standing and (minutes is not None or week is not None)):
        raise ValueError("give minutes_per_week, or minutes and perhaps a week; never negative")
    zone = take_turn(uow, person_id)
    present = week_of(uow.now(), zone)
    chosen = None if standing else (week or present)
    known = _reservation(uow, key)
    if known is not None:
        if (known.person_id, known.minutes, known.week) != (person_id, amount, chosen):
            raise KeyTaken(key)
        return True
    if chosen is None:
        taken = _take_every_week(uow, person_id, amount, present)
    else:
        taken = _take_in_week(uow, person_id, amount, chosen)
    if taken:
        _write(uow, person_id, key, amount, chosen, ReservationState.HELD, until)
    return taken


def book(uow: UnitOfWork, person_id: UUID, key: str, *, minutes: int) -> None:
    """Write down minutes that were spent, whether or not there was room for them.

    For work that arrived after its reservation ended: it was done, so it counts. Idempotent by
    ``key``.
    """
    zone = take_turn(uow, person_id)
    if _reservation(uow, key) is not None:
        return
    week = week_of(uow.now(), zone)
    _ensure_week(uow, person_id, week)
    _add_to_week(uow, person_id, week, minutes)
    _write(uow, person_id, key, minutes, week, ReservationState.KEPT, None)


def confirm(uow: UnitOfWork, key: str) -> bool:
    """Keep what was held: it no longer lapses. False when nothing is reserved under ``key``."""
    return (
        affected(
            uow,
            sa.update(Reservation)
            .where(Reservation.key == key)
            .values(
                state=ReservationState.KEPT,
                expires_at=None,
                # What is given every week counts from the yes on.
                reserved_at=sa.case(
                    (Reservation.week.is_(None), uow.now()), else_=Reservation.reserved_at
                ),
            ),
        )
        == 1
    )


def release(uow: UnitOfWork, key: str) -> bool:
    """Give the minutes back. False when nothing is reserved under ``key`` (any more)."""
    known = _reservation(uow, key)
    if known is None:
        return False
    take_turn(uow, known.person_id)
    if affected(uow, sa.delete(Reservation).where(Reservation.id == known.id)) == 0:
        return False
    if known.week is None:
        _keep_served(uow, known, key)
        affected(
            uow,
            sa.update(Capacity)
            .where(Capacity.person_id == known.person_id)
            .values(standing=Capacity.standing - known.minutes),
        )
    else:
        _add_to_week(uow, known.person_id, known.week, -known.minutes)
    return True


def set_capacity(
    uow: UnitOfWork,
    person_id: UUID,
    minutes_per_week: int,
    *,
    zone: str | None = None,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
) -> None:
    """State what a person gives per week. Less than is taken already is allowed: nothing more
    can be taken then, and what was promised stays."""
    if minutes_per_week < 0:
        raise ValueError("minutes a week are not negative")
    take_turn(uow, person_id)
    wanted: dict[str, object] = {"minutes_per_week": minutes_per_week, "stated": True}
    given = {"zone": zone, "quiet_from": quiet_from, "quiet_to": quiet_to}
    wanted.update({name: value for name, value in given.items() if value is not None})
    affected(uow, sa.update(Capacity).where(Capacity.person_id == person_id).values(wanted))


def expire_reservations(uow: UnitOfWork, *, limit: int = 200) -> list[str]:
    """Release holds whose time is over; return their keys."""
    keys = uow.session.scalars(
        sa.select(Reservation.key)
        .where(Reservation.state == ReservationState.HELD, Reservation.expires_at <= uow.now())
        .order_by(Reservation.person_id, Reservation.id)
        .limit(limit)
    ).all()
    return [key for key in keys if release(uow, key)]


_TOUCH = (
    sa.update(Capacity)
    .where(Capacity.person_id == sa.bindparam("person"))
    .values(turn=Capacity.turn + 1)
    .returning(Capacity.zone)
    .execution_options(synchronize_session=False)
)


def take_turn(uow: UnitOfWork, person_id: UUID) -> str:
    """Wait until nobody else changes this person's ledger; return the zone of their weeks."""
    zone = uow.session.execute(_TOUCH, {"person": person_id}).scalar()
    if zone is None:
        person = people.person(uow, person_id)
        insert_once(uow, Capacity, person_id=person_id, zone=person.time_zone or "UTC")
        zone = uow.session.execute(_TOUCH, {"person": person_id}).scalar_one()
    return str(zone)


def hold_now(
    uow: UnitOfWork, person_id: UUID, zone: str, key: str, minutes: int, *, owed: bool = False
) -> bool:
    """Hold minutes of the present week under a key that is new; the caller has the turn.

    What a person owes is counted but not refused: a full week must not keep them from it.
    """
    week = week_of(uow.now(), zone)
    taken = _take_in_week(uow, person_id, minutes, week)
    if not taken and owed:
        _add_to_week(uow, person_id, week, minutes)  # the row is there since the try
        taken = True
    if taken:
        _write(uow, person_id, key, minutes, week, ReservationState.HELD, None)
    return taken


def _take_every_week(uow: UnitOfWork, person_id: UUID, minutes: int, present: str) -> bool:
    fullest = (
        sa.select(sa.func.coalesce(sa.func.max(Week.minutes), 0))
        .where(Week.person_id == person_id, Week.week > present)
        .scalar_subquery()
    )
    return (
        affected(
            uow,
            sa.update(Capacity)
            .where(
                Capacity.person_id == person_id,
                Capacity.standing + minutes + fullest <= Capacity.minutes_per_week,
            )
            .values(standing=Capacity.standing + minutes),
        )
        == 1
    )


def _of_person(column: InstrumentedAttribute[int]) -> sa.ScalarSelect[int]:
    return sa.select(column).where(Capacity.person_id == sa.bindparam("person")).scalar_subquery()


_TAKE_IN_WEEK = (
    sa.update(Week)
    .where(
        Week.person_id == sa.bindparam("person"),
        Week.week == sa.bindparam("iso_week"),
        Week.minutes + sa.bindparam("amount", type_=sa.Integer) + _of_person(Capacity.standing)
        <= _of_person(Capacity.minutes_per_week),
    )
    .values(minutes=Week.minutes + sa.bindparam("amount", type_=sa.Integer))
)


def _take_in_week(uow: UnitOfWork, person_id: UUID, minutes: int, week: str) -> bool:
    facts = {"person": person_id, "iso_week": week, "amount": minutes}
    if affected(uow, _TAKE_IN_WEEK, facts):
        return True
    # Either the week is full, or it has no row yet.
    return _ensure_week(uow, person_id, week) and affected(uow, _TAKE_IN_WEEK, facts) == 1


def _ensure_week(uow: UnitOfWork, person_id: UUID, week: str) -> bool:
    return insert_once(uow, Week, person_id=person_id, week=week)


def _add_to_week(uow: UnitOfWork, person_id: UUID, week: str, minutes: int) -> None:
    affected(
        uow,
        sa.update(Week)
        .where(Week.person_id == person_id, Week.week == week)
        .values(minutes=Week.minutes + minutes),
    )


@dataclass(frozen=True)
class _Known:
    id: UUID
    person_id: UUID
    minutes: int
    week: str | None
    state: ReservationState
    reserved_at: datetime


def _keep_served(uow: UnitOfWork, known: _Known, key: str) -> None:
    """Time that was promised for every week and kept stays written down after its end."""
    weeks = (uow.now() - known.reserved_at).days // 7
    if known.state is ReservationState.KEPT and weeks > 0:
        insert_once(
            uow,
            Served,
            person_id=known.person_id,
            key=key,
            minutes=weeks * known.minutes,
            since=known.reserved_at,
            until=uow.now(),
        )


def _reservation(uow: UnitOfWork, key: str) -> _Known | None:
    row = uow.session.execute(
        sa.select(
            Reservation.id,
            Reservation.person_id,
            Reservation.minutes,
            Reservation.week,
            Reservation.state,
            Reservation.reserved_at,
        ).where(Reservation.key == key)
    ).one_or_none()
    return _Known(*row) if row else None


def _write(
    uow: UnitOfWork,
    person_id: UUID,
    key: str,
    minutes: int,
    week: str | None,
    state: ReservationState,
    until: datetime | None,
) -> None:
    new = insert_once(
        uow,
        Reservation,
        person_id=person_id,
        key=key,
        minutes=minutes,
        week=week,
        state=state,
        reserved_at=uow.now(),
        expires_at=until,
    )
    if not new:
        raise KeyTaken(key)  # somebody else's transaction took the key meanwhile
