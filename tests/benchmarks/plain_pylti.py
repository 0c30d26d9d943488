# mypy: disable-error-code="override,arg-type,no-untyped-call,attr-defined"
"""The peer of two benchmarks: PyLTI1p3 as its documentation shows it, with cached keys."""

from __future__ import annotations

import json
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from flask import Flask, Response, request
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.names_roles import NamesRolesProvisioningService
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.tool_config import ToolConfDict


class Memory:
    """A cache of the kind that PyLTI1p3 takes, without its time limits: nothing is faster."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self._kept.get(key)

    def set(self, key: str, value: Any, _seconds: int | None = None) -> None:
        self._kept[key] = value


class KeySetOnly(requests.Session):
    """Answers the key set without a network."""

    def __init__(self, key_set: dict[str, Any]) -> None:
        super().__init__()
        self._body = json.dumps(key_set).encode()

    def get(self, _url: Any, **_options: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer._content = 200, self._body
        return answer


def plain_application(
    *, issuer: str, client_id: str, deployment_id: str, key_set: dict[str, Any]
) -> Flask:
    """``/login`` and ``/launch``; the launch answers 302 once the message is valid."""
    app = Flask("plain")
    app.secret_key = "bench"
    storage, http = Memory(), KeySetOnly(key_set)
    config = ToolConfDict(
        {
            issuer: [
                {
                    "default": True,
                    "client_id": client_id,
                    "auth_login_url": f"{issuer}/mod/lti/auth.php",
                    "auth_token_url": f"{issuer}/mod/lti/token.php",
                    "key_set_url": f"{issuer}/mod/lti/certs.php",
                    "deployment_ids": [deployment_id],
                }
            ]
        }
    )

    @app.post("/login")
    def login() -> Response:
        flow = FlaskOIDCLogin(
            FlaskRequest(), config, launch_data_storage=FlaskCacheDataStorage(storage)
        )
        found: Response = flow.redirect(request.form["target_link_uri"])
        return found

    @app.post("/launch")
    def launch() -> Any:
        kept = FlaskCacheDataStorage(storage)
        message = FlaskMessageLaunch(
            FlaskRequest(), config, launch_data_storage=kept, requests_session=http
        )
        message.set_public_key_caching(kept, 7200)
        message.validate()
        return Response(status=302, headers={"Location": f"/home/{message.get_launch_id()}"})

    return app


def read_roster(url: str, token_url: str) -> list[Any]:
    """Everybody on a roster as PyLTI1p3 reads it: all pages into one list."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    registration = Registration()
    registration.set_client_id("bench").set_auth_token_url(token_url)
    registration.set_tool_private_key(pem)
    connector = ServiceConnector(registration, requests.Session())
    service = NamesRolesProvisioningService(connector, {"context_memberships_url": url})
    found: list[Any] = service.get_members()
    return found
