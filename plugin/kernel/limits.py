"""Rate limits as rows: the same for every process, and they outlive a restart."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.unit_of_work import Units

_TRIES = 10


class LimitRow(Base):
    """How often a key was used in the present window. Keys hold hashes or ids, no addresses."""

    __tablename__ = "kernel_limit"

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    window_ends_at: Mapped[datetime] = mapped_column(index=True)
    used: Mapped[int]


def take(units: Units, key: str, *, limit: int, per: timedelta, count: int = 1) -> bool:
    """Use ``count`` of ``limit`` in the window that is open for ``key``; False when none is left.

    Has its own commit, so that a refused request cannot give the use back.
    """
    for _again in range(_TRIES):
        try:
            taken = _take(units, key, limit, per, count)
        except IntegrityError:
            continue  # another process opened the window first
        if taken is not None:
            return taken
    return False


def _take(units: Units, key: str, limit: int, per: timedelta, count: int) -> bool | None:
    """One try; None when a window appeared between our update and our look (PostgreSQL)."""
    with units.system() as uow:
        now = uow.now()
        uow.session.execute(
            sa.delete(LimitRow).where(LimitRow.key == key, LimitRow.window_ends_at <= now)
        )
        used = uow.session.execute(
            sa.update(LimitRow)
            .where(LimitRow.key == key, LimitRow.used + count <= limit)
            .values(used=LimitRow.used + count)
            .returning(LimitRow.used)
        ).scalar()
        if used is None:
            row = uow.session.get(LimitRow, key)
            if row is not None or count > limit:
                uow.commit()
                return None if row is not None and row.used + count <= limit else False
            uow.session.add(LimitRow(key=key, window_ends_at=now + per, used=count))
        uow.commit()
        return True


def forget_old(units: Units) -> None:
    """Remove windows that have ended."""
    with units.system() as uow:
        uow.session.execute(sa.delete(LimitRow).where(LimitRow.window_ends_at <= uow.now()))
        uow.commit()
