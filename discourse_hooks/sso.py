"""DiscourseConnect with the forum as provider: build the request, read the answer.

https://meta.discourse.org/t/32974: sso = base64(query string), sig = hex HMAC-SHA256 over the
base64 text before it is URL-encoded. The answer's e-mail and administrator flag are ignored: they
are the forum's opinion and give no right here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode


@dataclass(frozen=True)
class ForumAccount:
    """The forum account whose session answered."""

    nonce: str
    user_id: str
    username: str
    name: str


class BadAnswer(ValueError):
    """The answer was not signed by the forum, or lacks what it must carry."""


def _sign(secret: str, sso: str) -> str:
    return hmac.new(secret.encode(), sso.encode(), hashlib.sha256).hexdigest()


def request_url(base_url: str, secret: str, *, nonce: str, return_url: str) -> str:
    """Where to send the browser so that the forum tells who is signed in there."""
    query = urlencode({"nonce": nonce, "return_sso_url": return_url})
    sso = base64.b64encode(query.encode()).decode()
    return f"{base_url}/session/sso_provider?" + urlencode({"sso": sso, "sig": _sign(secret, sso)})


def read_answer(secret: str, sso: str, sig: str) -> ForumAccount:
    """Check the signature first, over the text as it came; then read the four facts used."""
    if not secret or not hmac.compare_digest(_sign(secret, sso).encode(), sig.encode()):
        raise BadAnswer("signature")
    try:
        query = parse_qs(base64.b64decode(sso, validate=False).decode())
    except ValueError as error:  # not base64, or not UTF-8 inside
        raise BadAnswer("encoding") from error
    values = {key: value[0] for key, value in query.items()}
    nonce, user_id = values.get("nonce", ""), values.get("external_id", "")
    if not nonce or not user_id.isdigit() or values.get("failed") == "true":
        raise BadAnswer("content")
    username = values.get("username", "")
    return ForumAccount(nonce, user_id, username, values.get("name") or username)
