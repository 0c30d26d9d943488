"""In a real Chromium: our cookie inside another site's frame, the new tab without it, keyboard,
narrow and right-to-left pages. ``localhost`` and ``127.0.0.1`` are two sites to a browser.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from plugin.app import Composition, create_app
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import door
from plugin.web.session import sign_in

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, BrowserContext, Page

Wsgi = Callable[..., Any]


@contextmanager
def serving(host: str, app: Wsgi) -> Iterator[str]:
    server: BaseWSGIServer = make_server(host, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Place:
    """An LMS page on one site that frames Lantern on another."""

    lms: str
    stranger: str
    lantern: str
    course: people.Context


@pytest.fixture
def browser(chromium_browser: Browser) -> Iterator[Browser]:
    """The process's Chromium; whoever came in for a test leaves with it."""
    others = set(chromium_browser.contexts)
    yield chromium_browser
    for context in set(chromium_browser.contexts) - others:
        context.close()


@pytest.fixture
def place(
    composition: Composition, services: Services, community: people.Community
) -> Iterator[Place]:
    with services.units.community(community.id) as uow:
        person = people.admit(
            uow, issuer="https://lms.example", subject="7", kind="lti", display_name="Amina Diallo"
        )
        course = people.context_for(
            uow, issuer="https://lms.example", external_id="c1", kind="course", title="Statistics"
        )
        uow.commit()
    origin = {"lms": ""}
    app = create_app(composition.settings, composition=composition)

    def launch() -> Response:
        response = sign_in(
            community_id=community.id,
            person_id=person.id,
            grants=[(course.id, "learner")],
            frame_ancestor=origin["lms"],
            next_url=f"/c/{course.handle}/",
        )
        if "forgetful" in request.args:
            response.headers.remove("Set-Cookie")
        return response

    app.add_url_rule("/test/launch", view_func=door.public(launch))
    with serving("127.0.0.1", app) as lantern:
        settings = replace(services.settings, base_url=lantern)  # type: ignore[type-var]
        app.extensions["lantern.services"] = replace(services, settings=settings)
        with serving("localhost", _framing(lantern)) as lms:
            origin["lms"] = lms
            with serving("localhost", _framing(lantern)) as stranger:
                yield Place(lms, stranger, lantern, course)


def _framing(lantern: str) -> Wsgi:
    app = Flask("lms")
    page = '<!doctype html><title>LMS</title><iframe src="%s" width=700 height=900>'
    app.add_url_rule("/", "plain", lambda: page % f"{lantern}/test/launch")
    app.add_url_rule("/forgetful", "none", lambda: page % f"{lantern}/test/launch?forgetful=1")
    return app


def frame_of(page: Page, lantern: str) -> Any:
    page.wait_for_load_state("networkidle")
    return next(frame for frame in page.frames if frame.url.startswith(lantern))


@pytest.mark.parametrize("scripts", [True, False])
def test_cookie_works_in_a_frame_with_third_party_cookies_blocked(
    browser: Browser, place: Place, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(place.lms)
    frame = frame_of(page, place.lantern)
    assert frame.locator("h1").inner_text() == "Statistics"
    assert frame.locator("header.bar").count() == 0
    frame.get_by_role("link", name="My profile").click()
    frame.get_by_label("Your name, as others see it").fill("Amina D.")
    frame.get_by_role("button", name="Save").click()
    frame.get_by_text("Saved.").wait_for()
    assert [c for c in complaints if "Content Security Policy" in c] == []
    cookie = next(c for c in context.cookies(place.lantern) if c["name"] == "lantern")
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "None"
    assert cookie.get("partitionKey", "").startswith("http://localhost")
    context.close()


def test_another_site_may_not_frame_a_signed_in_page(browser: Browser, place: Place) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(place.lms)
    frame_of(page, place.lantern)
    other = context.new_page()
    refused: list[str] = []
    other.on("console", lambda message: refused.append(message.text))
    other.goto(place.stranger)
    other.wait_for_load_state("networkidle")
    assert any("frame-ancestors" in text for text in refused)
    context.close()


def test_where_no_cookie_is_kept_a_new_tab_goes_on(browser: Browser, place: Place) -> None:
    """The launch's cookie is taken out on its way, as a browser does that keeps none."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{place.lms}/forgetful")
    frame = frame_of(page, place.lantern)
    assert frame.locator("h1").inner_text() == "Open Lantern in a tab of its own"
    with context.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new tab").click()
    tab = opened.value
    tab.wait_for_load_state("networkidle")
    assert tab.url == f"{place.lantern}/c/{place.course.handle}/"
    assert tab.locator("h1").inner_text() == "Statistics"
    tab.reload()
    assert tab.locator("h1").inner_text() == "Statistics"
    context.close()


@pytest.fixture
def member(browser: Browser, place: Place) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{place.lantern}/test/launch")
    yield context, page
    context.close()


PATHS = ("/", "/profile", "/your-time", "/privacy", "/no/such/page", "/admin/")


@pytest.mark.parametrize("language", ["en", "ar-XB"])
def test_nothing_is_wider_than_a_narrow_frame(
    place: Place, member: tuple[BrowserContext, Page], services: Services, language: str
) -> None:
    _context, page = member
    with services.units.system_reading() as uow:
        community = people.communities(uow)[0]
    with services.units.community(community.id) as uow:
        from plugin.people.models import Person

        for row in uow.session.query(Person):
            row.locale = language
        uow.commit()
    for path in PATHS:
        page.goto(place.lantern + path)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0, path
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language != "en" else "ltr")


def test_keyboard_reaches_the_content_first_and_targets_are_large(
    place: Place, member: tuple[BrowserContext, Page]
) -> None:
    _context, page = member
    page.goto(place.lantern + "/profile")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .form-control, .form-select, .foot a')]
        .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
    )
    assert small == []
