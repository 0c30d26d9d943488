"""The main path with a forum and no learning platform: nothing speaks of a course."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugin.practice.forum import proof
from tests.browser.support import alone, work
from tests.browser.support import story as steps
from tests.browser.support.crawl import LMS_WORDS, crawl, said_of
from tests.browser.support.story import INVITED, Story, text_of
from tests.support.world import BOT, running_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("main-path-forum")


@pytest.fixture(scope="module")
def begun(world_folder: Path, empty_database: Path, chromium_browser: "Browser") -> Iterator[Story]:
    with running_world(world_folder, empty_database.read_bytes(), lms=False) as world:
        alone.fill_forum(world)
        story = Story(world, chromium_browser)
        yield story
        story.close()


@pytest.fixture(scope="module")
def joined(begun: Story) -> Story:
    page = alone.sign_in_by_forum(begun, "ada", "/")
    assert "Hello, Ada Okafor" in page.title()
    alone.invite_coordinator(begun)
    alone.start_in_forum(begun)
    steps.invite_by_mail(begun)
    alone.members_join(begun)
    return begun


@pytest.fixture(scope="module")
def published(joined: Story) -> Story:
    page = steps.run_matching(joined)
    joined.world.settle()
    assert proof.messages(joined.world.forum) == []
    steps.publish(joined, page)
    return joined


@pytest.fixture(scope="module")
def reviewed(joined: Story) -> Story:
    work.set_up_reviews(joined)
    work.everybody_reviews(joined)
    work.answer_review(joined)
    work.ask_and_accept(joined)
    return joined


def test_both_are_introduced_by_one_message_in_the_forum(published: Story) -> None:
    (message,) = proof.messages(published.world.forum, "mara.h")
    assert set(message.people) == {"ada.o", "mara.h", BOT}
    assert proof.repeated_messages(published.world.forum) == []


def test_the_invited_mentor_accepts_from_the_mail(published: Story) -> None:
    steps.accept_by_mail(published, INVITED)
    page = published.page_of("zoe")
    page.goto(f"{published.programme}/mine")
    page.get_by_text("Running").wait_for()


def test_work_and_answers_earn_two_badges(reviewed: Story) -> None:
    mine = {one.badge: one.times for one in proof.grants(reviewed.world.forum)}
    assert mine == {"Reviewed work": 1, "Helpful answer": 1}


def test_no_page_and_no_message_speaks_of_a_course(published: Story, reviewed: Story) -> None:
    for key in ("ada", "mara", "zoe"):
        assert said_of(LMS_WORDS, crawl(published.guests[key]).values()) == []
    told = [text_of(mail) for mail in published.world.mails()]
    told += [message.raw for message in proof.messages(published.world.forum)]
    assert [text for text in told if LMS_WORDS.search(text)] == []
