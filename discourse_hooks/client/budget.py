"""One limiter row for a forum, shared by all processes.

Discourse allows 60 administrator calls a minute for the whole site, whoever makes them, and says
nothing of what is left. Lantern keeps to a part of that: a leaky bucket held as one number
(``free_from``), taken by one conditional UPDATE. A burst for what a person waits for is larger
than that for background reading, so the latter never starves the former. The burst plus a
minute's steady calls stay below 60 by default.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from discourse_hooks.models import CallBudget
from plugin.kernel.unit_of_work import Units

BURST_WAITED_FOR = 15
BURST_BACKGROUND = 8


def take(
    units: Units, connection_id: UUID, *, per_minute: int, waited_for: bool
) -> timedelta | None:
    """Take one call: None when it may be made now, else how long to wait."""
    interval = 60.0 / per_minute
    burst = BURST_WAITED_FOR if waited_for else BURST_BACKGROUND
    tolerance = interval * (burst - 1)
    with units.system() as uow:
        now = uow.now().timestamp()
        start = sa.case((CallBudget.free_from < now, now), else_=CallBudget.free_from)
        taken = uow.session.execute(
            sa.update(CallBudget)
            .where(
                CallBudget.connection_id == connection_id,
                CallBudget.free_from <= now + tolerance,
                CallBudget.closed_until <= now,
            )
            .values(free_from=start + interval)
            .returning(CallBudget.free_from)
            .execution_options(synchronize_session=False)
        ).first()
        if taken is not None:
            uow.commit()
            return None
        row = uow.session.get(CallBudget, connection_id)
        if row is not None:
            wait = max(row.free_from - tolerance, row.closed_until) - now
            return timedelta(seconds=max(wait, 0.5))
        uow.session.add(CallBudget(connection_id=connection_id, free_from=now + interval))
        try:
            uow.commit()
        except IntegrityError:  # another process made the row first: ask again shortly
            return timedelta(seconds=1)
        return None


def close(units: Units, connection_id: UUID, *, until: datetime) -> None:
    """Make no call before this time, in any process: the forum asked for it."""
    with units.system() as uow:
        row = uow.session.get(CallBudget, connection_id)
        if row is None:
            row = CallBudget(connection_id=connection_id, free_from=0.0)
            uow.session.add(row)
        row.closed_until = max(row.closed_until or 0.0, until.timestamp())
        uow.commit()
