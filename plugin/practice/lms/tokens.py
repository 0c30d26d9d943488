"""The token endpoint: client credentials with a signed assertion (Security Framework 1.0, 4.1).

Stricter than Moodle, which does not look at the audience: a tool that is wrong here would fail on
other platforms.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from plugin.practice.lms import queries, tool_jwt
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Tool
from plugin.practice.lms.scopes import SCOPES

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Grant:
    """What an access token stands for."""

    tool: Tool
    scopes: frozenset[str]


def issue(platform: Platform, form: Mapping[str, str]) -> dict[str, Any]:
    if form.get("grant_type") != "client_credentials":
        raise Refusal("grant_type must be client_credentials", code="unsupported_grant_type")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refusal(f"client_assertion_type must be {ASSERTION_TYPE}")
    tool = _asserted_tool(platform, form.get("client_assertion", ""))
    # Moodle drops scopes that it does not know and refuses only when none is left.
    scopes = [scope for scope in form.get("scope", "").split() if scope in SCOPES]
    if not scopes:
        raise Refusal("no scope that this platform knows was asked for", code="invalid_scope")
    token = secrets.token_hex(16)
    life = platform.profile.access_token_seconds
    now = platform.clock.timestamp()
    with platform.store.writing() as db:
        db.execute(
            "INSERT INTO access_token VALUES (?, ?, ?, ?)",
            (_digest(token), tool.id, " ".join(scopes), now + life),
        )
        db.execute("DELETE FROM access_token WHERE expires < ?", (now - life,))
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": life,
        "scope": " ".join(scopes),
    }


def _asserted_tool(platform: Platform, assertion: str) -> Tool:
    try:
        unverified = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise Refusal(f"client_assertion is not a JWT: {error}", code="invalid_client") from error
    with platform.store.reading() as db:
        tool = queries.tool_by_client(db, str(unverified.get("sub", "")))
    if tool is None:
        raise Refusal("sub of the assertion names no tool", code="invalid_client")
    claims = tool_jwt.verify(platform, tool, assertion, audiences=frozenset({platform.token_url}))
    if claims.get("iss") != tool.client_id or claims.get("sub") != tool.client_id:
        raise Refusal("iss and sub of the assertion must be the client id", code="invalid_client")
    tool_jwt.use_once(platform, tool, "assertion", claims, "jti")
    return tool


def grant(platform: Platform, authorization: str, *, any_of: tuple[str, ...]) -> Grant:
    """The tool behind a bearer token that has one of these scopes."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refusal("Unauthorized: no bearer token", status=401)
    with platform.store.reading() as db:
        row = db.execute(
            "SELECT * FROM access_token WHERE digest = ?", (_digest(token),)
        ).fetchone()
        tool = queries.tool(db, row["tool_id"]) if row else None
    if row is None or tool is None:
        raise Refusal("Unauthorized: unknown access token", status=401)
    if row["expires"] <= platform.clock.timestamp():
        raise Refusal("Unauthorized: the access token has expired", status=401)
    scopes = frozenset(row["scopes"].split())
    if not scopes.intersection(any_of):
        raise Refusal(f"Unauthorized: the token lacks {any_of[0]}", status=401)
    return Grant(tool, scopes)


def expire_all(platform: Platform) -> None:
    """Every token that was handed out stops working (the tool must ask for a new one)."""
    with platform.store.writing() as db:
        db.execute("UPDATE access_token SET expires = 0")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
