"""Chromium as a person has it who never touched a setting, except that third-party cookies are off.

Nothing is downloaded: it is the browser of this machine (tests/support/requires.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.support.requires import chromium, require

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # The end of third-party cookies, as Chromium's own switch for trying it. Contexts of a fresh
    # profile block them already; this says so whatever the version. A test proves it.
    "--test-third-party-cookie-phaseout",
)
DESK = {"width": 1100, "height": 900}
PHONE = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 640}
PATIENCE = 15_000
open_browsers: list["Browser"] = []


@contextmanager
def chrome() -> Iterator["Browser"]:
    """Start a browser; skips with the reason where there is none."""
    require("browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        open_browsers.append(browser)
        try:
            yield browser
        finally:
            open_browsers.remove(browser)
            browser.close()


def new_person(browser: "Browser", **wishes: Any) -> "BrowserContext":
    """A browser of one person: own cookies, a desk's size, English, unless wished otherwise."""
    wishes.setdefault("viewport", DESK)
    wishes.setdefault("locale", "en-GB")
    context = browser.new_context(**wishes)
    context.set_default_timeout(PATIENCE)
    return context


def signed_in_page(browser: "Browser", base_url: str, cookies: Any, **wishes: Any) -> "Page":
    """A page that carries the session of somebody who came in before (requests' cookies)."""
    context = new_person(browser, base_url=base_url, **wishes)
    context.add_cookies(
        [
            {"name": one.name, "value": one.value, "url": base_url, "secure": True}
            for one in cookies
            if one.value
        ]
    )
    return context.new_page()
