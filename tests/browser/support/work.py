"""Reviews, scores, credentials and the forum, step by step as people click them."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser.support.course import open_in_course
from tests.browser.support.story import Story

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

TITLE = "Joins, explained"
GOOD, PLEASURE = "2", "3"


def set_up_reviews(story: Story) -> None:
    """Who runs it sets a task with two reviews for each work; no score leaves Lantern yet."""
    page = story.page_of(story.chief)
    page.goto(f"{story.place}/reviews/")
    page.get_by_role("link", name="New activity").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What to do").fill("Explain one join so that a beginner can use it.")
    page.get_by_role("radio", name=re.compile("^2 reviews")).check()
    page.get_by_role("button", name="Create the activity").click()
    page.get_by_text("The activity is there. Learners see it now.").wait_for()
    story.activity = urlsplit(page.url).path


def open_reviews(story: Story, key: str) -> "Page | FrameLocator":
    """Somebody opens the activity, inside the course where there is one."""
    if story.course is None:
        page = story.page_of(key)
        page.goto(f"{story.place}/")
        return _to_activity(page)
    return _to_activity(open_in_course(story.desk_of(key), story.campus, key))


def _to_activity(frame: "Page | FrameLocator") -> "Page | FrameLocator":
    frame.get_by_role("heading", name="Reviews").get_by_role("link").click()
    frame.get_by_role("link", name=TITLE).first.click()
    frame.get_by_role("heading", name=TITLE).wait_for()
    return frame


def hand_in(frame: "Page | FrameLocator", text: str) -> None:
    """A learner hands a text in."""
    frame.get_by_label("A text").fill(text)
    frame.get_by_role("button", name="Hand in").click()
    frame.get_by_text("0 of 2 reviews are in").wait_for()


def review_next(frame: "Page | FrameLocator", level: int) -> None:
    """Take the next work, write evidence for each part, send the review."""
    frame.get_by_role("button", name="Take a review").click()
    frame.get_by_text("Reserved for you until").wait_for()
    criteria = frame.locator(".criterion")
    for number in range(criteria.count()):
        part = criteria.nth(number)
        part.locator("textarea").fill(f"Line {number + 1} shows it.")
        part.get_by_role("radio").nth(level).check()
    frame.get_by_role("button", name="Send the review").click()
    frame.get_by_role("button", name="Send the review").wait_for(state="detached")


def everybody_reviews(story: Story) -> None:
    """Ada by clicking, Ben and Cleo without a screen; each gives two."""
    frame = open_reviews(story, "ada")
    hand_in(frame, "A left join keeps every row of the left table.")
    for key in ("ben", "cleo"):
        story.guests[key].hand_in(story.activity, f"A join, as {key} sees it.")
    for key in ("ben", "cleo"):
        for _turn in range(2):
            story.guests[key].review(story.activity, GOOD)
    frame = open_reviews(story, "ada")
    review_next(frame, 3)
    frame = open_reviews(story, "ada")
    review_next(frame, 3)
    story.world.settle()


def answer_review(story: Story) -> None:
    """The author reads what was said and answers."""
    frame = open_reviews(story, "ada")
    frame.get_by_role("link", name="Read 2 reviews").click()
    card = frame.locator("section.card").first
    card.get_by_text("Answer this review").click()
    card.get_by_label("Your answer").fill("I will add the missing example.")
    card.get_by_role("button", name="Send the answer").click()
    frame.get_by_text("I will add the missing example.").first.wait_for()
    story.world.settle()


def send_scores(story: Story) -> None:
    """The teacher switches scores to the gradebook on."""
    page = story.page_of("tessa")
    page.goto(f"{story.activity}/all")
    page.get_by_role("button", name="Send scores to the gradebook").click()
    page.get_by_text("Scores go to the gradebook from now on.").wait_for()
    story.world.settle()


def gradebook(story: Story) -> "Page":
    """The gradebook of the course, as its teacher sees it."""
    assert story.world.lms is not None
    page = story.desk_of("tessa")
    page.goto(f"{story.world.lms.base_url}/people")
    page.get_by_role("button", name=story.campus.users["tessa"].name).first.click()
    page.get_by_role("link", name=story.campus.course.title).click()
    page.get_by_role("link", name="Grades").click()
    page.get_by_role("heading", name="Gradebook").wait_for()
    return page


def share_credential(story: Story, key: str, name: str) -> str:
    """The holder opens a public page; its address."""
    page = story.page_of(key)
    page.goto("/my/credentials")
    page.locator(".card", has_text=name).get_by_role("link", name="Take it").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("Nobody else sees it before you share it.").wait_for()
    page.get_by_role("button", name="Open the page").click()
    page.get_by_text("Your page is open. Whoever has its address can read it.").wait_for()
    return page.get_by_label("Its address").input_value()


def forum_page(story: Story, username: str) -> "Page":
    """Somebody logged in to the forum."""
    assert story.world.forum is not None
    page = story.desk()
    page.goto(f"{story.world.forum.base_url}/login")
    page.get_by_role("button", name=f"@{username}", exact=False).click()
    return page


def ask_and_accept(story: Story) -> str:
    """Otto asks in the forum, Ada answers, Otto accepts: all by clicking."""
    page = forum_page(story, "otto")
    page.get_by_role("link", name="New topic").click()
    page.get_by_label("Title").fill("Why does my join lose rows?")
    page.get_by_label("Text").fill("After the join half of them are gone.")
    page.get_by_role("button", name="Post topic").click()
    page.get_by_role("heading", name="Why does my join lose rows?").wait_for()
    topic = page.url
    helper = forum_page(story, "ada.o")
    helper.goto(topic)
    helper.get_by_label("Your reply").fill("Use a left join: it keeps every row on the left.")
    helper.get_by_role("button", name="Reply").click()
    helper.get_by_text("keeps every row on the left").wait_for()
    page.reload()
    page.get_by_role("button", name="Accept as the answer").click()
    page.get_by_text("Accepted answer").wait_for()
    story.world.settle()
    return topic
