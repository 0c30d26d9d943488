"""A small strict LTI tool with its own server: what the platform says is checked with PyJWT."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, Response, jsonify, redirect, request
from jwt.algorithms import RSAAlgorithm
from markupsafe import escape
from werkzeug.serving import WSGIRequestHandler, make_server

from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Tool
from plugin.practice.lms.tokens import ASSERTION_TYPE

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


@dataclass
class StrictTool:
    """Keeps what it began (`begun`: state -> nonce) and the claims that it let in."""

    base_url: str
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    kid: str = "tool-1"
    platform: Platform | None = None
    registration: Tool | None = None
    begun: dict[str, str] = field(default_factory=dict)
    launches: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, str | None] = field(default_factory=dict)
    goes_on_by_itself: bool = False
    chooses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def lms(self) -> Platform:
        assert self.platform is not None
        return self.platform

    @property
    def me(self) -> Tool:
        assert self.registration is not None
        return self.registration

    @property
    def launch_url(self) -> str:
        return f"{self.base_url}/launch"

    def key_set(self) -> dict[str, Any]:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def authorization_url(self, form: dict[str, str]) -> str:
        """The authentication request for a login initiation; `changes` spoils single values."""
        assert form["iss"] == self.lms.issuer
        assert form["client_id"] == self.me.client_id
        state, nonce = secrets.token_urlsafe(), secrets.token_urlsafe()
        self.begun[state] = nonce
        asked: dict[str, str | None] = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": form["client_id"],
            "redirect_uri": self.launch_url,
            "login_hint": form["login_hint"],
            "lti_message_hint": form["lti_message_hint"],
            "state": state,
            "nonce": nonce,
            **self.changes,
        }
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return f"{self.lms.authorization_url}?{query}"

    def let_in(self, form: dict[str, str]) -> dict[str, Any]:
        nonce = self.begun.pop(form["state"])
        header = jwt.get_unverified_header(form["id_token"])
        keys = jwt.PyJWKSet.from_dict(_get(self.lms.key_set_url).json())
        claims: dict[str, Any] = jwt.decode(
            form["id_token"],
            keys[header["kid"]],
            algorithms=["RS256"],
            audience=self.me.client_id,
            issuer=self.lms.issuer,
            options={"require": ["exp", "iat", "nonce", "sub", "aud", "iss"]},
        )
        assert claims["nonce"] == nonce
        assert claims[f"{LTI}version"] == "1.3.0"
        assert claims[f"{LTI}deployment_id"] == self.me.deployment_id
        self.launches.append(claims)
        return claims

    def signed(self, claims: dict[str, Any], **headers: Any) -> str:
        return jwt.encode(claims, self.key, "RS256", headers={"kid": self.kid, **headers})

    def selection(self, items: list[dict[str, Any]], **changes: Any) -> str:
        now = self.lms.clock.timestamp()
        claims = {
            "iss": self.me.client_id,
            "aud": [self.lms.issuer],
            "iat": now,
            "exp": now + 600,
            "nonce": secrets.token_urlsafe(),
            f"{LTI}deployment_id": self.me.deployment_id,
            f"{LTI}message_type": "LtiDeepLinkingResponse",
            f"{LTI}version": "1.3.0",
            f"{DL}content_items": items,
            f"{DL}data": None,
            **changes,
        }
        return self.signed(claims)

    def assertion(self, **changes: Any) -> str:
        now = self.lms.clock.timestamp()
        claims = {
            "iss": self.me.client_id,
            "sub": self.me.client_id,
            "aud": self.lms.token_url,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(),
            **changes,
        }
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def ask_token(self, *scopes: str, **changes: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": changes.pop("client_assertion", None) or self.assertion(),
            "scope": " ".join(scopes),
            **changes,
        }
        return requests.post(self.lms.token_url, form, timeout=10)

    def token(self, *scopes: str) -> str:
        answer = self.ask_token(*scopes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


def _get(url: str) -> requests.Response:
    return requests.get(url, timeout=10)


def _app(tool: StrictTool) -> Flask:
    app = Flask(__name__)

    @app.post("/login")
    def login() -> Any:
        url = tool.authorization_url(request.form.to_dict())
        if tool.goes_on_by_itself:
            # A page of the tool sends the browser on: the LMS's Lax cookie stays at home.
            return f'<meta http-equiv="refresh" content="0;url={escape(url)}">'
        answer = redirect(url)
        answer.set_cookie("tool", "begun", secure=True, samesite="None", partitioned=True)
        return answer

    @app.post("/launch")
    def launch() -> Any:
        if "error" in request.form:
            return Response(request.form["error_description"], 403)
        if not tool.goes_on_by_itself and request.cookies.get("tool") != "begun":
            return Response("the cookie of the login is not here", 403)
        claims = tool.let_in(request.form.to_dict())
        settings = claims.get(f"{DL}deep_linking_settings")
        if settings is None:
            return f"<p>Hello {claims.get('name', 'you')}</p>"
        return (
            f'<form method="post" action="{escape(settings["deep_link_return_url"])}">'
            f'<input type="hidden" name="JWT" value="{tool.selection(tool.chooses)}">'
            "<button>Choose</button></form>"
        )

    @app.get("/jwks")
    def jwks() -> Any:
        return jsonify(tool.key_set())

    return app


@contextmanager
def running_tool() -> Iterator[StrictTool]:
    """On localhost, so that a browser sees another site than the LMS on 127.0.0.1."""
    tool = StrictTool("")
    server = make_server("127.0.0.1", 0, _app(tool), threaded=True, request_handler=Quiet)
    tool.base_url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield tool
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
