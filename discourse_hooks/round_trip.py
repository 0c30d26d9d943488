"""A DiscourseConnect round trip: opened in one browser, answered once, within ten minutes.

sso_provider has no consent screen: whoever is signed in to the forum is sent back silently. So a
trip is bound to a cookie of the browser that opened it, and a link counts only after a page that
names both accounts was confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks import sso
from discourse_hooks.connections import Forum
from discourse_hooks.models import ConnectNonce
from discourse_hooks.sso import ForumAccount
from plugin.kernel.errors import Refused
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.unit_of_work import UnitOfWork

LASTS = timedelta(minutes=10)
SIGN_IN = "signin"
LINK = "link"


@dataclass(frozen=True)
class Trip:
    """What was asked for when the trip began."""

    nonce: str
    person_id: UUID | None
    next_url: str
    account: ForumAccount


def open_trip(
    uow: UnitOfWork,
    forum: Forum,
    *,
    purpose: str,
    browser: str,
    person_id: UUID | None = None,
    next_url: str = "/",
) -> str:
    """Keep a fresh nonce and return it."""
    nonce = new_secret()
    uow.session.execute(sa.delete(ConnectNonce).where(ConnectNonce.expires_at < uow.now()))
    uow.session.add(
        ConnectNonce(
            connection_id=forum.id,
            nonce_hash=hash_secret(nonce),
            browser_hash=hash_secret(browser),
            purpose=purpose,
            person_id=person_id,
            next_url=next_url,
            expires_at=uow.now() + LASTS,
        )
    )
    return nonce


def answer(
    uow: UnitOfWork, forum: Forum, *, purpose: str, browser: str, sso_text: str, sig: str
) -> Trip:
    """Take the forum's answer, once; the caller commits before anything follows from it.

    Raises Refused with one sentence for every reason, which is also logged by code: forged,
    somebody else's, too late, or used.
    """
    try:
        account = sso.read_answer(forum.connect_secret, sso_text, sig)
    except sso.BadAnswer as error:
        raise _refused(f"discourse_hooks.answer_{error}") from error
    taken = uow.session.execute(
        sa.update(ConnectNonce)
        .where(
            ConnectNonce.nonce_hash == hash_secret(account.nonce),
            ConnectNonce.connection_id == forum.id,
            ConnectNonce.purpose == purpose,
            ConnectNonce.browser_hash == hash_secret(browser),
            ConnectNonce.expires_at > uow.now(),
            ConnectNonce.answered_at.is_(None),
        )
        .values(answered_at=uow.now(), user_id=account.user_id, username=account.username)
        .returning(ConnectNonce.person_id, ConnectNonce.next_url)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise _refused("discourse_hooks.answer_not_expected")
    return Trip(account.nonce, taken.person_id, taken.next_url, account)


def answered(uow: UnitOfWork, forum: Forum, *, browser: str, nonce: str) -> Trip:
    """The answered trip of this browser that waits to be confirmed."""
    row = uow.session.scalar(_waiting(uow, forum, browser, nonce))
    if row is None or row.user_id is None:
        raise _refused("discourse_hooks.nothing_to_confirm")
    return Trip(nonce, row.person_id, row.next_url, _account(nonce, row))


def confirm(uow: UnitOfWork, forum: Forum, *, browser: str, nonce: str) -> Trip:
    """Use the answered trip up; a second confirmation finds nothing."""
    trip = answered(uow, forum, browser=browser, nonce=nonce)
    uow.session.execute(
        sa.update(ConnectNonce)
        .where(ConnectNonce.nonce_hash == hash_secret(nonce))
        .values(used_at=uow.now())
    )
    return trip


def _waiting(uow: UnitOfWork, forum: Forum, browser: str, nonce: str) -> sa.Select[ConnectNonce]:
    return sa.select(ConnectNonce).where(
        ConnectNonce.nonce_hash == hash_secret(nonce),
        ConnectNonce.connection_id == forum.id,
        ConnectNonce.purpose == LINK,
        ConnectNonce.browser_hash == hash_secret(browser),
        ConnectNonce.expires_at > uow.now(),
        ConnectNonce.answered_at.is_not(None),
        ConnectNonce.used_at.is_(None),
    )


def _account(nonce: str, row: ConnectNonce) -> ForumAccount:
    username = row.username or ""
    return ForumAccount(nonce, row.user_id or "", username, username)


def _refused(code: str) -> Refused:
    return Refused(
        code,
        _(
            "The answer of the forum does not belong to this browser, or it came too late. "
            "Please begin again."
        ),
    )
