"""Newcomers, linking by other ways, what the forum is sent: clicked, with a forum alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugin.practice.forum import proof
from plugin.practice.forum import seed as forum_seed
from tests.browser.support import alone
from tests.browser.support.axe import complaints
from tests.browser.support.story import Story
from tests.support.world import BOT, running_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("forum-newcomers")
NEW = "nia"


@pytest.fixture(scope="module")
def begun(world_folder: Path, empty_database: Path, chromium_browser: "Browser") -> Iterator[Story]:
    with running_world(world_folder, empty_database.read_bytes(), lms=False) as world:
        alone.fill_forum(world)
        assert world.forum is not None
        with world.forum.store.transaction() as db:
            db.execute("UPDATE account SET created_at = '2019-01-01T00:00:00.000Z'")
        story = Story(world, chromium_browser)
        yield story
        story.close()


@pytest.fixture(scope="module")
def welcoming(begun: Story) -> Story:
    """A coordinator switches the welcome on, Ada becomes a contact, Nia writes her first topic."""
    ada = alone.sign_in_by_forum(begun, "ada", "/")
    ada.get_by_role("heading", name="Practice forum").get_by_role("link").click()
    place = re.sub(r"https?://[^/]+", "", ada.url).rstrip("/")
    begun.programme = f"{place}/mentoring/none"
    ada.get_by_role("heading", name="Newcomers").get_by_role("link").click()
    ada.get_by_role("button", name="I would like to").click()
    ada.get_by_text("You hear from us when somebody new needs you").wait_for()
    chief = alone.invite_coordinator(begun)
    chief.goto(f"{begun.place}/welcome/staff")
    chief.get_by_role("group", name="Welcome newcomers").get_by_text("yes").click()
    chief.get_by_role("button", name="Save").click()
    chief.get_by_text("Saved.").wait_for()
    forum = begun.world.forum
    assert forum is not None
    forum_seed.add_user(forum, NEW, "Nia", "nia@forum.example", trust_level=0)
    title, text = "Hello from somebody new", "I would like to learn about tables."
    forum_seed.add_topic(forum, NEW, title, text)
    begun.world.settle()
    return begun


def signed_in_newcomer(story: Story) -> "Page":
    """Nia follows the link of the message and signs in with the forum on the way."""
    (message,) = proof.messages(story.world.forum, NEW)  # type: ignore[arg-type]
    link = re.search(r"\((http\S+/welcome/)\)", message.raw)
    assert link is not None
    page = story.desk_of(NEW)
    page.goto(link.group(1))
    if page.get_by_role("link", name=re.compile("^Sign in with")).count():
        page.get_by_role("link", name=re.compile("^Sign in with")).click()
        page.get_by_role("button", name=f"@{NEW}").click()
        page.locator("main").wait_for()
        assert page.url == link.group(1)  # the exact page, after signing in
    return page


def test_a_newcomer_meets_a_contact_and_sees_the_steps_tick(welcoming: Story) -> None:
    (message,) = proof.messages(welcoming.world.forum, NEW)  # type: ignore[arg-type]
    assert set(message.people) == {BOT, NEW, "ada.o"}
    page = signed_in_newcomer(welcoming)
    page.get_by_text("@ada.o is there for you").wait_for()
    page.get_by_text("1 of 4 done").wait_for()
    assert complaints(page) == []
    ada = welcoming.page_of("ada")
    ada.goto(f"{welcoming.place}/welcome/")
    ada.get_by_text(f"@{NEW}").wait_for()


def test_the_coordinator_sees_who_is_new(welcoming: Story) -> None:
    page = welcoming.page_of(welcoming.chief)
    page.goto(f"{welcoming.place}/welcome/staff")
    page.get_by_text("has a contact").wait_for()
    assert complaints(page) == []


def test_a_newcomer_stops_what_comes_from_here(welcoming: Story) -> None:
    page = signed_in_newcomer(welcoming)
    (message,) = proof.messages(welcoming.world.forum, NEW)  # type: ignore[arg-type]
    way_out = re.search(r"http\S+/notices", message.raw)
    assert way_out is not None
    page.goto(way_out.group(0))
    page.get_by_text("Welcome and first steps").first.wait_for()
    page.goto(f"{welcoming.place}/welcome/")
    page.get_by_role("button", name="I find my way alone").click()
    page.get_by_text("Nothing more comes from here").wait_for()


def test_an_account_is_linked_by_a_code_and_unlinked(welcoming: Story) -> None:
    """The coordinator came by mail and writes in the forum as Otto."""
    page = welcoming.page_of(welcoming.chief)
    page.goto(f"/discourse/{welcoming.world.connection}/link")
    page.get_by_role("link", name="That does not work for you?").click()
    page.get_by_label("Your user name in the forum").fill("otto")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The eight digits").wait_for()
    code = re.search(r"\*\*(\d{8})\*\*", proof.messages(welcoming.world.forum, "otto")[-1].raw)  # type: ignore[arg-type]
    assert code is not None
    page.get_by_label("The eight digits").fill(code.group(1))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Are these both you?").wait_for()
    page.get_by_role("button", name="Yes, both are me").click()
    page.get_by_text("You are linked to @otto now").wait_for()
    page.get_by_role("button", name="Take the link back").click()
    page.get_by_text("You are not linked to @otto any more").wait_for()


def test_an_account_is_linked_by_a_key_made_in_the_forum(welcoming: Story) -> None:
    page = welcoming.page_of(welcoming.chief)
    page.goto(f"/discourse/{welcoming.world.connection}/link/other")
    page.get_by_role("button", name="Begin", exact=True).click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("^Open ")).click()
    tab = opened.value
    tab.get_by_role("button", name="@otto").click()
    tab.get_by_role("button", name="Authorize").click()
    text = tab.locator("#payload").input_value()
    page.get_by_label("The text from the forum").fill(text)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Are these both you?").wait_for()
    page.get_by_text("@otto").wait_for()
    page.get_by_role("link", name="No, do not link them").click()
    page.get_by_text("That does not work for you?").wait_for()
