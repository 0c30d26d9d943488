"""Many at once: everybody hands in and takes at the same moment, through real threads."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.reviews.grid_queries import grid
from plugin.workload import public as workload
from tests.plugin.reviews.conftest import Course, complete


def test_twelve_people_at_once_give_and_get_two_reviews(course: Course) -> None:
    """Nobody gets own work, nobody the same twice, and all works have their reviews in the end."""
    with course.services.units.community(course.community_id) as uow:
        everybody = [
            people.admit(uow, issuer="https://lms.test", subject=f"x{n}", kind="lti").id
            for n in range(12)
        ]
        uow.commit()

    def go(person: UUID) -> None:
        with course.services.units.community(course.community_id) as uow:
            reviews.submit_work(uow, course.activity, person, reviews.text_work(f"By {person}"))
            uow.commit()

    def review(person: UUID) -> bool:
        with course.services.units.community(course.community_id) as uow:
            taken = reviews.take_review(uow, course.activity, person)
            uow.commit()
        if isinstance(taken, workload.NotTaken):
            return False
        with course.services.units.community(course.community_id) as uow:
            reviews.submit_review(uow, taken.assignment, person, complete(2))
            uow.commit()
        return True

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(go, everybody))
        list(pool.map(review, everybody * 2))
    queue = f"reviews:{course.activity}"
    # The last works may be left to people who would review each other: the rule gives way in time.
    course.clock.advance(days=4)
    for person in everybody * 2:
        review(person)
    with course.services.units.reading(course.community_id) as uow:
        assert workload.waiting(uow, queue) == ()
        items = workload.items(uow, queue)
        leases = workload.leases(uow, queue)
    assert len({(one.item_key, one.person_id) for one in leases}) == len(leases)
    assert not [one for one in leases if items[one.item_key].author_id == one.person_id]
    assert Counter(one.item_key for one in leases) == dict.fromkeys(items, 2)
    course.settle()
    assert len(course.happened("reviews.work.reviewed.v1")) == 12


def test_the_grid_asks_the_database_as_often_for_six_as_for_two(course: Course) -> None:
    def count() -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
            asked.append(text)

        engine: sa.Engine = course.services.units.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            with course.services.units.reading(course.community_id) as uow:
                grid(uow, reviews.activity(uow, course.activity))
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    course.submit(0)
    course.submit(1)
    course.review(1, course.taken(1))
    few = count()
    for learner in (2, 3, 4, 5):
        course.submit(learner)
        course.review(learner, course.taken(learner))
    assert count() == few
