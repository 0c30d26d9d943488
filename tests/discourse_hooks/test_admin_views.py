"""The forum pages of administration, and the line on the home page."""

import json
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from discourse_hooks import cards, health, processing, signature
from discourse_hooks.inbox import Arrival, receive
from plugin.people import public as people
from plugin.practice.forum.auth import add_api_key
from tests.discourse_hooks.conftest import CONNECT_SECRET, SECRET, Practice, admit
from tests.support.signed_in import Browser, sign_in


@pytest.fixture
def administrator(client: FlaskClient, practice: Practice) -> Browser:
    community_id = practice.connection.community_id
    with practice.services.units.community(community_id) as uow:
        person = people.admit(
            uow, issuer="mailto:", subject="a@example.org", kind="email", display_name="Ada"
        )
        people.grant_right(uow, person.id, people.ADMINISTRATOR)
        uow.commit()
    return sign_in(client, practice.services, community_id, person.id)


def entered(practice: Practice, **changed: str) -> dict[str, str]:
    key = add_api_key(practice.forum, username="lantern")
    return {
        "base_url": practice.connection.base_url,
        "title": "Data Forum",
        "api_username": "lantern",
        "api_key": key,
        "webhook_secret": SECRET,
        "connect_secret": CONNECT_SECRET,
        **changed,
    }


def test_a_forum_is_connected_from_the_page(administrator: Browser, practice: Practice) -> None:
    html = administrator.get("/admin/forums").text
    assert "Connect a forum" in html
    answer = administrator.post("/admin/forums", entered(practice))
    assert answer.status_code == 303
    html = administrator.get(answer.headers["Location"]).text
    assert "The forum answers and knows the key." in html
    assert f"http://localhost/discourse/{practice.connection.handle}/events" in html
    assert SECRET not in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("base_url", "forum"), ("webhook_secret", "short"), ("api_key", ""), ("unknown", "x")],
)
def test_what_cannot_work_stands_beside_its_field(
    administrator: Browser, practice: Practice, field: str, value: str
) -> None:
    answer = administrator.post("/admin/forums", entered(practice, **{field: value}))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_refused_key_is_told(administrator: Browser, practice: Practice) -> None:
    answer = administrator.post("/admin/forums", entered(practice, api_key="wrong"))
    html = administrator.get(answer.headers["Location"]).text
    assert "the forum says no" in html


def test_quiet_and_back(administrator: Browser, practice: Practice) -> None:
    path = f"/admin/forums/{practice.connection.handle}"
    administrator.post(f"{path}/quiet", {"quiet": "on"})
    assert "Let Lantern post to everybody" in administrator.get(path).text
    assert "quiet" in administrator.get("/admin/").text
    administrator.post(f"{path}/quiet", {"quiet": "off"})
    assert "Post nothing here" in administrator.get(path).text


def test_what_was_set_aside_is_shown_with_its_reason_and_handled_again(
    administrator: Browser, practice: Practice
) -> None:
    body = json.dumps({"post": {"id": 1, "post_type": 1, "topic_archetype": "regular"}}).encode()
    sent = Arrival(body, signature.signature(SECRET, body), "1", "post", "post_edited")
    receive(practice.services.units, practice.connection, sent)
    processing.process_inbox(practice.services)
    path = f"/admin/forums/{practice.connection.handle}"
    html = administrator.get(path).text
    assert "topic_id" in html
    assert "needs a look" in administrator.get("/admin/forums").text
    answer = administrator.post(f"{path}/again")
    assert "1 is handled again" in administrator.get(answer.headers["Location"]).text
    with practice.services.units.reading(practice.connection.community_id) as uow:
        [figures] = health.forums(uow)
    assert (figures.waiting, figures.parked) == (1, 0)


def test_another_community_sees_nothing(client: FlaskClient, practice: Practice) -> None:
    with practice.services.units.system() as uow:
        other = people.found_community(uow, "Southern Lights")
        uow.commit()
    with practice.services.units.community(other.id) as uow:
        person = people.admit(uow, issuer="mailto:", subject="b@example.org", kind="email")
        people.grant_right(uow, person.id, people.ADMINISTRATOR)
        uow.commit()
    browser = sign_in(client, practice.services, other.id, person.id)
    assert browser.get(f"/admin/forums/{practice.connection.handle}").status_code == 404
    assert practice.connection.base_url not in browser.get("/admin/forums").text


def test_a_learner_is_kept_out(client: FlaskClient, practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    browser = sign_in(client, practice.services, practice.connection.community_id, tom.id)
    assert browser.get("/admin/forums").status_code == 403


def test_the_home_page_offers_the_link_to_those_without(practice: Practice) -> None:
    connection = practice.connection
    tom = admit(practice.services, practice, "tom.b")
    with practice.services.units.community(connection.community_id) as uow:
        other = people.admit(uow, issuer="https://lms.example.org", subject="9", kind="lti")
        uow.commit()
    with practice.services.units.reading(connection.community_id) as uow:
        assert cards.link_account(uow, _actor(connection.community_id, tom)) == []
        [offer] = cards.link_account(uow, _actor(connection.community_id, other))
    assert offer.url == f"/discourse/{connection.handle}/link"


def _actor(community_id: UUID, person: people.PersonView) -> people.Actor:
    return people.Actor(
        person_id=person.id,
        community_id=community_id,
        rights=frozenset(),
        roles=frozenset(),
        locale="en",
        time_zone="UTC",
    )
