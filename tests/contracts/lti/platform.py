"""A platform made of keys and templates: it turns a case of cases.json into real requests."""

import base64
import copy
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import responses
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.clock import FixedClock

SPEC: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "cases.json").read_text(encoding="utf-8")
)
TOOL = "https://tool.example"
TARGET = f"{TOOL}/lti/launch"


def _pair(bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=bits)


KEYS = {"K1": _pair(), "K2": _pair(), "ATTACKER": _pair(), "ROTATED": _pair(), "WEAK": _pair(1024)}


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk(key: RSAPrivateKey, kid: str, alg: str | None = "RS256") -> dict[str, Any]:
    found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    found.update(kid=kid, use="sig")
    if alg:
        found["alg"] = alg
    return found


@dataclass
class KeySetServer:
    """What the platforms' key set addresses answer; ``mode`` is a case's ``jwks``."""

    mode: str = "normal"
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Any) -> tuple[int, dict[str, str], str]:
        self.asked.append(request.url)
        kid = "K2" if "moodle" in request.url else "K1"
        shown = [jwk(KEYS[kid], kid)]
        match self.mode:
            case "http500":
                return 500, {}, '{"error": "oops"}'
            case "nokeys":
                return 200, {}, '{"errors": ["x"]}'
            case "hang":
                raise responses.ConnectionError("timed out")
            case "no_alg":
                shown = [jwk(KEYS[kid], kid, None)]
            case "rotate":
                shown = [jwk(KEYS["ROTATED"], "ROTATED")]
            case "weak":
                shown = [jwk(KEYS["WEAK"], kid)]
            case "mixed":
                curve = ec.generate_private_key(ec.SECP256R1()).public_key()
                other = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(curve))
                other.update(kid="ec1", alg="ES256")
                broken = {"kty": "RSA", "kid": "broken"}
                shown = [other, {"kty": "XYZ", "kid": "zz"}, broken, *shown]
        return 200, {}, json.dumps({"keys": shown})


@dataclass
class Browser:
    """One browser: its cookies, and the two requests of a launch."""

    client: FlaskClient

    def login(self, form: dict[str, str], method: str = "POST") -> TestResponse:
        if method == "GET":
            return self.client.get("/lti/login", query_string=form, base_url=TOOL)
        return self.client.post("/lti/login", data=form, base_url=TOOL)

    def launch(self, form: dict[str, str], method: str = "POST", **headers: str) -> TestResponse:
        if method == "GET":
            return self.client.get("/lti/launch", query_string=form, base_url=TOOL)
        return self.client.post("/lti/launch", data=form, base_url=TOOL, headers=headers)


def sent_on(response: TestResponse) -> dict[str, str]:
    """The parameters of the authentication request that a login answered with."""
    assert response.status_code in (302, 303), response.get_data(as_text=True)
    return dict(parse_qsl(urlsplit(response.location).query))


@dataclass
class Runner:
    """Runs one case against an application."""

    app: Flask
    clock: FixedClock
    key_sets: KeySetServer

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def platform(self, case: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = SPEC["platforms"][case.get("platform", "canvas1")]
        return found

    def fill(self, value: Any, case: dict[str, Any], nonce: str = "") -> Any:
        """A template with its names and times filled in."""
        platform = self.platform(case)
        names = {
            "iss": platform["iss"],
            "client_id": platform["client_id"],
            "deployment_id": platform["deployment_ids"][0],
            "target_link_uri": TARGET,
            "tool_base": TOOL,
            "nonce": nonce,
        }
        if isinstance(value, dict):
            if set(value) == {"$now"}:
                return int(self.clock.now().timestamp()) + value["$now"]
            return {name: self.fill(one, case, nonce) for name, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one, case, nonce) for one in value]
        if isinstance(value, str):
            for name, text in names.items():
                value = value.replace("{" + name + "}", text)
        return value

    def login_form(self, case: dict[str, Any]) -> dict[str, str]:
        form: dict[str, str] = self.fill(SPEC["login"], case)
        return form

    def payload(self, case: dict[str, Any], nonce: str) -> Any:
        if "payload" in case:
            return case["payload"]
        base = SPEC["bases"][case.get("base", "student")]
        found = self.fill(copy.deepcopy(base), case, nonce)
        if "keep" in case:
            found = {name: value for name, value in found.items() if name in case["keep"]}
        for name in case.get("remove", []):
            found.pop(name, None)
        found.update(self.fill(case.get("set", {}), case, nonce))
        for *path, value in case.get("set_path", []):
            inner = found
            for name in path[:-1]:
                inner = inner[name]
            if value is None:
                inner.pop(path[-1], None)
            else:
                inner[path[-1]] = value
        return found

    def token(self, case: dict[str, Any], nonce: str) -> str:
        """The id_token of a case, signed, forged or tampered with as it says."""
        kid = "ROTATED" if case.get("jwks") == "rotate" else self.platform(case)["key"]
        header = {"kid": kid, "typ": "JWT", **case.get("header_set", {})}
        for name in case.get("header_remove", []):
            header.pop(name)
        payload = self.payload(case, nonce)
        key, alg = KEYS[kid], "RS256"
        match case.get("sign", "platform"):
            case "none":
                return self._parts({**header, "alg": "none"}, payload) + "."
            case "hs256_pub":
                head = self._parts({**header, "alg": "HS256"}, payload)
                pem = key.public_key().public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
                return f"{head}.{_b64(hmac.new(pem, head.encode(), hashlib.sha256).digest())}"
            case "attacker":
                key = KEYS["ATTACKER"]
            case "attacker_jwk":
                key = KEYS["ATTACKER"]
                header["jwk"] = jwk(key, kid)
            case "weak1024":
                key = KEYS["WEAK"]
            case "rs384":
                alg = "RS384"
        head = self._parts({**header, "alg": alg}, payload)
        digest = hashes.SHA384() if alg == "RS384" else hashes.SHA256()
        signature = _b64(key.sign(head.encode(), padding.PKCS1v15(), digest))
        if "tamper" in case:
            head = self._parts({**header, "alg": alg}, {**payload, **case["tamper"]})
        return f"{head}.{signature}"

    @staticmethod
    def _parts(header: dict[str, Any], payload: Any) -> str:
        return ".".join(_b64(json.dumps(part).encode()) for part in (header, payload))

    def launch(self, case: dict[str, Any]) -> TestResponse:
        """Login and launch as the case says; the answer to its last request."""
        browser, login = self.browser(), self.login_form(case)
        started = sent_on(browser.login(login))
        nonce = started["nonce"]
        if case.get("interleave"):
            sent_on(browser.login(login))
        if case.get("nonce_from") == "second_login":
            nonce = sent_on(browser.login(login))["nonce"]
        if case.get("nonce_from") == "other_browser":
            nonce = sent_on(self.browser().login(login))["nonce"]
        if case.get("jwks") == "rotate":  # the tool has the old key in its cache
            assert self.launch({"base": "student"}).status_code == 303
        self.key_sets.mode = "weak" if case.get("sign") == "weak1024" else case.get("jwks", "")
        form = {"state": started["state"], "id_token": self.token(case, nonce)}
        for name in case.get("form_remove", []):
            form.pop(name)
        form.update(case.get("form_set", {}))
        sender = self.browser() if case.get("browser") == "other" else browser
        answer = sender.launch(form, case.get("method", "POST"))
        match case.get("repeat"):
            case None:
                return answer
            case "same_form":
                assert answer.status_code == 303
                return browser.launch(form)
            case "same_nonce_new_token":
                assert answer.status_code == 303
                return browser.launch({**form, "id_token": self.token(case, nonce)})
            case "same_nonce_new_state":
                assert answer.status_code == 303
                state = sent_on(browser.login(login))["state"]
                return browser.launch({"state": state, "id_token": self.token(case, nonce)})
            case other:
                raise ValueError(other)
