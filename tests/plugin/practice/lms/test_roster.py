"""Names and roles: shape, paging, filters, privacy."""

import re
from typing import Any

import requests

from plugin.practice.lms import roster, seed
from plugin.practice.lms.scopes import ROSTER_READ, ROSTER_TYPE
from tests.plugin.practice.lms.conftest import Place


def ask(place: Place, query: str = "", accept: str = ROSTER_TYPE) -> requests.Response:
    url = place.lms.platform.memberships_url(place.course.id, place.registration)
    token = place.tool.token(ROSTER_READ)
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    return requests.get(url + query, headers=headers, timeout=10)


def names(answer: requests.Response) -> list[str]:
    return [member["given_name"] for member in answer.json()["members"]]


def test_members_have_short_roles_and_an_assistant_is_a_learner_here(place: Place) -> None:
    answer = ask(place)
    assert answer.headers["Content-Type"].startswith(ROSTER_TYPE)
    members: list[dict[str, Any]] = answer.json()["members"]
    assert {m["given_name"]: m["roles"] for m in members} == {
        "Tessa": ["Instructor"],
        "Nora": ["Learner"],
        "Ada": ["Learner"],
        "Ben": ["Learner"],
    }
    assert {m["status"] for m in members} == {"Active"}
    assert answer.json()["context"] == {
        "id": str(place.course.id),
        "label": "BIO1",
        "title": "Biology",
    }


def test_pages_follow_each_other_by_link(place: Place) -> None:
    first = ask(place, "?limit=3")
    found = re.fullmatch(r'<([^>]+)>; rel="next"', first.headers["Link"])
    assert found is not None
    second = ask(place, "?" + found.group(1).partition("?")[2])
    assert names(first) + names(second) == ["Tessa", "Nora", "Ada", "Ben"]
    assert "Link" not in second.headers


def test_the_platform_may_page_unasked(place: Place) -> None:
    roster.set_page_size(place.lms.platform, 2)
    answer = ask(place)
    assert len(names(answer)) == 2
    assert "limit=2&from=2" in answer.headers["Link"]


def test_roles_filter_short_or_full(place: Place) -> None:
    full = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Instructor"
    assert names(ask(place, "?role=Instructor")) == names(ask(place, f"?role={full}")) == ["Tessa"]


def test_a_link_filter_adds_messages_and_must_be_real(place: Place) -> None:
    answer = ask(place, f"?rlid={place.activity.id}")
    assert "message" in answer.json()["members"][0]
    assert ask(place, "?rlid=999").status_code == 403


def test_accept_is_the_exact_type_or_anything(place: Place) -> None:
    assert ask(place, accept="*/*").status_code == 200
    answer = ask(place, accept="application/json")
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_withheld_names_are_absent_and_leavers_vanish(place: Place) -> None:
    seed.add_tool_to_course(
        place.lms.store, place.course.id, place.registration.id, share_names=False
    )
    seed.unenrol(place.lms.store, place.course.id, place.ben.id)
    members = ask(place).json()["members"]
    assert len(members) == 3
    assert not any("name" in member for member in members)
    assert all("email" in member for member in members)


def test_another_tools_binding_is_closed(place: Place) -> None:
    other = seed.register_tool(
        place.lms.store,
        name="Other",
        login_url="http://localhost:9/login",
        launch_url="http://localhost:9/launch",
        redirect_uris=["http://localhost:9/launch"],
        key_set_url="http://localhost:9/jwks",
    )
    url = place.lms.platform.memberships_url(place.course.id, other)
    headers = {"Authorization": f"Bearer {place.tool.token(ROSTER_READ)}", "Accept": ROSTER_TYPE}
    assert requests.get(url, headers=headers, timeout=10).status_code == 403
