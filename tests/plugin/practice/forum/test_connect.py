"""DiscourseConnect provider: the round trip, the log-in page before it, and refusals."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from plugin.practice.forum import connect, seed
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.signature import sso_pack, sso_read, sso_verified
from tests.plugin.practice.forum.conftest import Town
from tests.plugin.practice.forum.test_pages import log_in

SECRET = "a-connect-secret"
RETURN = "http://localhost:8080/discourse/abc/link?state=1"


def _ask(secret: str = SECRET, **more: str) -> str:
    values = {"nonce": "n-1", "return_sso_url": RETURN, **more}
    return "/session/sso_provider?" + urlencode(sso_pack(values, secret))


def _come_back(location: str) -> dict[str, str]:
    parts = urlsplit(location)
    query = parse_qs(parts.query)
    assert location.startswith("http://localhost:8080/discourse/abc/link?state=1&")
    assert sso_verified(query["sso"][0], query["sig"][0], SECRET)
    return sso_read(query["sso"][0])


@pytest.fixture(autouse=True)
def _tool(forum: Forum) -> None:
    connect.set_connect_secret(forum, "localhost:8080", SECRET)


def test_a_logged_in_person_comes_back_at_once(
    browser: FlaskClient, forum: Forum, town: Town
) -> None:
    seed.add_group(forum, "mentors", ["mira_k"])
    log_in(browser, "mira_k")
    answer = browser.get(_ask())
    assert answer.status_code == 302
    about = _come_back(answer.location)
    assert about["nonce"] == "n-1"
    assert about["external_id"] == str(town.mira)
    assert (about["username"], about["name"]) == ("mira_k", "Mira Kovač")
    assert (about["email"], about["admin"]) == ("mira@example.edu", "false")
    assert about["groups"].endswith("mentors")


def test_nobody_logged_in_sees_the_log_in_page_first(browser: FlaskClient) -> None:
    asked = browser.get(_ask())
    assert asked.location == "/login"
    answer = log_in(browser, "tom.b")
    assert answer.status_code == 303
    assert _come_back(browser.get(answer.location).location)["username"] == "tom.b"


def test_prompt_none_comes_back_with_failed(browser: FlaskClient) -> None:
    about = _come_back(browser.get(_ask(prompt="none")).location)
    assert about == {"failed": "true", "nonce": "n-1"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (_ask("another-secret"), 422),
        (_ask(return_sso_url="https://elsewhere.example/x"), 422),
        (_ask(return_sso_url=""), 400),
        ("/session/sso_provider?sso=%%%&sig=x", 422),
        ("/session/sso_provider", 400),
    ],
)
def test_refusals(browser: FlaskClient, path: str, status: int) -> None:
    log_in(browser, "mira_k")
    assert browser.get(path).status_code == status
