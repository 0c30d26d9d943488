"""DiscourseConnect PROVIDER: /session/sso_provider (facts 3).

A tool sends `sso` and `sig`; a person who is logged in is sent back silently, without a consent
screen, exactly as the real one does it. Nobody logged in: the log-in page first.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from plugin.practice.forum.auth import session_user
from plugin.practice.forum.forum import Forum, current
from plugin.practice.forum.payload_people import groups_of
from plugin.practice.forum.signature import sso_pack, sso_read, sso_verified
from plugin.practice.forum.store import Db, Row
from plugin.practice.forum.text import avatar_template

blueprint = Blueprint("forum_connect", __name__)
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
_LOGIN_ERROR = "Login Error"


def set_connect_secret(forum: Forum, host: str, secret: str) -> None:
    """`discourse_connect_provider_secrets`: one secret for each host of a tool."""
    with forum.store.transaction():
        secrets = dict(forum.settings.get("connect_secrets"))
        secrets[host] = secret
        forum.settings.set("connect_secrets", secrets)


def _secret(forum: Forum, return_url: str) -> str | None:
    """By the host of the return address, with or without its port."""
    known: dict[str, str] = forum.settings.get("connect_secrets")
    parts = urlsplit(return_url)
    return known.get(parts.netloc) or known.get(parts.hostname or "")


def _return_to(return_url: str, values: dict[str, str], secret: str) -> str:
    parts = urlsplit(return_url)
    query = parse_qsl(parts.query, keep_blank_values=True) + list(sso_pack(values, secret).items())
    return urlunsplit(parts._replace(query=urlencode(query)))


def _about(forum: Forum, db: Db, user: Row) -> dict[str, str]:
    avatar = avatar_template(user["username"]).replace("{size}", "288")
    return {
        "name": user["name"],
        "username": user["username"],
        "email": user["email"],
        "external_id": str(user["id"]),
        "avatar_url": forum.base_url + avatar,
        "admin": str(bool(user["admin"])).lower(),
        "moderator": str(bool(user["moderator"])).lower(),
        "groups": ",".join(row["name"] for row in groups_of(db, user["id"])),
    }


@blueprint.get("/session/sso_provider")
def provide() -> ResponseReturnValue:
    forum = current()
    sso, sig = request.args.get("sso", ""), request.args.get("sig", "")
    try:
        asked = sso_read(sso)
    except ValueError:
        return _LOGIN_ERROR, 422, _PLAIN
    return_url = asked.get("return_sso_url", "")
    if not return_url:
        return "return_sso_url is blank, it must be provided", 400, _PLAIN
    secret = _secret(forum, return_url)
    if secret is None or not sso_verified(sso, sig, secret):
        return _LOGIN_ERROR, 422, _PLAIN
    with forum.store.reading() as db:
        user = session_user(db)
        if user is not None:
            values = {**_about(forum, db, user), "nonce": asked.get("nonce", "")}
            return redirect(_return_to(return_url, values, secret), 302)
    if asked.get("prompt") == "none":
        values = {"failed": "true", "nonce": asked.get("nonce", "")}
        return redirect(_return_to(return_url, values, secret), 302)
    session["after_login"] = request.full_path
    return redirect(url_for("forum_pages.login"), 302)
