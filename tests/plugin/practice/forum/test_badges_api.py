"""Badges over REST: making, granting once, reasons, revoking, lists, events of a grant."""

import json
from typing import Any

import pytest

from plugin.practice.forum import events, proof, request_log, seed
from plugin.practice.forum.forum import Forum
from tests.plugin.practice.forum.conftest import Api, Receiver, Town


def _make(api: Api, **more: Any) -> int:
    values = {"name": "Good helper", "badge_type_id": 3, "description": "Helps", **more}
    made = api.post("/admin/badges.json", data=values)
    assert made.status_code == 200
    return int(made.get_json()["badge"]["id"])


def _grant(api: Api, badge: int, **more: Any) -> Any:
    return api.post("/user_badges.json", data={"username": "tom.b", "badge_id": badge, **more})


def test_make_change_list(api: Api) -> None:
    badge = _make(api)
    again = api.post("/admin/badges.json", data={"name": "good HELPER", "badge_type_id": 1})
    assert again.status_code == 422
    assert again.get_json()["errors"] == ["Name has already been taken"]
    changed = api("PUT", f"/admin/badges/{badge}.json", data={"listable": "false"}).get_json()
    assert changed["badge"]["listable"] is False
    listed = api.get("/admin/badges.json").get_json()
    assert [one["name"] for one in listed["badges"]] == ["Good helper"]
    as_tom = api.get("/admin/badges.json", headers={"Api-Username": "tom.b"})
    assert as_tom.status_code == 404


def test_a_single_grant_badge_twice_is_the_same_row_and_one_event(
    api: Api, town: Town, receiver: Receiver
) -> None:
    events.add_webhook(town.forum, receiver.url, "a-secret-of-enough-length", ["user_badge"])
    badge = _make(api)
    first, second = _grant(api, badge), _grant(api, badge)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json()["user_badge"] == second.get_json()["user_badge"]
    town.forum.sender.run_due()
    assert receiver.events() == ["user_badge_granted"]
    sent = json.loads(receiver.received[0].body)["user_badge"]
    assert (sent["badge_id"], sent["user_id"], sent["granted_by_id"]) == (
        badge,
        town.tom,
        town.bot,
    )
    grant = first.get_json()["user_badge"]["id"]
    effects = [call.effect for call in request_log.writes(town.forum, "/user_badges%")]
    assert effects == [f"grant:{grant}", f"existing-grant:{grant}"]
    assert proof.repeated_grants(town.forum) == []


def test_multiple_grant_doubles_without_a_reason_and_not_with_one(api: Api, town: Town) -> None:
    badge = _make(api, multiple_grant="true")
    _grant(api, badge)
    _grant(api, badge)
    reason = f"http://localhost:4200/t/any-slug/{town.topic}/2"
    _grant(api, badge, reason=reason)
    with_reason = _grant(api, badge, reason=reason).get_json()["user_badge"]
    assert with_reason["post_id"] == town.answer
    [grant] = proof.repeated_grants(town.forum)
    assert (grant.username, grant.times) == ("tom.b", 3)


@pytest.mark.parametrize(
    "reason",
    ["https://lantern.example/credentials/x", "because", "http://localhost:4200/u/tom.b"],
)
def test_a_reason_must_be_a_post_of_this_site(api: Api, reason: str) -> None:
    refused = _grant(api, _make(api), reason=reason)
    assert refused.status_code == 400
    assert refused.get_json()["failed"] == "FAILED"


def test_granting_by_name_needs_staff_and_a_known_user(api: Api) -> None:
    _make(api)
    by_name = {"username": "tom.b", "badge_name": "Good helper"}
    assert api.post("/user_badges.json", data=by_name).status_code == 200
    as_tom = api.post("/user_badges.json", data=by_name, headers={"Api-Username": "tom.b"})
    assert as_tom.status_code == 403
    unknown = api.post("/user_badges.json", data={**by_name, "username": "nobody"})
    assert unknown.status_code == 404


def test_lists_and_revoking(api: Api, forum: Forum, town: Town) -> None:
    badge = _make(api)
    grant = _grant(api, badge).get_json()["user_badge"]["id"]
    of_tom = api.get("/user-badges/tom.b.json").get_json()
    assert [one["id"] for one in of_tom["user_badges"]] == [grant]
    assert [one["name"] for one in of_tom["badges"]] == ["Good helper"]
    holders = api.get(f"/user_badges.json?badge_id={badge}").get_json()["user_badge_info"]
    assert holders["grant_count"] == 1
    assert api("DELETE", f"/user_badges/{grant}.json").get_json() == {"success": "OK"}
    assert api("DELETE", f"/user_badges/{grant}.json").status_code == 404
    assert api.get("/user-badges/tom.b.json").get_json()["user_badges"] == []


def test_a_grant_notifies_its_owner(api: Api, town: Town) -> None:
    seed.grant(town.forum, "tom.b", _make(api))
    mine = api.get("/notifications.json", headers={"Api-Username": "tom.b"}).get_json()
    assert mine["notifications"][0]["notification_type"] == 12
