"""The inbox by its rules: private, repeated, unreadable, too large, parked, replayed, forgotten."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from discourse_hooks import connections, inbox, operating, privacy, processing, retention, signature
from discourse_hooks.connections import Credentials, Forum
from discourse_hooks.inbox import Arrival, Received
from discourse_hooks.models import Connection, InboxMessage, InboxState, Touched
from plugin.kernel.errors import Invalid
from plugin.kernel.jobs import sweep
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.discourse_hooks.conftest import CONNECT_SECRET, SECRET
from tests.support.clock import FixedClock

POST: dict[str, Any] = {
    "id": 9,
    "topic_id": 7,
    "post_number": 2,
    "post_type": 1,
    "user_id": 3,
    "username": "tom.b",
    "topic_archetype": "regular",
}


def arrival(
    kind: str, value: object, name: str, event_id: str = "1", secret: str = SECRET
) -> Arrival:
    body = json.dumps({kind: value}).encode()
    return Arrival(body, signature.signature(secret, body), event_id, kind, name)


def stored(services: Services) -> list[InboxMessage]:
    with services.units.system_reading() as uow:
        return list(uow.session.scalars(sa.select(InboxMessage).order_by(InboxMessage.id)))


def marks(services: Services) -> list[tuple[str, str, int]]:
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(sa.select(Touched).order_by(Touched.id))
        return [(row.kind, row.remote_id, row.asked) for row in rows]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("post", {**POST, "topic_archetype": "private_message"}),
        ("post", {**POST, "post_type": 4}),
        ("post", {**POST, "post_type": 3}),
        ("post", {k: v for k, v in POST.items() if k != "topic_archetype"}),
        ("solved", {**POST, "topic_archetype": "private_message"}),
        ("like", {"post": {**POST, "topic_archetype": "private_message"}, "user": {"id": 1}}),
        ("like", {"user": {"id": 1}}),
        ("topic", {"id": 7, "archetype": "private_message"}),
        ("chat_message", {"message": {"id": 1}, "channel": {"chatable_type": "DirectMessage"}}),
        ("chat_message", {"message": {"id": 1}}),
        ("notification", {"id": 1, "notification_type": 6}),
        ("calendar_event", {"event": {}, "topic": {"archetype": "private_message"}}),
    ],
)
def test_what_is_not_known_to_be_public_is_not_kept(
    services: Services, forum: Forum, kind: str, value: object
) -> None:
    assert inbox.receive(services.units, forum, arrival(kind, value, "x")) is Received.PRIVATE
    assert stored(services) == []


def test_public_chat_and_moderator_posts_are_kept() -> None:
    assert not privacy.is_private("chat_message", {"channel": {"chatable_type": "Category"}})
    assert not privacy.is_private("post", {**POST, "post_type": 2})
    assert not privacy.is_private("topic", {"archetype": "banner"})


def test_the_same_body_again_within_three_hours_is_handled_once_more(
    services: Services, forum: Forum, clock: FixedClock
) -> None:
    """Close, open, close: the third looks like the first and must still cause a read."""
    names = ["accepted_solution", "unaccepted_solution", "accepted_solution"]
    outcomes = []
    for number, name in enumerate(names):
        sent = arrival("solved", POST, name, str(number))
        outcomes.append(inbox.receive(services.units, forum, sent))
        processing.process_inbox(services)
        clock.advance(minutes=5)
    assert outcomes == [Received.STORED, Received.STORED, Received.REPEATED]
    assert len(stored(services)) == 2
    assert marks(services) == [("topic", "7", 3)]
    clock.advance(hours=3)
    later = arrival("solved", POST, "accepted_solution", "9")
    assert inbox.receive(services.units, forum, later) is Received.STORED


def test_a_redelivery_under_the_old_id_adds_nothing(services: Services, forum: Forum) -> None:
    for _again in range(3):
        inbox.receive(services.units, forum, arrival("solved", POST, "accepted_solution"))
        processing.process_inbox(services)
    assert marks(services) == [("topic", "7", 1)]


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"post": null}', b"\xff\xfe"])
def test_a_signed_body_that_is_no_event_is_unreadable_or_private(
    services: Services, forum: Forum, body: bytes
) -> None:
    sent = Arrival(body, signature.signature(SECRET, body), "1", "post", "post_created")
    assert inbox.receive(services.units, forum, sent) in {Received.UNREADABLE, Received.PRIVATE}
    assert stored(services) == []


def test_a_body_cannot_be_passed_off_as_another_type(services: Services, forum: Forum) -> None:
    body = json.dumps({"post": POST}).encode()
    sent = Arrival(body, signature.signature(SECRET, body), "1", "user", "user_created")
    assert inbox.receive(services.units, forum, sent) is Received.UNREADABLE


def test_a_payload_that_lacks_what_it_must_have_is_parked_and_can_be_replayed(
    services: Services, forum: Forum
) -> None:
    broken = {k: v for k, v in POST.items() if k != "topic_id"}
    inbox.receive(services.units, forum, arrival("solved", broken, "accepted_solution"))
    processing.process_inbox(services)
    [row] = stored(services)
    assert row.state is InboxState.PARKED
    assert "topic_id" in row.outcome
    with services.units.system() as uow:
        assert operating.replay(uow, operating.ids_in(uow, InboxState.PARKED)) == 1
        uow.commit()
    processing.process_inbox(services)
    assert [row.state for row in stored(services)] == [InboxState.PARKED]
    with services.units.system_reading() as uow:
        assert operating.counts(uow) == {"parked": 1}
        assert [line.event_name for line in operating.listed(uow)] == ["accepted_solution"]


def test_an_operator_parks_what_waits(services: Services, forum: Forum) -> None:
    inbox.receive(services.units, forum, arrival("solved", POST, "accepted_solution"))
    with services.units.system() as uow:
        ids = operating.parse_ids([str(stored(services)[0].id)])
        assert operating.park(uow, ids, "not now") == 1
        uow.commit()
    assert processing.process_inbox(services) == 0
    with pytest.raises(Invalid):
        operating.parse_ids(["nonsense"])


def test_bodies_go_after_a_fortnight_and_rows_later(
    services: Services, forum: Forum, clock: FixedClock
) -> None:
    inbox.receive(services.units, forum, arrival("solved", POST, "accepted_solution"))
    processing.process_inbox(services)
    clock.advance(days=15)
    retention.forget_old(services)
    [row] = stored(services)
    assert row.body is None
    with services.units.system() as uow:
        assert operating.replay(uow, [row.id]) == 0  # nothing to handle any more
    clock.advance(days=120)
    retention.forget_old(services)
    assert stored(services) == []


def test_a_second_secret_is_valid_while_it_is_changed(
    services: Services, community: people.Community, forum: Forum
) -> None:
    entered = Credentials(forum.base_url, "a-brand-new-secret", CONNECT_SECRET, "key", "lantern")
    for _again in range(2):
        with services.units.system() as uow:
            row = connections.connect(uow, services, community.id, entered, title="", quiet=True)
            uow.commit()
            renewed = connections.opened(services, row)
    assert renewed.handle == forum.handle
    assert not renewed.quiet
    assert renewed.webhook_secrets == ("a-brand-new-secret", SECRET)
    for number, secret in enumerate(renewed.webhook_secrets):
        sent = arrival("solved", {**POST, "id": number}, "x", str(number), secret)
        assert inbox.receive(services.units, renewed, sent) is Received.STORED


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "forum.example.org"},
        {"webhook_secret": "short"},
        {"connect_secret": ""},
        {"api_key": " "},
        {"api_username": ""},
    ],
)
def test_a_connection_that_could_not_work_is_refused(
    services: Services, community: people.Community, changed: dict[str, str]
) -> None:
    entered = {
        "base_url": "https://forum.example.org",
        "webhook_secret": SECRET,
        "connect_secret": CONNECT_SECRET,
        "api_key": "key",
        "api_username": "bot",
        **changed,
    }
    with services.units.system() as uow, pytest.raises(Invalid) as refused:
        connections.connect(
            uow, services, community.id, Credentials(**entered), title="", quiet=False
        )
    assert set(refused.value.fields) == set(changed)


def test_secrets_are_sealed_in_the_row(services: Services, forum: Forum) -> None:
    with services.units.system_reading() as uow:
        row = uow.session.get_one(Connection, forum.id)
        kept = json.dumps([row.webhook_secrets, row.connect_secret, row.api_key])
    assert SECRET not in kept
    assert CONNECT_SECRET not in kept
    assert SECRET not in repr(forum)


def test_an_unknown_connection_looks_like_a_wrong_signature(
    client: FlaskClient, forum: Forum
) -> None:
    answer = client.post("/discourse/nonesuch/events", data=b"{}")
    assert answer.status_code == 401


def test_too_large_a_body_is_refused_unread(client: FlaskClient, forum: Forum) -> None:
    answer = client.post(f"/discourse/{forum.handle}/events", data=b"x" * (inbox.LARGEST_BODY + 1))
    assert answer.status_code == 413


@contextmanager
def _renamed(services: Services, table: str, away: str) -> Iterator[None]:
    """The table is not to be found for a while, and is back for the tests that come after."""

    def rename(old: str, new: str) -> None:
        with services.units.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))

    rename(table, away)
    try:
        yield
    finally:
        rename(away, table)


def test_when_it_cannot_be_stored_the_forum_is_asked_to_come_again(
    client: FlaskClient, services: Services, forum: Forum
) -> None:
    table = "discourse_hooks_inbox_message"
    sent = arrival("solved", POST, "accepted_solution")
    with _renamed(services, table, f"{table}_away"):
        answer = client.post(
            f"/discourse/{forum.handle}/events",
            data=sent.body,
            headers={
                "X-Discourse-Event-Id": "1",
                "X-Discourse-Event-Type": "solved",
                "X-Discourse-Event": "accepted_solution",
                "X-Discourse-Event-Signature": sent.signature or "",
            },
        )
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_worker_that_died_leaves_nothing_behind(
    services: Services, forum: Forum, clock: FixedClock
) -> None:
    inbox.receive(services.units, forum, arrival("solved", POST, "accepted_solution"))
    with services.units.system() as uow:
        assert len(processing._claim(uow)) == 1
        uow.commit()  # and the process dies here
    assert processing.process_inbox(services) == 0
    clock.advance(minutes=1)
    assert processing.process_inbox(services) == 1
    assert marks(services) == [("topic", "7", 1)]


def _with_body(services: Services, change: Callable[[InboxMessage], None]) -> None:
    with services.units.system() as uow:
        change(uow.session.scalars(sa.select(InboxMessage)).one())
        uow.commit()


def test_a_handler_that_fails_is_tried_again_and_then_parked(
    services: Services, forum: Forum, clock: FixedClock
) -> None:
    inbox.receive(services.units, forum, arrival("solved", POST, "accepted_solution"))
    _with_body(services, lambda row: setattr(row, "body", b"{broken"))  # a damaged disk, say
    for _attempt in range(processing.ATTEMPTS):
        assert processing.process_inbox(services) == 1
        clock.advance(minutes=11)
    [row] = stored(services)
    assert row.state is InboxState.PARKED
    assert "JSONDecodeError" in row.outcome


def test_a_known_account_is_renamed_and_nobody_is_imported(
    services: Services, forum: Forum
) -> None:
    with services.units.community(forum.community_id) as uow:
        people.identity_for(uow, forum.base_url, "3", "discourse", "tom.b")
        uow.commit()
    for user_id in (3, 4):
        value = {"id": user_id, "username": f"new-name-{user_id}"}
        inbox.receive(services.units, forum, arrival("user", value, "user_updated", str(user_id)))
    sweep(services)
    with services.units.reading(forum.community_id) as uow:
        found = people.find_identity(uow, forum.base_url, "3")
        assert found is not None
        assert found.username == "new-name-3"
        assert people.find_identity(uow, forum.base_url, "4") is None
