"""Periodic work: what was told long ago is forgotten, and so are links and limits that ended."""

from datetime import timedelta

from plugin.kernel import limits, outbox
from plugin.kernel.dispatch import every
from plugin.kernel.services import Services
from plugin.notifications import links
from plugin.notifications.services import forget_words
from plugin.people import public as people

KEPT = timedelta(days=30)


def tidy(services: Services) -> None:
    """Remove old links, ended rate windows, delivered events and the words of old notices."""
    with services.units.system() as uow:
        links.forget_old(uow)
        outbox.forget_settled(uow.session, before=uow.now() - KEPT)
        known = people.communities(uow)
        uow.commit()
    for community in known:
        with services.units.community(community.id) as uow:
            forget_words(uow, before=uow.now() - KEPT)
            uow.commit()
    limits.forget_old(services.units)


SCHEDULES = (every(timedelta(hours=24), "notifications.tidy", tidy),)
