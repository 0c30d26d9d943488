"""Forum accounts as external identities: issuer is the forum's address, subject the user id."""

from __future__ import annotations

from uuid import UUID

from discourse_hooks.connections import Forum
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

KIND = "discourse"


def known(uow: UnitOfWork, forum: Forum, user_id: int | str) -> people.Identity | None:
    """The identity of an account that Lantern has met."""
    return people.find_identity(uow, forum.base_url, str(user_id))


def remember(uow: UnitOfWork, forum: Forum, user_id: int | str, username: str) -> people.Identity:
    """The identity of an account, made when new; its remembered name is renewed."""
    return people.identity_for(uow, forum.base_url, str(user_id), KIND, username or None)


def of_person(uow: UnitOfWork, forum: Forum, person_id: UUID) -> people.Identity | None:
    """A person's account in this forum."""
    return next(
        (
            identity
            for identity in people.identities_of(uow, person_id)
            if identity.kind == KIND and identity.issuer == forum.base_url
        ),
        None,
    )
