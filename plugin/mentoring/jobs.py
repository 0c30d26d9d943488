"""What happens by itself: the input of a matching is forgotten after half a year."""

from datetime import timedelta

from plugin.kernel.dispatch import every
from plugin.kernel.services import Services
from plugin.mentoring.services.compute import end_old_replays
from plugin.people import public as people


def forget_old_input(services: Services) -> None:
    """End the replay of old matchings, one community after the other. Unique: the matching."""
    with services.units.system_reading() as uow:
        communities = people.communities(uow)
    for community in communities:
        with services.units.community(community.id) as uow:
            if end_old_replays(uow):
                uow.commit()


SCHEDULES = (every(timedelta(hours=12), "mentoring.forget_old_input", forget_old_input),)
