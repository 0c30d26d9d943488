"""Api-Key with one of three user headers, scopes, and the site limit (facts 2.1 and 2.3)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, cast

from flask import g, request, session
from flask.typing import ResponseReturnValue

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import Forum, current
from plugin.practice.forum.payloads import account
from plugin.practice.forum.people import by_external, by_username
from plugin.practice.forum.store import Db, Row

View = Callable[..., ResponseReturnValue]
_INVALID = "The API username or key is invalid."


def add_api_key(
    forum: Forum,
    *,
    username: str | None = None,
    scopes: Sequence[str] | None = None,
    key: str | None = None,
    description: str = "",
) -> str:
    """A key for one user or (None) all users; `scopes` such as `badges:list`, None is global."""
    key = key or secrets.token_hex(32)
    with forum.store.transaction() as db:
        db.execute(
            "INSERT OR REPLACE INTO api_key VALUES (?, ?, ?, ?, ?)",
            (
                key,
                username,
                None if scopes is None else json.dumps(list(scopes)),
                description,
                forum.clock.stamp(),
            ),
        )
    return key


def _named_user(db: Db) -> Row:
    headers = request.headers
    try:
        if name := headers.get("Api-Username"):
            return by_username(db, name)
        if user_id := headers.get("Api-User-Id"):
            return account(db, int(user_id))
        if external := headers.get("Api-User-External-Id"):
            return by_external(db, external)
    except (Rejected, ValueError):
        pass  # an unknown name is told in the same words as a wrong key
    raise Rejected.forbidden(_INVALID)


def _caller_by_key(forum: Forum, key: str, scope: str | None) -> Row:
    wait = forum.bucket.wait_seconds()
    if wait:
        raise RateLimited(wait)
    with forum.store.reading() as db:
        known = db.execute("SELECT * FROM api_key WHERE key = ?", (key,)).fetchone()
        if known is None:
            raise Rejected.forbidden(_INVALID)
        user = _named_user(db)
        bound = known["username"]
        if bound is not None and user["id"] != by_username(db, bound)["id"]:
            raise Rejected.forbidden(_INVALID)
        if known["scopes"] is not None and scope not in json.loads(known["scopes"]):
            raise Rejected.forbidden()
    return user


class RateLimited(Rejected):
    """The site's bucket is empty."""

    def __init__(self, seconds: int) -> None:
        text = (
            "You've performed this action too many times. "
            f"Please wait {seconds} seconds before trying again."
        )
        extras = {"wait_seconds": seconds, "time_left": f"{seconds} seconds"}
        super().__init__(429, [text], error_type="rate_limit", extra={"extras": extras})
        self.seconds = seconds


def session_user(db: Db) -> Row | None:
    user_id = session.get("user_id")
    row: Row | None = db.execute("SELECT * FROM account WHERE id = ?", (user_id,)).fetchone()
    return row


def api(
    scope: str | None = None, *, staff: bool = False, admin: bool = False, public: bool = False
) -> Callable[[View], View]:
    """Guards a JSON route. Writes need a key; public reads work for a browser session too.

    A route without scope needs a global key. Staff routes are 404 for others, as in the real one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            forum, key = current(), request.headers.get("Api-Key")
            if key is not None:
                g.caller = _caller_by_key(forum, key, scope)
            elif public and request.method == "GET":
                with forum.store.reading() as db:
                    g.caller = session_user(db)
            else:
                raise Rejected.forbidden()
            user = cast("Row | None", g.caller)
            if admin and not (user and user["admin"]):
                raise Rejected.not_found()
            if staff and not (user and (user["admin"] or user["moderator"])):
                raise Rejected.not_found()
            return view(*args, **kwargs)

        return guarded

    return decorate


def caller() -> Row:
    """The user a keyed call acts as."""
    user = cast("Row | None", g.get("caller"))
    if user is None:
        raise Rejected.forbidden()
    return user


def reader() -> Row | None:
    return cast("Row | None", g.get("caller"))
