"""Communities: the tenants."""

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import (
    Community,
)
from plugin.people.queries import (
    CommunityView,
    community_view,
)


def found_community(
    uow: UnitOfWork, name: str, *, locale: str = "en", time_zone: str = "UTC"
) -> CommunityView:
    """Make a community; needs a system unit of work, since it belongs to none."""
    row = Community(
        name=name, locale=locale, time_zone=time_zone, settings={}, created_at=uow.now()
    )
    uow.session.add(row)
    uow.session.flush()
    return community_view(row)


def rename_community(uow: UnitOfWork, name: str) -> None:
    uow.session.get_one(Community, uow.community_id).name = name
