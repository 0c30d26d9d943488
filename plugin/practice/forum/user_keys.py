"""User API keys: a consent page, a key that is shown encrypted, one question, and revoking it.

As in the real one the key is encrypted with the client's public key (PKCS #1 v1.5) and, without a
registered place to go back to, shown on the page to be copied.
"""

from __future__ import annotations

import base64
import json
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.page_support import load_user, me, render
from plugin.practice.forum.request_log import effect

blueprint = Blueprint("forum_user_keys", __name__)
ALLOWED = {"read", "session_info", "notifications", "one_time_password"}
ASKED = ("application_name", "client_id", "scopes", "public_key", "nonce")


def _asked() -> dict[str, str]:
    given = {name: request.values.get(name, "") for name in ASKED}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise Rejected(400, [f"param is missing or the value is empty: {missing[0]}"])
    if not set(given["scopes"].split(",")) <= ALLOWED:
        raise Rejected.forbidden("This scope is not allowed here.")
    return given


@blueprint.get("/user-api-key/new")
def consent() -> ResponseReturnValue:
    load_user()
    given = _asked()
    with current().store.reading() as db:
        here = db.execute("SELECT 1 FROM account WHERE id = ?", (session.get("user_id"),))
        if here.fetchone() is None:
            session["after_login"] = request.full_path
            return redirect(url_for("forum_pages.login"), 302)
    return render("user_key.html", given=given, payload=None)


@blueprint.post("/user-api-key")
def create() -> ResponseReturnValue:
    load_user()
    given, user = _asked(), me()
    key = secrets.token_hex(32)
    with current().store.transaction() as db:
        db.execute("DELETE FROM user_api_key WHERE client_id = ?", (given["client_id"],))
        db.execute(
            "INSERT INTO user_api_key VALUES (?, ?, ?, ?)",
            (key, user["id"], given["client_id"], given["scopes"]),
        )
    public = serialization.load_pem_public_key(given["public_key"].encode())
    if not isinstance(public, rsa.RSAPublicKey):
        raise Rejected(422, ["This is no RSA key."])
    content = {"key": key, "nonce": given["nonce"], "push": False, "api": 4}
    sealed = public.encrypt(json.dumps(content).encode(), padding.PKCS1v15())
    lines = base64.encodebytes(sealed).decode()
    return render("user_key.html", given=given, payload=lines)


def user_of_key() -> int | None:
    """Whose key a request carries; None without one, refused with one that is not known."""
    key = request.headers.get("User-Api-Key")
    if key is None:
        return None
    with current().store.reading() as db:
        row = db.execute("SELECT user_id FROM user_api_key WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise Rejected.forbidden()
    return int(row["user_id"])


@blueprint.post("/user-api-key/revoke")
def revoke() -> ResponseReturnValue:
    if user_of_key() is None:
        raise Rejected.forbidden()
    with current().store.transaction() as db:
        key = request.headers["User-Api-Key"]
        db.execute("DELETE FROM user_api_key WHERE key = ?", (key,))
    effect("user-key-revoked")
    return {"success": "OK"}
