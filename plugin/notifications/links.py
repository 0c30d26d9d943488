"""Signed one-action links: GET shows what would happen, POST does it, once, until it expires.

The token is 256 random bits of which only the hash is kept, so a copy of the database opens
nothing. The link is consumed in the same commit as its act.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.models import SignedLink

LIFE = timedelta(days=14)


@dataclass(frozen=True)
class Action:
    """A button in a message: its words, what it does and with what."""

    label: str
    purpose: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SignedAction:
    """What a purpose means: ``describe(uow, args)`` for GET, ``act(uow, person_id, args)``.

    Both return a sentence for the reader; ``act`` does it in the open unit of work.
    """

    purpose: str
    describe: Callable[[UnitOfWork, dict[str, Any]], str]
    act: Callable[[UnitOfWork, UUID, dict[str, Any]], str]


def signed_action(
    purpose: str,
    describe: Callable[[UnitOfWork, dict[str, Any]], str],
    act: Callable[[UnitOfWork, UUID, dict[str, Any]], str],
) -> SignedAction:
    """Offer an action for links in messages; list it in ``subscribers.ACTIONS``."""
    return SignedAction(purpose, describe, act)


@dataclass(frozen=True)
class Link:
    """A link that was found and is still good."""

    id: UUID
    community_id: UUID
    person_id: UUID
    purpose: str
    arguments: dict[str, Any]
    label: str


def make(uow: UnitOfWork, person_id: UUID, action: Action, *, life: timedelta = LIFE) -> str:
    """Keep a link and return its path; the token is in it and nowhere else."""
    token = new_secret()
    uow.session.add(
        SignedLink(
            token_hash=hash_secret(token),
            community_id=uow.community_id,
            person_id=person_id,
            purpose=action.purpose,
            arguments=action.arguments,
            label=action.label,
            expires_at=uow.now() + life,
        )
    )
    return f"/l/{token}"


def find(uow: UnitOfWork, token: str) -> Link:
    """Return a good link; needs a system unit. Raise NotFound or Conflict with what to do next."""
    row = uow.session.scalars(
        sa.select(SignedLink).where(SignedLink.token_hash == hash_secret(token))
    ).first()
    if row is None:
        raise NotFound(
            "no_link", _("This link is not complete. Copy the whole of it from the message.")
        )
    if row.used_at is not None:
        raise Conflict("link_used", _("This link was used already. Nothing more needs to be done."))
    if row.expires_at <= uow.now():
        raise Conflict(
            "link_expired",
            _("This link is too old. Open Lantern the way you usually do and do it there."),
        )
    return Link(row.id, row.community_id, row.person_id, row.purpose, row.arguments, row.label)


def consume(uow: UnitOfWork, link: Link) -> None:
    """Use a link up in the open unit of work; raise Conflict when somebody was faster."""
    used = uow.session.execute(
        sa.update(SignedLink)
        .where(SignedLink.id == link.id, SignedLink.used_at.is_(None))
        .values(used_at=uow.now())
        .returning(SignedLink.id)
    ).first()
    if used is None:
        raise Conflict("link_used", _("This link was used already."))


def forget_old(uow: UnitOfWork) -> None:
    """Remove links that ended a month ago; needs a system unit."""
    uow.session.execute(
        sa.delete(SignedLink).where(SignedLink.expires_at < uow.now() - timedelta(days=30))
    )
