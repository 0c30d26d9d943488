"""A platform made of lti-consumer-xblock (Open edX) that launches a running Lantern.

Runs in an environment of its own (AGPL: never a dependency of ours) and talks to Lantern over HTTP
only. Its argument is JSON: lantern, port, client_id, deployment_id. It serves its key set, tokens
and a list of people until its standard input ends, and answers each line of that (a JSON command)
with one line of JSON.
"""

import json
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

settings.configure(
    PLATFORM_NAME="Peer",
    SECRET_KEY="peer",
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    INSTALLED_APPS=[],
    DATABASES={},
    USE_TZ=True,
)

from lti_consumer.data import Lti1p3LaunchData  # noqa: E402
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402

NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


class Jar(CookieJar):
    """Keeps Secure cookies of http://localhost, as browsers do."""

    def set_cookie(self, cookie: Any) -> None:
        cookie.secure = False
        super().set_cookie(cookie)


class Stay(urllib.request.HTTPRedirectHandler):
    """Shows redirects instead of following them."""

    def redirect_request(self, *_args: Any) -> None:
        return None


class Hidden(HTMLParser):
    """Hidden fields inside the main part of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.items: list[str] = []
        self.feed(page.split("<main")[-1].split("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found["value"]
        if tag == "input" and found.get("name") == "item":
            self.items.append(found["value"])


class Browser:
    """Cookies and single requests."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(Jar())
        self.step = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar, Stay())
        self.walk = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def ask(
        self, url: str, form: dict[str, str] | None = None, *, follow: bool = False
    ) -> tuple[int, str, str]:
        """Status, address (where it leads or where we are) and text."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        opener = self.walk if follow else self.step
        try:
            with opener.open(urllib.request.Request(url, data), timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as answer:
            leads = answer.headers.get("Location") or url
            return answer.code, urllib.parse.urljoin(url, leads), answer.read().decode()


class Peer:
    """The platform and the people in front of it."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.base = f"http://127.0.0.1:{facts['port']}"
        self.tokens_given = 0
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ).decode()
        self.keys = self.consumer()

    def consumer(self) -> Any:
        lantern = self.facts["lantern"]
        return LtiAdvantageConsumer(
            iss=self.base,
            lti_oidc_url=f"{lantern}/lti/login",
            lti_launch_url=f"{lantern}/lti/launch",
            client_id=self.facts["client_id"],
            deployment_id=self.facts["deployment_id"],
            rsa_key=self.pem,
            rsa_key_id="peer-key",
            redirect_uris=[f"{lantern}/lti/launch"],
            tool_keyset_url=f"{lantern}/lti/jwks",
        )

    def launch(self, command: dict[str, Any]) -> dict[str, Any]:
        """Log somebody in and launch; with ``choose`` a deep linking launch and an answer."""
        consumer, browser = self.consumer(), Browser()
        deep = "choose" in command
        consumer.set_user_data(
            command["user"], command["role"], command.get("name"), command.get("email")
        )
        consumer.set_resource_link_claim("link-1", title="Mentoring")
        consumer.set_context_claim("course-1", None, "Peers at work", "P1")
        consumer.enable_nrps(f"{self.base}/members")
        consumer.enable_deep_linking(
            f"{self.facts['lantern']}/lti/launch", f"{self.base}/deep-linking"
        )
        data = Lti1p3LaunchData(
            user_id=command["user"],
            user_role=command["role"],
            config_id="config-1",
            resource_link_id="link-1",
            message_type="LtiDeepLinkingRequest" if deep else "LtiResourceLinkRequest",
        )
        status, url, text = browser.ask(consumer.prepare_preflight_url(data))
        if status not in (302, 303):
            return {"failed": "login", "status": status, "text": text[-600:]}
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        form = consumer.generate_launch_request(asked)
        status, url, text = browser.ask(f"{self.facts['lantern']}/lti/launch", form)
        if status != 303:
            return {"failed": "launch", "status": status, "text": text[-600:]}
        again = browser.ask(f"{self.facts['lantern']}/lti/launch", form)[0]
        status, url, text = browser.ask(url, follow=True)
        found: dict[str, Any] = {"status": status, "url": url, "replayed": again}
        if deep:
            form = {"item": command["choose"]}
            if command["choose"] == "new review":
                url = f"{url}/new-review"
                text = browser.ask(url, follow=True)[2]
                form = {"title": "Essay", "instructions": "Write."}
            _status, _url, answer = browser.ask(url, {**Hidden(text).fields, **form}, follow=True)
            found["items"] = consumer.check_and_decode_deep_linking_token(
                Hidden(answer).fields["JWT"]
            )
        return found

    def serve(self) -> ThreadingHTTPServer:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: Any) -> None:
                return

            def answer(self, body: Any, kind: str = "application/json", status: int = 200) -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_GET(self) -> None:
                if self.path == "/jwks":
                    self.answer(peer.keys.get_public_keyset())
                elif self.path.startswith("/members"):
                    token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                    peer.keys.check_token(token, [NRPS_SCOPE])
                    self.answer(peer.members())
                else:
                    self.answer({}, status=404)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
                try:
                    given = peer.keys.access_token(form)
                except Exception as error:
                    self.answer({"error": type(error).__name__}, status=400)
                    return
                peer.tokens_given += 1
                self.answer(given)

        server = ThreadingHTTPServer(("127.0.0.1", self.facts["port"]), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def members(self) -> dict[str, Any]:
        listed = [("peer-teacher", "Instructor"), ("peer-learner", "Learner"), ("late", "Learner")]
        return {
            "id": f"{self.base}/members",
            "context": {"id": "course-1"},
            "members": [
                {"user_id": user, "roles": [MEMBERSHIP + role], "status": "Active", "name": user}
                for user, role in listed
            ],
        }


def main() -> None:
    peer = Peer(json.loads(sys.argv[1]))
    server = peer.serve()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        found = peer.launch(command) if command["do"] == "launch" else {"given": peer.tokens_given}
        print(json.dumps(found), flush=True)
    server.shutdown()


main()
