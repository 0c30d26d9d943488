"""Submit, take, review, score, gradebook: the whole path through the real queue and outbox."""

from uuid import UUID

import pytest

from plugin.kernel.errors import Conflict, Invalid
from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.reviews.public import Rating, Written
from plugin.workload import public as workload
from plugin.workload.public import NotTaken
from tests.plugin.reviews.conftest import Course, complete

SCORES = "wants.score.v1"
REVIEWED = "reviews.work.reviewed.v1"


def _switch(course: Course, *, on: bool) -> int:
    with course.services.units.community(course.community_id) as uow:
        sent = reviews.switch_gradebook(uow, course.activity, course.teacher, on=on)
        uow.commit()
    return sent


def _first_work_reviewed(course: Course, *levels: int) -> None:
    """Learner 0 hands in and learners 1, 2, ... review with these levels."""
    course.submit(0)
    for learner, level in enumerate(levels, start=1):
        course.submit(learner)
        course.review(learner, course.taken(learner), level)
        course.settle()


def test_two_reviews_make_a_reviewed_work(course: Course) -> None:
    _first_work_reviewed(course, 3, 2)
    (event,) = course.happened(REVIEWED)
    assert UUID(event["person_id"]) == course.learners[0]
    assert (event["score"], event["maximum"], event["reviews"]) == (7.5, 9.0, 2)
    assert event["levels"] == {"purpose": 2, "reasoning": 2, "form": 2}
    assert (event["rubric"], event["rubric_version"]) == ("clear-work", "1")
    assert event["mentor_reviews"] == 0
    assert len(event["artifact_sha256"]) == 64
    assert {UUID(one) for one in event["reviewer_ids"]} == set(course.learners[1:3])


def test_reviews_by_mentors_and_teachers_are_counted(course: Course) -> None:
    mentor, mentee, teacher = course.learners[1], course.learners[5], course.learners[2]
    with course.services.units.community(course.community_id) as uow:
        people.relate(uow, "pair", mentor, mentee)
        people.enrol(uow, teacher, course.context.id, people.TEACHER, "lti")
        uow.commit()
    _first_work_reviewed(course, 3, 2)
    (event,) = course.happened(REVIEWED)
    assert (event["reviews"], event["mentor_reviews"]) == (2, 2)


def test_a_gradebook_comment_names_nobody(course: Course) -> None:
    _switch(course, on=True)
    _first_work_reviewed(course, 3, 2)
    (want,) = course.happened(SCORES)
    assert want["comment"] == "Mean of 2 peer reviews."
    assert not [one for one in course.learners[1:] if str(one) in str(want)]


def test_no_score_leaves_before_the_teacher_says_so(course: Course) -> None:
    _first_work_reviewed(course, 3, 2)
    assert course.happened(SCORES) == []
    assert _switch(course, on=True) == 1
    assert _switch(course, on=True) == 0
    (want,) = course.happened(SCORES)
    assert want["resource"] == course.activity
    assert (want["score"], want["maximum"]) == (7.5, 9.0)
    assert UUID(want["person_id"]) == course.learners[0]


def test_with_the_switch_on_a_score_is_wanted_once(course: Course) -> None:
    _switch(course, on=True)
    _first_work_reviewed(course, 3, 2)
    course.settle()
    assert len(course.happened(SCORES)) == 1


def test_switched_off_again_nothing_more_leaves(course: Course) -> None:
    _switch(course, on=True)
    _switch(course, on=False)
    _first_work_reviewed(course, 3, 2)
    assert course.happened(SCORES) == []


def test_a_late_review_counts_and_the_score_is_sent_anew(course: Course) -> None:
    _switch(course, on=True)
    course.submit(0)
    course.submit(1)
    slow = course.taken(1)
    course.clock.advance(hours=9)
    with course.services.units.community(course.community_id) as uow:
        assert len(workload.expire_due(uow)) == 1
        uow.commit()
    for learner in (2, 3):
        course.submit(learner)
        course.review(learner, course.taken(learner), 1)
    course.settle()
    assert [want["score"] for want in course.happened(SCORES)] == [3.0]
    assert course.review(1, slow, 3) is True
    course.settle()
    wants = course.happened(SCORES)
    assert [want["score"] for want in wants] == [3.0, 5.0]
    assert len({want["key"] for want in wants}) == 2
    assert [event["reviews"] for event in course.happened(REVIEWED)] == [2, 3]


def test_a_review_sent_twice_is_one(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    assignment = course.taken(1)
    course.review(1, assignment, 3)
    course.review(1, assignment, 0)
    course.settle()
    with course.services.units.reading(course.community_id) as uow:
        (item,) = (
            one
            for one in workload.items(uow, f"reviews:{course.activity}").values()
            if one.author_id == course.learners[0]
        )
    assert item.finished == 1


def test_evidence_is_required_in_words(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    assignment = course.taken(1)
    thin = Written({"purpose": Rating(2, "ok"), "reasoning": Rating(None, "x" * 40)})
    with (
        course.services.units.community(course.community_id) as uow,
        pytest.raises(Invalid) as refused,
    ):
        reviews.submit_review(uow, assignment, course.learners[1], thin)
    assert set(refused.value.fields) == {
        "evidence_purpose",
        "level_reasoning",
        "level_form",
        "evidence_form",
    }


def test_a_draft_is_kept_and_renews_the_reservation(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    assignment = course.taken(1)
    course.clock.advance(hours=7)
    with course.services.units.community(course.community_id) as uow:
        saved = reviews.save_draft(
            uow, assignment, course.learners[1], Written({"purpose": Rating(None, "So far so")})
        )
        uow.commit()
    assert saved.until is not None
    assert (saved.until - course.clock.now()).total_seconds() == 8 * 3600


def test_work_can_be_replaced_until_somebody_has_begun(course: Course) -> None:
    first = course.submit(0, "One")
    assert course.submit(0, "One") == first
    assert course.submit(0, "Two").version == 2
    course.submit(1)
    course.taken(1)
    with pytest.raises(Conflict):
        course.submit(0, "Three")


def test_own_work_is_never_given(course: Course) -> None:
    course.submit(0)
    assert course.take(0) is NotTaken.NOTHING


def test_a_full_week_keeps_nobody_from_a_review_that_they_owe(course: Course) -> None:
    """Both owed reviews can be taken though the week has no minute; a further one cannot."""
    for learner in range(4):
        course.submit(learner)
    reviewer = course.learners[0]
    with course.services.units.community(course.community_id) as uow:
        workload.set_capacity(uow, reviewer, 0)
        uow.commit()
    for _turn in range(2):
        course.review(0, course.taken(0))
    assert course.take(0) is NotTaken.NO_TIME
    with course.services.units.reading(course.community_id) as uow:
        assert workload.spent(uow, [reviewer]) == {reviewer: 40}


def test_in_a_group_of_three_reciprocity_gives_way(course: Course) -> None:
    """k = 2 and three people: everybody reviews both others, nobody is left without."""
    for learner in range(3):
        course.submit(learner)
    for _ in range(2):
        for learner in range(3):
            course.review(learner, course.taken(learner))
    course.settle()
    assert len(course.happened(REVIEWED)) == 3


def test_pairs_and_blocked_people_do_not_review_each_other(course: Course) -> None:
    with course.services.units.community(course.community_id) as uow:
        people.relate(uow, "pair", course.learners[0], course.learners[1])
        uow.commit()
    course.submit(0)
    course.submit(1)
    assert course.take(1) is NotTaken.NOTHING
    assert course.take(0) is NotTaken.NOTHING
    course.submit(2)
    assert not isinstance(course.take(2), NotTaken)


def test_the_activitys_rubric_is_a_snapshot(course: Course) -> None:
    with course.services.units.reading(course.community_id) as uow:
        shown = reviews.activity(uow, course.activity)
        assert [one.handle for one in reviews.activities(uow, course.context.id)] == [
            course.activity
        ]
    assert shown.maximum == 9.0
    assert shown.resource == course.activity
    assert complete(2).ratings.keys() == {criterion.key for criterion in shown.rubric.criteria}
