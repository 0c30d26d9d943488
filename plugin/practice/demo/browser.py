"""One person's browser: cookies, redirects, forms. A refusal is told in the page's words."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urljoin

import requests

from plugin.practice.demo.forms import Answer, Form, NotOnThePage, Page, read_page
from plugin.practice.lms.visitor import TIMEOUT_SECONDS, tool_browser

Found = TypeVar("Found")
EXCERPT = 600


class DoorClosed(RuntimeError):
    """A page answered with a refusal; the message is what a person would read."""


class Browser:
    """Keeps the cookies of every site it visits, Secure ones of http://localhost too."""

    def __init__(self, base_url: str, *, language: str = "en") -> None:
        self.base_url = base_url
        self.session = tool_browser()
        self.session.headers["Accept-Language"] = language

    def get(self, address: str) -> Page:
        """Open an address or a path of the start site."""
        return self._page(
            self.session.get(urljoin(self.base_url, address), timeout=TIMEOUT_SECONDS)
        )

    def submit(
        self,
        page: Page,
        form: Form,
        answers: Mapping[str, Answer] | None = None,
        *,
        button: tuple[str, str] | None = None,
        last: bool = False,
    ) -> Page:
        """Send a form of a page and follow to where it leads; ``last``: close the tab then."""
        sent = form.filled(answers or {}, button)
        address = urljoin(page.url, form.action or page.url)
        if form.method == "get":
            answer = self.session.get(address, params=sent, timeout=TIMEOUT_SECONDS)
        elif form.multipart:
            parts = [(name, (None, value)) for name, value in sent]
            answer = self.session.post(address, files=parts, timeout=TIMEOUT_SECONDS)
        else:
            answer = self.session.post(
                address, data=sent, timeout=TIMEOUT_SECONDS, allow_redirects=not last
            )
        return self._page(answer)

    def arrive(self, answer: requests.Response) -> str:
        """Keep the sign-in of a launch; return where it would lead, without going there."""
        if not answer.is_redirect:
            self._page(answer)  # says what was refused
        here = urljoin(answer.url, answer.headers["Location"])
        arrived = self.session.get(here, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        if not arrived.is_redirect:
            raise DoorClosed(f"no way on from {here}: {self._page(arrived).text[:EXCERPT]}")
        return urljoin(here, arrived.headers["Location"])

    def follow(self, answer: requests.Response) -> Page:
        """Go on from a response that was not followed."""
        if answer.is_redirect:
            return self.get(urljoin(answer.url, answer.headers["Location"]))
        return self._page(answer)

    def close(self) -> None:
        self.session.close()

    def _page(self, answer: requests.Response) -> Page:
        page = read_page(answer.url, answer.status_code, answer.text)
        if answer.status_code >= 400:
            raise DoorClosed(f"{answer.status_code} at {answer.url}: {page.text[:EXCERPT]}")
        return page


def until(look: Callable[[], Found | None], what: str, *, seconds: float = 30) -> Found:
    """Look again until something is there; a worker may need a moment."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except NotOnThePage:
            found = None
        if found is not None and found is not False:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"after {seconds:.0f} s there is still no {what}")
        time.sleep(0.1)
