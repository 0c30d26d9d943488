"""Accounts that were removed in the forum.

The event says so before it is done, and could be an old one: the forum is asked. When its user is
not there under the id or the remembered name, the account is nobody's any more and its name is
forgotten. The person stays, with everything that they did here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks import accounts, linking
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.connections import Forum
from discourse_hooks.models import BadgeLink, ForumAccount, LikeSeen
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

if TYPE_CHECKING:
    from plugin.kernel.services import Services

KIND = "gone_account"


def read_gone(
    api: ForumApi, services: Services, forum: Forum, remote_id: str
) -> Callable[[UnitOfWork], None]:
    """Ask for one account; unknown ones cost no call."""
    with services.units.reading(forum.community_id) as uow:
        identity = accounts.known(uow, forum, remote_id)
    name = None if identity is None else _present(api, remote_id, identity.username or "")

    def apply(uow: UnitOfWork) -> None:
        if identity is not None and name:
            accounts.remember(uow, forum, remote_id, name)
        elif identity is not None:
            forget(uow, forum, identity)
        if not name:
            forget_rows(uow, forum, int(remote_id))

    return apply


def _present(api: ForumApi, user_id: str, remembered: str) -> str | None:
    """The account's name now; a key that may not list users knows it by the name alone."""
    try:
        return api.username(user_id, remembered)
    except ForumRefused as refused:
        if refused.status != 403:
            raise
        return None


def forget(uow: UnitOfWork, forum: Forum, identity: people.Identity) -> None:
    """Take the account from its person and forget its name; again changes nothing."""
    now = people.identity(uow, identity.id)
    if now is not None and now.person_id is not None:
        people.unlink(uow, identity.id)
        people.leave(uow, now.person_id, linking.place(uow, forum).id)
        uow.audit("discourse_hooks.account.gone", actor=None, subject=f"connection:{forum.handle}")
    people.forget_username(uow, identity.id)


def forget_rows(uow: UnitOfWork, forum: Forum, user_id: int) -> None:
    """Remove what is kept about the account itself."""
    uow.session.execute(
        sa.delete(ForumAccount).where(
            ForumAccount.connection_id == forum.id, ForumAccount.user_id == user_id
        )
    )
    uow.session.execute(
        sa.delete(LikeSeen).where(LikeSeen.connection_id == forum.id, LikeSeen.liker_id == user_id)
    )
    uow.session.execute(
        sa.delete(BadgeLink).where(
            BadgeLink.connection_id == forum.id, BadgeLink.user_id == str(user_id)
        )
    )
