"""What the forum sends has the same headers and keys as the recorded deliveries.

recorded.json: bodies and headers after Discourse's serializers (secret for samples only).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from plugin.practice.forum import events, people, revisions, seed, topics
from plugin.practice.forum.signature import event_signature
from tests.plugin.practice.forum.conftest import Receiver, Town

RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text())
SECRET = RECORDED["secret"]


def _badge(town: Town, *, show_posts: bool) -> int:
    badge = seed.add_badge(town.forum, "Helper", show_posts=show_posts)
    return seed.grant(town.forum, "tom.b", badge, post_id=town.answer if show_posts else None)


def _revoke(town: Town) -> None:
    from plugin.practice.forum.badges import revoke_badge

    revoke_badge(town.forum, _badge(town, show_posts=False))


def _new_topic(town: Town) -> None:
    text = "Where do I put the index of a table that is joined often?"
    seed.add_topic(
        town.forum,
        "mira_k",
        "Which index do I need here?",
        text,
        category=town.category,
        tags=["sql"],
    )


def _message_reply(town: Town) -> None:
    topic = seed.add_message(town.forum, "lantern", ["mira_k"], "Link it", "Send me the code.")
    seed.reply(town.forum, "mira_k", topic, "LINK 7F3K-92QD")


def _membership(town: Town) -> None:
    group = seed.add_group(town.forum, "mentors", ["tom.b"])
    seed.leave(town.forum, group, "tom.b")


def _unaccept(town: Town) -> None:
    seed.accept(town.forum, "mira_k", town.answer)
    seed.unaccept(town.forum, "mira_k", town.answer)


def _update(town: Town) -> None:
    people.change_account(town.forum, town.mira, name="Mira K.")


def _destroy_user(town: Town) -> None:
    user = seed.add_user(town.forum, "gone", "Gone", "gone@example.edu")
    people.delete_account(town.forum, user)


Act = Callable[[Town], Any]
ACTS: dict[str, tuple[Act, int]] = {
    "ping.json": (lambda town: events.ping(town.forum, 1), 0),
    "topic_created.json": (_new_topic, 0),
    "topic_edited.json": (
        lambda town: revisions.edit_topic(town.forum, town.topic, title="A better title for it"),
        0,
    ),
    "topic_closed_status_updated.json": (
        lambda town: topics.close_topic(town.forum, town.topic),
        0,
    ),
    "topic_destroyed.json": (
        lambda town: revisions.delete_post(town.forum, 1, by_author=False),
        0,
    ),
    "post_created_first.json": (_new_topic, 0),
    "post_created_reply.json": (
        lambda town: seed.reply(
            town.forum, "tom.b", town.topic, "One more thought about it.", reply_to=1
        ),
        0,
    ),
    "post_created_pm_reply.json": (_message_reply, 1),
    "post_edited.json": (
        lambda town: revisions.edit_post(
            town.forum, town.answer, "Now with a unique index.", "typo"
        ),
        0,
    ),
    "post_edited_deleted_by_author.json": (
        lambda town: revisions.delete_post(town.forum, town.answer, by_author=True),
        0,
    ),
    "post_destroyed.json": (
        lambda town: revisions.delete_post(town.forum, town.answer, by_author=True),
        0,
    ),
    "post_liked.json": (lambda town: seed.like(town.forum, "mira_k", town.answer), 0),
    "accepted_solution.json": (lambda town: seed.accept(town.forum, "mira_k", town.answer), 0),
    "unaccepted_solution.json": (_unaccept, 0),
    "user_badge_granted.json": (lambda town: _badge(town, show_posts=False), 0),
    "user_badge_granted_with_post.json": (lambda town: _badge(town, show_posts=True), 0),
    "user_badge_revoked.json": (_revoke, 0),
    "user_added_to_group.json": (_membership, 0),
    "user_removed_from_group.json": (_membership, 0),
    "user_created.json": (
        lambda town: seed.add_user(town.forum, "new", "New", "new@example.edu"),
        0,
    ),
    "user_confirmed_email.json": (
        lambda town: seed.add_user(town.forum, "new", "New", "new@example.edu"),
        0,
    ),
    "user_logged_in.json": (lambda town: people.seen(town.forum, town.mira, "user_logged_in"), 0),
    "user_logged_out.json": (
        lambda town: people.seen(town.forum, town.mira, "user_logged_out"),
        0,
    ),
    "user_updated.json": (_update, 0),
    "user_destroyed.json": (_destroy_user, 0),
    "user_promoted.json": (
        lambda town: people.change_account(town.forum, town.mira, trust_level=2),
        0,
    ),
}
# Sent by nothing that a person can do here: no approval of members, no editing of groups.
NOT_MADE = {"user_approved.json", "group_updated.json"}


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _keys(inner) for name, inner in value.items()}
    if isinstance(value, list) and value:
        return [_keys(value[0])]
    return None


def test_every_recorded_event_is_made_or_known_not_to_be() -> None:
    assert {one["file"] for one in RECORDED["deliveries"]} == set(ACTS) | NOT_MADE


@pytest.mark.parametrize("file", sorted(ACTS))
def test_sent_like_recorded(file: str, forum_app: Flask, town: Town, receiver: Receiver) -> None:
    recorded = next(one for one in RECORDED["deliveries"] if one["file"] == file)
    events.add_webhook(town.forum, receiver.url, SECRET, wildcard=True)
    act, place = ACTS[file]
    act(town)
    assert receiver.received == []  # never within the act itself
    town.forum.sender.run_due()
    sent = [
        one for one in receiver.received if one.event == recorded["headers"]["X-Discourse-Event"]
    ]
    body = sent[place].body
    assert list(sent[place].headers) == list(recorded["headers"])
    for name in ("Accept", "Connection", "Content-Type", "User-Agent", "X-Discourse-Event-Type"):
        assert sent[place].headers[name] == recorded["headers"][name]
    assert sent[place].headers["X-Discourse-Event-Signature"] == event_signature(SECRET, body)
    assert _keys(json.loads(body)) == _keys(json.loads(recorded["body"]))


def test_group_payload_has_the_recorded_keys(town: Town, receiver: Receiver) -> None:
    recorded = next(x for x in RECORDED["deliveries"] if x["file"] == "group_updated.json")
    events.add_webhook(town.forum, receiver.url, SECRET, ["group"])
    seed.add_group(town.forum, "mentors")
    town.forum.sender.run_due()
    assert _keys(json.loads(receiver.received[0].body)) == _keys(json.loads(recorded["body"]))


def test_the_vector_of_discourse_own_tests() -> None:
    vector = RECORDED["vector"]
    assert event_signature(vector["secret"], vector["body"].encode()) == vector["signature"]


def test_recorded_signatures_are_ours_too() -> None:
    for one in RECORDED["deliveries"]:
        signature = one["headers"]["X-Discourse-Event-Signature"]
        assert event_signature(SECRET, one["body"].encode()) == signature


def test_author_deletion_sends_the_edit_first_and_the_original_text_last(
    town: Town, receiver: Receiver
) -> None:
    events.add_webhook(town.forum, receiver.url, SECRET, ["post", "topic"])
    revisions.delete_post(town.forum, town.answer, by_author=True)
    town.forum.sender.run_due()
    edited, destroyed = (json.loads(one.body)["post"] for one in receiver.received)
    assert receiver.events() == ["post_edited", "post_destroyed"]
    assert (edited["raw"], edited["user_deleted"]) == ("(post deleted by author)", False)
    assert destroyed["raw"].startswith("Put it on")
    assert destroyed["deleted_at"] is None
    revisions.finish_author_deletion(town.forum, town.answer)
    town.forum.sender.run_due()
    assert json.loads(receiver.received[2].body)["post"]["user_deleted"] is True
