"""What happens by itself: reservations whose time is over end."""

from datetime import timedelta
from uuid import UUID

from plugin.kernel.dispatch import every
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.people import public as people
from plugin.workload import public as workload

log = get_logger(__name__)


def expire(services: Services) -> None:
    """End what is due in every community, one reservation a commit.

    One at a time keeps to the order of locks (person, then item): a batch would hold an item while
    it waits for the next person. Idempotent: what has ended is no longer due.
    """
    with services.units.system_reading() as uow:
        communities = people.communities(uow)
    for community in communities:
        ended = 0
        while _expire_one(services, community.id):
            ended += 1
        if ended:
            log.info("reservations ended", community=community.handle, count=ended)


def _expire_one(services: Services, community_id: UUID) -> bool:
    if not _anything_due(services, community_id):
        return False  # the common case takes no write lock
    with services.units.community(community_id) as uow:
        done = bool(workload.expire_due(uow, limit=1)) or bool(
            workload.expire_reservations(uow, limit=1)
        )
        uow.commit()
    return done


def _anything_due(services: Services, community_id: UUID) -> bool:
    with services.units.reading(community_id) as uow:
        return workload.anything_due(uow)


SCHEDULES = (every(timedelta(minutes=1), "workload.expire", expire),)
