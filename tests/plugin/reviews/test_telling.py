"""Who is told what, once, and nothing that names anybody."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.notifications.models import Notice
from plugin.people.public import Actor
from plugin.reviews.cards import reviews as card
from plugin.reviews.jobs import remind
from plugin.reviews.services.answer_review import answer_review
from plugin.reviews.services.standing import standings
from plugin.workload.jobs import expire
from tests.plugin.reviews.conftest import Course


def _told(course: Course, person: UUID) -> list[tuple[str, str, dict[str, Any]]]:
    with course.services.units.reading(course.community_id) as uow:
        rows = uow.session.scalars(
            sa.select(Notice).where(Notice.person_id == person).order_by(Notice.id)
        )
        return [(row.message, row.url, row.params) for row in rows]


def _messages(course: Course, learner: int) -> list[str]:
    return [message for message, _url, _params in _told(course, course.learners[learner])]


def test_who_owes_is_asked_when_work_comes_in(course: Course) -> None:
    course.submit(0)
    course.settle()
    assert _messages(course, 0) == []
    course.submit(1)
    course.settle()
    assert _messages(course, 0) == ["reviews.todo"]
    course.submit(2)
    course.settle()
    assert _messages(course, 0) == ["reviews.todo"]


def test_after_a_review_the_next_one_may_be_asked_for(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    course.settle()
    course.review(0, course.taken(0))
    course.settle()
    course.submit(2)
    course.settle()
    assert _messages(course, 0).count("reviews.todo") == 2


def test_the_author_hears_of_each_review_and_of_the_last(course: Course) -> None:
    for learner in range(3):
        course.submit(learner)
    for learner in (1, 2):
        course.review(learner, course.taken(learner))
        course.settle()
    heard = [m for m in _messages(course, 0) if m.startswith("reviews.") and m != "reviews.todo"]
    assert heard == [
        "reviews.received",
        "reviews.complete",
    ]


def test_the_reviewer_hears_of_the_answer(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    course.review(1, course.taken(1))
    (event,) = course.happened("reviews.review.submitted.v1")
    from plugin.reviews.models import Review

    with course.services.units.community(course.community_id) as uow:
        handle = uow.session.get_one(Review, UUID(event["review_id"])).handle
        answer_review(uow, handle, course.learners[0], "Thank you.")
        uow.commit()
    course.settle()
    assert "reviews.answered" in _messages(course, 1)


def test_a_reservation_that_ends_soon_is_told_once(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    course.taken(1)
    remind(course.services)
    assert "reviews.due" not in _messages(course, 1)
    course.clock.advance(hours=7)
    remind(course.services)
    remind(course.services)
    assert _messages(course, 1).count("reviews.due") == 1
    course.clock.advance(hours=2)
    expire(course.services)
    with course.services.units.reading(course.community_id) as uow:
        (mine,) = standings(uow, course.learners[1])
    assert (mine.in_hand, mine.owes, mine.takeable) == (None, 2, 1)


def test_no_notice_names_the_other_side(course: Course) -> None:
    for learner in range(3):
        course.submit(learner)
    for learner in (1, 2):
        course.review(learner, course.taken(learner))
        course.settle()
    for number, person in enumerate(course.learners):
        others = [str(one) for n, one in enumerate(course.learners) if n != number]
        for _message, url, params in _told(course, person):
            said = f"{url} {params}"
            assert not [one for one in (*others, "Anna", "Bo", "Cem") if one in said]


def test_the_home_page_says_what_is_next(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    course.submit(2)
    me = Actor(person_id=course.learners[1], community_id=course.community_id)

    def lines() -> list[tuple[str, str]]:
        with course.services.units.reading(course.community_id) as uow:
            return [(line.kind, line.title) for line in card(uow, me)]

    assert lines() == [
        ("next", "Take a review: Normal forms"),
        ("waiting", "Reviews of your work: Normal forms"),
    ]
    assignment = course.taken(1)
    assert lines()[0] == ("next", "Finish your review: Normal forms")
    course.review(1, assignment)
    for learner in (0, 2):
        for _ in range(2):
            course.review(learner, course.taken(learner))
    course.review(1, course.taken(1))
    assert lines() == [("next", "Read what reviewers saw: Normal forms")]
