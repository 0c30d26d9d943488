"""Bodies of handled deliveries are removed after a fortnight, their rows after four months.

Discourse keeps its own events for 30 days and may redeliver them under the same id, so a row
outlives that; what it holds by then is a digest and an outcome.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks.models import ConnectNonce, InboxMessage, InboxState, Reconciliation

if TYPE_CHECKING:
    from plugin.kernel.services import Services

BODIES = timedelta(days=14)
PARKED_BODIES = timedelta(days=30)
ROWS = timedelta(days=120)
FIGURES = timedelta(days=30)
CHUNK = 2_000


def forget_old(services: Services) -> None:
    """Remove what has had its time, in small commits so that deliveries do not wait."""
    with services.units.system_reading() as uow:
        now = uow.now()
    handled = (InboxState.DONE, InboxState.IGNORED)
    _in_chunks(
        services,
        sa.update(InboxMessage).values(body=None),
        InboxMessage.body.is_not(None),
        InboxMessage.state.in_(handled),
        InboxMessage.received_at < now - BODIES,
    )
    _in_chunks(
        services,
        sa.update(InboxMessage).values(body=None),
        InboxMessage.body.is_not(None),
        InboxMessage.state == InboxState.PARKED,
        InboxMessage.received_at < now - PARKED_BODIES,
    )
    _in_chunks(
        services,
        sa.delete(InboxMessage),
        InboxMessage.state != InboxState.WAITING,
        InboxMessage.received_at < now - ROWS,
    )
    with services.units.system() as uow:
        uow.session.execute(sa.delete(ConnectNonce).where(ConnectNonce.expires_at < now))
        uow.session.execute(
            sa.delete(Reconciliation).where(Reconciliation.started_at < now - FIGURES)
        )
        uow.commit()


def _in_chunks(
    services: Services, change: sa.Update | sa.Delete, *which: sa.ColumnElement[bool]
) -> None:
    while True:
        with services.units.system() as uow:
            ids = uow.session.scalars(sa.select(InboxMessage.id).where(*which).limit(CHUNK)).all()
            if ids:
                uow.session.execute(
                    change.where(InboxMessage.id.in_(ids)).execution_options(
                        synchronize_session=False
                    )
                )
                uow.commit()
        if len(ids) < CHUNK:
            return
