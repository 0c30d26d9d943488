"""A person's browser as far as the protocol needs it: cookies and forms, no JavaScript.

The demo and the tests launch with it through the real pages; nothing here reads the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookiejar import Cookie
from typing import Any
from urllib.parse import urljoin

import requests

TIMEOUT_SECONDS = 60


class _LoopbackCookies(requests.cookies.RequestsCookieJar):
    """Browsers send Secure cookies to http://localhost and 127.0.0.1, `requests` does not."""

    def set_cookie(self, cookie: Cookie, *args: Any, **more: Any) -> None:
        cookie.secure = cookie.secure and not cookie.domain.startswith(("localhost", "127."))
        super().set_cookie(cookie, *args, **more)


def tool_browser() -> requests.Session:
    """Keeps the cookies of the tool's site, Secure ones of http://localhost too."""
    session = requests.Session()
    session.trust_env = False
    session.cookies = _LoopbackCookies()
    return session


class NoForm(LookupError):
    """The LMS answered with a page instead of a form; the message is its text."""


@dataclass(frozen=True)
class PostedForm:
    """What a browser would post next."""

    action: str
    fields: dict[str, str]


class Visitor:
    """Signed in as one person, with the cookies of one browser."""

    def __init__(self, base_url: str, user_id: int) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        # The LMS is on this machine: a proxy of the environment has no business here.
        self.session.trust_env = False
        self.session.cookies = _LoopbackCookies()
        self.become(user_id)

    def become(self, user_id: int) -> None:
        self.post("/sign-in", {"user_id": str(user_id)})

    def close(self) -> None:
        self.session.close()

    def get(self, path: str) -> requests.Response:
        return self.session.get(urljoin(self.base_url, path), timeout=TIMEOUT_SECONDS)

    def post(self, path: str, fields: dict[str, str]) -> requests.Response:
        return self.session.post(urljoin(self.base_url, path), fields, timeout=TIMEOUT_SECONDS)

    def open_activity(self, activity_id: int, *, target: str = "iframe") -> PostedForm:
        """The login initiation that the activity page sends to the tool."""
        return self._form(self.get(f"/activity/{activity_id}/launch?target={target}"))

    def choose_content(self, course_id: int, tool_id: int) -> PostedForm:
        """The login initiation of a selection (deep linking)."""
        return self._form(self.get(f"/course/{course_id}/select/{tool_id}/launch"))

    def follow(self, authorization_url: str) -> PostedForm:
        """Go where the tool's login sent the browser; answers the form for the redirect URI."""
        return self._form(self.get(authorization_url))

    def launch(self, login: PostedForm, browser: requests.Session) -> requests.Response:
        """Carry a login initiation through a real tool; `browser` keeps the tool's cookies."""
        sent = browser.post(
            login.action, login.fields, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
        onward = sent.headers.get("Location") or self._link_to_us(sent.text)
        if onward is None:
            raise NoForm(f"the tool answered {sent.status_code} to the login: {sent.text[:500]}")
        answer = self.follow(urljoin(login.action, onward))
        return browser.post(
            answer.action, answer.fields, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )

    def _link_to_us(self, page: str) -> str | None:
        """A tool's page on the way to us (it may use the platform's storage first)."""
        reader = _Reader()
        reader.feed(page)
        return next((url for url in reader.links if url.startswith(self.base_url)), None)

    def _form(self, response: requests.Response) -> PostedForm:
        reader = _Reader()
        reader.feed(response.text)
        if response.status_code != 200 or reader.action is None:
            text = " ".join(" ".join(reader.text).split())
            raise NoForm(f"{response.status_code} {text[:500]}")
        return PostedForm(reader.action, reader.fields)


class _Reader(HTMLParser):
    """The form that submits itself (`id="continue"`), and the text of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("id") == "continue":
            self.action = found.get("action")
        elif tag == "a":
            self.links.append(found.get("href") or "")
        elif tag == "input" and self.action is not None:
            self.fields[found.get("name") or ""] = found.get("value") or ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
