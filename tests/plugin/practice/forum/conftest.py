"""A forum on a file of its own with a clock that is moved by hand, and a webhook receiver."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from plugin.practice.forum import auth, seed
from plugin.practice.forum.app import create_forum, forum_of
from plugin.practice.forum.forum import Forum

ASK = "How do I normalise a many-to-many table?"
ASK_RAW = "I have students and courses. Where do I put the enrolment date?"
ANSWER = "Put it on the join table: enrolment(student_id, course_id, enrolled_on)."


@dataclass
class Time:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Received:
    """One webhook request, as it came over the wire."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["X-Discourse-Event"]

    @property
    def id(self) -> str:
        return self.headers["X-Discourse-Event-Id"]


@dataclass
class Receiver:
    """A tool that stores what it is sent and answers as told."""

    url: str = ""
    status: int = 200
    hang: threading.Event | None = None
    received: list[Received] = field(default_factory=list)

    def events(self) -> list[str]:
        return [one.event for one in self.received]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.received.append(Received(dict(self.headers), body))
            if state.hang is not None:
                state.hang.wait(10)
            self.send_response(state.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield state
    if state.hang is not None:
        state.hang.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def forum_app(tmp_path: Path, time: Time) -> Flask:
    return create_forum(
        tmp_path / "forum.sqlite", base_url="http://localhost:4200", clock=time, rate_limit=None
    )


@pytest.fixture
def forum(forum_app: Flask) -> Forum:
    return forum_of(forum_app)


@dataclass
class Town:
    """Three people, a category and its parent, a question with an answer."""

    forum: Forum
    mira: int
    tom: int
    bot: int
    parent: int
    category: int
    topic: int
    answer: int


@pytest.fixture
def town(forum: Forum) -> Town:
    mira = seed.add_user(forum, "mira_k", "Mira Kovač", "mira@example.edu")
    tom = seed.add_user(forum, "tom.b", "Tom Bauer", "tom@example.edu", trust_level=2)
    bot = seed.add_user(forum, "lantern", "Lantern", "bot@example.edu", admin=True)
    parent = seed.add_category(forum, "Help")
    category = seed.add_category(forum, "Databases", parent=parent)
    topic = seed.add_topic(forum, "mira_k", ASK, ASK_RAW, category=category, tags=["sql", "week-3"])
    answer = seed.reply(forum, "tom.b", topic, ANSWER, reply_to=1)
    return Town(forum, mira, tom, bot, parent, category, topic, answer)


class Api:
    """Calls with a key, as the bot unless told otherwise."""

    def __init__(self, app: Flask, key: str) -> None:
        self.client = app.test_client()
        self.headers = {"Api-Key": key, "Api-Username": "lantern"}

    def __call__(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self("GET", path, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        return self("POST", path, **more)


@pytest.fixture
def api(forum_app: Flask, forum: Forum, town: Town) -> Api:
    return Api(forum_app, auth.add_api_key(forum))


@pytest.fixture
def browser(forum_app: Flask, town: Town) -> FlaskClient:
    return forum_app.test_client()
