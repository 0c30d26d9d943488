"""Two calls with a user's own key: who are you, and forget this key.

They are not made as the bot and do not count in the site's limit for administrators' keys.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from discourse_hooks.connections import Forum
from plugin.kernel.errors import Invalid, Unavailable
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.i18n import _
from plugin.kernel.telemetry import get_logger

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
A_MINUTE = timedelta(minutes=1)


def whose(services: Services, forum: Forum, key: str, client_id: str) -> tuple[str, str]:
    """The id and name of the user who made the key.

    Raises Unavailable when the forum does not answer, Invalid when it does not know the key.
    """
    try:
        answer = services.http.request(
            "GET", f"{forum.base_url}/session/current.json", headers=_headers(key, client_id)
        )
    except RemoteCallFailed as failed:
        raise _busy() from failed
    if answer.status == 429 or answer.status >= 500:
        raise _busy()
    try:
        user = json.loads(answer.body)["current_user"]
        return str(int(user["id"])), str(user["username"])
    except (ValueError, KeyError, TypeError) as error:
        wrong = _("The forum does not know this key any more. Please begin again.")
        raise Invalid("discourse_hooks.key_unknown", wrong, {"payload": wrong}) from error


def revoke(services: Services, forum: Forum, key: str, client_id: str) -> None:
    """Give the key back; if that fails it can still do nothing but say who its user is."""
    try:
        url = f"{forum.base_url}/user-api-key/revoke"
        answer = services.http.request("POST", url, headers=_headers(key, client_id))
    except RemoteCallFailed as failed:
        log.info("user key not revoked", reason=failed.reason)
        return
    if answer.status >= 400:
        log.info("user key not revoked", status=answer.status)


def _headers(key: str, client_id: str) -> dict[str, str]:
    return {
        "User-Api-Key": key,
        "User-Api-Client-Id": client_id,
        "Accept": "application/json",
    }


def _busy() -> Unavailable:
    return Unavailable(
        "discourse_hooks.forum_busy",
        _("The forum does not answer just now. Please try again in a minute."),
        A_MINUTE,
    )
