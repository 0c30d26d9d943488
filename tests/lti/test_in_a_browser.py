"""Lantern in a course frame on another site, in a Chromium without third-party cookies.

Every test on both platforms: Moodle has no storage and ignores our height, Canvas has both.
"""

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from lti.models import Deployment, DeploymentStatus
from plugin.people import public as people
from plugin.practice.lms import queries, seed
from tests.lti.conftest import Campus
from tests.lti.frames import LAGOS, become, drop_cookies_in_frames, lantern, without_cookies

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.parametrize("profile", ["moodle", "canvas"], indirect=True)


def test_a_launch_ends_signed_in_and_reload_keeps_it(campus: Campus, page: "Page") -> None:
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    frame = lantern(page, campus, "/c/")
    assert "Biology" in frame.content()
    frame.goto(frame.url)
    frame.goto(f"{campus.base_url}/profile")
    assert frame.locator("form").count() > 0
    cookies = [c for c in page.context.cookies() if c["name"].startswith("lantern")]
    assert cookies
    assert all(c["httpOnly"] and c["secure"] and c["sameSite"] == "None" for c in cookies)


def test_a_teacher_adds_the_start_page_from_the_frame(campus: Campus, page: "Page") -> None:
    become(page, "Tessa")
    page.get_by_role("link", name="Choose content from Lantern").click()
    frame = lantern(page, campus, "/lti/deep-linking/")
    frame.get_by_role("button", name="Add to the course").click()
    page.frame_locator("iframe.tool").get_by_role("link", name="Back to Biology").click()
    page.get_by_role("link", name="Lantern: mentoring").first.wait_for()
    with campus.lms.store.reading() as db:
        titles = [one.title for one in queries.activities(db, campus.course.id)]
    assert "Lantern: mentoring, help and reviews" in titles


def test_where_no_cookie_is_kept_a_new_tab_leads_in(campus: Campus, page: "Page") -> None:
    drop_cookies_in_frames(campus.app)
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    frame = without_cookies(page, campus)
    with page.expect_popup() as opened:
        frame.get_by_role("button", name="Open in a new tab").click()
    opened.value.wait_for_url(f"{campus.base_url}/c/**")
    assert "Biology" in opened.value.content()


def test_the_first_page_offers_the_zone_of_the_device_once(campus: Campus, page: "Page") -> None:
    become(page, "Nora")
    page.get_by_role("link", name="Mentoring").click()
    frame = lantern(page, campus, "/c/")
    home = frame.url
    frame.get_by_text("This device says: Africa/Lagos").wait_for()
    frame.get_by_role("button", name="Use the zone of this device").click()
    frame.get_by_text("Saved.").wait_for()
    assert frame.url == home
    assert frame.locator("[data-zone-offer]").count() == 0
    with campus.work() as uow:
        assert people.person(uow, campus.person_id(campus.nora)).time_zone == LAGOS


def test_in_a_window_of_its_own_the_cookie_is_enough(campus: Campus, page: "Page") -> None:
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open in a new window").click()
    window = opened.value
    window.wait_for_url(f"{campus.base_url}/c/**")
    home = window.url
    window.reload()
    assert window.url == home
    assert "Biology" in window.content()


def test_at_the_top_of_a_phone_it_fits_and_back_and_reload_work(
    campus: Campus, page: "Page"
) -> None:
    """The Moodle app opens tools in a browser: no frame around, 360 px wide."""
    page.set_viewport_size({"width": 360, "height": 740})
    become(page, "Ada")
    (activity,) = campus.activities()
    page.goto(f"{campus.lms.base_url}/activity/{activity}/launch?target=window")
    page.wait_for_url(f"{campus.base_url}/c/**")
    home = page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{campus.base_url}/profile")
    page.go_back()
    assert page.url == home
    page.reload()
    assert page.url == home
    assert "Biology" in page.content()


def test_the_frame_grows_with_the_page_or_the_page_scrolls_inside(
    campus: Campus, page: "Page"
) -> None:
    """Canvas obeys lti.frameResize; Moodle ignores it, and everything is reached by scrolling."""
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    frame = lantern(page, campus, "/c/")
    frame.goto(f"{campus.base_url}/profile")
    tool = page.locator("iframe.tool")
    if campus.lms.platform.profile.obeys_frame_resize:
        page.wait_for_function("document.querySelector('iframe.tool').dataset.resized")
        for _turn in range(100):
            box = tool.bounding_box()
            content = frame.evaluate("document.body.scrollHeight")
            if box is not None and 0 <= box["height"] - content < 60:
                break
            page.wait_for_timeout(50)
        else:
            raise AssertionError((box, content))
        return
    assert tool.get_attribute("data-resized") is None
    before = frame.evaluate("document.documentElement.scrollHeight > window.innerHeight")
    assert before, "the profile is longer than the frame"
    frame.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert frame.evaluate("window.scrollY") > 0
    assert frame.locator("footer").is_visible()


def test_what_was_just_done_is_read_out_by_the_platform_that_can(
    campus: Campus, page: "Page"
) -> None:
    become(page, "Nora")
    page.get_by_role("link", name="Mentoring").click()
    frame = lantern(page, campus, "/c/")
    page.evaluate("addEventListener('message', e => { window.told = e.data.body || window.told; })")
    frame.get_by_role("button", name="Use the zone of this device").click()
    frame.get_by_text("Saved.").wait_for()
    page.wait_for_function("window.told")
    assert page.evaluate("window.told") == "Saved."
    if campus.lms.platform.profile.storage_target:
        assert page.locator("#screen-reader-alert").inner_text() == "Saved."


def test_the_language_of_the_launch_speaks_on_the_first_page_and_on_the_way_in(
    campus: Campus, page: "Page"
) -> None:
    german = seed.add_user(campus.lms.store, username="g", given_name="Greta", locale="de")
    seed.enrol(campus.lms.store, campus.course.id, german.id)
    drop_cookies_in_frames(campus.app)
    page.reload()
    become(page, "Greta")
    page.get_by_role("link", name="Mentoring").click()
    frame = without_cookies(page, campus)
    with page.expect_popup() as opened:
        frame.get_by_role("button", name="In einem neuen Tab öffnen").click()
    opened.value.wait_for_url(f"{campus.base_url}/c/**")
    assert opened.value.locator("html").get_attribute("lang") == "de"


def test_a_refused_launch_leads_back_to_the_course_with_the_reason(
    campus: Campus, page: "Page"
) -> None:
    with campus.services.units.system() as uow:
        for row in uow.session.scalars(sa.select(Deployment)):
            row.status = DeploymentStatus.BLOCKED
        uow.commit()
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    frame = lantern(page, campus, "/lti/launch")
    frame.get_by_text("Reference").wait_for()
    frame.get_by_role("link", name="Back to your course").click()
    back = page.frame_locator("iframe.tool")
    back.get_by_text("Lantern was closed for this place in your learning platform.").wait_for()
    back.get_by_role("link", name="To the course").click()
    page.get_by_role("heading", name="Biology").wait_for()
    with campus.lms.store.reading() as db:
        logged = [
            row["reason"] for row in db.execute("SELECT reason FROM call WHERE area='return'")
        ]
    assert logged[0].startswith("lantern deployment_blocked ")
