"""The three neighbours: Lantern's processes, the practice LMS and the practice forum.

Set up as an operator would: ``lantern`` commands, the set-up link, and what an administrator enters
in the learning platform and in the forum.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugin.practice.demo.mailbox import Mailbox
from plugin.practice.demo.ports import Ports
from plugin.practice.demo.processes import Lantern
from plugin.practice.forum import auth, connect, events
from plugin.practice.forum import seed as forum_seed
from plugin.practice.forum.app import create_forum
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.server import ForumServer
from plugin.practice.lms import seed as lms_seed
from plugin.practice.lms.records import Tool
from plugin.practice.lms.server import RunningLms, running_lms

Settings = dict[str, str]
Command = Callable[[Settings, Sequence[str]], str]
OFFSET = "LANTERN_CLOCK_OFFSET"
BOT = "lantern"
HOOK_EVENTS = ("topic", "post", "like", "solved", "user", "user_badge", "group", "group_user")
FORUM_TITLE = "Practice forum"


@dataclass
class Town:
    """Everything that runs, and the offset under which it runs now."""

    folder: Path
    ports: Ports
    lantern: Lantern
    lms: RunningLms
    forum: Forum
    command: Command
    settings: Settings
    mail: Mailbox
    offset: timedelta = timedelta()
    tool: Tool | None = None
    connection: str = ""
    # LMS ids by the names that the cast uses
    users: dict[str, int] = field(default_factory=dict)
    courses: dict[str, int] = field(default_factory=dict)
    activities: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def operate(self, *arguments: str) -> str:
        """Run a ``lantern`` command as an operator of this Lantern would; what it printed."""
        offset = str(self.offset.total_seconds())
        return self.command({**self.settings, OFFSET: offset}, arguments)

    def at(self, offset: timedelta, *, served: bool = False) -> None:
        """Move everybody's clock: Lantern is started again under the new offset."""
        self.settle()
        self.lantern.stop()
        self.offset = offset
        self.lms.store.set_clock_offset(offset.total_seconds())
        self.forum.clock.offset = offset
        self.lantern.start(offset.total_seconds(), served=served)

    def settle(self) -> None:
        """Let the forum's deliveries arrive before the clock moves."""
        self.forum.sender.wait_idle(20)


@contextmanager
def running_town(
    folder: Path, ports: Ports, command: Command, settings: Settings
) -> Iterator[Town]:
    """Start LMS and forum; Lantern starts when the clock is set for the first time."""
    with ExitStack() as stack:
        lantern = Lantern(settings, folder / "lantern.log", ports.base_url)
        lms = stack.enter_context(running_lms(folder / "practice-lms.sqlite3", port=ports.lms))
        server = ForumServer(
            lambda url: create_forum(
                folder / "practice-forum.sqlite3", base_url=url, title=FORUM_TITLE, rate_limit=None
            ),
            port=ports.forum,
        )
        stack.enter_context(server)
        stack.callback(lantern.stop)
        for store in (lms.store, server.forum.store):
            # While one connection stays open, closing others does not fold SQLite's log away.
            stack.enter_context(store.reading()).execute("SELECT count(*) FROM sqlite_master")
        mail = Mailbox(folder / "mail")
        yield Town(folder, ports, lantern, lms, server.forum, command, settings, mail)


def register_platform(town: Town) -> None:
    """Lantern becomes a tool of the LMS, and the LMS a platform of Lantern."""
    base, platform = town.ports.base_url, town.lms.platform
    town.tool = lms_seed.register_tool(
        town.lms.store,
        name="Lantern",
        login_url=f"{base}/lti/login",
        launch_url=f"{base}/lti/launch",
        redirect_uris=[f"{base}/lti/launch"],
        key_set_url=f"{base}/lti/jwks",
        deep_linking_url=f"{base}/lti/launch",
    )
    town.operate(
        "lti", "add-platform", "--name", "Practice LMS", "--issuer", town.lms.base_url,
        "--client-id", town.tool.client_id,
        "--auth-login-url", platform.authorization_url,
        "--auth-token-url", platform.token_url,
        "--key-set-url", platform.key_set_url,
        "--deployment-id", str(town.tool.deployment_id),
    )  # fmt: skip


def connect_forum(town: Town, secrets: tuple[str, str]) -> None:
    """An administrator of the forum enters secrets, a key and a webhook; an operator connects."""
    webhook_secret, connect_secret = secrets
    forum = town.forum
    forum_seed.add_user(forum, BOT, "Lantern", "bot@forum.example", admin=True)
    said = town.operate(
        "discourse", "connect", "--base-url", forum.base_url, "--title", FORUM_TITLE,
        "--webhook-secret", webhook_secret, "--connect-secret", connect_secret,
        "--api-key", auth.add_api_key(forum, username=BOT), "--api-username", BOT,
        "--calls-per-minute", "6000", "--json",
    )  # fmt: skip
    facts = json.loads(said.strip().splitlines()[-1])
    town.connection = str(facts["connection"])
    connect.set_connect_secret(forum, "localhost", connect_secret)
    events.add_webhook(forum, str(facts["webhook_url"]), webhook_secret, HOOK_EVENTS)
