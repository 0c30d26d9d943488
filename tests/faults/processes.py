"""Lantern's processes as they run in earnest, and somebody who kills them.

Each is the leader of a process group of its own, so that SIGKILL takes gunicorn's children too.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plugin.serve import web_command
from plugin.settings import Settings

WORKER = (sys.executable, "-m", "plugin", "worker")
UP_SECONDS = 90.0


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """What an operator would set, for the processes of these settings."""
    return {
        **{name: text for name, text in os.environ.items() if not name.startswith("LANTERN_")},
        "LANTERN_BASE_URL": settings.base_url,
        "LANTERN_DATA_FOLDER": str(settings.data_folder),
        "LANTERN_DATABASE_URL": settings.database_url,
        "LANTERN_PRACTICE": "1",
        "LANTERN_CLOCK_OFFSET": str(settings.clock_offset),
        "LANTERN_LOG_LEVEL": "INFO",
        **more,
    }


class Process:
    """One program that can be started, killed and started again; its log is kept."""

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self._command, self._env, self._log = list(command), dict(env), log
        self._process: subprocess.Popen[bytes] | None = None
        self._log_began = 0

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._log_began = log.tell()
            self._process = subprocess.Popen(  # our own command line
                self._command, env=self._env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL for the whole group: nothing of it gets to tidy up."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def set_clock(self, seconds: float) -> None:
        """The offset of its clock from the next start on."""
        self._env["LANTERN_CLOCK_OFFSET"] = str(seconds)

    def ended(self) -> bool:
        """Whether it ended by itself, which it never should."""
        return self._process is not None and self._process.poll() is not None

    def said(self, words: str) -> bool:
        """Whether the log of this start contains the words."""
        with self._log.open("rb") as log:
            log.seek(self._log_began)
            return words.encode() in log.read()


def web(settings: Settings, folder: Path) -> Process:
    return Process("web", web_command(settings), environment(settings), folder / "web.log")


def worker(settings: Settings, folder: Path, name: str = "worker", **more: str) -> Process:
    return Process(name, WORKER, environment(settings, **more), folder / f"{name}.log")


def wait_until(true: Callable[[], bool], what: str, seconds: float = UP_SECONDS) -> None:
    """Look often until it is so; it is an error when that takes too long."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)


@dataclass
class Victim:
    """A process, how one knows that it works, and how long it may: a multiple of its start.

    So the same share of its life is work on a fast machine and on a busy one.
    """

    process: Process
    up: Callable[[], bool]
    longest_life: float
    start_seconds: float = 2.0


@dataclass
class Chaos:
    """Kills each process again and again, working or still starting, and starts it at once."""

    victims: Sequence[Victim]
    seed: int
    on_death: Callable[[str], None]
    kills: dict[str, int] = field(default_factory=dict)
    ended_by_themselves: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.kills.values())

    def begin(self) -> None:
        for number, victim in enumerate(self.victims):
            self.kills[victim.process.name] = 0
            chance = random.Random(self.seed + number)  # repeatable accidents
            thread = threading.Thread(target=self._hunt, args=(victim, chance), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """No kill after this; what runs is left running."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _hunt(self, victim: Victim, chance: random.Random) -> None:
        while not self._stop.is_set():
            if chance.random() < 0.7:  # let it come up, then some work is under way
                began = time.monotonic()
                while not victim.up() and not self._stop.wait(0.05):
                    pass
                victim.start_seconds = max(victim.start_seconds, time.monotonic() - began)
                life = chance.uniform(0.0, victim.longest_life * victim.start_seconds)
            else:  # while it starts
                life = chance.uniform(0.1, 1.0) * victim.start_seconds
            if self._stop.wait(life):
                return
            self.ended_by_themselves += victim.process.ended()
            victim.process.kill()
            self.kills[victim.process.name] += 1
            self.on_death(victim.process.name)
            victim.process.start()
