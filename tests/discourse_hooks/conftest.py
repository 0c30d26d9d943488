"""A connected forum as rows, a practice forum behind a port, and Lantern behind another."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from discourse_hooks import connections
from discourse_hooks.connections import Credentials, Forum
from discourse_hooks.extension import extension
from plugin.app import Composition, compose
from plugin.kernel.jobs import sweep
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.practice.forum import seed
from plugin.practice.forum.app import create_forum
from plugin.practice.forum.auth import add_api_key
from plugin.practice.forum.connect import set_connect_secret
from plugin.practice.forum.events import add_webhook
from plugin.practice.forum.forum import Forum as PracticeForum
from plugin.practice.forum.server import ForumServer, QuietHandler
from plugin.settings import Settings
from tests.support.clock import FixedClock

SECRET = "sample-webhook-secret-0123456789"
CONNECT_SECRET = "sample-connect-secret-0123456789"
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)


@pytest.fixture
def composition(settings: Settings, clock: FixedClock) -> Iterator[Composition]:
    """Lantern with this adapter alone."""
    made = compose(settings, extensions=(extension,), clock=clock)
    yield made
    made.services.units.engine.dispose()


def connect(
    services: Services,
    community: people.Community,
    base_url: str,
    *,
    api_key: str = "key",
    api_username: str = "lantern",
    quiet: bool = False,
    calls_per_minute: int = 600,
) -> Forum:
    """Connect a forum as the command does."""
    entered = Credentials(base_url, SECRET, CONNECT_SECRET, api_key, api_username)
    with services.units.system() as uow:
        row = connections.connect(
            uow,
            services,
            community.id,
            entered,
            title="Data Forum",
            quiet=quiet,
            calls_per_minute=calls_per_minute,
        )
        uow.commit()
        return connections.opened(services, row)


@pytest.fixture
def forum(services: Services, community: people.Community) -> Forum:
    """A connection whose forum nobody calls."""
    return connect(services, community, "https://forum.example.org")


@dataclass
class Practice:
    """A practice forum, and Lantern's connection to it."""

    server: ForumServer
    connection: Forum
    services: Services
    clock: FixedClock
    events_url: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def forum(self) -> PracticeForum:
        return self.server.forum

    def work(self, rounds: int = 12) -> None:
        """Let the worker sweep until nothing is left, while the clock goes on."""
        for _round in range(rounds):
            sweep(self.services)
            self.clock.advance(seconds=31)

    def solved_topic(self, asker: str = "mira_k", helper: str = "tom.b") -> tuple[int, int]:
        """A topic with one reply; (topic id, reply's post id)."""
        title = f"How do I normalise table {next(self.numbers)}?"  # titles are unique there
        topic = seed.add_topic(self.forum, asker, title, "Where do I put the enrolment date?")
        return topic, seed.reply(self.forum, helper, topic, "Put it on the join table, like so.")

    def deliver(self) -> None:
        """Send the webhooks that are due, and handle what came in."""
        assert self.forum.sender.wait_idle()
        self.work()


@pytest.fixture
def practice(
    services: Services, community: people.Community, clock: FixedClock, tmp_path: Path
) -> Iterator[Practice]:
    """A practice forum with three people and a bot that is an administrator."""

    def make(base_url: str) -> Flask:
        return create_forum(
            tmp_path / "forum.db", base_url=base_url, rate_limit=None, title="Data Forum"
        )

    with ForumServer(make) as server:
        seed.add_user(server.forum, "lantern", "Lantern", "bot@example.org", admin=True)
        for name in ("mira_k", "tom.b", "ana"):
            mail = f"{name}@example.org"
            seed.add_user(server.forum, name, name.title(), mail, created_at=LONG_AGO)
        key = add_api_key(server.forum, username="lantern")
        set_connect_secret(server.forum, "localhost", CONNECT_SECRET)
        connection = connect(services, community, server.base_url, api_key=key)
        yield Practice(server, connection, services, clock)


@pytest.fixture
def hooked(practice: Practice, app: Flask) -> Iterator[Practice]:
    """The practice forum sends its webhooks to Lantern over HTTP."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    practice.events_url = f"{address}/discourse/{practice.connection.handle}/events"
    add_webhook(practice.forum, practice.events_url, SECRET, (), wildcard=True)
    yield practice
    server.shutdown()
    thread.join()
    server.server_close()


def admit(
    services: Services, practice: Practice, username: str, locale: str = "en"
) -> people.PersonView:
    """A person who is known from a course and linked to a forum account."""
    connection = practice.connection
    subject = str(seed.user_id(practice.forum, username))
    with services.units.community(connection.community_id) as uow:
        person = people.admit(
            uow,
            issuer="https://lms.example.org",
            subject=f"lms-{username}",
            kind="lti",
            display_name=username.title(),
            locale=locale,
        )
        identity = people.identity_for(uow, connection.base_url, subject, "discourse", username)
        people.link(uow, identity.id, person.id)
        uow.commit()
    return person
