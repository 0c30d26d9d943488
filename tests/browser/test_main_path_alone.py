"""The main path with neither learning platform nor forum: a group of its own, by invitation."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.support import alone, work
from tests.browser.support import story as steps
from tests.browser.support.crawl import FORUM_WORDS, LMS_WORDS, crawl, said_of
from tests.browser.support.story import INVITED, Story, text_of
from tests.support.world import running_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("main-path-alone")


@pytest.fixture(scope="module")
def begun(world_folder: Path, empty_database: Path, chromium_browser: "Browser") -> Iterator[Story]:
    bytes_of_it = empty_database.read_bytes()
    with running_world(world_folder, bytes_of_it, lms=False, forum=False) as world:
        story = Story(world, chromium_browser)
        yield story
        story.close()


@pytest.fixture(scope="module")
def joined(begun: Story) -> Story:
    alone.invite_coordinator(begun)
    alone.start_alone(begun)
    steps.invite_by_mail(begun)
    alone.learners_join_by_link(begun)
    return begun


@pytest.fixture(scope="module")
def running(joined: Story) -> Story:
    page = steps.run_matching(joined)
    joined.world.settle()
    subjects = [str(mail["Subject"]) for mail in joined.world.mails()]
    assert all("code for Lantern" in text or "invited" in text for text in subjects), subjects
    steps.publish(joined, page)
    steps.accept_by_mail(joined, INVITED)
    return joined


@pytest.fixture(scope="module")
def reviewed(joined: Story) -> Story:
    work.set_up_reviews(joined)
    work.everybody_reviews(joined)
    work.answer_review(joined)
    return joined


def test_a_pair_runs(running: Story) -> None:
    page = steps.find_pair(running, "zoe")
    assert "Only you two can read this page." in page.locator("main").inner_text()


def test_a_credential_can_be_shared(reviewed: Story) -> None:
    address = work.share_credential(reviewed, "ada", "Reviewed work")
    stranger = reviewed.desk()
    stranger.goto(address)
    assert "Valid today" in stranger.locator("main").inner_text()


def test_no_page_and_no_mail_speaks_of_course_or_forum(running: Story, reviewed: Story) -> None:
    for key in ("ada", "zoe"):
        pages = crawl(running.guests[key]).values()
        assert said_of(LMS_WORDS, pages) == []
        assert said_of(FORUM_WORDS, pages) == []
    told = [text_of(mail) for mail in running.world.mails()]
    assert [text for text in told if LMS_WORDS.search(text) or FORUM_WORDS.search(text)] == []
