"""Sessions: the cookie's flags, arriving, the new-tab way in, grants, expiry, signing out."""

import re
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from plugin.kernel.ids import new_id
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import session, session_store
from plugin.web.models import WebSession
from tests.plugin.web.conftest import Someone
from tests.support.clock import FixedClock
from tests.support.signed_in import Browser, sign_in


def launch(app: Flask, community_id: UUID, someone: Someone, next_url: str = "/profile") -> str:
    """Do what an adapter does and return (cookie header, path of the arrival)."""
    with app.test_request_context("/lti/launch", method="POST"):
        app.preprocess_request()
        response = session.sign_in(
            community_id=community_id,
            person_id=someone.person.id,
            grants=[(someone.course.id, "learner")],
            frame_ancestor="https://moodle.example.org",
            next_url=next_url,
        )
        response = app.process_response(response)
    assert response.status_code == 303
    return response.headers["Set-Cookie"] + "\n" + response.headers["Location"]


def test_cookie_is_opaque_secure_and_partitioned(
    app: Flask, community: people.Community, someone: Someone
) -> None:
    cookie, _, _ = launch(app, community.id, someone).partition("\n")
    for flag in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert flag in cookie
    assert str(someone.person.id) not in cookie


def test_with_the_cookie_kept_the_arrival_goes_on(
    app: Flask, client: FlaskClient, community: people.Community, someone: Someone
) -> None:
    cookie, _, path = launch(app, community.id, someone).partition("\n")
    name, _, rest = cookie.partition("=")
    client.set_cookie(name, rest.split(";")[0])
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/profile"
    assert client.get("/profile").status_code == 200


def test_without_cookies_a_new_tab_is_offered_and_its_code_works_once(
    app: Flask, client: FlaskClient, community: people.Community, someone: Someone
) -> None:
    _cookie, _, path = launch(app, community.id, someone).partition("\n")
    page = client.get(path)
    assert page.status_code == 200
    assert 'target="_blank"' in page.get_data(as_text=True)
    assert "https://moodle.example.org" in page.headers["Content-Security-Policy"]
    found = re.search(r'name="code" value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    opened = client.post("/session/open", data={"code": found[1]})
    assert opened.headers["Location"] == "/profile"
    assert client.get("/profile").status_code == 200
    again = app.test_client().post("/session/open", data={"code": found[1]})
    assert again.status_code == 404


def test_a_foreign_next_address_is_not_followed(
    app: Flask, client: FlaskClient, community: people.Community, someone: Someone
) -> None:
    cookie, _, path = launch(app, community.id, someone, "https://evil.example/").partition("\n")
    name, _, rest = cookie.partition("=")
    client.set_cookie(name, rest.split(";")[0])
    assert client.get(path).headers["Location"] == "/"


def test_a_second_course_keeps_the_first_ones_grant(
    services: Services, community: people.Community, someone: Someone
) -> None:
    other = new_id()
    with services.units.system() as uow:
        token, _ = session_store.open_session(
            uow,
            community_id=community.id,
            person_id=someone.person.id,
            grants=((someone.course.id, "learner"),),
            frame_ancestor="https://a.example",
        )
        first = session_store.find(uow, token)
        second_token, _ = session_store.open_session(
            uow,
            community_id=community.id,
            person_id=someone.person.id,
            grants=((other, "teacher"),),
            frame_ancestor="https://b.example",
            replaces=first,
        )
        second = session_store.find(uow, second_token)
        assert session_store.find(uow, token) is None
        uow.commit()
    assert second is not None
    assert second.grants == {(someone.course.id, "learner"), (other, "teacher")}
    assert second.frame_ancestors == ("https://a.example", "https://b.example")


def test_two_launches_at_once_share_the_one_cookie_that_is_kept(
    app: Flask, client: FlaskClient, community: people.Community, someone: Someone
) -> None:
    _first, _, first_path = launch(app, community.id, someone).partition("\n")
    with app.test_request_context("/lti/launch", method="POST"):
        app.preprocess_request()
        second = session.sign_in(
            community_id=community.id,
            person_id=someone.person.id,
            frame_ancestor="https://canvas.example",
            next_url="/your-time",
        )
    name, _, rest = second.headers["Set-Cookie"].partition("=")
    client.set_cookie(name, rest.split(";")[0])
    assert client.get(first_path).headers["Location"] == "/profile"
    assert client.get(second.headers["Location"]).headers["Location"] == "/your-time"
    page = client.get(f"/c/{someone.course.handle}/")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "https://canvas.example https://moodle.example.org" in policy


def test_another_person_in_the_same_browser_inherits_nothing(
    services: Services, community: people.Community, someone: Someone
) -> None:
    with services.units.system() as uow:
        token, _ = session_store.open_session(
            uow,
            community_id=community.id,
            person_id=someone.person.id,
            grants=((someone.course.id, "teacher"),),
        )
        token, _ = session_store.open_session(
            uow,
            community_id=community.id,
            person_id=new_id(),
            replaces=session_store.find(uow, token),
        )
        found = session_store.find(uow, token)
        uow.commit()
    assert found is not None
    assert found.grants == frozenset()


def test_session_ends_when_unused_and_is_extended_when_used(
    client: FlaskClient,
    services: Services,
    community: people.Community,
    someone: Someone,
    clock: FixedClock,
) -> None:
    browser = sign_in(client, services, community.id, someone.person.id)
    clock.advance(hours=11)
    assert browser.get("/profile").status_code == 200
    clock.advance(hours=11)
    assert browser.get("/profile").status_code == 200
    clock.advance(hours=13)
    assert browser.get("/profile").status_code == 401


def test_signing_out_ends_the_row(
    client: FlaskClient, services: Services, community: people.Community, someone: Someone
) -> None:
    browser = sign_in(client, services, community.id, someone.person.id)
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/profile").status_code == 401
    with services.units.system_reading() as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(WebSession)) == 0


def test_only_the_hash_of_the_token_is_stored(
    client: FlaskClient, services: Services, community: people.Community, someone: Someone
) -> None:
    sign_in(client, services, community.id, someone.person.id)
    cookie = client.get_cookie("lantern")
    assert cookie is not None
    with services.units.system_reading() as uow:
        stored = uow.session.scalars(sa.select(WebSession.token_hash)).one()
    assert cookie.value != stored


def test_erased_person_is_signed_out(
    client: FlaskClient, services: Services, community: people.Community, someone: Someone
) -> None:
    browser: Browser = sign_in(client, services, community.id, someone.person.id)
    with services.units.community(community.id) as uow:
        services.extra["people"].erase(uow, someone.person.id)
        uow.commit()
    assert browser.get("/profile").status_code == 401
