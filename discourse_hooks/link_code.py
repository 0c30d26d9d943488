"""A code in a private message: who can read it has the account.

The user name is what somebody claims; the code proves it. When they leave it empty, the forum is
asked whose the address is that they confirmed here: equal addresses only suggest whom to write to.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from discourse_hooks import link_proofs
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from discourse_hooks.link_proofs import CODE, Owner
from discourse_hooks.wants.reporting import external_id
from plugin.kernel import limits
from plugin.kernel.dispatch import Later
from plugin.kernel.errors import Conflict, Invalid, TooMany, Unavailable
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.ids import hash_secret

if TYPE_CHECKING:
    from plugin.kernel.services import Services

AN_HOUR = timedelta(hours=1)
CODES_AN_HOUR = 5
DIGITS = 8


def send(
    services: Services, forum: Forum, owner: Owner, *, username: str, email: str | None, locale: str
) -> str:
    """Write a code to an account and return the secret of the page that waits for it.

    Raises Invalid (no such user), Conflict (quiet, or the forum will not deliver), TooMany,
    Unavailable. Five codes an hour for one person, and for one account.
    """
    if forum.quiet:
        raise Conflict(
            "discourse_hooks.quiet",
            _("Lantern does not write in this forum yet. Use one of the other ways."),
        )
    _limit(services, f"discourse.code.by:{owner.person_id}")
    api = ForumApi(Transport(services, forum, waited_for=True))
    try:
        user_id, name = _account(api, username.strip().lstrip("@"), email)
        _limit(services, f"discourse.code.to:{forum.id}:{user_id}")
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        waiting = link_proofs.open_proof(
            services, forum, owner, CODE, code=code, account=(user_id, name)
        )
        title, text = _words(forum, code, locale)
        key = external_id("code", hash_secret(waiting))
        api.ensure_message(key, title=title, raw=text, recipients=(name,))
    except Later as later:
        raise Unavailable(
            "discourse_hooks.forum_busy",
            _("The forum does not answer just now. Please try again in a minute."),
            later.after,
        ) from later
    except ForumRefused as refused:
        raise Conflict(
            "discourse_hooks.code_refused",
            _("The forum did not deliver the message. Use one of the other ways."),
        ) from refused
    return waiting


def _limit(services: Services, key: str) -> None:
    if not limits.take(services.units, key, limit=CODES_AN_HOUR, per=AN_HOUR):
        raise TooMany(
            "discourse_hooks.too_many_codes",
            _("Several codes were sent already. Please wait an hour."),
            AN_HOUR,
        )


def _account(api: ForumApi, username: str, email: str | None) -> tuple[str, str]:
    """The id and present name of the claimed account, or of the one with this address."""
    found = api.profile(username) if username else _with_address(api, email)
    if int(found.get("id") or 0) <= 0:
        wrong = (
            _("There is no such user in the forum.")
            if username
            else _("We found no account with your address. Enter the user name.")
        )
        raise Invalid("discourse_hooks.no_such_user", wrong, {"username": wrong})
    return str(found["id"]), str(found["username"])


def _with_address(api: ForumApi, email: str | None) -> dict[str, Any]:
    """Only a key that may list users can answer; any other is no help, and no error."""
    if not email:
        return {}
    try:
        answer = api.transport.get("/admin/users/list/all.json", email=email, show_emails="false")
    except ForumRefused:
        return {}
    listed: list[dict[str, Any]] = (answer or {}).get("list") or []
    return dict(listed[0]) if len(listed) == 1 else {}


def _words(forum: Forum, code: str, locale: str) -> tuple[str, str]:
    with use_locale(locale):
        title = _("Your code: %(code)s", code=code)
        text = _(
            "Somebody said in Lantern that this account in %(forum)s is theirs. If that was you, "
            "type this code there: **%(code)s**. It is good for ten minutes. If it was not you, "
            "do nothing and tell the code to nobody: nothing happens.",
            forum=forum.title,
            code=code,
        )
    return title, text
