"""Verifying what a tool signed: its key set, RS256 only, kid, audience, times, single use.

Security Framework 1.0 sections 4.1 and 5.2. The key set is fetched for each message, so that the
tool's key rotation shows at once.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import jwt

from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Tool

TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 10
MAX_AGE_SECONDS = 3600
MAX_BYTES = 1_000_000
MINIMUM_BITS = 2048
# The tool stands on the same machine: a proxy of the environment must not see these calls.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def verify(
    platform: Platform, tool: Tool, token: str, *, audiences: frozenset[str]
) -> dict[str, Any]:
    """The claims of a message that this tool signed for one of these audiences."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise Refusal(f"not a JWT: {error}", code="invalid_client") from error
    if header.get("alg") != "RS256":
        raise Refusal(f"alg must be RS256, not {header.get('alg')!r}", code="invalid_client")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Refusal("the JWT names no kid", code="invalid_client")
    key = _key(tool, kid)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=["RS256"],
            # Times are checked below, against the platform's own clock.
            options={
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as error:
        raise Refusal(f"signature refused: {error}", code="invalid_client") from error
    _check_audience(claims, audiences)
    _check_times(claims, platform.clock.timestamp())
    return claims


def use_once(
    platform: Platform, tool: Tool, purpose: str, claims: dict[str, Any], name: str
) -> None:
    """Refuse a jti or nonce that this tool has sent before."""
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(f"{name} is missing", code="invalid_client")
    now = platform.clock.timestamp()
    with platform.store.writing() as db:
        cursor = db.execute(
            "INSERT OR IGNORE INTO tool_nonce VALUES (?, ?, ?, ?)",
            (tool.client_id, purpose, value, now),
        )
        if cursor.rowcount != 1:
            raise Refusal(f"{name} was used before", code="invalid_client")


def _key(tool: Tool, kid: str) -> jwt.PyJWK:
    try:
        keys = jwt.PyJWKSet.from_dict(_fetch(tool.key_set_url)).keys
    except (jwt.PyJWTError, ValueError, AttributeError) as error:
        raise Refusal(f"the tool's key set is unusable: {error}", code="invalid_client") from error
    for key in keys:
        if key.key_id == kid and key.algorithm_name == "RS256":
            if key.key.key_size < MINIMUM_BITS:
                raise Refusal(f"the key has fewer than {MINIMUM_BITS} bits", code="invalid_client")
            return key
    raise Refusal(f"kid {kid!r} is not in the tool's key set", code="invalid_client")


def _fetch(url: str) -> dict[str, Any]:
    if not url.startswith(("http://", "https://")):
        raise Refusal(
            f"the tool's key set URL {url!r} is no http(s) address", code="invalid_client"
        )
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url, headers={"Accept": "application/json"}
    )
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            document = json.loads(answer.read(MAX_BYTES))
    except (urllib.error.URLError, OSError) as error:
        raise Refusal(
            f"the tool's key set at {url} does not answer: {error}", code="invalid_client"
        ) from error
    if not isinstance(document, dict):
        raise ValueError("no JSON object")
    return document


def _check_audience(claims: dict[str, Any], audiences: frozenset[str]) -> None:
    named = claims.get("aud")
    values = [named] if isinstance(named, str) else named
    if not isinstance(values, list) or not audiences.intersection(map(str, values)):
        raise Refusal(
            f"aud must be one of {sorted(audiences)}, not {named!r}", code="invalid_client"
        )


def _check_times(claims: dict[str, Any], now: int) -> None:
    for name in ("exp", "iat"):
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"{name} must be a number", code="invalid_client")
    if claims["exp"] <= now - LEEWAY_SECONDS:
        raise Refusal("the JWT has expired", code="invalid_client")
    if claims["iat"] > now + LEEWAY_SECONDS:
        raise Refusal("iat lies in the future", code="invalid_client")
    if claims["exp"] - claims["iat"] > MAX_AGE_SECONDS:
        raise Refusal("the JWT is valid for more than an hour", code="invalid_client")
