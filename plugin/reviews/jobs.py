"""What happens by itself: a reviewer hears of it before a reservation ends."""

from datetime import timedelta

from plugin.kernel.dispatch import every
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.reviews.services.tell import tell_ending
from plugin.workload import public as workload

BEFORE_THE_END = timedelta(hours=2)


def remind(services: Services) -> None:
    """Tell those whose reservation ends within two hours. Unique key: (assignment, day)."""
    with services.units.system_reading() as uow:
        communities = people.communities(uow)
    for community in communities:
        with services.units.reading(community.id) as uow:
            ending = workload.ending(uow, prefix="reviews:", before=uow.now() + BEFORE_THE_END)
        for one in ending:
            with services.units.community(community.id) as uow:
                tell_ending(uow, one)
                uow.commit()


SCHEDULES = (every(timedelta(minutes=15), "reviews.remind", remind),)
