"""Webhook semantics: filters, retries, loss, redelivery, accidents."""

import json
import socket

import pytest

from plugin.practice.forum import events, proof, seed
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import Forum
from tests.plugin.practice.forum.conftest import Api, Receiver, Time, Town

SECRET = "a-secret-of-enough-length"


def _like(town: Town) -> None:
    seed.like(town.forum, "mira_k", town.answer)


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_a_secret_there_is_no_signature(town: Town, receiver: Receiver) -> None:
    events.add_webhook(town.forum, receiver.url, "", ["like"])
    _like(town)
    town.forum.sender.run_due()
    assert "X-Discourse-Event-Signature" not in receiver.received[0].headers


def test_form_content_type_changes_the_header_only(town: Town, receiver: Receiver) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"], content_type=2)
    _like(town)
    town.forum.sender.run_due()
    [one] = receiver.received
    assert one.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "like" in json.loads(one.body)


def test_a_category_filter_drops_people_and_messages(town: Town, receiver: Receiver) -> None:
    events.add_webhook(
        town.forum, receiver.url, SECRET, ["post", "user_badge"], categories=[town.category]
    )
    seed.reply(town.forum, "tom.b", town.topic, "One more thought about it.")
    seed.grant(town.forum, "tom.b", seed.add_badge(town.forum, "Helper"))
    seed.add_message(town.forum, "lantern", ["tom.b"], "Hello", "You are a pair now.")
    town.forum.sender.run_due()
    assert receiver.events() == ["post_created"]


def test_a_status_change_belongs_to_topic_edited(town: Town, receiver: Receiver) -> None:
    from plugin.practice.forum.topics import close_topic

    events.add_webhook(town.forum, receiver.url, SECRET, ["topic_edited"])
    close_topic(town.forum, town.topic)
    close_topic(town.forum, town.topic)
    town.forum.sender.run_due()
    assert receiver.events() == ["topic_closed_status_updated"] * 2


def test_what_is_refused_is_lost_by_default(town: Town, receiver: Receiver, time: Time) -> None:
    receiver.status = 503
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    _like(town)
    town.forum.sender.run_due()
    time.pass_by(hours=4)
    assert town.forum.sender.run_due() == 0
    assert len(receiver.received) == 1


def test_retries_come_after_1_5_25_125_minutes_each_with_a_new_id(
    town: Town, receiver: Receiver, time: Time
) -> None:
    town.forum.settings.set("retry_web_hook_events", True)
    receiver.status = 503
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    _like(town)
    assert town.forum.sender.run_due() == 1
    for minutes in (1, 5, 25, 125):
        time.pass_by(minutes=minutes, seconds=-1)
        assert town.forum.sender.run_due() == 0
        time.pass_by(seconds=1)
        assert town.forum.sender.run_due() == 1
    time.pass_by(hours=10)
    assert town.forum.sender.run_due() == 0
    assert len({one.id for one in receiver.received}) == 5
    assert len({one.body for one in receiver.received}) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_never_retried(status: int, town: Town, receiver: Receiver, time: Time) -> None:
    town.forum.settings.set("retry_web_hook_events", True)
    receiver.status = status
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    _like(town)
    town.forum.sender.run_due()
    time.pass_by(hours=4)
    assert town.forum.sender.run_due() == 0


def test_gone_on_the_fourth_retry_switches_the_webhook_off(
    town: Town, receiver: Receiver, time: Time
) -> None:
    town.forum.settings.set("retry_web_hook_events", True)
    receiver.status = 500
    hook = events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    _like(town)
    for minutes in (0, 1, 5, 25):
        time.pass_by(minutes=minutes)
        town.forum.sender.run_due()
    receiver.status = 410
    time.pass_by(minutes=125)
    town.forum.sender.run_due()
    with town.forum.store.reading() as db:
        assert not events.webhook(db, hook)["active"]


def test_no_answer_is_never_retried(town: Town, time: Time) -> None:
    town.forum.settings.set("retry_web_hook_events", True)
    url = f"http://127.0.0.1:{_closed_port()}/hook"
    events.add_webhook(town.forum, url, SECRET, ["like"])
    _like(town)
    town.forum.sender.run_due()
    time.pass_by(hours=4)
    assert town.forum.sender.run_due() == 0
    assert proof.webhook_states(town.forum) == {"failed": 1}


def test_redelivery_by_hand_keeps_id_and_body(api: Api, town: Town, receiver: Receiver) -> None:
    receiver.status = 500
    hook = events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    _like(town)
    town.forum.sender.run_due()
    receiver.status = 200
    failed = api.get(f"/admin/api/web_hook_events/{hook}.json?status=failed").get_json()
    [event] = failed["web_hook_events"]
    again = api.post(f"/admin/api/web_hooks/{hook}/events/{event['id']}/redeliver")
    assert again.get_json()["web_hook_event"]["status"] == 200
    first, second = receiver.received
    assert (first.id, first.body, first.headers) == (second.id, second.body, second.headers)
    left = api.get(f"/admin/api/web_hook_events/{hook}.json?status=failed").get_json()
    assert left["web_hook_events"] == []


def test_failed_events_are_redelivered_in_a_batch(api: Api, town: Town, receiver: Receiver) -> None:
    receiver.status = 500
    hook = events.add_webhook(town.forum, receiver.url, SECRET, ["like", "solved"])
    _like(town)
    seed.accept(town.forum, "mira_k", town.answer)
    town.forum.sender.run_due()
    receiver.status = 200
    ids = [one.id for one in receiver.received]
    path = f"/admin/api/web_hooks/{hook}/events/failed_redeliver"
    assert api.post(path, data={"event_ids[]": ids}).status_code == 200
    town.forum.sender.run_due()
    assert sorted(one.id for one in receiver.received[2:]) == sorted(ids)


def test_ping(api: Api, town: Town, receiver: Receiver) -> None:
    hook = events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    api.post(f"/admin/api/web_hooks/{hook}/ping.json")
    town.forum.sender.run_due()
    assert receiver.received[0].body == b'{"ping":"OK"}'


def _likes_of_many(town: Town, count: int) -> None:
    for number in range(count):
        seed.add_user(town.forum, f"fan{number}", f"Fan {number}", f"fan{number}@example.edu")
        seed.like(town.forum, f"fan{number}", town.answer)


def _fans(receiver: Receiver) -> list[str]:
    return [json.loads(one.body)["like"]["user"]["username"] for one in receiver.received]


def test_a_seed_shuffles_loses_and_doubles_the_same_way_twice(
    town: Town, receiver: Receiver
) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    faults = town.forum.webhook_faults
    runs = []
    _likes_of_many(town, 20)
    for _ in range(2):
        faults.configure(seed=7, shuffle=True, duplicate=0.2, redeliver=0.2, lose=0.2)
        town.forum.sender.run_due()
        runs.append(_fans(receiver))
        receiver.received.clear()
        with town.forum.store.transaction() as db:
            db.execute("DELETE FROM post_like")
            db.execute("DELETE FROM web_hook_job")
        for number in range(20):
            seed.like(town.forum, f"fan{number}", town.answer)
    assert runs[0] == runs[1]
    assert runs[0] != sorted(runs[0], key=lambda name: int(name[3:]))
    assert len(set(runs[0])) < 20 < len(runs[0]) + 10
    assert len(runs[0]) > len(set(runs[0]))


def test_held_back_until_released(town: Town, receiver: Receiver) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    town.forum.webhook_faults.configure(paused=True)
    _like(town)
    assert town.forum.sender.run_due() == 0
    town.forum.webhook_faults.configure()
    assert town.forum.sender.run_due() == 1


def test_what_was_acknowledged_is_known(town: Town, receiver: Receiver) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["like", "solved"])
    _like(town)
    town.forum.sender.run_due()
    receiver.status = 500
    seed.accept(town.forum, "mira_k", town.answer)
    town.forum.sender.run_due()
    [yes] = proof.deliveries(town.forum, acknowledged=True)
    [no] = proof.deliveries(town.forum, acknowledged=False)
    assert (yes.event_name, no.event_name) == ("post_liked", "accepted_solution")
    assert str(yes.event_id) == receiver.received[0].id


def test_workers_send_without_being_asked(town: Town, receiver: Receiver) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    town.forum.sender.start()
    try:
        _like(town)
        assert town.forum.sender.wait_idle()
    finally:
        town.forum.sender.stop()
    assert receiver.events() == ["post_liked"]


def test_a_send_cut_short_by_the_end_of_the_process_is_lost(town: Town, receiver: Receiver) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["like"])
    _like(town)
    with town.forum.store.transaction() as db:
        db.execute("UPDATE web_hook_job SET state = 'sending'")
    town.forum.sender.start()
    town.forum.sender.stop()
    assert proof.webhook_states(town.forum) == {"lost": 1}
    assert receiver.received == []


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://tool.example.org/hook", SECRET),
        ("http://10.0.0.1/hook", SECRET),
        ("ftp://127.0.0.1/hook", SECRET),
        ("http://127.0.0.1/hook", "too-short"),
    ],
)
def test_webhooks_go_to_this_machine_with_a_long_secret(
    forum: Forum, url: str, secret: str
) -> None:
    with pytest.raises(Rejected):
        events.add_webhook(forum, url, secret, ["like"])


def test_an_unknown_event_is_refused(forum: Forum) -> None:
    with pytest.raises(Rejected, match="Unknown event"):
        events.add_webhook(forum, "http://127.0.0.1/hook", SECRET, ["post_exploded"])
