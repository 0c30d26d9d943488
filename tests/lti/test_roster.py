"""A roster is kept page by page, survives kills and nonsense, and sends away only who is gone."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import responses
import sqlalchemy as sa

from lti import registrations, roster, roster_entries, roster_reading
from lti.extension import extension
from lti.models import ContextLink
from lti.person_data import PERSON_DATA
from lti.registrations import NewRegistration
from lti.service_models import ReadState, RosterEntry
from plugin.app import compose
from plugin.kernel.jobs import sweep
from plugin.people import public as people
from plugin.settings import Settings
from tests.lti.roster_platform import LMS, URL, RosterPlatform, give_token, member
from tests.support.clock import FixedClock


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


@pytest.fixture
def course(
    settings: Settings, clock: FixedClock, web: responses.RequestsMock
) -> Iterator[RosterPlatform]:
    made = compose(settings, extensions=(extension,), clock=clock)
    services = made.services
    with services.units.system() as uow:
        community = people.found_community(uow, "Campus")
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=LMS,
                client_id="c",
                auth_login_url=f"{LMS}/auth",
                auth_token_url=f"{LMS}/token",
                key_set_url=f"{LMS}/keys",
            ),
        )
        deployment = registrations.activate(uow, found.id, "1", community.id)
        uow.commit()
    with services.units.community(community.id) as uow:
        context = people.context_for(uow, issuer=LMS, external_id="7", kind="course", title="Bio")
        link = ContextLink(
            deployment_id=deployment.id,
            external_id="7",
            context_id=context.id,
            memberships_url=URL,
            scopes=[],
        )
        uow.session.add(link)
        uow.session.flush()
        view = people.community(uow)
        uow.commit()
    platform = RosterPlatform(services, clock, view, deployment, context.id, link.id)
    give_token(web)
    web.add_callback(responses.GET, re.compile(re.escape(URL) + ".*"), callback=platform.give)
    yield platform
    services.units.engine.dispose()


def test_short_and_full_roles_on_several_pages_and_who_is_not_active(
    course: RosterPlatform,
) -> None:
    full = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
    test_user = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
    course.pages = [
        [member("a"), member("t", full), member("x", status="Inactive")],
        [member("b", status=None), {"user_id": "s", "roles": ["Learner", test_user]}],
        [member("nobody", "Nonsense"), member("parent", "Mentor")],
    ]
    done = course.read()
    assert (done.state, done.pages, done.people) == (ReadState.DONE, 3, 4)
    assert course.roles() == {"a": "learner", "t": "teacher", "b": "learner", "parent": "observer"}
    assert course.link().roster_at == course.clock.now()


def test_names_may_be_withheld_and_come_later(course: RosterPlatform) -> None:
    course.pages = [[member("a"), member("b", name="Ben", email="b@example.edu")]]
    course.read()
    course.pages = [[member("a", given_name="Ada", family_name="L"), member("b")]]
    course.read(hours=7)
    with course.services.units.reading(course.community.id) as uow:
        named = {m.person.name for m in people.members(uow, course.context_id)}
    assert "Ada L" in named


def test_who_is_gone_has_left_and_nothing_of_theirs_is_removed(course: RosterPlatform) -> None:
    course.pages = [[member("a"), member("b")], [member("c")]]
    course.read()
    course.pages = [[member("a")]]
    done = course.read(hours=7)
    assert (done.gone, course.left()) == (2, 2)
    assert course.roles() == {"a": "learner"}
    with course.services.units.reading(course.community.id) as uow:
        assert people.find_identity(uow, LMS, "b") is not None
        assert len(uow.session.scalars(sa.select(RosterEntry)).all()) == 1
    course.pages = [[member("a"), member("b")]]
    course.read(hours=7)
    assert course.roles() == {"a": "learner", "b": "learner"}


def test_an_empty_list_sends_nobody_away(course: RosterPlatform) -> None:
    course.pages = [[member("a")]]
    course.read()
    course.pages = [[]]
    assert course.read(hours=7).state is ReadState.DONE
    assert course.roles() == {"a": "learner"}


def test_who_comes_while_the_list_is_read_is_not_missed(course: RosterPlatform) -> None:
    """A learner enrols and launches after the page on which they would stand was read."""
    course.pages = [[member("a")]]

    def launch(_page: int) -> None:
        with course.services.units.community(course.community.id) as uow:
            new = people.admit(uow, issuer=LMS, subject="new", kind="lti")
            people.enrol(uow, new.id, course.context_id, "learner", "launch")
            uow.commit()

    course.answer = launch
    course.read()
    assert course.roles() == {"a": "learner", "new": "learner"}
    course.answer = lambda _page: None
    course.read(hours=7)
    assert course.roles() == {"a": "learner"}


def test_who_was_invited_or_comes_from_a_forum_stays(course: RosterPlatform) -> None:
    with course.services.units.community(course.community.id) as uow:
        guest = people.admit(uow, issuer="mailto:", subject="m@example.org", kind="email")
        people.enrol(uow, guest.id, course.context_id, "learner", "invite")
        uow.commit()
    course.pages = [[member("a")]]
    assert course.read().gone == 0


def test_who_stands_on_the_list_of_another_deployment_has_not_left(course: RosterPlatform) -> None:
    course.pages = [[member("a"), member("b")]]
    course.read()
    with course.services.units.system() as uow:
        other = registrations.activate(
            uow, course.deployment.registration.id, "2", course.community.id
        )
        uow.commit()
    with course.services.units.community(course.community.id) as uow:
        link = ContextLink(
            deployment_id=other.id, external_id="7", context_id=course.context_id,
            memberships_url=URL, scopes=[],
        )  # fmt: skip
        uow.session.add(link)
        uow.session.flush()
        course.link_id = link.id
        uow.commit()
    course.pages = [[member("a")]]
    course.read()
    assert course.roles() == {"a": "learner", "b": "learner"}


def test_twice_on_the_list_is_once_here_with_the_stronger_role(course: RosterPlatform) -> None:
    course.pages = [
        [member("a"), member("a", "Instructor"), member("b", "Instructor")],
        [member("b"), member("a"), member("c")],
    ]
    assert course.read().people == 3
    assert course.roles() == {"a": "teacher", "b": "teacher", "c": "learner"}


def test_sections_come_with_the_members_messages(course: RosterPlatform) -> None:
    def among(told: object) -> dict[str, Any]:
        return {"message": [{"https://purl.imsglobal.org/spec/lti/claim/custom": told}]}

    course.pages = [
        [
            member("a", **among({"section_ids": "12, 11"})),
            member("b", **among({"section_ids": '["11"]'})),
            member("c", **among({"section_ids": "$Canvas.course.sectionIds"})),
            member("d", message="nonsense"),
            member("e", message=[None, {"x": 1}]),
        ]
    ]
    course.read()
    with course.services.units.reading(course.community.id) as uow:
        found = roster.sections(uow, course.context_id)
    assert sorted(map(sorted, found.values())) == [["11"], ["11", "12"]]


@pytest.mark.parametrize("chunk", [1, 2])
def test_a_long_page_is_kept_in_parts(
    course: RosterPlatform, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_reading, "_CHUNK", chunk)
    course.pages = [[member(str(n)) for n in range(5)], [member("z")]]
    assert course.read().people == 6
    course.pages = [[member("z")]]
    assert course.read(hours=7).gone == 5


def test_killed_in_the_middle_it_goes_on_with_the_next_page(
    course: RosterPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.pages = [[member(f"{p}{n}") for n in range(3)] for p in range(4)]
    keep = roster_entries.keep

    def killed(*values: Any) -> int:
        if any(one.subject == "20" for one in values[-1]):
            raise KeyboardInterrupt  # as good as a kill: nothing is noted
        return keep(*values)

    monkeypatch.setattr(roster_reading, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        course.read()
    assert course.latest().pages == 2
    monkeypatch.setattr(roster_reading, "keep", keep)
    course.go_on(seconds=30)  # the claim of the dead worker still stands
    assert course.latest().pages == 2
    done = course.go_on(minutes=3)
    assert (done.state, done.people) == (ReadState.DONE, 12)
    pages = [url.split("page=")[1] if "page=" in url else "0" for url in course.asked]
    assert pages == ["0", "1", "2", "2", "3"]


def test_a_wish_during_a_reading_starts_no_second_one(course: RosterPlatform) -> None:
    course.pages = [[member("a")], [member("b")]]

    def wish(page: int) -> None:
        if page == 1 and len(course.asked) < 5:
            course.want()
            sweep(course.services)  # another worker meanwhile

    course.answer = wish
    assert course.read().state is ReadState.DONE
    assert len(course.asked) == 2


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {}, "<html>please sign in</html>"),
        (200, {}, '{"members": [{"roles": ["Learner"]}]}'),
        (200, {}, '{"members": null}'),
        (200, {}, "[]"),
        (403, {}, "{}"),
        (200, {"Link": '<https://10.0.0.8/members>; rel="next"'}, '{"members": []}'),
        (
            200,
            {"Link": f'<{URL}?page=0>; rel="next"'},
            '{"members": [{"user_id": "a", "roles": ["Learner"]}]}',
        ),
    ],
)
def test_nonsense_ends_the_reading_with_a_reason_and_changes_no_standing(
    course: RosterPlatform, status: int, headers: dict[str, str], body: str
) -> None:
    course.pages = [[member("a"), member("b")]]
    course.read()
    course.answer = lambda _page: (status, headers, body)
    ended = course.read(hours=7)
    assert ended.state is ReadState.FAILED
    assert ended.reason
    assert course.link().roster_error == ended.reason
    assert course.roles() == {"a": "learner", "b": "learner"}


@pytest.mark.parametrize("fresh", [True, False])
def test_a_list_without_end_is_given_up(
    course: RosterPlatform, fresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_reading, "MAX_PAGES", 5)

    def more(page: int) -> tuple[int, dict[str, str], str]:
        listed = [member(f"{page if fresh else 0}")]
        following = {"Link": f'<{URL}?page={page + 1}>; rel="next"'}
        return 200, following, json.dumps({"members": listed})

    course.answer = more
    ended = course.read()
    assert ended.state is ReadState.FAILED
    assert "does not end" in str(ended.reason)
    assert len(course.asked) <= 5


def test_a_platform_that_is_down_is_asked_later_and_the_reading_goes_on(
    course: RosterPlatform,
) -> None:
    course.pages = [[member("a")], [member("b")]]
    down = {"times": 2}

    def busy(page: int) -> tuple[int, dict[str, str], str] | None:
        if page == 1 and down["times"]:
            down["times"] -= 1
            return 429, {"Retry-After": "60"}, ""
        return None

    course.answer = busy
    waiting = course.read()
    assert (waiting.state, waiting.pages, waiting.failures) == (ReadState.READING, 1, 1)
    assert course.go_on(seconds=30).failures == 1
    assert course.go_on(seconds=60).failures == 2
    done = course.go_on(seconds=80)
    assert (done.state, done.people) == (ReadState.DONE, 2)
    assert course.link().roster_error is None


def test_a_bookmark_that_ran_out_begins_the_list_again_once(course: RosterPlatform) -> None:
    course.pages = [[member("a")], [member("b")]]
    gone = {"times": 1}

    def expired(page: int) -> tuple[int, dict[str, str], str] | None:
        if page == 1 and gone["times"]:
            gone["times"] -= 1
            return 404, {}, "{}"
        return None

    course.answer = expired
    course.read()
    done = course.go_on(seconds=10)
    assert (done.state, course.roles()) == (ReadState.DONE, {"a": "learner", "b": "learner"})


def test_a_stopped_reading_ends_and_sends_nobody_away(course: RosterPlatform) -> None:
    course.pages = [[member("a"), member("b")]]
    course.read()
    course.pages = [[member("a")], [member("c")]]

    def stop(page: int) -> None:
        if page == 1:
            with course.services.units.community(course.community.id) as uow:
                assert roster.stop(uow, course.context_id) == 1
                uow.commit()

    course.answer = stop
    assert course.read(hours=7).state is ReadState.STOPPED
    assert course.roles() == {"a": "learner", "b": "learner"}


def test_it_is_read_every_six_hours_and_old_readings_go(course: RosterPlatform) -> None:
    course.pages = [[member("a")]]
    course.read()
    for hours, asked in ((1, 1), (5, 2), (1, 2)):
        course.clock.advance(hours=hours)
        roster.ask_for_all(course.services)
        course.go_on()
        assert len(course.asked) == asked
    course.clock.advance(days=40)
    roster.forget_old(course.services)
    with course.services.units.reading(course.community.id) as uow:
        assert roster.lists(uow, [course.context_id])[0].read_at is not None
        assert roster.lists(uow, [course.context_id])[0].gone == 0


def test_places_on_lists_are_exported_moved_and_erased(course: RosterPlatform) -> None:
    course.pages = [[member("a"), member("b", "Instructor")]]
    course.read()
    units, home = course.services.units, course.community.id
    with units.community(home) as uow:
        a, b = (people.find_identity(uow, LMS, one).person_id for one in "ab")  # type: ignore[union-attr]
        assert a is not None
        assert b is not None
        assert PERSON_DATA.export(uow, a)["course_lists"] == [{"role": "learner", "sections": []}]
        PERSON_DATA.merge(uow, a, b)
        uow.commit()
    with units.community(home) as uow:
        assert PERSON_DATA.export(uow, a)["course_lists"] == []
        assert PERSON_DATA.export(uow, b)["course_lists"] == [{"role": "teacher", "sections": []}]
        PERSON_DATA.erase(uow, b)
        uow.commit()
    with units.reading(home) as uow:
        assert uow.session.scalars(sa.select(RosterEntry)).all() == []
