"""A platform is connected, clicked from the first link to “came in”, as Moodle and as Canvas.

The administrator of Lantern and the one of the platform are two people with two browsers; no
third-party cookies. Every page on the way is checked by axe and at 320 px.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugin.practice.lms import seed
from plugin.practice.lms.records import Course, Role
from tests.browser.support.axe import complaints
from tests.browser.support.chromium import NARROW, PHONE, new_person, signed_in_page
from tests.browser.support.gallery import ADMIN
from tests.browser.support.people import by_invitation
from tests.support.world import World, lantern, running_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("register-platform")


@dataclass
class Scene:
    """Both administrators' pages, and a course in which nobody knows Lantern yet."""

    world: World
    browser: "Browser"
    profile: str
    noor: "Page"
    platform: "Page"
    course: Course

    def look(self, page: "Page", name: str) -> None:
        """Axe, 320 px, and a picture where somebody wants to see it."""
        assert complaints(page) == []
        size = page.viewport_size
        for wanted, label in ((NARROW, "320"), (PHONE, "360"), (size, "desk")):
            assert wanted is not None
            page.set_viewport_size(wanted)
            if label == "320":
                width = page.evaluate("document.documentElement.scrollWidth")
                assert width <= NARROW["width"], f"{name} is {width} px wide"
            elif folder := os.environ.get("REGISTER_SHOTS"):
                page.screenshot(
                    path=Path(folder) / f"{self.profile}-{name}-{label}.png", full_page=True
                )


@pytest.fixture(scope="module", params=["moodle", "canvas"])
def scene(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    empty_database: Path,
    chromium_browser: "Browser",
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp(request.param)
    database = empty_database.read_bytes()
    with running_world(folder, database, forum=False, profile=request.param) as world:
        assert world.lms is not None
        store = world.lms.store
        course = seed.add_course(store, label="DB1", title="Databases")
        for key, role in (("tessa", Role.INSTRUCTOR), ("ada", Role.LEARNER)):
            user = seed.add_user(store, username=key, given_name=key.capitalize())
            seed.enrol(store, course.id, user.id, role)
        # the world has registered one tool by hand; the administrator begins without it
        with store.writing() as db:
            db.execute("DELETE FROM tool")
        settings = world.composition.settings
        listed = json.loads(lantern(settings, "lti", "list", "--json"))
        lantern(settings, "lti", "remove", listed["registrations"][0]["registration"], "--yes")
        invited = json.loads(lantern(settings, "admin", "invite", "--json"))["url"]
        guest = by_invitation(world, invited, ADMIN, "Noor Rahman")
        noor = signed_in_page(chromium_browser, world.base_url, guest.browser.session.cookies)
        admin = new_person(chromium_browser, base_url=world.lms.base_url).new_page()
        yield Scene(world, chromium_browser, request.param, noor, admin, course)
        noor.context.close()
        admin.context.close()


def test_from_the_first_link_to_came_in(scene: Scene) -> None:
    noor, platform = scene.noor, scene.platform
    name = "Moodle" if scene.profile == "moodle" else "Canvas"
    noor.goto("/admin/platforms")
    scene.look(noor, "1-none")
    noor.get_by_role("button", name=name, exact=True).click()
    link = noor.get_by_role("textbox", name="Registration link").input_value()
    scene.look(noor, "2-link")

    platform.goto("/practice/register")
    platform.get_by_label("Tool URL").fill(link)
    platform.get_by_role("button", name="Add LTI Advantage").click()
    frame = platform.frame_locator("iframe[data-registering]")
    frame.get_by_role("button", name="Register").wait_for()
    _look_in_frame(scene, "3-register")
    frame.get_by_role("button", name="Register").click()
    frame.get_by_role("heading", name="Lantern is registered").wait_for()
    _look_in_frame(scene, "4-registered")
    frame.get_by_role("button", name=f"Go on in {name}").click()
    platform.wait_for_url("**/practice/tools")
    platform.get_by_role("button", name="Activate").click()

    noor.get_by_role("link", name="I have done that: go on").click()
    noor.get_by_role("heading", name="This platform waits for your approval").wait_for()
    scene.look(noor, "5-waits")
    noor.get_by_role("button", name="Approve", exact=True).click()
    noor.get_by_text("Approved.", exact=True).wait_for()

    _open_as(scene, "Tessa")
    _open_as(scene, "Ada")
    noor.reload()
    assert noor.get_by_text("came in").count() == 2
    told = noor.get_by_role("textbox", name="A text to send").input_value()
    assert told.startswith("Lantern is available in our courses")
    scene.look(noor, "6-tried")
    noor.get_by_role("link", name="Check now").click()
    noor.get_by_text("Its keys: 1 usable key").wait_for()
    noor.get_by_text("Access to its services: a token was given").wait_for()
    scene.look(noor, "7-checked")


def test_roles_of_a_place_are_changed_and_counted(scene: Scene) -> None:
    noor = scene.noor
    noor.goto("/admin/platforms")
    noor.locator("main h2 a").first.click()
    noor.get_by_role("link", name="Place ").first.click()
    scene.look(noor, "8-place")
    noor.get_by_label("Learner (student)").select_option(label="May look, takes no part")
    noor.get_by_role("button", name="Save").click()
    noor.get_by_text("It counts from the next launch on").wait_for()
    assert noor.get_by_label("Learner (student)").input_value() == "observer"


def test_a_blocked_place_lets_nobody_in_and_removal_says_what_stays(scene: Scene) -> None:
    noor = scene.noor
    noor.goto("/admin/platforms")
    noor.locator("main h2 a").first.click()
    noor.get_by_role("button", name="Block this platform").click()
    noor.get_by_text("Nobody comes in from there until you approve it again.").wait_for()
    page = _launch(scene, "Ada")
    page.frame_locator("iframe.tool").get_by_text("Lantern was closed for this place").wait_for()
    page.context.close()
    noor.get_by_role("link", name="Remove…").click()
    scene.look(noor, "9-remove")
    noor.get_by_role("button", name="Remove", exact=True).click()
    noor.get_by_text("Courses, people and their work are still there").wait_for()


def _look_in_frame(scene: Scene, name: str) -> None:
    """The frame's page alone, as the platform shows it."""
    frame = next(one for one in scene.platform.frames if "/lti/register/" in one.url)
    folder = os.environ.get("REGISTER_SHOTS")
    if folder:
        scene.platform.screenshot(path=Path(folder) / f"{scene.profile}-{name}.png")
    width = frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert width


def _launch(scene: Scene, key: str) -> "Page":
    """Open the activity in the course as somebody; made when there is none yet."""
    assert scene.world.lms is not None
    lms = scene.world.lms
    with lms.store.reading() as db:
        tool = db.execute("SELECT id FROM tool").fetchone()["id"]
        known = db.execute("SELECT id FROM activity").fetchone()
    if known is None:
        seed.add_activity(lms.store, scene.course.id, tool, title="Mentoring")
    page = new_person(scene.browser, base_url=lms.base_url).new_page()
    page.goto("/people")
    page.get_by_role("button", name=key).first.click()
    page.get_by_role("link", name="Databases").click()
    page.get_by_role("link", name="Mentoring").click()
    return page


def _open_as(scene: Scene, key: str) -> None:
    page = _launch(scene, key)
    page.frame_locator("iframe.tool").get_by_text("Signed in as").wait_for()
    page.context.close()
