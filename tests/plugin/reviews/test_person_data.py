"""Erasing keeps what others were promised, merging loses nothing, the export is one's own."""

from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.workload import public as workload
from tests.plugin.reviews.conftest import Course, complete


def _erase(course: Course, learner: int) -> None:
    person = course.learners[learner]
    with course.services.units.community(course.community_id) as uow:
        for data in (reviews.PERSON_DATA, workload.PERSON_DATA, people.PERSON_DATA):
            data.erase(uow, person)
        uow.commit()


def test_an_erased_reviewer_harms_no_author(course: Course) -> None:
    for learner in range(3):
        course.submit(learner)
    course.review(1, course.taken(1), 3)
    _erase(course, 1)
    course.review(2, course.taken(2), 2)
    course.settle()
    events = course.happened("reviews.work.reviewed.v1")
    assert [event["score"] for event in events] == [7.5]


def test_an_erased_authors_words_are_gone_and_their_place_too(course: Course) -> None:
    course.submit(0, "Something that only I would say")
    course.submit(1)
    _erase(course, 0)
    assert course.take(1) is workload.NotTaken.NOTHING
    with course.services.units.reading(course.community_id) as uow:
        left = reviews.PERSON_DATA.export(uow, course.learners[0])
    assert "only I would say" not in str(left)


def test_a_reviewer_who_is_erased_while_writing_frees_the_place(course: Course) -> None:
    course.submit(0)
    course.submit(1)
    course.submit(2)
    course.taken(1)
    _erase(course, 1)
    course.review(2, course.taken(2))
    with course.services.units.reading(course.community_id) as uow:
        first = workload.waiting(uow, f"reviews:{course.activity}")[0]
    assert (first.finished, first.held, first.places) == (1, 0, 1)


def test_the_export_names_nobody_else(course: Course) -> None:
    for learner in range(3):
        course.submit(learner)
    course.review(1, course.taken(1))
    with course.services.units.reading(course.community_id) as uow:
        mine = reviews.PERSON_DATA.export(uow, course.learners[1])
    assert [work["text"] for work in mine["work"]] == ["The work of learner 1."]
    assert len(mine["reviews_given"]) == 1
    others = [str(one) for one in course.learners if one != course.learners[1]]
    assert not [one for one in others if one in str(mine)]


def test_merged_people_have_one_history(course: Course) -> None:
    """The account that handed in and the account that reviews turn out to be one person."""
    for learner in range(3):
        course.submit(learner)
    source, target = course.learners[1], course.learners[5]
    assignment = course.taken(1)
    with course.services.units.community(course.community_id) as uow:
        for data in (reviews.PERSON_DATA, workload.PERSON_DATA):
            data.merge(uow, source, target)
        uow.commit()
    with course.services.units.community(course.community_id) as uow:
        assert reviews.submit_review(uow, assignment, target, complete(2)) is False
        assert workload.spent(uow, [source, target]) == {source: 0, target: 20}
        uow.commit()
    assert course.take(5) is not workload.NotTaken.NOTHING
