"""Home, profile, your time, what is kept: through the pages."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from plugin.home.public import NextAction
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.workload import public as workload
from tests.support.signed_in import Browser, sign_in


@dataclass(frozen=True)
class Member:
    person: people.PersonView
    course: people.Context
    browser: Browser


@pytest.fixture
def member(client: FlaskClient, services: Services, community: people.Community) -> Member:
    with services.units.community(community.id) as uow:
        person = people.admit(uow, issuer="https://lms.example", subject="7", kind="lti")
        course = people.context_for(
            uow, issuer="https://lms.example", external_id="c1", kind="course", title="Statistics"
        )
        uow.commit()
    browser = sign_in(client, services, community.id, person.id, [(course.id, "learner")])
    return Member(person, course, browser)


def test_before_set_up_home_says_what_is_missing(client: FlaskClient) -> None:
    assert "lantern admin invite" in client.get("/").get_data(as_text=True)


def test_not_signed_in_leads_to_the_ways_in(
    client: FlaskClient, community: people.Community
) -> None:
    assert client.get("/").headers["Location"] == "/sign-in"


def test_home_works_with_a_sub_only_and_asks_for_a_name(member: Member) -> None:
    text = member.browser.get("/").get_data(as_text=True)
    assert "Hello, Member " in text
    assert "Say who you are" in text
    assert "Statistics" in text


def test_the_first_page_asks_for_the_zone_once(services: Services, member: Member) -> None:
    """The question is hidden until the device names another zone, and gone once answered."""
    path = f"/c/{member.course.handle}/"
    asked = member.browser.get(path).get_data(as_text=True)
    assert f'data-zone-offer="{member.person.time_zone}" hidden' in asked
    wrong = member.browser.post("/profile/zone", {"time_zone": "Mars/Olympus", "next": path})
    assert (wrong.status_code, wrong.headers["Location"]) == (303, path)
    assert "data-zone-offer" in member.browser.get("/").get_data(as_text=True)
    done = member.browser.post("/profile/zone", {"time_zone": "Africa/Lagos", "next": path})
    assert (done.status_code, done.headers["Location"]) == (303, path)
    assert "data-zone-offer" not in member.browser.get(path).get_data(as_text=True)
    assert "data-zone-offer" not in member.browser.get("/").get_data(as_text=True)
    with services.units.reading(member.course.community_id) as uow:
        assert people.person(uow, member.person.id).time_zone == "Africa/Lagos"
    away = member.browser.post("/profile/zone", {"time_zone": "UTC", "next": "//evil.example"})
    assert away.headers["Location"] == "/"


def test_course_home_shows_its_places_and_lines(
    app: Flask, services: Services, member: Member
) -> None:
    path = f"/c/{member.course.handle}/"

    def card(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
        return [
            NextAction("Meet Leila", "You promised a draft.", 30, uow.now(), f"{path}pair"),
            NextAction("Elsewhere", "", 1, None, "/c/other/x"),
            NextAction("Two reviews", "One arrived.", None, None, path, kind="waiting"),
            NextAction("Old pair", "finished", None, None, path, kind="done"),
        ]

    services.extra["cards"] = (card,)
    text = member.browser.get(path).get_data(as_text=True)
    assert "Meet Leila" in text
    assert "about 30 minutes" in text
    assert "Two reviews" in text
    assert "Old pair" in text
    assert "Elsewhere" not in text


def test_profile_is_changed_and_said_once(
    services: Services, community: people.Community, member: Member
) -> None:
    sent = {"name": "Leila Haddad", "locale": "de", "time_zone": "Africa/Tunis"}
    answer = member.browser.post("/profile", sent)
    assert answer.status_code == 303
    with services.units.reading(community.id) as uow:
        person = people.person(uow, member.person.id)
    assert (person.name, person.locale, person.time_zone) == tuple(sent.values())
    first = member.browser.get("/profile").get_data(as_text=True)
    assert 'lang="de"' in first
    assert 'role="status"' in first
    assert 'role="status"' not in member.browser.get("/profile").get_data(as_text=True)


def test_wrong_profile_is_shown_again_with_its_errors(member: Member) -> None:
    sent = {"name": "", "locale": "xx", "time_zone": "Mars/Base"}
    answer = member.browser.post("/profile", sent)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "3 answers need another look." in text
    assert "This time zone is not known." in text


def test_your_time_is_one_number_and_shows_what_is_taken(
    services: Services, community: people.Community, member: Member
) -> None:
    assert member.browser.post("/your-time", {"minutes": "120"}).status_code == 303
    with services.units.community(community.id) as uow:
        workload.reserve(uow, member.person.id, "pair:1", minutes_per_week=30)
        uow.commit()
    text = member.browser.get("/your-time").get_data(as_text=True)
    assert "30 of 120 minutes are taken, 90 are free." in text
    assert "2 hours a week" in text
    assert member.browser.post("/your-time", {"minutes": "-5"}).status_code == 422


def test_reading_what_is_kept_is_asked_once(
    services: Services, community: people.Community, member: Member
) -> None:
    with services.units.community(community.id) as uow:
        people.update_profile(uow, member.person.id, display_name="Leila")
        people.confirm_email(uow, member.person.id, "leila@example.org")
        uow.commit()
    asked = "Read what Lantern keeps about you"
    assert asked in member.browser.get("/").get_data(as_text=True)
    assert member.browser.post("/privacy").status_code == 303
    assert asked not in member.browser.get("/").get_data(as_text=True)
    assert "You have read this." in member.browser.get("/privacy").get_data(as_text=True)


def test_my_data_is_a_file_with_every_package(member: Member) -> None:
    answer = member.browser.get("/profile/my-data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.data)
    assert told["people"]["accounts"][0]["subject"] == "7"
    assert "web" in told


@pytest.mark.parametrize("header", ["iframe", "document"])
def test_no_second_navigation_bar_inside_a_frame(member: Member, header: str) -> None:
    text = member.browser.get("/", headers={"Sec-Fetch-Dest": header}).get_data(as_text=True)
    assert ('class="bar"' in text) is (header == "document")
    assert "<h1>" in text


def test_number_of_queries_does_not_grow_with_what_is_shown(
    services: Services, member: Member, counting: "Callable[[], int]"
) -> None:
    def card(rows: int) -> Callable[[UnitOfWork, people.Actor], list[NextAction]]:
        return lambda uow, actor: [NextAction(str(n), "", 1, None, "/") for n in range(rows)]

    services.extra["cards"] = (card(1),)
    member.browser.get("/")
    start = counting()
    member.browser.get("/")
    few = counting() - start
    services.extra["cards"] = (card(50),)
    member.browser.get("/")
    assert counting() - start - few == few


@pytest.fixture
def counting(services: Services) -> Callable[[], int]:
    from sqlalchemy import event

    seen: list[str] = []
    event.listen(
        services.units.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, _p, _ctx, _many: seen.append(statement),
    )
    return lambda: len(seen)
