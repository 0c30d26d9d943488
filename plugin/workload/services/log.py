"""The event log of the queues: every decision, in the commit that made it."""

from typing import Any
from uuid import UUID

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload.models import QueueEvent
from plugin.workload.services.places import Item


def note(uow: UnitOfWork, item: Item, kind: str, person_id: UUID | None, **facts: Any) -> None:
    """Append one decision about an item. ``facts`` are plain values, no names."""
    uow.session.add(
        QueueEvent(
            queue=item.queue,
            item_id=item.id,
            person_id=person_id,
            kind=kind,
            at=uow.now(),
            facts=facts,
        )
    )
