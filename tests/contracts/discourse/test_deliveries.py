"""Every recorded delivery through the real door: 200 and stored once, 401 and nothing stored."""

import json

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from discourse_hooks import payloads, privacy, processing
from discourse_hooks.connections import Forum
from discourse_hooks.handlers import HANDLERS
from discourse_hooks.models import InboxMessage, InboxState
from plugin.kernel.services import Services
from tests.contracts.discourse.deliveries import DELIVERIES, PRIVATE, Delivery

SIGNATURE = "X-Discourse-Event-Signature"
each = pytest.mark.parametrize("delivery", DELIVERIES, ids=lambda one: one.name)


def _stored(services: Services) -> list[InboxMessage]:
    with services.units.system_reading() as uow:
        return list(uow.session.scalars(sa.select(InboxMessage)))


def _send(client: FlaskClient, forum: Forum, delivery: Delivery, **changed: str | None) -> int:
    headers = delivery.sent_headers(**{k.replace("_", "-"): v for k, v in changed.items()})
    url = f"/discourse/{forum.handle}/events"
    return client.post(url, data=delivery.body, headers=headers).status_code


def _kept(delivery: Delivery) -> bytes | None:
    """Of a type that nobody handles the row; of what was said to a few eyes ids; else the bytes."""
    event_type = delivery.headers["X-Discourse-Event-Type"]
    if event_type not in HANDLERS:
        return None
    if event_type in privacy.IDS_ONLY:
        return privacy.ids_of(event_type, json.loads(delivery.body)[event_type])
    return delivery.body


def test_there_are_34_and_one_is_private() -> None:
    assert len(DELIVERIES) == 34
    assert {one.name for one in DELIVERIES} >= PRIVATE


@each
def test_refused_stored_once_and_never_twice(
    client: FlaskClient, services: Services, forum: Forum, delivery: Delivery
) -> None:
    """One delivery's whole life at the door, in the order in which it is worst."""
    for header in (None, "", "sha256=" + "0" * 64):
        assert _send(client, forum, delivery, **{SIGNATURE: header}) == 401
    assert _stored(services) == []
    assert _send(client, forum, delivery) == 200
    kept = [] if delivery.name in PRIVATE else [_kept(delivery)]
    stored = _stored(services)
    assert [row.body for row in stored] == kept
    assert {row.event_name for row in stored} <= {delivery.headers["X-Discourse-Event"]}
    # The same again: a redelivery by hand has the same id, a retry a new one.
    assert _send(client, forum, delivery) == 200
    assert _send(client, forum, delivery, **{"X-Discourse-Event-Id": "999999"}) == 200
    assert len(_stored(services)) == len(kept)


@pytest.mark.parametrize("delivery", DELIVERIES[:3], ids=lambda one: one.name)
def test_a_form_content_type_changes_the_header_only(
    client: FlaskClient, services: Services, forum: Forum, delivery: Delivery
) -> None:
    kind = "application/x-www-form-urlencoded"
    assert _send(client, forum, delivery, **{"Content-Type": kind}) == 200
    assert [row.event_name for row in _stored(services)] == [delivery.headers["X-Discourse-Event"]]


def test_all_of_them_are_handled_or_ignored_and_none_is_parked(
    client: FlaskClient, services: Services, forum: Forum
) -> None:
    for delivery in DELIVERIES:
        _send(client, forum, delivery)
    while processing.process_inbox(services):
        pass
    states = {row.event_name: row.state for row in _stored(services)}
    assert set(states.values()) <= {InboxState.DONE, InboxState.IGNORED}
    ignored = {name for name, state in states.items() if state is InboxState.IGNORED}
    assert ignored == {"category_experts_approved"}


def test_both_tag_shapes_are_names() -> None:
    assert payloads.tag_names(["sql", "week-3"]) == ("sql", "week-3")
    assert payloads.tag_names([{"id": 4, "name": "sql", "slug": "sql"}]) == ("sql",)
    assert payloads.tag_names(None) == ()
