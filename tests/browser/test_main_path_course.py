"""The main path with a course and a forum, clicked in a Chromium without third-party cookies.

The steps follow one another: each fixture goes one step further in the same small world, and the
tests look at what it left on the pages, in the mail, in the forum and in the gradebook.
"""

import json
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import icalendar
import pytest

from plugin.credentials import proofs
from plugin.credentials.multikey import VerifyingKey
from plugin.practice.forum import proof
from tests.browser.support import story as steps
from tests.browser.support import work
from tests.browser.support.course import LAGOS, open_campus
from tests.browser.support.story import INVITED, Story
from tests.support.world import BOT, running_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("main-path-course")


@pytest.fixture(scope="module")
def begun(world_folder: Path, empty_database: Path, chromium_browser: "Browser") -> Iterator[Story]:
    with running_world(world_folder, empty_database.read_bytes()) as world:
        story = Story(world, chromium_browser, open_campus(world))
        yield story
        story.close()


@pytest.fixture(scope="module")
def programme(begun: Story) -> Story:
    steps.start_programme(begun)
    steps.invite_by_mail(begun)
    return begun


@pytest.fixture(scope="module")
def joined(programme: Story) -> Story:
    steps.everybody_joins(programme)
    return programme


@pytest.fixture(scope="module")
def drafted(joined: Story) -> Story:
    steps.run_matching(joined)
    return joined


@pytest.fixture(scope="module")
def published(drafted: Story) -> Story:
    page = drafted.page_of("tessa")
    page.goto(drafted.matching)
    steps.give_another_mentor(drafted, page, "Ben Weber", "Mira Kowalska")
    steps.publish(drafted, page)
    return drafted


@pytest.fixture(scope="module")
def running(published: Story) -> Story:
    steps.accept_by_mail(published, published.campus.address("mara"))
    return published


@pytest.fixture(scope="module")
def reviewed(joined: Story) -> Story:
    work.set_up_reviews(joined)
    work.everybody_reviews(joined)
    work.answer_review(joined)
    return joined


@pytest.fixture(scope="module")
def graded(reviewed: Story) -> Story:
    before = words(work.gradebook(reviewed))
    assert "Nothing is graded in this course yet." in before
    work.send_scores(reviewed)
    return reviewed


@pytest.fixture(scope="module")
def answered(reviewed: Story) -> Story:
    work.ask_and_accept(reviewed)
    return reviewed


def published_keys(page: "Page", document: dict[str, Any]) -> dict[str, VerifyingKey]:
    """The keys of the issuer's DID document, fetched as a stranger would."""
    issuer = document["issuer"]["id"]
    parts = [unquote(part) for part in issuer.removeprefix("did:web:").split(":")]
    found = page.request.get(f"http://{'/'.join(parts)}/did.json").json()
    return {
        method["id"]: VerifyingKey.from_multibase(method["publicKeyMultibase"])
        for method in found["verificationMethod"]
        if "publicKeyMultibase" in method
    }


def words(page: "Page") -> str:
    """What is on the page, as one line."""
    return " ".join(page.locator("main").inner_text().split())


def test_staff_see_who_is_how_far(joined: Story) -> None:
    page = joined.page_of("tessa")
    page.goto(joined.programme)
    seen = {
        row.get_by_role("rowheader").inner_text().split("\n")[1]: row.inner_text()
        for row in page.locator("tbody tr").all()
    }
    assert "Has not opened Lantern" in seen["Dan Silva"]
    assert "Opened, has not answered yet" in seen["Eva Novak"]
    assert "Cannot be reached" in seen["Nils Berg"]
    for ready in ("Ada Okafor", "Ben Weber", "Cleo Martin"):
        assert "Ready\tlearn" in seen[ready]
    for ready in ("Mara Haddad", "Mira Kowalska", "Zoe Adeyemi"):
        assert "Ready\tmentor" in seen[ready]
    assert "Tessa Lindqvist" not in seen


def test_the_draft_can_be_read_aloud(drafted: Story) -> None:
    page = drafted.page_of("tessa")
    page.goto(drafted.matching)
    read = words(page)
    assert "No better overall matching exists. 2 pairs, 1 person without a mentor" in read
    assert "Ada Okafor wants to learn SQL, and Mara Haddad offers it." in read
    assert "Ben Weber wants to learn writing reports, and Zoe Adeyemi offers it." in read
    assert "Both are free at the same times, for example Monday" in read
    assert "No mentor with time speaks the same language. With " in read
    assert "English there would be a mentor." in read
    page.get_by_text("How this is proven").click()
    assert "A second program that shares nothing with the first has checked it." in words(page)


def test_nothing_is_sent_before_publishing(drafted: Story) -> None:
    drafted.world.settle()
    subjects = [str(mail["Subject"]) for mail in drafted.world.mails()]
    assert all("code for Lantern" in text or "invited" in text for text in subjects), subjects
    assert proof.messages(drafted.world.forum) == []


def test_an_edit_is_kept_and_told_to_nobody_else(published: Story) -> None:
    page = published.page_of("tessa")
    page.goto(published.matching)
    read = words(page)
    assert "changed by hand" in read
    assert "Mira Kowalska" in read
    assert not [mail for mail in published.world.mails(INVITED) if "Ben" in mail["Subject"]]


def test_each_pair_is_introduced_once_everywhere(published: Story) -> None:
    campus = published.campus
    for key, other in (("ada", "Mara Haddad"), ("mara", "Ada Okafor")):
        told = [m for m in published.world.mails(campus.address(key)) if other in m["Subject"]]
        assert len(told) == 1
        page = published.page_of(key)
        page.goto("/")
        assert other in words(page)
    (message,) = [m for m in proof.messages(published.world.forum) if "ada.o" in m.people]
    assert set(message.people) == {"ada.o", "mara.h", BOT}
    (alone,) = proof.messages(published.world.forum, "mira")  # Ben has no account there
    assert "Ben Weber" in alone.title
    assert proof.repeated_messages(published.world.forum) == []
    assert "Ada Okafor wants to learn SQL, and Mara Haddad offers it" in message.raw


def test_the_mentor_accepts_from_the_mail_without_signing_in(running: Story) -> None:
    for key in ("mara", "ada"):
        page = running.page_of(key)
        page.goto(f"{running.programme}/mine")
        assert "Running" in words(page)
    told = running.world.mails(running.campus.address("ada"))
    assert "Mara Haddad said yes" in str(told[-1]["Subject"])
    assert running.used_link is not None
    again = running.desk()
    again.goto(running.used_link)
    assert "Mara" not in again.title()


def test_the_time_moved(running: Story) -> None:
    page = running.page_of("mara")
    page.goto("/your-time")
    assert "30 of 60 minutes are taken, 30 are free." in words(page)
    free = running.page_of("zoe")
    free.goto("/your-time")
    assert "0 of 60 minutes are taken, 60 are free." in words(free)


def test_a_pair_agrees_on_goal_and_meeting(running: Story) -> None:
    page = steps.find_pair(running, "ada")
    page.get_by_text("Write a goal", exact=True).click()
    page.get_by_label("What do you want to reach?").fill("Write a join without looking it up")
    page.get_by_role("button", name="Save the goal").click()
    page.get_by_text("The goal is saved.").wait_for()
    day = steps.next_week(running)
    if not page.get_by_label("Day and time").is_visible():
        page.get_by_text("Propose a time", exact=True).click()
    page.get_by_label("Day and time").fill(f"{day:%Y-%m-%d}T18:00")
    page.get_by_label("On whose clock?").select_option(LAGOS)
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("Proposed, Mara Haddad has to agree").wait_for()
    running.world.settle()
    theirs = steps.find_pair(running, "mara")
    theirs.get_by_role("button", name="Agree").click()
    theirs.get_by_text("Agreed", exact=True).wait_for()
    with theirs.expect_download() as got:
        theirs.get_by_role("link", name="For my calendar").click()
    calendar = icalendar.Calendar.from_ical(Path(got.value.path()).read_bytes())
    (event,) = calendar.walk("VEVENT")
    starts = event.start
    assert starts.astimezone(ZoneInfo(LAGOS)).replace(tzinfo=None) == datetime.combine(
        day, time(18)
    )
    for city in ("Lagos", "Nairobi"):
        assert city in str(event["DESCRIPTION"])
    assert str(event["STATUS"]) == "CONFIRMED"


def test_the_author_answers_and_the_reviewer_reads_it(reviewed: Story) -> None:
    told = [
        page
        for key in ("ben", "cleo")
        if "the author answered" in (page := reviewed.guests[key].open(reviewed.activity).text)
    ]
    assert len(told) == 1


def test_the_score_reaches_the_gradebook_only_after_the_switch(graded: Story) -> None:
    page = work.gradebook(graded)
    grade = page.get_by_role("row", name="Ada Okafor").get_by_role("cell")
    assert grade.locator("small").inner_text() == "Mean of 2 peer reviews."
    assert grade.evaluate("cell => cell.firstChild.textContent") == "6"
    teacher = graded.page_of("tessa")
    teacher.goto(f"{graded.activity}/all")
    assert "in the gradebook" in words(teacher)


def test_the_credential_is_trusted_in_ten_seconds(reviewed: Story) -> None:
    assert reviewed.world.mails(reviewed.campus.address("ada"))
    address = work.share_credential(reviewed, "ada", "Reviewed work")
    stranger = reviewed.desk()
    stranger.goto(address)
    read = words(stranger)
    assert "Valid today" in read
    assert "Earned by Ada Okafor" in stranger.locator("body").inner_text()
    assert "What this does not prove" in read
    assert stranger.context.cookies() == []
    with stranger.expect_download() as got:
        stranger.get_by_role("link", name="Download the signed file").click()
    document = json.loads(Path(got.value.path()).read_text())
    assert document["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"
    proofs.verify(document, published_keys(stranger, document))


def test_the_badge_stands_in_the_forum_once(reviewed: Story) -> None:
    assert proof.Grant("Reviewed work", "ada.o", 1) in proof.grants(reviewed.world.forum)


def test_an_accepted_answer_earns_a_second_badge_and_ends_there(answered: Story) -> None:
    forum = answered.world.forum
    assert forum is not None
    mine = {one.badge: one.times for one in proof.grants(forum) if one.username == "ada.o"}
    assert mine == {"Reviewed work": 1, "Helpful answer": 1}
    told = [one for one in proof.deliveries(forum) if one.event_name == "user_badge_granted"]
    assert len(told) == 2
    assert all(one.acknowledged and one.sent_count == 1 for one in told)
    before = len(proof.deliveries(forum))
    answered.world.settle()
    assert len(proof.deliveries(forum)) == before
    page = answered.page_of("ada")
    page.goto("/my/credentials")
    assert "Helpful answer" in words(page)
