"""The pages: what learners, reviewers and teachers see and may do, anonymity included."""

import io
import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.workload import public as workload
from tests.plugin.reviews.conftest import Course
from tests.support.signed_in import Browser, sign_in

EVIDENCE = "I saw this in the second paragraph."
NAMES = ("Anna", "Abel", "Bo Berg", "Cem", "Dora", "Emil")


class Class:
    """Browsers for the people of a course."""

    def __init__(self, app: Flask, course: Course) -> None:
        self.app = app
        self.course = course
        self.base = f"/c/{course.context.handle}/reviews"
        self.page = f"{self.base}/{course.activity}"

    def browser(self, person: UUID, role: str) -> Browser:
        course = self.course
        return sign_in(
            self.app.test_client(),
            course.services,
            course.community_id,
            person,
            grants=[(course.context.id, role)],
        )

    def learner(self, number: int) -> Browser:
        return self.browser(self.course.learners[number], people.LEARNER)

    def teacher(self) -> Browser:
        return self.browser(self.course.teacher, people.TEACHER)

    def hand_in(self, number: int, **what: Any) -> TestResponse:
        return self.learner(number).post(f"{self.page}/work", what or {"text": f"Work {number}"})

    def take(self, number: int) -> str:
        answer = self.learner(number).post(f"{self.page}/take")
        assert answer.status_code == 303
        assert "/review/" in answer.location
        return answer.location

    def send(self, number: int, url: str, level: int = 2, **more: str) -> TestResponse:
        form = {"action": "send", "comment": "Thanks."}
        for key in ("purpose", "reasoning", "form"):
            form |= {f"level_{key}": str(level), f"evidence_{key}": EVIDENCE}
        return self.learner(number).post(url, form | more)


@pytest.fixture
def room(app: Flask, course: Course) -> Class:
    return Class(app, course)


def _see(browser: Browser, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return browser.get(answer.location).get_data(as_text=True)


def test_the_whole_way_through_the_pages(room: Class) -> None:
    for number in range(3):
        assert room.hand_in(number).status_code == 303
    for number in (1, 2):
        url = room.take(number)
        shown = room.learner(number).get(url).get_data(as_text=True)
        assert "Work 0" in shown
        assert "Reserved for you until" in shown
        assert room.send(number, url, level=number).status_code == 303
    room.course.settle()
    author = room.learner(0)
    page = author.get(room.page).get_data(as_text=True)
    assert "all reviews are in" in page
    assert "4.5" in page
    got = author.get(f"{room.page}/received").get_data(as_text=True)
    assert got.count(EVIDENCE) == 6
    review = re.search(r'action="([^"]+/received/[^"]+)"', got)
    assert review
    said = _see(author, author.post(review[1], {"text": "I will shorten the second part."}))
    assert "I will shorten the second part." in said


def test_the_receipt_names_version_and_checksum(room: Class) -> None:
    browser = room.learner(0)
    page = _see(browser, browser.post(f"{room.page}/work", {"text": "My work"}))
    assert "version 1" in page
    assert "Place 1 among the works that wait" in page


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({}, "Hand in one thing"),
        ({"text": "a", "link": "https://a.example/"}, "Hand in one thing"),
        ({"link": "javascript:alert(1)"}, "web address"),
        ({"link": "https://name:secret@a.example/"}, "web address"),
        ({"file": (io.BytesIO(b"MZ program"), "work.pdf")}, "kind of file"),
        ({"file": (io.BytesIO(b"<script>"), "work.html")}, "kind of file"),
        ({"file": (io.BytesIO(b"a\x00b"), "work.txt")}, "kind of file"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words(room: Class, what: dict[str, Any], why: str) -> None:
    answer = room.learner(0).post(f"{room.page}/work", what)
    assert answer.status_code == 422
    assert why in answer.get_data(as_text=True)


def test_a_file_is_a_download_with_a_name_that_tells_nothing(room: Class) -> None:
    name = "Anna Abel, essay.pdf"
    assert room.hand_in(0, file=(io.BytesIO(b"%PDF-1.7 text"), name)).status_code == 303
    room.hand_in(1)
    url = room.take(1)
    shown = room.learner(1).get(url).get_data(as_text=True)
    assert "Anna" not in shown
    answer = room.learner(1).get(f"{url}/file")
    assert answer.data == b"%PDF-1.7 text"
    assert answer.mimetype == "application/octet-stream"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=work-")
    assert "Anna" not in disposition
    own = room.learner(0).get(f"{room.page}/work/file")
    assert name in own.headers["Content-Disposition"]


def test_a_file_is_only_for_who_has_to_do_with_it(room: Class) -> None:
    room.hand_in(0, file=(io.BytesIO(b"%PDF-1.7"), "a.pdf"))
    room.hand_in(1)
    url = room.take(1)
    assert room.learner(2).get(f"{url}/file").status_code == 404
    assert room.learner(2).get(url).status_code == 404
    assert room.learner(2).post(url, {"action": "save"}).status_code == 404
    assert room.learner(2).post(f"{url}/back").status_code == 404


def test_drafts_are_kept_and_the_button_says_when(room: Class) -> None:
    room.hand_in(0)
    room.hand_in(1)
    url = room.take(1)
    browser = room.learner(1)
    page = _see(browser, browser.post(url, {"action": "save", "evidence_purpose": "So far"}))
    assert "So far" in page
    assert "Saved 1:00" in page  # the community is in Berlin
    room.course.clock.advance(hours=9)
    again = room.learner(1).get(url).get_data(as_text=True)
    assert "So far" in again


def test_the_script_that_saves_gets_the_time_and_the_end(room: Class) -> None:
    room.hand_in(0)
    room.hand_in(1)
    url = room.take(1)
    answer = room.learner(1).post(url, {"action": "save"}, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["saved"].startswith("Saved 1:00")
    assert "Reserved for you until" in answer.json["until"]


def test_an_incomplete_review_is_saved_and_shown_again(room: Class) -> None:
    room.hand_in(0)
    room.hand_in(1)
    url = room.take(1)
    answer = room.send(1, url, evidence_form="short")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "at least 15 characters" in page
    assert page.count(EVIDENCE) == 2
    assert room.learner(1).get(url).get_data(as_text=True).count(EVIDENCE) == 2


def test_handing_back_frees_both(room: Class) -> None:
    room.hand_in(0)
    room.hand_in(1)
    url = room.take(1)
    assert room.learner(1).post(f"{url}/back").status_code == 303
    assert room.learner(1).get(url).status_code == 404
    browser = room.learner(1)
    assert "Take a review" not in browser.get(room.page).get_data(as_text=True)
    said = _see(browser, browser.post(f"{room.page}/take"))
    assert "no work for you" in said


def test_reviewing_needs_own_work_first(room: Class) -> None:
    room.hand_in(0)
    answer = room.learner(3).post(f"{room.page}/take")
    assert answer.status_code == 403
    assert "Hand in your own work first" in answer.get_data(as_text=True)


def test_no_name_reaches_the_other_side(room: Class) -> None:
    """Pages, addresses and marks: what one side sees never names the other."""
    for number in range(3):
        room.hand_in(number)
    urls = {number: room.take(number) for number in (1, 2)}
    for number, url in urls.items():
        room.send(number, url)
    room.course.settle()
    ids = [str(one) for one in room.course.learners]
    for browser, me, path in (
        (room.learner(1), "Bo Berg", urls[1]),
        (room.learner(1), "Bo Berg", room.page),
        (room.learner(0), "Anna Abel", f"{room.page}/received"),
        (room.learner(0), "Anna Abel", room.page),
    ):
        html = browser.get(path).get_data(as_text=True).replace(me, "")
        assert not [name for name in NAMES if name in html]
        assert not [one for one in ids if one in html + path]


def test_one_person_is_called_differently_in_every_activity_and_role(course: Course) -> None:
    from plugin.reviews.models import Role
    from plugin.reviews.queries import activity, names

    course.submit(0)
    course.submit(1)
    course.taken(1)
    with course.services.units.community(course.community_id) as uow:
        second = reviews.create_activity(
            uow,
            context_id=course.context.id,
            created_by=course.teacher,
            title="B",
            instructions="B",
        )
        reviews.submit_work(uow, second, course.learners[1], reviews.text_work("x"))
        uow.commit()
    me = course.learners[1]
    with course.services.units.reading(course.community_id) as uow:
        first = activity(uow, course.activity)
        called = {
            names(uow, first, Role.AUTHOR, {me})[me].split()[-1],
            names(uow, first, Role.REVIEWER, {me})[me].split()[-1],
            names(uow, activity(uow, second), Role.AUTHOR, {me})[me].split()[-1],
        }
    assert len(called) == 3


def test_the_teacher_sees_names_and_problems_first(room: Class) -> None:
    for number in range(3):
        room.hand_in(number)
    room.send(1, room.take(1), level=3)
    room.send(2, room.take(2), level=0)
    room.course.settle()
    teacher = room.teacher()
    html = teacher.get(f"{room.page}/all").get_data(as_text=True)
    assert html.index("Anna Abel") < html.index("Bo Berg")  # hers disagree, so she comes first
    assert "Reviews disagree" in html
    assert "Dora Dahl" in html  # has not handed in
    room.course.clock.advance(days=8)
    late = room.teacher().get(f"{room.page}/all").get_data(as_text=True)
    assert "Reviews are overdue" in late
    work = re.search(rf'href="({re.escape(room.page)}/all/[^".]+)"', html)
    assert work
    assert "Review by" in room.teacher().get(work[1]).get_data(as_text=True)


def test_a_teacher_may_be_content_with_fewer_reviews_and_it_is_noted(room: Class) -> None:
    """Two people and k = 2: without this decision neither work would ever get a score."""
    room.hand_in(0)
    room.hand_in(1)
    teacher = room.teacher()
    html = teacher.get(f"{room.page}/all").get_data(as_text=True)
    work = re.search(rf'href="({re.escape(room.page)}/all/[^".]+)"', html)
    assert work
    assert teacher.post(f"{work[1]}/enough").status_code == 409
    room.send(1, room.take(1), level=2)
    room.send(0, room.take(0), level=2)
    assert "Be content" in teacher.get(work[1]).get_data(as_text=True)
    assert "Your decision is noted" in _see(teacher, teacher.post(f"{work[1]}/enough"))
    room.course.settle()
    (event,) = room.course.happened("reviews.work.reviewed.v1")
    assert (event["reviews"], event["score"]) == (1, 6.0)
    assert room.learner(0).post(f"{work[1]}/enough").status_code == 403


def test_where_nothing_is_left_to_take_nobody_is_missing(course: Course) -> None:
    from plugin.reviews.grid_queries import grid

    course.submit(0)
    course.submit(1)
    course.taken(0)
    course.taken(1)
    course.clock.advance(days=20)
    with course.services.units.community(course.community_id) as uow:
        shown = reviews.activity(uow, course.activity)
        assert {row.owes for row in grid(uow, shown).rows} == {2}
        for one in workload.leases(uow, f"reviews:{course.activity}"):
            workload.set_wanted(uow, one.queue, one.item_key, 1)
        assert {row.owes for row in grid(uow, shown).rows} == {0}


def test_the_grid_is_for_those_who_teach(room: Class) -> None:
    for path in (f"{room.page}/all", f"{room.page}/all.csv", f"{room.base}/new"):
        assert room.learner(0).get(path).status_code == 403
    for path in (f"{room.page}/gradebook", f"{room.page}/open", f"{room.base}/new"):
        assert room.learner(0).post(path, {"on": "true"}).status_code == 403


def test_the_export_carries_out_no_formula(room: Class, course: Course) -> None:
    with course.services.units.community(course.community_id) as uow:
        people.update_profile(uow, course.learners[0], display_name='=HYPERLINK("http://x")')
        uow.commit()
    room.hand_in(0)
    answer = room.teacher().get(f"{room.page}/all.csv")
    assert "'=HYPERLINK" in answer.get_data(as_text=True)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_creating_shows_the_cost_and_leads_to_the_activity(room: Class) -> None:
    teacher = room.teacher()
    page = teacher.get(f"{room.base}/new").get_data(as_text=True)
    assert "each student 2 reviews, about 40 min" in page
    again = teacher.post(f"{room.base}/new", {"action": "cost", "minutes_each": "30"})
    assert "each student 2 reviews, about 60 min" in again.get_data(as_text=True)
    created = teacher.post(
        f"{room.base}/new",
        {
            "title": "Indexes",
            "instructions": "Choose an index.",
            "reviews_wanted": "2",
            "minutes_each": "20",
            "due_at": "2026-12-01T23:59",
            "anonymity": "double",
            "rubric": "clear-work",
            "action": "create",
        },
    )
    assert "Indexes" in _see(teacher, created)
    missing = teacher.post(f"{room.base}/new", {"title": "", "action": "create"})
    assert missing.status_code == 422


def test_the_gradebook_is_off_until_switched_on(room: Class) -> None:
    teacher = room.teacher()
    assert "No score leaves this page" in teacher.get(f"{room.page}/all").get_data(as_text=True)
    said = _see(teacher, teacher.post(f"{room.page}/gradebook", {"on": "true"}))
    assert "Scores go to the gradebook" in said


def test_a_closed_activity_takes_no_more_work(room: Class) -> None:
    room.teacher().post(f"{room.page}/open", {"is_open": "false"})
    assert room.hand_in(0).status_code == 403
    room.teacher().post(f"{room.page}/open", {"is_open": "true"})
    assert room.hand_in(0).status_code == 303


def test_an_activity_of_another_course_is_not_here(room: Class, course: Course) -> None:
    with course.services.units.community(course.community_id) as uow:
        other = people.context_for(
            uow, issuer="https://lms.test", external_id="c2", kind="course", title="Other"
        )
        uow.commit()
    browser = sign_in(
        room.app.test_client(),
        course.services,
        course.community_id,
        course.learners[0],
        grants=[(other.id, people.LEARNER)],
    )
    assert browser.get(f"/c/{other.handle}/reviews/{course.activity}").status_code == 404
    assert browser.get(room.page).status_code == 403
