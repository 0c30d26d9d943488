"""Where a fault run takes place: data that can be copied, and the neighbours on fixed ports.

Their addresses are in the data, so the ports stay the same for every run of one kind of database.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from plugin.practice.demo.ports import Ports, choose
from plugin.practice.forum.app import create_forum
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.server import ForumServer
from plugin.practice.lms.server import RunningLms, running_lms
from plugin.settings import Settings


def free_ports() -> Ports:
    """Three below those that the system gives away by itself."""
    first = random.randrange(20_000, 30_000)  # which one does not matter
    return choose((first, first + 700, first + 1400))


class Databases:
    """Databases that are copied whole: the file in the data folder, or PostgreSQL's templates."""

    def __init__(self, admin_url: str | None) -> None:
        self._admin_url = admin_url
        self._made: list[str] = []

    def new(self, template: str = "") -> str:
        """The address of a new one, a copy of ``template``; empty for SQLite."""
        if self._admin_url is None:
            return ""
        name = f"lantern_faults_{uuid4().hex[:12]}"
        source = f' TEMPLATE "{sa.make_url(template).database}"' if template else ""
        self._say(f'CREATE DATABASE "{name}"{source}')
        self._made.append(name)
        return sa.make_url(self._admin_url).set(database=name).render_as_string(False)

    def drop_all(self) -> None:
        for name in self._made:
            self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        assert self._admin_url is not None
        engine = sa.create_engine(self._admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(statement))
        engine.dispose()


@dataclass(frozen=True)
class Place:
    """One data folder with its database, and the ports that its data speak of."""

    folder: Path
    ports: Ports
    databases: Databases
    settings: Settings

    @classmethod
    def new(cls, folder: Path, databases: Databases, offset: timedelta) -> "Place":
        ports = free_ports()
        settings = Settings(
            data_folder=folder / "data",
            base_url=ports.base_url,
            database_url=databases.new(),
            practice=True,
            clock_offset=offset.total_seconds(),
            web_host="localhost",
            web_port=ports.lantern,
            web_workers=1,
        )
        settings.data_folder.mkdir(parents=True)
        return cls(folder, ports, databases, settings)

    def copy(self, folder: Path) -> "Place":
        """The same again; nothing may be running here."""
        shutil.copytree(self.folder, folder)
        settings = replace(
            self.settings,
            data_folder=folder / "data",
            database_url=self.databases.new(template=self.settings.database_url),
        )
        return replace(self, folder=folder, settings=settings)

    def later(self, by: timedelta) -> "Place":
        offset = self.settings.clock_offset + by.total_seconds()
        return replace(self, settings=replace(self.settings, clock_offset=offset))


@dataclass(frozen=True)
class Neighbours:
    """The learning platform and the forum, in threads of this process."""

    lms: RunningLms
    forum: Forum

    def set_clock(self, seconds: float) -> None:
        self.lms.store.set_clock_offset(seconds)
        self.forum.clock.offset = timedelta(seconds=seconds)


@contextmanager
def neighbours(place: Place) -> Iterator[Neighbours]:
    """Start both on their ports; no limit on calls, which would make a run wait for minutes."""
    offset = place.settings.clock_offset
    with ExitStack() as stack:
        lms = stack.enter_context(
            running_lms(place.folder / "lms.sqlite3", port=place.ports.lms, clock_offset=offset)
        )
        server = ForumServer(
            lambda url: create_forum(
                place.folder / "forum.sqlite3", base_url=url, clock_offset=offset, rate_limit=None
            ),
            port=place.ports.forum,
        )
        stack.enter_context(server)
        yield Neighbours(lms, server.forum)
