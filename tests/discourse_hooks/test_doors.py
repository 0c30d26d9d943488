"""Signing in and linking through the practice forum's own provider, and what is refused."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from discourse_hooks import round_trip, sso, views
from discourse_hooks.models import ConnectNonce
from plugin.people import public as people
from plugin.practice.forum import seed
from tests.discourse_hooks.conftest import CONNECT_SECRET, Practice
from tests.support.signed_in import sign_in


def through_the_forum(practice: Practice, there: str, username: str) -> str:
    """Log in to the forum as somebody, go where Lantern sends us; return the way back."""
    assert there.startswith(practice.connection.base_url + "/session/sso_provider?")
    login = f"{practice.connection.base_url}/login"
    with requests.Session() as browser:
        assert browser.get(there, allow_redirects=False, timeout=5).headers["Location"] == "/login"
        token = re.search(r'name="token" value="([^"]+)"', browser.get(login, timeout=5).text)
        assert token is not None
        fields = {"username": username, "token": token.group(1)}
        browser.post(login, data=fields, allow_redirects=False, timeout=5)
        answer = browser.get(there, allow_redirects=False, timeout=5)
    back = answer.headers["Location"]
    assert back.startswith("http://localhost/discourse/")
    return back.removeprefix("http://localhost")


def door(practice: Practice, name: str) -> str:
    return f"/discourse/{practice.connection.handle}/{name}"


def identity(practice: Practice, username: str) -> people.Identity | None:
    with practice.services.units.reading(practice.connection.community_id) as uow:
        subject = str(seed.user_id(practice.forum, username))
        return people.find_identity(uow, practice.connection.base_url, subject)


@pytest.fixture
def learner(practice: Practice) -> people.PersonView:
    """Somebody who came from a course."""
    with practice.services.units.community(practice.connection.community_id) as uow:
        person = people.admit(
            uow,
            issuer="https://lms.example.org",
            subject="17",
            kind="lti",
            display_name="Tomasz Bauer",
        )
        uow.commit()
    return person


def linked(client: FlaskClient, practice: Practice, username: str) -> str:
    """Go all the way to the page that names both accounts; return its HTML."""
    there = client.get(door(practice, "link") + "?go=1").headers["Location"]
    answer = client.get(through_the_forum(practice, there, username))
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def confirm(client: FlaskClient, practice: Practice, html: str) -> int:
    fields = dict(re.findall(r'name="(csrf_token|nonce)" value="([^"]*)"', html))
    return client.post(door(practice, "link"), data=fields).status_code


def test_a_forum_member_signs_in(client: FlaskClient, practice: Practice) -> None:
    start = client.get(door(practice, "signin") + "?next=/profile")
    assert start.status_code == 303
    back = through_the_forum(practice, start.headers["Location"], "mira_k")
    answer = client.get(back)
    assert answer.status_code == 303
    assert client.get(answer.headers["Location"]).headers["Location"] == "/profile"
    known = identity(practice, "mira_k")
    assert known is not None
    assert known.person_id is not None
    with practice.services.units.reading(practice.connection.community_id) as uow:
        [(context_id, role)] = people.memberships_of(uow, known.person_id)
        assert (people.context(uow, context_id).kind, role) == ("forum", people.LEARNER)


def test_coming_back_twice_is_refused(client: FlaskClient, practice: Practice) -> None:
    start = client.get(door(practice, "signin"))
    back = through_the_forum(practice, start.headers["Location"], "mira_k")
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403


def test_an_answer_belongs_to_the_browser_that_asked(
    app: Flask, client: FlaskClient, practice: Practice
) -> None:
    start = client.get(door(practice, "signin"))
    back = through_the_forum(practice, start.headers["Location"], "mira_k")
    assert app.test_client().get(back).status_code == 403
    assert identity(practice, "mira_k") is None


def test_an_answer_that_comes_too_late_is_refused(client: FlaskClient, practice: Practice) -> None:
    start = client.get(door(practice, "signin"))
    back = through_the_forum(practice, start.headers["Location"], "mira_k")
    practice.clock.advance(minutes=11)
    assert client.get(back).status_code == 403


def test_a_forged_answer_is_refused(client: FlaskClient, practice: Practice) -> None:
    start = client.get(door(practice, "signin"))
    back = through_the_forum(practice, start.headers["Location"], "mira_k")
    query = parse_qs(urlsplit(back).query)
    forged = urlencode({"sso": query["sso"][0], "sig": "0" * 64})
    assert client.get(f"{door(practice, 'signin')}?{forged}").status_code == 403


def test_an_answer_for_signing_in_links_nothing(
    client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    start = client.get(door(practice, "signin"))
    back = through_the_forum(practice, start.headers["Location"], "mira_k")
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    assert client.get(back.replace("/signin", "/link")).status_code == 403


def test_a_course_person_links_after_seeing_both_names(
    client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    html = linked(client, practice, "tom.b")
    assert "Tomasz Bauer" in html
    assert "@tom.b" in html
    known = identity(practice, "tom.b")
    assert known is None  # nothing counts before it is confirmed
    assert confirm(client, practice, html) == 303
    known = identity(practice, "tom.b")
    assert known is not None
    assert known.person_id == learner.id
    assert "@tom.b" in client.get(door(practice, "link")).text
    assert confirm(client, practice, html) == 403  # used up


def test_linking_needs_the_form_and_its_value(
    client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    html = linked(client, practice, "tom.b")
    nonce = re.search(r'name="nonce" value="([^"]*)"', html)
    assert nonce is not None
    answer = client.post(door(practice, "link"), data={"nonce": nonce.group(1)})
    assert answer.status_code in {400, 403}
    assert identity(practice, "tom.b") is None


def test_somebody_known_only_from_the_forum_becomes_the_course_person(
    app: Flask, client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    other = app.test_client()
    start = other.get(door(practice, "signin"))
    other.get(through_the_forum(practice, start.headers["Location"], "tom.b"))
    before = identity(practice, "tom.b")
    assert before is not None
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    assert confirm(client, practice, linked(client, practice, "tom.b")) == 303
    after = identity(practice, "tom.b")
    assert after is not None
    assert before.person_id != after.person_id == learner.id


def test_one_account_for_two_course_people_is_refused(
    app: Flask, client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    assert confirm(client, practice, linked(client, practice, "tom.b")) == 303
    with practice.services.units.community(practice.connection.community_id) as uow:
        second = people.admit(uow, issuer="https://lms.example.org", subject="18", kind="lti")
        uow.commit()
    other = app.test_client()
    sign_in(other, practice.services, practice.connection.community_id, second.id)
    assert confirm(other, practice, linked(other, practice, "tom.b")) == 409
    known = identity(practice, "tom.b")
    assert known is not None
    assert known.person_id == learner.id


def test_two_accounts_of_one_forum_are_refused(
    client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    assert confirm(client, practice, linked(client, practice, "tom.b")) == 303
    assert confirm(client, practice, linked(client, practice, "ana")) == 409


def test_in_a_course_frame_the_page_opens_a_tab_of_its_own(
    app: Flask, client: FlaskClient, practice: Practice, learner: people.PersonView
) -> None:
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    html = client.get(door(practice, "link"), headers={"Sec-Fetch-Dest": "iframe"}).text
    found = re.search(r'href="(/session/arrive/[^"]+)" target="_blank"', html)
    assert found is not None
    tab = app.test_client()
    page = tab.get(found.group(1))
    assert page.status_code == 200
    assert client.get(door(practice, "link")).status_code == 200  # the frame is still signed in


def test_nobody_links_without_a_session(client: FlaskClient, practice: Practice) -> None:
    assert client.get(door(practice, "link") + "?go=1").status_code in {302, 303, 401, 403}
    with practice.services.units.system_reading() as uow:
        assert uow.session.scalars(sa.select(ConnectNonce)).all() == []


def test_the_sign_in_page_offers_the_forum(client: FlaskClient, practice: Practice) -> None:
    html = client.get("/sign-in").text
    assert "Sign in with Data Forum" in html
    assert door(practice, "signin") in html


@pytest.mark.parametrize("text", ["", "%%%", "bm9uY2U9eA==", "ü"])
def test_an_answer_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(sso.BadAnswer):
        sso.read_answer(CONNECT_SECRET, text, sso._sign(CONNECT_SECRET, text))


def test_trips_end_after_ten_minutes() -> None:
    assert round_trip.LASTS.total_seconds() <= 600


def test_a_flood_of_sign_ins_from_one_address_is_stopped(
    client: FlaskClient, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "TRIPS", 3)
    statuses = [client.get(door(practice, "signin")).status_code for _ in range(5)]
    assert statuses == [303, 303, 303, 429, 429]
