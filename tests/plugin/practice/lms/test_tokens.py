"""The token endpoint: assertion, scopes, expiry."""

from typing import Any

import pytest
import requests

from plugin.practice.lms import tokens
from plugin.practice.lms.scopes import LINE_ITEM, ROSTER_READ, ROSTER_TYPE, SCORE
from tests.plugin.practice.lms.conftest import Place


def roster(place: Place, token: str) -> int:
    url = place.lms.platform.memberships_url(place.course.id, place.registration)
    headers = {"Authorization": f"Bearer {token}", "Accept": ROSTER_TYPE}
    return requests.get(url, headers=headers, timeout=10).status_code


def test_a_token_carries_the_known_scopes_that_were_asked_for(place: Place) -> None:
    answer = place.tool.ask_token(ROSTER_READ, "https://unknown", SCORE)
    assert answer.json()["scope"] == f"{ROSTER_READ} {SCORE}"
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert roster(place, answer.json()["access_token"]) == 200


def test_a_token_opens_only_what_its_scopes_name(place: Place) -> None:
    assert roster(place, place.tool.token(LINE_ITEM)) == 401


def test_a_token_expires(place: Place) -> None:
    token = place.tool.token(ROSTER_READ)
    place.lms.store.set_clock_offset(3601)
    assert roster(place, token) == 401
    place.lms.store.set_clock_offset(0)
    assert roster(place, token) == 200
    tokens.expire_all(place.lms.platform)
    assert roster(place, token) == 401


def test_no_token_or_a_wrong_one_is_401(place: Place) -> None:
    assert roster(place, "") == 401
    assert roster(place, "made-up") == 401


def test_an_assertion_is_used_once(place: Place) -> None:
    assertion = place.tool.assertion()
    first, second = (
        place.tool.ask_token(ROSTER_READ, client_assertion=assertion) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (200, 400)
    assert second.json() == {
        "error": "invalid_client",
        "error_description": "jti was used before",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"jti": None},
        {"iss": "other"},
        {"sub": "other"},
        {"exp": 99999999999},
    ],
)
def test_a_wrong_assertion_is_no_client(place: Place, changes: dict[str, Any]) -> None:
    assertion = place.tool.assertion(**changes)
    answer = place.tool.ask_token(ROSTER_READ, client_assertion=assertion)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_the_form_must_be_complete(place: Place) -> None:
    assert place.tool.ask_token(ROSTER_READ, grant_type="password").json()["error"] == (
        "unsupported_grant_type"
    )
    assert place.tool.ask_token(ROSTER_READ, client_assertion_type="x").status_code == 400
    assert place.tool.ask_token(ROSTER_READ, client_assertion="x").status_code == 400
    assert place.tool.ask_token("https://unknown").json()["error"] == "invalid_scope"


def test_a_tool_without_a_readable_key_set_gets_no_token(place: Place) -> None:
    place.tool.kid = "rotated"
    assert place.tool.ask_token(ROSTER_READ).status_code == 200
    with place.lms.store.writing() as db:
        db.execute("UPDATE tool SET key_set_url = 'http://localhost:9/jwks'")
    answer = place.tool.ask_token(ROSTER_READ)
    assert "does not answer" in answer.json()["error_description"]
