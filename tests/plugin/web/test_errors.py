"""Refusals and failures: title, what happened, what next, a reference that is in the log."""

import json
import re

import pytest
from flask import Flask

from plugin.kernel.errors import Conflict, Invalid, NotFound, Refused, TooMany, Unavailable
from plugin.kernel.telemetry import configure_logging


@pytest.fixture
def failing(app: Flask) -> Flask:
    from datetime import timedelta

    raised = {
        "not-found": NotFound("x", "This pair is not here."),
        "refused": Refused("x", "You are not this pair's mentor."),
        "conflict": Conflict("x", "Somebody answered meanwhile."),
        "invalid": Invalid("x", "Too short.", {"text": "Too short."}),
        "too-many": TooMany("x", "Five an hour.", timedelta(minutes=5)),
        "unavailable": Unavailable("x", "The forum is down.", timedelta(seconds=30)),
        "broken": RuntimeError("secret detail"),
    }

    def fail(kind: str) -> str:
        raise raised[kind]

    app.add_url_rule("/fail/<kind>", view_func=fail)
    app.testing = False
    return app


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("not-found", 404, "This pair is not here."),
        ("refused", 403, "You are not this pair"),
        ("conflict", 409, "Somebody answered meanwhile."),
        ("invalid", 422, "Too short."),
        ("too-many", 429, "Five an hour."),
        ("unavailable", 503, "The forum is down."),
        ("broken", 500, "Something went wrong on our side"),
    ],
)
def test_each_refusal_is_a_page_with_reference(
    failing: Flask, kind: str, status: int, words: str
) -> None:
    answer = failing.test_client().get(f"/fail/{kind}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert words in text
    assert "What you can do" in text
    assert re.search(r"Reference: <code>[2-9A-Z]{8}</code>", text)
    assert "secret detail" not in text
    assert answer.headers["Cache-Control"] == "no-store"


def test_limits_say_when_to_try_again(failing: Flask) -> None:
    assert failing.test_client().get("/fail/too-many").headers["Retry-After"] == "300"
    assert failing.test_client().get("/fail/unavailable").headers["Retry-After"] == "30"


def test_programs_get_problem_json(failing: Flask) -> None:
    answer = failing.test_client().get("/fail/invalid", headers={"Accept": "application/json"})
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["status"] == 422
    assert problem["fields"] == {"text": "Too short."}
    assert len(problem["reference"]) == 8


def test_the_reference_stands_in_the_log(
    failing: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    import structlog

    configure_logging()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.stdout))
    try:
        text = failing.test_client().get("/fail/broken").get_data(as_text=True)
        lines = [json.loads(x) for x in capsys.readouterr().out.splitlines() if x.startswith("{")]
    finally:
        structlog.reset_defaults()
    shown = re.search(r"<code>([2-9A-Z]{8})</code>", text)
    assert shown is not None
    assert any(line.get("reference") == shown[1] and "exception" in line for line in lines)


def test_unknown_address_and_wrong_method(failing: Flask) -> None:
    client = failing.test_client()
    assert client.get("/no/such/page").status_code == 404
    wrong = client.delete("/sign-in")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]


def test_too_large_a_body_is_refused_in_words(failing: Flask) -> None:
    failing.config["MAX_CONTENT_LENGTH"] = 100
    answer = failing.test_client().post("/sign-in/mail", data={"email": "x" * 500})
    assert answer.status_code == 413
    assert "larger than Lantern takes" in answer.get_data(as_text=True)


def test_page_that_needs_a_person_lists_the_ways_in(failing: Flask) -> None:
    answer = failing.test_client().get("/profile")
    assert answer.status_code == 401
    assert "/sign-in/mail?next=/profile" in answer.get_data(as_text=True)
