"""Every page of the main path: what axe finds, 320 px, right-to-left, no scripts, no mouse.

The world is walked without a screen (support/quick.py); here the pages alone are looked at.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.support import quick
from tests.browser.support.axe import complaints, contrast
from tests.browser.support.chromium import DESK, NARROW, new_person, signed_in_page
from tests.browser.support.course import open_campus, open_in_course
from tests.browser.support.gallery import Viewer, walk
from tests.browser.support.story import Story
from tests.support.requires import require
from tests.support.world import running_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("main-path-pages")
# Colours are tokens: the pages that together use every one of them.
IN_THE_DARK = {
    "home-mentor-asked",
    "join",
    "programme-people",
    "matching-draft",
    "mail-accept",
    "pair-running",
    "your-time",
    "review-grid",
    "credential-public",
}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

FOCUS = """() => {
  const at = document.activeElement, around = at.closest("label");
  const seen = one => one && getComputedStyle(one).outlineStyle !== "none";
  return [at.name || "", at.innerText || "", Boolean(seen(at) || seen(around))];
}"""


@pytest.fixture(scope="module")
def story(world_folder: Path, empty_database: Path, chromium_browser: "Browser") -> Iterator[Story]:
    with running_world(world_folder, empty_database.read_bytes()) as world:
        begun = Story(world, chromium_browser, open_campus(world))
        quick.start(begun)
        yield begun
        begun.close()


def test_every_page_is_accessible_and_fits_320_px(
    tmp_path: Path, empty_database: Path, chromium_browser: "Browser"
) -> None:
    require("node")
    wrong: dict[str, list[str]] = {}
    light = Viewer(chromium_browser, viewport=NARROW, color_scheme="light")
    dark = Viewer(chromium_browser, viewport=DESK, color_scheme="dark")
    with running_world(tmp_path, empty_database.read_bytes()) as world:
        for story, shown in walk(world, chromium_browser):
            narrow = light.open(story, shown)
            found = complaints(narrow)
            if shown.name in IN_THE_DARK:
                found += contrast(dark.open(story, shown))
            if (wider := narrow.evaluate(WIDER)) > 0:
                found.append(f"{wider} px wider than the screen")
            if found:
                wrong[shown.name] = found
    light.close()
    dark.close()
    assert wrong == {}


def test_third_party_cookies_are_blocked_here(story: Story) -> None:
    """What the other tests rely on: an unpartitioned cookie of the frame's site is refused."""
    page = story.desk_of("tessa")
    open_in_course(page, story.campus, "tessa")
    frame = next(frame for frame in page.frames if frame.url.startswith(story.world.base_url))
    frame.evaluate("document.cookie = 'probe=1; SameSite=None; Secure; Path=/'")
    assert "probe" not in frame.evaluate("document.cookie")
    cookies = {one["name"]: one for one in page.context.cookies(story.world.base_url)}
    assert "probe" not in cookies
    assert cookies["lantern"]["partitionKey"]
    own = story.desk()
    own.goto("/sign-in")  # the same on a page of its own is kept, so the probe is a good one
    own.evaluate("document.cookie = 'probe=1; SameSite=None; Secure; Path=/'")
    assert "probe" in own.evaluate("document.cookie")


def test_joining_needs_no_mouse(story: Story) -> None:
    quick.come(story, "ben")
    page = story.page_of("ben")
    page.goto(f"{story.programme}/join")
    keys = page.keyboard
    _tab_to(page, "side")
    keys.press("Space")
    _tab_to(page, "skills")
    keys.type("SQL")
    _tab_to(page, "when")
    keys.press("Space")
    _tab_to(page, "sentence")
    keys.type("I have no mouse.")
    _tab_to(page, "", words="Join")
    keys.press("Enter")
    page.get_by_text("Thank you, you are in.").wait_for()


def _tab_to(page: "Page", name: str, words: str = "") -> None:
    """Press Tab until the question of this name, or the button with these words, has the focus."""
    for _turn in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if (name and at[0] == name) or (words and at[1].strip() == words):
            assert at[2], f"nobody sees where the focus is: {at}"
            return
    raise AssertionError(f"Tab never came to {name or words}")


def test_joining_and_reviewing_need_no_script(story: Story) -> None:
    for key in ("ada", "cleo", "eva"):
        quick.come(story, key)
    page = story.fresh_page_of("ada", java_script_enabled=False)
    page.goto(f"{story.programme}/join")
    page.get_by_label("I want to learn").check()
    page.get_by_role("checkbox", name="Monday 18–22").check()
    page.get_by_role("button", name="Join").click()
    page.get_by_text("Thank you, you are in.").wait_for()
    quick.set_task(story)
    for key in ("cleo", "eva"):
        story.guests[key].hand_in(story.activity, quick.TEXT)
    page.goto(story.activity)
    page.get_by_label("A text").fill("Written without a script.")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Take a review").click()
    for part in page.locator(".criterion").all():
        part.locator("textarea").fill("In the second line.")
        part.get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Save and go on later").click()
    page.get_by_text("Saved").first.wait_for()
    page.get_by_role("button", name="Send the review").click()
    page.get_by_text("You still owe 1 review").wait_for()


def test_a_page_can_be_read_from_right_to_left(story: Story) -> None:
    page = new_person(
        story.browser, base_url=story.world.base_url, viewport=NARROW, locale="ar-XB"
    ).new_page()
    for path in ("/sign-in?language=ar-XB", f"{story.invitation}?language=ar-XB"):
        page.goto(path)
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert page.evaluate(WIDER) <= 0
        heading, column = (page.locator(one).first.bounding_box() for one in ("h1", "main"))
        assert heading is not None
        assert column is not None
        assert heading["x"] + heading["width"] >= column["x"] + column["width"] - 20
        assert complaints(page) == []
    page.context.close()


def test_nobody_else_reads_what_belongs_to_one(story: Story) -> None:
    """A stranger with the address is asked to sign in; nothing of the page is in the answer."""
    page = story.desk()
    answer = page.goto(story.programme)
    assert answer is not None
    assert answer.status == 401
    assert "Mentoring in Databases" not in page.content()


def test_a_page_that_was_open_elsewhere_survives_back_and_reload(story: Story) -> None:
    quick.come(story, "cleo")
    page = signed_in_page(
        story.browser, story.world.base_url, story.guests["cleo"].browser.session.cookies
    )
    page.goto(f"{story.programme}/join")
    page.get_by_label("I want to learn").check()
    page.get_by_role("checkbox", name="Tuesday 18–22").check()
    page.get_by_role("button", name="Join").click()
    page.get_by_text("Thank you, you are in.").wait_for()
    page.reload()
    page.get_by_role("heading", name="You are in").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Join: Mentoring in Databases").wait_for()
    page.context.close()
