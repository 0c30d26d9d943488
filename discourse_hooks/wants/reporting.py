"""What every want shares: which forum, whose account, a name for it there, and the report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from discourse_hooks import accounts, connections
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from plugin.events.wants import WantFulfilled, WantRefused
from plugin.kernel.dispatch import DeliveryFacts, Park, report
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

if TYPE_CHECKING:
    from plugin.kernel.services import Services


@dataclass(frozen=True)
class Addressee:
    """A person as a forum knows them."""

    person_id: UUID
    user_id: str
    username: str
    locale: str


def external_id(kind: str, key: str) -> str:
    """A want's own name in the forum: always the same, at most 50 of ``[\\w-]``."""
    return f"ln-{kind}-{hashlib.sha256(key.encode()).hexdigest()[:36]}"


def group_name(key: str) -> str:
    """A group's name in the forum: at most 20 characters, always the same for one want."""
    return external_id("g", key)[:20]


def api_for(services: Services, forum: Forum) -> ForumApi:
    """Calls that somebody waits for."""
    return ForumApi(Transport(services, forum, waited_for=True))


def addressee(uow: UnitOfWork, forum: Forum, person_id: UUID) -> Addressee | None:
    """The person's account in this forum; a merged person is the one they became."""
    person = people.person(uow, person_id)
    identity = accounts.of_person(uow, forum, person.id)
    if identity is None:
        return None
    return Addressee(person.id, identity.subject, identity.username or "", person.locale)


def forum_for(
    services: Services, community_id: UUID, person_ids: tuple[UUID, ...], *, near: str = ""
) -> tuple[Forum, tuple[Addressee, ...]] | None:
    """The forum in which all of them have an account; the one that owns ``near`` comes first."""
    forums = connections.of_community(services, community_id)
    with services.units.reading(community_id) as uow:
        for forum in sorted(forums, key=lambda forum: not (near and forum.owns(near))):
            found = [addressee(uow, forum, person_id) for person_id in person_ids]
            everyone = tuple(one for one in found if one is not None)
            if everyone and len(everyone) == len(found):
                return forum, everyone
    return None


def current_name(services: Services, api: ForumApi, forum: Forum, who: Addressee) -> str | None:
    """The account's name now; what was remembered is renewed on the way."""
    name = api.username(who.user_id, who.username)
    if name and name != who.username:
        with services.units.community(forum.community_id) as uow:
            accounts.remember(uow, forum, who.user_id, name)
            uow.commit()
    return name


def fulfilled(
    services: Services,
    delivery: DeliveryFacts,
    key: str,
    want: str,
    reference: str,
    also: Callable[[UnitOfWork], None] | None = None,
) -> None:
    """Report success in the commit of what is to be remembered of it."""
    with services.units.community(delivery.community_id) as uow:
        if also is not None:
            also(uow)
        report(uow, delivery, WantFulfilled(key=key, want=want, reference=reference))
        uow.commit()


def refused(services: Services, delivery: DeliveryFacts, key: str, want: str, reason: str) -> None:
    """Report that the forum will not do it."""
    with services.units.community(delivery.community_id) as uow:
        report(uow, delivery, WantRefused(key=key, want=want, reason=reason))
        uow.commit()


def after_refusal(
    services: Services, delivery: DeliveryFacts, key: str, want: str, error: ForumRefused
) -> None:
    """A key or right that is missing can be mended: park. Anything else is the forum's last word.

    A private or unreachable address (status 0) is a matter of settings too.
    """
    if error.status in {0, 401, 403}:
        raise Park(error.for_operator()) from error
    refused(services, delivery, key, want, error.for_operator())
