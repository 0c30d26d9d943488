"""Attacks on what every page shares: a database that is away, made-up headers, foreign pages."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from discourse_hooks import signature
from discourse_hooks.models import InboxMessage
from plugin.kernel.limits import LimitRow
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.flows.attacked import WEBHOOK_SECRET, connect_forum
from tests.plugin.mentoring.village import found
from tests.support.signed_in import sign_in


def away(*_args: object, **_kwargs: object) -> None:
    raise OperationalError("BEGIN", {}, Exception("the database is away"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 503),
        ("GET", "/sign-in", 503),
        ("GET", "/nowhere", 404),
        ("POST", "/discourse/x/events", 503),
    ],
)
def test_without_a_database_answers_are_still_whole(
    client: FlaskClient, services: Services, method: str, path: str, status: int
) -> None:
    """The policy of a page names the platforms, which are in the database that is away."""
    event.listen(services.units.engine, "begin", away)
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    if status == 503 and path != "/readyz":
        assert answer.headers["Retry-After"]


def test_made_up_event_types_do_not_fill_the_metrics(
    client: FlaskClient, services: Services, community: people.Community
) -> None:
    """An address of webhooks is no secret; each new label would stay in memory for good."""
    forum = connect_forum(services, community)
    url = f"/discourse/{forum}/events"
    body = b'{"made_up_b": 1}'
    for kind, signed in (
        ("made_up_a", "sha256=x"),
        ("made_up_c", signature.signature(WEBHOOK_SECRET, body)),
    ):
        headers = {
            "X-Discourse-Event-Type": kind,
            "X-Discourse-Event": "x",
            "X-Discourse-Event-Id": "1",
            signature.HEADER: signed,
        }
        assert client.post(url, data=body, headers=headers).status_code in (400, 401)
    numbers = client.get("/metrics")
    assert numbers.status_code == 200
    assert "made_up" not in numbers.get_data(as_text=True)


def test_a_signed_body_of_endless_depth_is_unreadable_and_no_failure(
    client: FlaskClient, services: Services, community: people.Community
) -> None:
    forum = connect_forum(services, community)
    body = b'{"post": ' + b"[" * 200_000
    headers = {
        "X-Discourse-Event-Type": "post",
        "X-Discourse-Event": "post_created",
        "X-Discourse-Event-Id": "1",
        signature.HEADER: signature.signature(WEBHOOK_SECRET, body),
    }
    url = f"/discourse/{forum}/events"
    assert client.post(url, data=body, headers=headers).status_code == 400


def test_control_characters_reach_no_name(
    app: Flask, services: Services, community: people.Community
) -> None:
    """PostgreSQL refuses a NUL with a failure, and a name with a line's end breaks mails."""
    village = found(services, community)
    person = village.enrol("Lea")
    browser = sign_in(app.test_client(), services, community.id, person.person_id)
    odd = {"name": "Le\0a\x1b[31m \x85Zed", "locale": "en", "time_zone": "UTC"}
    assert browser.post("/profile", odd).status_code == 303
    with services.units.reading(community.id) as uow:
        assert people.person(uow, person.person_id).name == "Lea[31m Zed"


@pytest.mark.parametrize("failure", [DataError, IntegrityError])
def test_what_the_database_refuses_is_a_page_and_its_values_are_in_no_log(
    app: Flask,
    services: Services,
    capfd: pytest.CaptureFixture[str],
    failure: type[DataError | IntegrityError],
) -> None:
    """A NUL in an address (PostgreSQL), or two requests that write the same row at once."""

    def refused() -> str:
        with services.units.system() as uow:
            if failure is DataError:
                raise DataError("SELECT", {"name": "very private"}, Exception("NUL"))
            for _twice in range(2):
                uow.session.add(LimitRow(key="very private", window_ends_at=uow.now(), used=1))
                uow.session.flush()
                uow.session.expunge_all()
        return ""

    refused.door = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/test/refused", view_func=refused)
    answer = app.test_client().get("/test/refused")
    assert answer.status_code == (400 if failure is DataError else 409)
    assert "very private" not in capfd.readouterr().err


def test_what_nobody_handles_is_not_kept(
    client: FlaskClient, services: Services, community: people.Community
) -> None:
    """A plugin sends what it likes."""
    forum = connect_forum(services, community)
    body = b'{"category_experts": {"id": 1, "payload": {"raw": "very private"}}}'
    headers = {
        "X-Discourse-Event-Type": "category_experts",
        "X-Discourse-Event": "category_experts_approved",
        "X-Discourse-Event-Id": "7",
        signature.HEADER: signature.signature(WEBHOOK_SECRET, body),
    }
    for _again in range(2):
        assert (
            client.post(f"/discourse/{forum}/events", data=body, headers=headers).status_code == 200
        )
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(sa.select(InboxMessage)).all()
    assert [row.body for row in rows] == [None]
