"""One fetch of a token at a time, over threads that stand for processes; nothing secret in logs."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import responses
import sqlalchemy as sa
import structlog

from lti import registrations
from lti.advantage import nrps, tokens
from lti.advantage.client import PlatformBusy, ServiceClient, pause
from lti.models import AccessToken
from lti.registrations import NewRegistration, RegistrationView
from plugin.kernel.http import Answer, RemoteCallFailed
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.support.clock import FixedClock

LMS = "https://lms.example.edu"
SCOPES = (nrps.SCOPE,)


@pytest.fixture
def registration(services: Services, community: people.Community) -> RegistrationView:
    with services.units.system() as uow:
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=LMS,
                client_id="client-1",
                auth_login_url=f"{LMS}/auth",
                auth_token_url=f"{LMS}/token",
                key_set_url=f"{LMS}/jwks",
            ),
        )
        uow.commit()
    return found


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


def slow_tokens(web: responses.RequestsMock, status: int = 200) -> list[float]:
    """A token endpoint that takes a while, and when it was asked."""
    asked: list[float] = []
    lock = threading.Lock()

    def give(_request: Any) -> tuple[int, dict[str, str], str]:
        with lock:
            asked.append(time.monotonic())
            number = len(asked)
        time.sleep(0.4)
        body = {"access_token": f"secret-{number}", "expires_in": 3600}
        return status, {}, json.dumps(body)

    web.add_callback(responses.POST, f"{LMS}/token", callback=give)
    return asked


def test_many_who_want_a_token_at_once_cause_one_request(
    web: responses.RequestsMock, services: Services, registration: RegistrationView
) -> None:
    asked = slow_tokens(web)
    with ThreadPoolExecutor(6) as pool:
        found = list(
            pool.map(lambda _n: tokens.access_token(services, registration, SCOPES), range(6))
        )
    assert found == ["secret-1"] * 6
    assert len(asked) == 1


def test_those_who_waited_for_a_failure_do_not_ask_again_each(
    web: responses.RequestsMock, services: Services, registration: RegistrationView
) -> None:
    asked = slow_tokens(web, status=400)

    def want(_number: int) -> str:
        with pytest.raises(RemoteCallFailed) as failed:
            tokens.access_token(services, registration, SCOPES)
        return failed.value.reason

    with ThreadPoolExecutor(6) as pool:
        reasons = list(pool.map(want, range(6)))
    assert len(asked) <= 2
    assert all("400" in reason for reason in reasons)


def test_the_turn_of_a_killed_process_ends_by_itself(
    web: responses.RequestsMock,
    services: Services,
    registration: RegistrationView,
    clock: FixedClock,
) -> None:
    asked = slow_tokens(web)
    want = tokens._Want(services, registration, nrps.SCOPE)
    assert want.take_turn()
    assert not want.take_turn()  # and is killed before it asks
    clock.advance(seconds=31)
    assert tokens.access_token(services, registration, SCOPES) == "secret-1"
    assert len(asked) == 1


def test_a_refused_token_goes_and_a_newer_one_stays(
    web: responses.RequestsMock, services: Services, registration: RegistrationView
) -> None:
    slow_tokens(web)
    assert tokens.access_token(services, registration, SCOPES) == "secret-1"
    tokens.forget(services, registration, SCOPES, "secret-0")
    assert tokens.access_token(services, registration, SCOPES) == "secret-1"
    tokens.forget(services, registration, SCOPES, "secret-1")
    assert tokens.access_token(services, registration, SCOPES) == "secret-2"


@pytest.mark.parametrize(("life", "used"), [(3600, 3540), (90, 45), (60, 30), (999_999, 3540)])
def test_how_long_a_token_is_used(life: int, used: int) -> None:
    assert tokens._used_for(timedelta(seconds=life)) == timedelta(seconds=used)


def test_nothing_secret_is_written_in_clear(
    web: responses.RequestsMock,
    services: Services,
    registration: RegistrationView,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither logs, at their most talkative, nor the row hold the token, a body or a name."""
    caplog.set_level(logging.DEBUG)
    slow_tokens(web)
    web.get(f"{LMS}/members", status=500, body='{"name": "Ada Lovelace"}')
    client = ServiceClient(services, registration, SCOPES)
    with structlog.testing.capture_logs() as lines, pytest.raises(PlatformBusy) as busy:
        nrps.page(client, f"{LMS}/members", first=f"{LMS}/members")
    with services.units.system_reading() as uow:
        row = uow.session.scalars(sa.select(AccessToken)).one()
    written = f"{lines} {caplog.text} {busy.value!r} {busy.value} {row.sealed_token}"
    for secret in ("secret-1", "Lovelace", "client_assertion"):
        assert secret not in written


def test_the_pause_grows_is_spread_and_obeys_the_platform() -> None:
    def busy(told: str | None) -> PlatformBusy:
        headers = {} if told is None else {"Retry-After": told}
        return PlatformBusy(LMS, Answer(429, headers, b""))

    spread = {pause(3, busy(None)) for _again in range(20)}
    assert len(spread) > 1
    assert all(8 <= one.total_seconds() <= 10 for one in spread)
    assert pause(1, busy("120")) >= timedelta(seconds=120)
    assert pause(1, busy("999999")) <= timedelta(minutes=75)
    assert pause(50, busy(None)) <= timedelta(minutes=75)
    for nonsense in ("-5", "soon", "1e9", "٣"):
        assert pause(1, busy(nonsense)) < timedelta(seconds=3)
