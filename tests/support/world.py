"""A whole small world in one process: Lantern with its worker, a practice LMS, a practice forum.

Real servers on loopback, real HTTP between them. The LMS is on 127.0.0.1 and Lantern on localhost,
so the frame is cross-site as in real life. All clocks show noon, so that no quiet hours hold mail.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from click.testing import CliRunner
from werkzeug.serving import WSGIRequestHandler, make_server

from plugin.app import Composition, compose, create_app
from plugin.kernel.jobs import sweep
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.practice.forum import proof
from plugin.practice.forum import seed as forum_seed
from plugin.practice.forum.app import create_forum
from plugin.practice.forum.auth import add_api_key
from plugin.practice.forum.connect import set_connect_secret
from plugin.practice.forum.events import add_webhook
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.server import ForumServer
from plugin.practice.lms import seed as lms_seed
from plugin.practice.lms.records import Tool
from plugin.practice.lms.server import RunningLms, running_lms
from plugin.settings import Settings

WEBHOOK_SECRET = "practice-webhook-secret"
CONNECT_SECRET = "practice-connect-secret"
BOT = "lantern"
EVENTS = ("topic", "post", "like", "solved", "user", "user_badge", "group", "group_user")


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # its name
        """Requests are not printed; failures are in Lantern's own log."""


def to_noon() -> timedelta:
    """Return the offset that makes all clocks show today's noon, UTC."""
    now = datetime.now(UTC)
    return now.replace(hour=12, minute=0, second=0, microsecond=0) - now


@dataclass
class World:
    """Everything that is running, and what a person could look at from outside."""

    base_url: str
    composition: Composition
    community: people.Community
    lms: RunningLms | None
    tool: Tool | None
    forum: Forum | None
    connection: str

    @property
    def services(self) -> Services:
        return self.composition.services

    def settle(self, seconds: float = 30) -> None:
        """Wait until the worker has nothing due and the forum has no delivery on its way.

        What Lantern does in the forum makes the forum write back, so both are asked until neither
        had anything to do while the other was looked at.
        """
        known = -1
        while known != (told := self._told()):
            known = told
            if self.forum is not None:
                assert self.forum.sender.wait_idle(seconds), "the forum still sends"
            done = threading.Event()
            self._idle.append(done)
            assert done.wait(seconds), "the worker is still busy"

    def _told(self) -> int:
        """How many requests the forum has sent so far."""
        if self.forum is None:
            return 0
        return sum(one.sent_count for one in proof.deliveries(self.forum))

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """Return the mails that were sent, oldest first, optionally those to one address."""
        folder: Path = self.composition.settings.data_folder / "mail"
        paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [
            cast("EmailMessage", message_from_bytes(path.read_bytes(), policy=policy.default))
            for path in paths
        ]
        return [mail for mail in found if to is None or to in str(mail["To"])]

    def links_in(self, mail: EmailMessage, pattern: str = r"https?://\S+") -> list[str]:
        """Return the links in a mail's text."""
        body = mail.get_body(("plain",))
        assert body is not None
        return re.findall(pattern, str(body.get_content()))

    def __post_init__(self) -> None:
        self._idle: list[threading.Event] = []


@contextmanager
def running_world(
    folder: Path,
    database: bytes,
    *,
    lms: bool = True,
    forum: bool = True,
    profile: str = "moodle",
) -> Iterator[World]:
    """Start it on free ports; ``database`` is an SQLite file with all tables.

    ``profile``: the platform that the practice LMS plays (moodle, canvas).
    """
    (folder / "lantern.db").write_bytes(database)
    offset = to_noon().total_seconds()
    with ExitStack() as stack:
        server = make_server("localhost", 0, _not_ready, threaded=True, request_handler=_Quiet)
        base_url = f"http://localhost:{server.server_port}"
        settings = Settings(
            data_folder=folder, base_url=base_url, practice=True, clock_offset=offset
        )
        composition = compose(settings)
        services = composition.services
        with services.units.system() as uow:
            community = people.found_community(uow, "Practice community")
            uow.commit()
        server.app = create_app(settings, composition=composition)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        running = tool = None
        if lms:
            running = stack.enter_context(
                running_lms(folder / "lms.sqlite3", clock_offset=offset, profile=profile)
            )
            tool = register_platform(base_url, running, settings)
        board, connection = None, ""
        if forum:
            place = stack.enter_context(
                ForumServer(
                    lambda url: create_forum(
                        folder / "forum.sqlite3",
                        base_url=url,
                        clock_offset=offset,
                        rate_limit=None,  # a limit makes calls wait for real minutes
                    )
                )
            )
            board = place.forum
            connection = connect_forum(board, settings)
        world = World(base_url, composition, community, running, tool, board, connection)
        stack.enter_context(_working(world))
        yield world


def register_platform(base_url: str, lms: RunningLms, settings: Settings) -> Tool:
    tool = lms_seed.register_tool(
        lms.store,
        name="Lantern",
        login_url=f"{base_url}/lti/login",
        launch_url=f"{base_url}/lti/launch",
        redirect_uris=[f"{base_url}/lti/launch"],
        key_set_url=f"{base_url}/lti/jwks",
        deep_linking_url=f"{base_url}/lti/launch",
    )
    lantern(
        settings,
        "lti",
        "add-platform",
        "--issuer",
        lms.base_url,
        "--client-id",
        tool.client_id,
        "--auth-login-url",
        lms.platform.authorization_url,
        "--auth-token-url",
        lms.platform.token_url,
        "--key-set-url",
        lms.platform.key_set_url,
        "--deployment-id",
        str(tool.deployment_id),
    )
    return tool


def connect_forum(forum: Forum, settings: Settings) -> str:
    forum_seed.add_user(forum, BOT, "Lantern", "bot@forum.example", admin=True)
    key = add_api_key(forum, username=BOT)
    said = lantern(
        settings,
        "discourse",
        "connect",
        "--base-url",
        forum.base_url,
        "--title",
        "Practice forum",
        "--webhook-secret",
        WEBHOOK_SECRET,
        "--connect-secret",
        CONNECT_SECRET,
        "--api-key",
        key,
        "--api-username",
        BOT,
        "--calls-per-minute",
        "3000",
        "--json",
    )
    facts = json.loads(said)
    host = re.sub(r"^https?://", "", settings.base_url).split(":")[0]
    set_connect_secret(forum, host, CONNECT_SECRET)
    add_webhook(forum, facts["webhook_url"], WEBHOOK_SECRET, EVENTS)
    return str(facts["connection"])


def lantern(settings: Settings, *arguments: str) -> str:
    """Run a ``lantern`` command as an operator would and return what it printed."""
    from plugin.cli import main

    environment = {
        "LANTERN_DATA_FOLDER": str(settings.data_folder),
        "LANTERN_BASE_URL": settings.base_url,
        "LANTERN_PRACTICE": "1",
        "LANTERN_CLOCK_OFFSET": str(settings.clock_offset),
        "LANTERN_DATABASE_URL": settings.database_url,
    }
    result = CliRunner(env=environment).invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.stdout)


@contextmanager
def _working(world: World) -> Iterator[None]:
    """The worker: sweeps until told to stop, and tells those who wait when it is idle."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            waiting, world._idle = world._idle, []
            while sweep(world.services):
                pass
            for done in waiting:
                done.set()
            stop.wait(0.1)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


def _not_ready(environ: object, start_response: Callable[..., object]) -> list[bytes]:
    raise RuntimeError("not ready")
