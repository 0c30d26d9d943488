"""Every form carries a value bound to the session; it needs no store and no second cookie."""

import re

from flask.testing import FlaskClient

from plugin.kernel.services import Services
from plugin.people import public as people
from tests.plugin.web.conftest import Someone
from tests.support.signed_in import sign_in

VALUE = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_visitor_gets_a_value_that_works(client: FlaskClient) -> None:
    page = client.get("/sign-in/mail").get_data(as_text=True)
    found = VALUE.search(page)
    assert found is not None
    answer = client.post(
        "/sign-in/mail", data={"email": "nobody@example.org", "csrf_token": found[1]}
    )
    assert answer.status_code == 303


def test_form_without_value_is_refused_and_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/sign-in/mail", data={"email": "nobody@example.org"})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.get_data(as_text=True)


def test_value_of_another_session_is_refused(
    client: FlaskClient, services: Services, community: people.Community, someone: Someone
) -> None:
    first = sign_in(client, services, community.id, someone.person.id)
    stolen = first.csrf()
    second = sign_in(client, services, community.id, someone.person.id)
    assert second.post("/sign-out", {"csrf_token": stolen}).status_code == 400
    assert second.post("/sign-out").status_code == 303


def test_a_page_without_a_form_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/sign-in").headers
