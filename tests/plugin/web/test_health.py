"""Health for machines: alive, ready, numbers for those who may see them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from plugin.kernel.ids import new_id
from plugin.kernel.outbox import Delivery, OutboxMessage
from plugin.kernel.services import Services
from tests.support.clock import FixedClock
from tests.support.revision import newest_revision


@pytest.fixture
def migrated(services: Services) -> Iterator[None]:
    with newest_revision(services.units.engine):
        yield


@pytest.mark.usefixtures("migrated")
def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.json is not None
    assert ready.json["checks"] == {"database": "ok", "migrations": "ok", "outbox": "ok"}
    assert ready.status_code == 200


@pytest.mark.usefixtures("migrated")
def test_not_ready_while_migrations_wait(client: FlaskClient, services: Services) -> None:
    with services.units.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"lantern db upgrade" in answer.data


@pytest.mark.usefixtures("migrated")
def test_work_that_piles_up_is_told_and_closes_no_door(
    client: FlaskClient, services: Services, clock: FixedClock
) -> None:
    """A bundle that waits for the morning is no pile: it is not due yet."""
    with services.units.system() as uow:
        message = OutboxMessage(
            id=new_id(),
            community_id=new_id(),
            name="x.y.z.v1",
            payload={},
            reference="",
            created_at=clock.now(),
        )
        uow.session.add(message)
        uow.session.flush()
        due = clock.now() + timedelta(hours=12)
        uow.session.add(Delivery(message_id=message.id, subscriber="x.y", next_attempt_at=due))
        uow.commit()
    clock.advance(hours=11)
    assert client.get("/readyz").json["checks"]["outbox"] == "ok"  # type: ignore[index]
    assert b"lantern_outbox_late_seconds 0.0" in client.get("/metrics").data
    clock.advance(hours=1, minutes=16)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert b"does a worker run?" in answer.data
    assert b"lantern_outbox_late_seconds 960.0" in client.get("/metrics").data


def test_metrics_are_for_this_machine_or_the_token(app: Flask, services: Services) -> None:
    client = app.test_client()
    assert b"lantern_requests_total" in client.get("/metrics").data
    far = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    assert client.get("/metrics", **far).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    settings = replace(services.settings, metrics_token="letmein")  # type: ignore[type-var]
    app.extensions["lantern.services"] = replace(services, settings=settings)
    assert client.get("/metrics").status_code == 404
    bearer = {"Authorization": "Bearer letmein"}
    assert client.get("/metrics", headers=bearer, **far).status_code == 200
