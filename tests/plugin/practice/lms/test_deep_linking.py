"""A teacher chooses content: the tool's answer is verified, activities and line items appear."""

from typing import Any

import jwt
import pytest
import requests

from plugin.practice.lms import queries
from plugin.practice.lms.visitor import NoForm
from tests.plugin.practice.lms.conftest import Place
from tests.plugin.practice.lms.strict_tool import DL, LTI

REVIEW = {
    "type": "ltiResourceLink",
    "title": "Peer review",
    "text": "Two reviews each",
    "custom": {"lantern_activity": "r1"},
    "lineItem": {"scoreMaximum": 50, "label": "dropped", "tag": "t", "resourceId": "r1"},
}
MENTORING = {"type": "ltiResourceLink", "title": "Mentoring programme"}


def return_url(place: Place) -> str:
    """Where the tool sends its answer: taken from a real deep linking launch."""
    visitor = place.visitor(place.tessa)
    login = visitor.choose_content(place.course.id, place.registration.id)
    answer = visitor.follow(place.tool.authorization_url(login.fields))
    claims = place.tool.let_in(answer.fields)
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert claims[f"{LTI}target_link_uri"] == f"{place.tool.base_url}/choose"
    assert f"{LTI}resource_link" not in claims
    settings = claims[f"{DL}deep_linking_settings"]
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert "data" not in settings
    return str(settings["deep_link_return_url"])


def send(url: str, token: str) -> requests.Response:
    return requests.post(url, {"JWT": token}, headers={"Origin": "http://localhost"}, timeout=10)


def titles(place: Place) -> list[str]:
    with place.lms.store.reading() as db:
        return [activity.title for activity in queries.activities(db, place.course.id)]


def test_chosen_items_become_activities_and_line_items(place: Place) -> None:
    answer = send(return_url(place), place.tool.selection([REVIEW, MENTORING]))
    assert answer.status_code == 200, answer.text
    assert "2 activities added" in answer.text
    with place.lms.store.reading() as db:
        made = queries.activities(db, place.course.id)[1:]
        items = queries.line_items(db, place.course.id)[1:]
    assert [(a.title, a.url) for a in made] == [
        ("Peer review", place.tool.launch_url),
        ("Mentoring programme", place.tool.launch_url),
    ]
    assert made[0].custom == {"lantern_activity": "r1"}
    (item,) = items
    assert (item.activity_id, item.label, item.score_maximum) == (made[0].id, "Peer review", 50)
    assert (item.tag, item.resource_id) == ("t", "r1")


def test_a_created_link_launches_with_its_own_parameters(place: Place) -> None:
    send(return_url(place), place.tool.selection([REVIEW]))
    with place.lms.store.reading() as db:
        made = queries.activities(db, place.course.id)[-1]
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(made.id)
    claims = place.tool.let_in(visitor.follow(place.tool.authorization_url(login.fields)).fields)
    assert claims[f"{LTI}custom"]["lantern_activity"] == "r1"
    assert claims[f"{LTI}resource_link"]["title"] == "Peer review"


def test_an_empty_choice_adds_nothing(place: Place) -> None:
    answer = send(return_url(place), place.tool.selection([]))
    assert (answer.status_code, titles(place)) == (200, ["Mentoring"])


def test_a_selection_is_finished_once(place: Place) -> None:
    url = return_url(place)
    assert send(url, place.tool.selection([MENTORING])).status_code == 200
    assert send(url, place.tool.selection([MENTORING])).status_code == 403
    assert titles(place) == ["Mentoring", "Mentoring programme"]


def test_a_message_is_used_once_even_at_another_selection(place: Place) -> None:
    message = place.tool.selection([MENTORING])
    assert send(return_url(place), message).status_code == 200
    again = send(return_url(place), message)
    assert (again.status_code, "nonce was used before" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "other"}, "iss must be"),
        ({"aud": ["https://other"]}, "aud must be"),
        ({"exp": 1}, "expired"),
        ({"iat": None}, "iat must be"),
        ({"nonce": ""}, "nonce is missing"),
        ({f"{LTI}deployment_id": "77"}, "deployment_id must be"),
        ({f"{LTI}message_type": "LtiResourceLinkRequest"}, "message_type must be"),
        ({f"{LTI}version": "1.1"}, "version must be"),
        ({f"{DL}content_items": "none"}, "must be a list"),
        ({f"{DL}content_items": [{"type": "html"}]}, "only content items"),
        ({f"{DL}content_items": [{**MENTORING, "url": "javascript:1"}]}, "http(s)"),
        ({f"{DL}content_items": [{**MENTORING, "custom": {"a": 1}}]}, "object of texts"),
        ({f"{DL}content_items": [{**MENTORING, "lineItem": {}}]}, "positive number"),
    ],
)
def test_a_malformed_answer_is_refused_and_changes_nothing(
    place: Place, changes: dict[str, Any], reason: str
) -> None:
    url = return_url(place)
    answer = send(url, place.tool.selection([MENTORING], **changes))
    assert (answer.status_code, titles(place)) == (400, ["Mentoring"])
    assert reason in answer.text
    assert send(url, place.tool.selection([MENTORING])).status_code == 200


def test_only_the_tools_own_key_is_believed(place: Place) -> None:
    url = return_url(place)
    claims = jwt.decode(place.tool.selection([MENTORING]), options={"verify_signature": False})
    hs256 = jwt.encode(claims, "k" * 40, "HS256", headers={"kid": place.tool.kid})
    assert "alg must be RS256" in send(url, hs256).text
    assert "not in the tool" in send(url, place.tool.signed(claims, kid="other")).text
    assert "names no kid" in send(url, jwt.encode(claims, place.tool.key, "RS256")).text
    message = place.tool.signed(claims)
    head, body, signature = message.split(".")
    tampered = f"{head}.{body}.{signature[:-8]}AAAAAAAA"
    assert "signature refused" in send(url, tampered).text
    assert "not a JWT" in send(url, "x").text
    assert titles(place) == ["Mentoring"]


def test_learners_choose_no_content(place: Place) -> None:
    with pytest.raises(NoForm, match="only teachers"):
        place.visitor(place.ada).choose_content(place.course.id, place.registration.id)
