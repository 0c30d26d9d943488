"""Proving a forum account without the forum's sign-in: who may wait, how long, how often wrong.

Two ways fill these rows: a code sent by private message (``link_code``) and a key that the user
makes for Lantern (``link_key``). Each proof belongs to one person in one session and is used once.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks.connections import Forum
from discourse_hooks.models import LinkProof
from discourse_hooks.sso import ForumAccount
from plugin.kernel.errors import Refused
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

CODE, KEY = "code", "key"
LASTS = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True)
class Owner:
    """Who proves something, and in which session."""

    community_id: UUID
    person_id: UUID
    session_id: UUID

    @property
    def mark(self) -> str:
        return hash_secret(f"{self.session_id}:{self.person_id}")


@dataclass(frozen=True)
class Waiting:
    """A proof that is not used up."""

    method: str
    username: str
    user_id: str
    tries_left: int
    proved: bool
    sealed: str


def open_proof(
    services: Services,
    forum: Forum,
    owner: Owner,
    method: str,
    *,
    code: str = "",
    sealed: str = "",
    account: tuple[str, str] = ("", ""),
) -> str:
    """Keep a fresh proof and return the secret of the page that waits for it."""
    waiting = new_secret()
    with services.units.community(owner.community_id) as uow:
        uow.session.execute(sa.delete(LinkProof).where(LinkProof.expires_at < uow.now()))
        uow.session.add(
            LinkProof(
                connection_id=forum.id,
                person_id=owner.person_id,
                session_hash=owner.mark,
                waiting_hash=hash_secret(waiting),
                method=method,
                digest=_digest(waiting, code) if code else "",
                sealed=sealed,
                user_id=account[0],
                username=account[1][:100],
                tries_left=TRIES,
                expires_at=uow.now() + LASTS,
            )
        )
        uow.commit()
    return waiting


def look(uow: UnitOfWork, forum: Forum, owner: Owner, waiting: str) -> Waiting:
    """The proof behind a page; Refused with what to do when it is not there any more."""
    row = uow.session.scalar(_mine(uow, forum, owner, waiting))
    if row is None:
        raise Refused("discourse_hooks.no_proof", _again())
    return Waiting(
        row.method, row.username, row.user_id, row.tries_left, row.proved_at is not None, row.sealed
    )


def try_code(services: Services, forum: Forum, owner: Owner, waiting: str, code: str) -> bool:
    """Check a code; a right one proves the account, a wrong one costs a try."""
    with services.units.community(owner.community_id) as uow:
        digest = _spend(uow, forum, owner, waiting)
        right = digest is not None and hmac.compare_digest(digest, _digest(waiting, code))
        if right:
            uow.session.execute(
                sa.update(LinkProof)
                .where(LinkProof.waiting_hash == hash_secret(waiting))
                .values(proved_at=uow.now())
            )
        uow.commit()
    return right


def spend_try(services: Services, forum: Forum, owner: Owner, waiting: str) -> None:
    """Use one try up, in its own commit; Refused when none is left."""
    with services.units.community(owner.community_id) as uow:
        left = _spend(uow, forum, owner, waiting)
        uow.commit()
    if left is None:
        raise Refused("discourse_hooks.no_proof", _again())


def prove(
    services: Services, forum: Forum, owner: Owner, waiting: str, user_id: str, username: str
) -> None:
    """Note whose account was proved; the private key is of no more use."""
    with services.units.community(owner.community_id) as uow:
        uow.session.execute(
            sa.update(LinkProof)
            .where(LinkProof.waiting_hash == hash_secret(waiting))
            .values(proved_at=uow.now(), user_id=user_id, username=username[:100], sealed="")
        )
        uow.commit()


def use(uow: UnitOfWork, forum: Forum, owner: Owner, waiting: str) -> ForumAccount:
    """Use a proved account up, once: of two confirmations the second finds nothing."""
    gone = uow.session.execute(
        sa.delete(LinkProof)
        .where(
            LinkProof.waiting_hash == hash_secret(waiting),
            LinkProof.connection_id == forum.id,
            LinkProof.session_hash == owner.mark,
            LinkProof.proved_at.is_not(None),
            LinkProof.expires_at > uow.now(),
        )
        .returning(LinkProof.user_id, LinkProof.username)
        .execution_options(synchronize_session=False)
    ).first()
    if gone is None:
        raise Refused("discourse_hooks.no_proof", _again())
    return ForumAccount(waiting, gone.user_id, gone.username, gone.username)


def _spend(uow: UnitOfWork, forum: Forum, owner: Owner, waiting: str) -> str | None:
    spent = uow.session.execute(
        sa.update(LinkProof)
        .where(
            LinkProof.waiting_hash == hash_secret(waiting),
            LinkProof.connection_id == forum.id,
            LinkProof.session_hash == owner.mark,
            LinkProof.expires_at > uow.now(),
            LinkProof.proved_at.is_(None),
            LinkProof.tries_left > 0,
        )
        .values(tries_left=LinkProof.tries_left - 1)
        .returning(LinkProof.digest)
        .execution_options(synchronize_session=False)
    ).first()
    return None if spent is None else str(spent.digest)


def _mine(uow: UnitOfWork, forum: Forum, owner: Owner, waiting: str) -> sa.Select[LinkProof]:
    return sa.select(LinkProof).where(
        LinkProof.waiting_hash == hash_secret(waiting),
        LinkProof.connection_id == forum.id,
        LinkProof.session_hash == owner.mark,
        LinkProof.expires_at > uow.now(),
    )


def _digest(waiting: str, code: str) -> str:
    return hashlib.sha256(f"{waiting}:{code}".encode()).hexdigest()


def _again() -> str:
    return _("This was too long ago, or somebody else began it here. Please begin again.")
