"""Duplicates and copied courses get the settings and never the people, on both platforms."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from lti.claim_schemas import LTI
from lti.claims import parse
from lti.copies import history, note_origins
from lti.models import ContextLink, ResourceLink
from plugin.people import public as people
from plugin.practice.lms import queries, seed
from plugin.practice.lms.records import Activity, Course, Role, User
from plugin.reviews import public as reviews
from tests.lti.conftest import Campus, browser
from tests.lti.test_claims import base
from tests.lti.test_deep_linking import Choosing

pytestmark = pytest.mark.parametrize("profile", ["moodle", "canvas"], indirect=True)


def opened(campus: Campus, user: User, activity: Activity) -> str:
    """The path where a launch of this activity ends."""
    session = browser()
    answer = campus.launch(user, activity.id, session)
    assert answer.status_code == 303, answer.text
    landed = session.get(
        campus.base_url + answer.headers["Location"], allow_redirects=False, timeout=30
    )
    return landed.headers["Location"]


@pytest.fixture
def essay(campus: Campus) -> Activity:
    """A review activity with a column, added by the picker, and Ada's work in it."""
    choosing = Choosing(campus, campus.tessa)
    choosing.open()
    person = campus.person_id(campus.tessa)
    with campus.services.units.community(campus.community.id) as uow:
        (context,) = people.contexts(uow)
        handle = reviews.create_activity(
            uow,
            context_id=context.id,
            created_by=person,
            title="Essay",
            instructions="Write one page.",
            reviews_wanted=3,
            due_at=uow.now() + timedelta(days=3),
            score_to_gradebook=True,
        )
        uow.commit()
    choosing.bring_back(choosing.choose(item=f"review:{handle}", column="true"))
    (made,) = choosing.activities()
    assert opened(campus, campus.ada, made).endswith(handle)
    with campus.services.units.community(campus.community.id) as uow:
        reviews.submit_work(uow, handle, campus.person_id(campus.ada), reviews.text_work("Mine."))
        uow.commit()
    return made


def activities(campus: Campus) -> list[reviews.ActivityView]:
    with campus.work() as uow:
        return [one for c in people.contexts(uow) for one in reviews.activities(uow, c.id)]


def next_year(campus: Campus, *learners: User) -> tuple[Course, Activity]:
    copy = seed.copy_course(campus.lms.store, campus.course.id, label="BIO2", title="Biology 2")
    seed.enrol(campus.lms.store, copy.id, campus.tessa.id, Role.INSTRUCTOR)
    for learner in learners:
        seed.enrol(campus.lms.store, copy.id, learner.id)
    with campus.lms.store.reading() as db:
        (activity,) = queries.activities(db, copy.id)
    return copy, activity


def test_a_duplicate_opens_an_activity_of_its_own_with_the_same_settings(
    campus: Campus, essay: Activity
) -> None:
    duplicate = seed.duplicate_activity(campus.lms.store, essay.id)
    original = opened(campus, campus.ben, essay)
    path = opened(campus, campus.ben, duplicate)
    assert path != original
    assert opened(campus, campus.ada, duplicate) == path
    assert opened(campus, campus.ada, essay) == original
    copy, first = activities(campus)
    assert path.endswith(copy.handle)
    same = ("title", "instructions", "rubric", "reviews_wanted", "anonymity", "due_at")
    assert [getattr(copy, name) for name in same] == [getattr(first, name) for name in same]
    assert (first.score_to_gradebook, copy.score_to_gradebook) == (True, False)


def test_nobodys_work_comes_along(campus: Campus, essay: Activity) -> None:
    duplicate = seed.duplicate_activity(campus.lms.store, essay.id)
    session = browser()
    answer = campus.launch(campus.ada, duplicate.id, session)
    page = session.get(campus.base_url + answer.headers["Location"], timeout=30)
    assert "Hand in" in page.text
    assert "Mine." not in page.text


def test_a_duplicate_keeps_its_own_column(campus: Campus, essay: Activity) -> None:
    duplicate = seed.duplicate_activity(campus.lms.store, essay.id)
    opened(campus, campus.ada, essay)
    opened(campus, campus.ada, duplicate)
    with campus.work() as uow:
        links = uow.session.scalars(sa.select(ResourceLink).order_by(ResourceLink.id)).all()
    assert len({one.resource for one in links}) == 2
    assert len({one.lineitem_url for one in links}) == 2
    assert len({one.token for one in links}) == len({one.named for one in links}) == 1


def test_a_second_link_from_the_picker_is_no_copy(campus: Campus, essay: Activity) -> None:
    (activity,) = activities(campus)
    choosing = Choosing(campus, campus.tessa)
    choosing.open()
    choosing.bring_back(choosing.choose(item=f"review:{activity.handle}"))
    _first, second = choosing.activities()
    assert opened(campus, campus.ada, second) == opened(campus, campus.ada, essay)
    assert len(activities(campus)) == 1


def test_a_copied_course_gets_activities_of_its_own(campus: Campus, essay: Activity) -> None:
    campus.clock.advance(days=300)
    course, activity = next_year(campus, campus.ben)
    path = opened(campus, campus.ben, activity)
    with campus.work() as uow:
        here = people.context_by_handle(uow, urlsplit(path).path.split("/")[2])
        (copy,) = reviews.activities(uow, here.id)
        link = uow.session.scalars(
            sa.select(ContextLink).where(ContextLink.context_id == here.id)
        ).one()
    assert here.title == course.title
    assert path.endswith(copy.handle)
    assert copy.due_at is None  # last year's would be over
    assert link.origins == [campus.lms.platform.profile.context_id(campus.course.id)]
    assert opened(campus, campus.tessa, activity) == path


def test_two_learners_at_once_make_one_copy(campus: Campus, essay: Activity) -> None:
    from concurrent.futures import ThreadPoolExecutor

    duplicate = seed.duplicate_activity(campus.lms.store, essay.id)
    with ThreadPoolExecutor(2) as pool:
        paths = list(pool.map(lambda u: opened(campus, u, duplicate), [campus.ada, campus.ben]))
    assert len(set(paths)) == 1
    assert len(activities(campus)) == 2


def test_a_link_of_a_course_that_is_not_among_the_origins_waits_for_a_teacher(
    campus: Campus, essay: Activity
) -> None:
    other = seed.add_course(campus.lms.store, label="OLD", title="Another old course")
    course = seed.copy_course(campus.lms.store, other.id, label="X", title="Chemistry")
    seed.enrol(campus.lms.store, course.id, campus.ben.id)
    seed.enrol(campus.lms.store, course.id, campus.tessa.id, Role.INSTRUCTOR)
    planted = seed.add_activity(
        campus.lms.store,
        course.id,
        campus.tool.id,
        title="Planted",
        url=essay.url,
        custom=essay.custom,
    )
    assert opened(campus, campus.ben, planted).endswith("/reviews/")
    assert len(activities(campus)) == 1
    made = opened(campus, campus.tessa, planted)
    assert opened(campus, campus.ben, planted) == made
    assert len(activities(campus)) == 2


def test_a_plain_link_of_the_old_course_opens_the_new_one(campus: Campus, essay: Activity) -> None:
    choosing = Choosing(campus, campus.tessa)
    choosing.open()
    choosing.bring_back(choosing.choose(item="home"))
    course = seed.copy_course(campus.lms.store, campus.course.id, label="BIO2", title="Biology 2")
    seed.enrol(campus.lms.store, course.id, campus.ben.id)
    with campus.lms.store.reading() as db:
        plain = next(
            one for one in queries.activities(db, course.id) if one.title.startswith("Lantern")
        )
    path = opened(campus, campus.ben, plain)
    with campus.work() as uow:
        assert people.context_by_handle(uow, path.split("/")[2]).title == "Biology 2"


def test_the_history_is_read_whatever_a_platform_makes_of_it(profile: str) -> None:
    def told(text: object) -> list[str]:
        return history(parse(base(**{f"{LTI}custom": {"context_history": text}})))

    assert told("7, 3,,9") == ["7", "3", "9"]
    assert told("$Context.id.history") == told("") == told(None) == []
    assert told("a,truncated") == ["a"]
    assert len(told(",".join(["x" * 40] * 1000))) > 90
    link = ContextLink(external_id="3", origins=["7"])
    note_origins(link, ["9", "7", "3"])
    assert link.origins == ["7", "9"]
