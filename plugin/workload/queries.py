"""What pages and other packages read of ledgers, as frozen values."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import (
    DEFAULT_MINUTES_PER_WEEK,
    Capacity,
    Reservation,
    ReservationState,
    Served,
    Week,
)
from plugin.workload.weeks import week_of

_CHUNK = 5_000


@dataclass(frozen=True)
class CapacityView:
    """What a person gives per week and how much of it is taken.

    ``standing`` is taken every week, ``dated`` in the week asked for, ``fullest`` in the fullest
    week after the present one. ``stated`` is False while the default applies.
    """

    person_id: UUID
    minutes_per_week: int
    stated: bool
    standing: int
    dated: int
    fullest: int
    week: str
    zone: str
    quiet_from: time
    quiet_to: time

    @property
    def spent(self) -> int:
        """Minutes taken in the week asked for."""
        return self.standing + self.dated

    @property
    def free(self) -> int:
        """Minutes left in the week asked for."""
        return max(0, self.minutes_per_week - self.spent)

    @property
    def free_every_week(self) -> int:
        """Minutes that can still be promised for every week."""
        return max(0, self.minutes_per_week - self.standing - self.fullest)


def capacity(uow: UnitOfWork, person_id: UUID, week: str | None = None) -> CapacityView:
    """Return one person's capacity in a week (the present one of their zone by default)."""
    return capacities(uow, [person_id], week)[person_id]


def capacities(
    uow: UnitOfWork, ids: Collection[UUID], week: str | None = None
) -> dict[UUID, CapacityView]:
    """Return the capacity of many people, with two selects for each five thousand."""
    found: dict[UUID, CapacityView] = {}
    for chunk in _chunks(sorted(ids)):
        rows = uow.session.execute(
            sa.select(
                Capacity.person_id,
                Capacity.minutes_per_week,
                Capacity.stated,
                Capacity.standing,
                Capacity.zone,
                Capacity.quiet_from,
                Capacity.quiet_to,
            ).where(Capacity.person_id.in_(chunk))
        ).all()
        earliest = min((week_of(uow.now(), row.zone) for row in rows), default="")
        dated: dict[UUID, dict[str, int]] = {}
        for person_id, week_row, minutes in uow.session.execute(
            sa.select(Week.person_id, Week.week, Week.minutes).where(
                Week.person_id.in_(chunk), Week.week >= min(earliest, week or earliest)
            )
        ):
            dated.setdefault(person_id, {})[week_row] = minutes
        for row in rows:
            present = week_of(uow.now(), row.zone)
            weeks = dated.get(row.person_id, {})
            found[row.person_id] = CapacityView(
                person_id=row.person_id,
                minutes_per_week=row.minutes_per_week,
                stated=row.stated,
                standing=row.standing,
                dated=weeks.get(week or present, 0),
                fullest=max((m for name, m in weeks.items() if name > present), default=0),
                week=week or present,
                zone=row.zone,
                quiet_from=row.quiet_from,
                quiet_to=row.quiet_to,
            )
    for person_id in ids:
        found.setdefault(person_id, _default(uow, person_id, week))
    return found


def spent(uow: UnitOfWork, ids: Collection[UUID], week: str | None = None) -> dict[UUID, int]:
    """Return the minutes taken of each person in a week."""
    return {key: view.spent for key, view in capacities(uow, ids, week).items()}


def free(uow: UnitOfWork, ids: Collection[UUID], week: str | None = None) -> dict[UUID, int]:
    """Return the minutes left of each person in a week."""
    return {key: view.free for key, view in capacities(uow, ids, week).items()}


@dataclass(frozen=True)
class Given:
    """Minutes that somebody gave under a key, and when."""

    key: str
    minutes: int
    since: datetime
    until: datetime


def time_given(uow: UnitOfWork, person_id: UUID) -> list[Given]:
    """Return what a person gave so far: what ended, what runs, what was done in single weeks."""
    ended = uow.session.scalars(sa.select(Served).where(Served.person_id == person_id))
    found = [Given(row.key, row.minutes, row.since, row.until) for row in ended]
    kept = uow.session.scalars(
        sa.select(Reservation).where(
            Reservation.person_id == person_id, Reservation.state == ReservationState.KEPT
        )
    )
    for row in kept:
        weeks = 1 if row.week is not None else (uow.now() - row.reserved_at).days // 7
        until = row.reserved_at if row.week is not None else uow.now()
        if weeks:
            found.append(Given(row.key, row.minutes * weeks, row.reserved_at, until))
    return sorted(found, key=lambda one: one.since)


def _default(uow: UnitOfWork, person_id: UUID, week: str | None) -> CapacityView:
    return CapacityView(
        person_id=person_id,
        minutes_per_week=DEFAULT_MINUTES_PER_WEEK,
        stated=False,
        standing=0,
        dated=0,
        fullest=0,
        week=week or week_of(uow.now(), "UTC"),
        zone="UTC",
        quiet_from=time(21),
        quiet_to=time(8),
    )


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
