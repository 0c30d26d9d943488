"""Daily work of credentials."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from plugin.credentials import jsonld
from plugin.credentials.models import Issuer, StatusList
from plugin.credentials.queries import communities_that_issue
from plugin.credentials.services.renewing import tell_who_expires
from plugin.credentials.services.status_lists import sign_list
from plugin.kernel.dispatch import every
from plugin.kernel.services import Services


def renew_status_lists(services: Services) -> None:
    """Sign every status list afresh, so that a reader can tell a living list from an old copy."""
    jsonld.warm()
    with services.units.system_reading() as system:
        communities = communities_that_issue(system)
    for community_id in communities:
        with services.units.community(community_id) as uow:
            for listed, issuer in uow.session.execute(
                sa.select(StatusList, Issuer).join(Issuer, Issuer.id == StatusList.issuer_id)
            ).all():
                sign_list(uow, services.vault, issuer, listed)
            uow.commit()


def tell_expiring(services: Services) -> None:
    """Tell holders whose credential ends within a month."""
    with services.units.system_reading() as system:
        communities = communities_that_issue(system)
    for community_id in communities:
        with services.units.community(community_id) as uow:
            if tell_who_expires(uow):
                uow.commit()


SCHEDULES = (
    every(timedelta(days=1), "credentials.renew_status_lists", renew_status_lists),
    every(timedelta(days=1), "credentials.tell_expiring", tell_expiring),
)
