"""Schedules are claimed rows, so any number of replicas may tick and each run happens once."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.dispatch import Schedule
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger, referenced

log = get_logger(__name__)
LEASE = timedelta(minutes=10)


class ScheduleRow(Base):
    """When a schedule runs next, and until when a replica has it in hand."""

    __tablename__ = "kernel_schedule"

    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    next_run_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(500))


def run_due(services: Services) -> int:
    """Run every schedule that is due and not in another replica's hand; return how many ran."""
    return sum(_run(services, schedule) for schedule in services.dispatcher.schedules)


def _run(services: Services, schedule: Schedule) -> bool:
    if not _claim(services, schedule):
        return False
    error: str | None = None
    with referenced(schedule=schedule.name):
        try:
            schedule.job(services)
        except Exception as failure:  # the next run tries again; the row tells the operator why
            log.exception("schedule failed")
            error = f"{type(failure).__name__}: {failure}"[:500]
    with services.units.system() as uow:
        uow.session.execute(
            sa.update(ScheduleRow)
            .where(ScheduleRow.name == schedule.name)
            .values(
                next_run_at=uow.now() + schedule.every,
                claimed_until=None,
                last_run_at=uow.now(),
                last_error=error,
            )
        )
        uow.commit()
    return True


def _claim(services: Services, schedule: Schedule) -> bool:
    with services.units.system_reading() as uow:
        row = uow.session.get(ScheduleRow, schedule.name)
        if row is not None and (
            row.next_run_at > uow.now()
            or (row.claimed_until is not None and row.claimed_until > uow.now())
        ):
            return False  # the common case, answered without a write
    with services.units.system() as uow:
        now = uow.now()
        if row is None:
            uow.session.add(
                ScheduleRow(name=schedule.name, next_run_at=now, claimed_until=now + LEASE)
            )
            try:
                uow.commit()
            except IntegrityError:
                return False  # another replica was first
            return True
        claimed = uow.session.execute(
            sa.update(ScheduleRow)
            .where(
                ScheduleRow.name == schedule.name,
                ScheduleRow.next_run_at <= now,
                sa.or_(ScheduleRow.claimed_until.is_(None), ScheduleRow.claimed_until < now),
            )
            .values(claimed_until=now + LEASE)
            .returning(ScheduleRow.name)
        ).first()
        uow.commit()
        return claimed is not None
