"""The tool in a frame on another site, in a real Chromium that blocks third-party cookies."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from plugin.practice.lms import queries
from tests.plugin.practice.lms.conftest import Place

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(place: Place, chromium_browser: "Browser") -> Iterator["Page"]:
    person = chromium_browser.new_context()
    page = person.new_page()
    page.goto(place.lms.base_url)
    yield page
    person.close()


def become(page: "Page", name: str) -> None:
    page.get_by_role("button", name=name).click()
    page.get_by_role("heading", name="My courses").wait_for()


@pytest.mark.parametrize("goes_on_by_itself", [False, True])
def test_a_learner_opens_the_tool_in_a_frame(
    place: Place, page: "Page", goes_on_by_itself: bool
) -> None:
    place.tool.goes_on_by_itself = goes_on_by_itself
    become(page, "Ada Test")
    page.get_by_role("link", name="Biology").click()
    page.get_by_role("link", name="Mentoring").click()
    page.frame_locator("iframe").get_by_text("Hello Ada Test").wait_for()


def test_a_learner_opens_the_tool_in_a_new_window(place: Place, page: "Page") -> None:
    become(page, "Ada Test")
    page.goto(f"{place.lms.base_url}/activity/{place.activity.id}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open in a new window").click()
    opened.value.get_by_text("Hello Ada Test").wait_for()


def test_a_teacher_chooses_content_and_is_back_in_the_course(place: Place, page: "Page") -> None:
    place.tool.chooses = [{"type": "ltiResourceLink", "title": "Peer review"}]
    become(page, "Tessa Test")
    page.get_by_role("link", name="Biology").click()
    page.get_by_role("link", name="Choose content from Strict tool").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Choose").click()
    frame.get_by_role("link", name="Back to Biology").click()
    page.get_by_role("link", name="Peer review").first.wait_for()
    with place.lms.store.reading() as db:
        assert len(queries.activities(db, place.course.id)) == 2
