"""What the clock does: a round through all places that welcome newcomers."""

from datetime import timedelta

from plugin.kernel.dispatch import every
from plugin.kernel.services import Services
from plugin.newcomers.queries import welcoming
from plugin.newcomers.services.look_after import look_after
from plugin.people import public as people


def look_around(services: Services) -> None:
    """Each place in a unit of its own, so that one that fails holds no other up."""
    with services.units.system_reading() as uow:
        communities = people.communities(uow)
    for community in communities:
        with services.units.reading(community.id) as uow:
            places = welcoming(uow)
        for context_id in places:
            with services.units.community(community.id) as uow:
                look_after(uow, context_id)
                uow.commit()


SCHEDULES = (every(timedelta(minutes=15), "newcomers.look_around", look_around),)
