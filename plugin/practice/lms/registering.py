"""Dynamic registration as Moodle and Canvas play it (IMS Dynamic Registration 1.0).

An administrator enters a tool's link; the tool reads our configuration with a token that works once
and for an hour, and posts what it is. Moodle names a deployment at once and waits for “Activate”;
registering the same host again brings the tool that is there up to date. Canvas wants the token as
a bearer for its configuration too and names no deployment.
"""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

from plugin.practice.lms import keys, queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Tool
from plugin.practice.lms.scopes import SCOPES
from plugin.practice.lms.seed import register_tool
from plugin.practice.lms.store import Db

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOKEN_SECONDS = 3600
NEW, UPDATE = "reg", "reg-update"


@dataclass(frozen=True)
class Token:
    """What a registration token stands for: a client id to come, or one to bring up to date."""

    client_id: str
    scope: str


def begin(platform: Platform, tool_id: int | None = None) -> str:
    """A token for a new tool, or for one that is there."""
    with platform.store.reading() as db:
        known = queries.tool(db, tool_id) if tool_id else None
    letters = string.ascii_letters + string.digits
    now = platform.clock.timestamp()
    claims = {
        "sub": known.client_id if known else "".join(secrets.choice(letters) for _ in range(15)),
        "scope": UPDATE if known else NEW,
        "jti": secrets.token_hex(8),
        "iat": now,
        "exp": now + TOKEN_SECONDS,
    }
    return keys.sign(platform.store, claims)


def tools_at(platform: Platform, url: str) -> list[Tool]:
    """Tools of the same host and port: Moodle asks whether one of them is meant."""
    host = urlsplit(url).netloc
    with platform.store.reading() as db:
        return [tool for tool in queries.tools(db) if urlsplit(tool.launch_url).netloc == host]


def configuration(platform: Platform, bearer: str) -> dict[str, Any]:
    """The openid-configuration. Canvas shows it only to whom it gave a token."""
    style = platform.profile.registration
    if style.configuration_needs_token:
        _checked(platform, bearer, use=False)
    return {
        "issuer": platform.issuer,
        "token_endpoint": platform.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": platform.key_set_url,
        "authorization_endpoint": platform.authorization_url,
        "registration_endpoint": platform.base_url + style.registration_path,
        "scopes_supported": sorted(SCOPES),
        "response_types_supported": ["id_token"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        **({"authorization_server": platform.token_url} if style.names_audience else {}),
        PLATFORM: {
            "product_family_code": platform.profile.product_family_code,
            "version": platform.profile.version,
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": list(style.placements)},
            ],
            "variables": ["Person.address.timezone", "Context.id.history"],
        },
    }


def receive(platform: Platform, bearer: str, document: Any) -> dict[str, Any]:
    """Check and keep a registration; the answer, whose shape differs by platform."""
    style = platform.profile.registration
    token = _checked(platform, bearer, use=False)
    found = _read(document)
    _checked(platform, bearer, use=True)
    tool_part = found[TOOL]
    claims = set(tool_part.get("claims", ()))
    privacy = tool_part.get("https://canvas.instructure.com/lti/privacy_level")
    tool = register_tool(
        platform.store,
        name=found["client_name"],
        login_url=found["initiate_login_uri"],
        launch_url=tool_part["target_link_uri"],
        redirect_uris=found["redirect_uris"],
        key_set_url=found["jwks_uri"],
        deep_linking_url=_deep_linking(tool_part),
        client_id=token.client_id,
        custom={str(k): str(v) for k, v in tool_part.get("custom_parameters", {}).items()},
        share_names="name" in claims if privacy is None else privacy in ("public", "name_only"),
        share_email="email" in claims if privacy is None else privacy in ("public", "email_only"),
    )
    with platform.store.writing() as db:
        db.execute(
            "INSERT OR IGNORE INTO tool_registration VALUES (?, 'pending', ?)",
            (tool.id, json.dumps(found)),
        )
    kept = {name: value for name, value in found.items() if name != TOOL}
    answered = {**tool_part}
    if style.names_deployment:
        answered["deployment_id"] = tool.deployment_id
        answered["messages"] = [
            {"type": m["type"], "target_link_uri": m.get("target_link_uri")}
            for m in tool_part.get("messages", ())
            if m["type"] == "LtiDeepLinkingRequest"
        ]
    return {**kept, "client_id": tool.client_id, TOOL: answered}


def activate(platform: Platform, tool_id: int) -> None:
    """Moodle's “Activate”, Canvas's “Install”."""
    with platform.store.writing() as db:
        db.execute("UPDATE tool_registration SET state = 'active' WHERE tool_id = ?", (tool_id,))


def is_pending(db: Db, tool_id: int) -> bool:
    """Whether a tool still waits; one that was entered by hand does not."""
    row = db.execute("SELECT state FROM tool_registration WHERE tool_id = ?", (tool_id,)).fetchone()
    return row is not None and row["state"] == "pending"


def pending(platform: Platform) -> set[int]:
    """The ids of the tools that wait."""
    with platform.store.reading() as db:
        rows = db.execute("SELECT tool_id FROM tool_registration WHERE state = 'pending'")
        return {row["tool_id"] for row in rows}


def _checked(platform: Platform, bearer: str, *, use: bool) -> Token:
    scheme, _, value = bearer.partition(" ")
    if scheme != "Bearer" or not value:
        raise Refusal("missing_registration_token", status=401)
    try:
        claims = jwt.decode(
            value,
            key=_public(platform, value),
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "require": ["sub", "jti", "exp"]},
        )
    except (jwt.PyJWTError, KeyError) as error:
        raise Refusal("no such token", status=404, code="html") from error
    if claims["exp"] <= platform.clock.timestamp():
        raise Refusal("no such token", status=404, code="html")
    with platform.store.writing() as db:
        seen = db.execute(
            "SELECT 1 FROM tool_nonce WHERE purpose = 'registration' AND value = ?",
            (claims["jti"],),
        ).fetchone()
        if seen:
            raise Refusal("token_already_used", status=401)
        if use:
            db.execute(
                "INSERT INTO tool_nonce VALUES (?, 'registration', ?, ?)",
                (claims["sub"], claims["jti"], platform.clock.timestamp()),
            )
    return Token(str(claims["sub"]), str(claims["scope"]))


def _public(platform: Platform, token: str) -> Any:
    kid = jwt.get_unverified_header(token)["kid"]
    for jwk in keys.key_set(platform.store)["keys"]:
        if jwk["kid"] == kid:
            return jwt.PyJWK(jwk).key
    raise KeyError(kid)


def _read(document: Any) -> dict[str, Any]:
    """The registration if it holds what Moodle asks for, in Moodle's words if not."""
    if not isinstance(document, dict):
        raise Refusal("invalid_json")
    for name in ("initiate_login_uri", "redirect_uris", "client_name", "jwks_uri"):
        if not document.get(name):
            raise Refusal(f"missing required attribute {name}")
    if document.get("token_endpoint_auth_method") != "private_key_jwt":
        raise Refusal("missing required attribute token_endpoint_auth_method")
    if "id_token" not in document.get("response_types", ()):
        raise Refusal("invalid_response_types")
    if not isinstance(document["redirect_uris"], list):
        raise Refusal("invalid_redirect_uris")
    tool = document.get(TOOL)
    if not isinstance(tool, dict) or not tool.get("domain"):
        raise Refusal("missing_domain")
    if urlsplit(str(tool.get("target_link_uri", ""))).netloc != tool["domain"]:
        raise Refusal("domain_targetlinkuri_mismatch")
    return document


def _deep_linking(tool: dict[str, Any]) -> str | None:
    for message in tool.get("messages", ()):
        if message.get("type") == "LtiDeepLinkingRequest":
            return str(message.get("target_link_uri") or tool["target_link_uri"])
    return None
