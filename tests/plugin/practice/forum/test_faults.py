"""Faults on calls to the forum, the site's rate limit, and what the log says about them."""

import pytest

from plugin.practice.forum import proof, request_log
from plugin.practice.forum.fault_answers import Dropped
from plugin.practice.forum.forum import Forum
from tests.plugin.practice.forum.conftest import Api, Time, Town

MESSAGE = {
    "title": "Hi",
    "raw": "You are a pair now.",
    "archetype": "private_message",
    "target_recipients": "mira_k",
}


def test_429_in_three_forms(api: Api, forum: Forum) -> None:
    forum.faults.add("429-html")
    forum.faults.add("429-text", seconds=7)
    forum.faults.add("429-json", seconds=9)
    html, text, as_json = (api.get("/latest.json") for _ in range(3))
    assert {html.status_code, text.status_code, as_json.status_code} == {429}
    assert html.mimetype == "text/html"
    assert html.get_json(silent=True) is None
    assert "Retry-After" not in html.headers
    assert text.headers["Retry-After"] == "7"
    assert as_json.get_json()["extras"]["wait_seconds"] == 9
    assert api.get("/latest.json").status_code == 200


def test_a_fault_has_a_pattern_a_method_and_a_count(api: Api, forum: Forum) -> None:
    forum.faults.add("5xx", method="POST", path="/posts*", times=2, skip=1, status=503)
    answers = [api.post("/posts.json", data={**MESSAGE, "title": f"Hi {n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert api.get("/posts.json").status_code == 200
    assert forum.faults.rules()[0].hits == 2


def test_422_and_enqueued(api: Api, forum: Forum) -> None:
    forum.faults.add("422")
    forum.faults.add("enqueued")
    refused, enqueued = (api.post("/posts.json", data=MESSAGE) for _ in range(2))
    assert refused.status_code == 422
    assert refused.get_json()["errors"]
    assert enqueued.get_json()["action"] == "enqueued"
    assert proof.messages(forum) == []


def test_an_answer_lost_after_the_effect_leads_to_no_second_message_with_an_external_id(
    api: Api, forum: Forum, time: Time
) -> None:
    forum.faults.add("5xx", method="POST", path="/posts*", when="after")
    call = {**MESSAGE, "external_id": "pair-1"}
    assert api.post("/posts.json", data=call).status_code == 502
    time.pass_by(minutes=3)
    assert api.post("/posts.json", data=call).status_code == 422
    assert len(proof.messages(forum)) == 1
    first, second = request_log.writes(forum, "/posts%")
    assert (first.status, first.fault, first.effect) == (200, "5xx after", "post:3")
    assert (second.status, second.fault, second.effect) == (422, None, None)
    assert first.params_digest == second.params_digest


def test_a_careless_retry_is_caught(api: Api, forum: Forum, time: Time) -> None:
    forum.faults.add("5xx", method="POST", path="/posts*", when="after")
    api.post("/posts.json", data=MESSAGE)
    time.pass_by(minutes=3)
    api.post("/posts.json", data=MESSAGE)
    [again] = proof.repeated_messages(forum)
    assert again.people == ("lantern", "mira_k")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_dropped_connection(when: str, api: Api, forum: Forum) -> None:
    forum.faults.add("drop", when=when)
    with pytest.raises(Dropped):
        api.post("/posts.json", data=MESSAGE)
    assert len(proof.messages(forum)) == (when == "after")


def test_hanging_ends_when_the_fault_is_removed(api: Api, forum: Forum) -> None:
    forum.faults.add("hang", seconds=30)
    forum.faults.released.set()
    assert api.get("/latest.json").status_code == 200


def test_one_bucket_for_the_site(api: Api, forum: Forum, town: Town, time: Time) -> None:
    forum.bucket.per_minute = 3
    forum.bucket.clear()
    as_tom = {"Api-Username": "tom.b"}
    answers = [api.get("/site.json"), api.get("/site.json", headers=as_tom)]
    time.pass_by(seconds=20)
    answers += [api.get("/about.json"), api.get("/site.json")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "40"
    body = answers[3].get_json()
    assert (body["error_type"], body["extras"]["wait_seconds"]) == ("rate_limit", 40)
    assert api.client.get("/site.json").status_code == 200
    time.pass_by(seconds=40)
    assert api.get("/site.json").status_code == 200


def test_switches_over_http_for_another_process(api: Api, forum: Forum, time: Time) -> None:
    switch = {"X-Practice": "1"}
    client = api.client
    assert client.get("/practice/faults.json").status_code == 403
    added = client.post("/practice/faults.json", json={"kind": "5xx"}, headers=switch)
    assert added.get_json()["faults"][0]["kind"] == "5xx"
    assert api.get("/latest.json").status_code == 502
    client.delete("/practice/faults.json", headers=switch)
    assert forum.faults.rules() == []
    unknown = client.post("/practice/faults.json", json={"kind": "x"}, headers=switch)
    assert unknown.status_code == 422
    wrong = client.put("/practice/webhook-faults.json", json={"loose": 1}, headers=switch)
    assert wrong.status_code == 422
    client.put("/practice/webhook-faults.json", json={"lose": 0.5}, headers=switch)
    assert forum.webhook_faults.lose == 0.5
    api.post("/posts.json", data=MESSAGE)
    logged = client.get("/practice/log.json?writes", headers=switch).get_json()["calls"]
    assert [call["effect"] for call in logged] == ["post:3"]
    shown = client.get("/practice/proof.json", headers=switch).get_json()
    assert shown["repeated_messages"] == []
    assert shown["waiting"] == 0
    moved = client.put("/practice/clock.json", json={"offset": -3600}, headers=switch)
    assert moved.get_json()["now"] == "2026-03-02T08:00:00.000Z"
    assert client.post("/practice/restart.json", json={}, headers=switch).status_code == 422
