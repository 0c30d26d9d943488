"""First start: a one-time link founds the community and lets its first administrator in."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.administration.models import SetupLink
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_id, new_secret
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web.public import invite

LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Founding:
    """What the set-up page asks. ``safety_email`` is None when it is the administrator."""

    organisation: str
    locale: str
    time_zone: str
    name: str
    email: str
    safety_email: str | None


def first_start_link(services: Services) -> str | None:
    """Return a fresh one-time set-up link, or None when a community is there already.

    A link printed earlier still works, so that a restart does not break a set-up under way; all
    end when the first one is used.
    """
    with services.units.system() as uow:
        if _administered(uow):
            return None
        uow.session.execute(sa.delete(SetupLink).where(SetupLink.expires_at <= uow.now()))
        token = new_secret()
        uow.session.add(
            SetupLink(
                id=new_id(),
                token_hash=hash_secret(token),
                created_at=uow.now(),
                expires_at=uow.now() + LASTS,
            )
        )
        uow.commit()
    return absolute(services.settings, f"/setup/{token}")


def _administered(uow: UnitOfWork) -> bool:
    return bool(people.communities(uow))


def check(uow: UnitOfWork, token: str) -> SetupLink:
    """Return the link if it still works; raise NotFound."""
    row = uow.session.scalars(
        sa.select(SetupLink).where(
            SetupLink.token_hash == hash_secret(token),
            SetupLink.used_at.is_(None),
            SetupLink.expires_at > uow.now(),
        )
    ).one_or_none()
    if row is None or (row.community_id is None and _administered(uow)):
        raise NotFound(
            "setup_link_used",
            _(
                "This set-up link was used already or has run out. “lantern admin invite” prints a "
                "way in for an administrator."
            ),
        )
    return row


@dataclass(frozen=True)
class Founded:
    """The community, its first administrator, and the safety contact's way in if it is another."""

    community: people.Community
    person_id: UUID
    safety_path: str | None


def found(services: Services, token: str, wanted: Founding) -> Founded:
    """Found the community and its first administrator.

    Two commits, because a community is made outside any: a set-up that breaks off between them
    goes on with the same community (kept on the link).
    """
    with services.units.system() as uow:
        row = check(uow, token)
        if row.community_id is None:
            made = people.found_community(
                uow, wanted.organisation, locale=wanted.locale, time_zone=wanted.time_zone
            )
            row.community_id = made.id
        community_id = row.community_id
        uow.commit()
    with services.units.community(community_id) as uow:
        row = check(uow, token)
        row.used_at = uow.now()
        person = people.admit(
            uow,
            issuer="mailto:",
            subject=wanted.email,
            kind="email",
            email=wanted.email,
            display_name=wanted.name,
            locale=wanted.locale,
            time_zone=wanted.time_zone,
        )
        people.grant_right(uow, person.id, people.ADMINISTRATOR, by=person.id)
        people.grant_right(uow, person.id, people.COORDINATOR, by=person.id)
        safety_path = None
        if wanted.safety_email is None:
            people.grant_right(uow, person.id, people.SAFETY_CONTACT, by=person.id)
        else:
            safety_path = invite(
                uow,
                community_id=community_id,
                right=people.SAFETY_CONTACT,
                email=wanted.safety_email,
                invited_by=person.id,
            )
        uow.audit("administration.setup.done", actor=person.id, subject=f"community:{community_id}")
        community = people.community(uow)
        uow.commit()
    return Founded(community, person.id, safety_path)
