"""``lantern demo``: start the three, fill them once, say where they are, stop them together.

A marker in the data folder says how far it is. Filling that was broken off starts anew; a folder
that holds something else is left alone.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType

from plugin.practice.demo.browser import DoorClosed
from plugin.practice.demo.cast import WHOLE, Cast
from plugin.practice.demo.forms import NotOnThePage
from plugin.practice.demo.members import Doors
from plugin.practice.demo.ports import FORUM, LANTERN, LMS, Ports, PortTaken, choose
from plugin.practice.demo.processes import DidNotStart
from plugin.practice.demo.story import Story
from plugin.practice.demo.town import Command, Town, running_town
from plugin.practice.demo.weeks import tell
from plugin.practice.lms.visitor import NoForm

MARKER = "demo.json"
DATABASE, KEY_FILE = "lantern.db", "secret.key"
VERSION = 1
# Ctrl-C, kill, and a terminal that was closed.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Say = Callable[[str], None]


class CannotRun(RuntimeError):
    """The demo cannot start here; the message says what to do."""


@dataclass(frozen=True)
class Wanted:
    """What a caller may choose; a test takes a small cast and free ports."""

    folder: Path
    first_ports: tuple[int, int, int] = (LANTERN, LMS, FORUM)
    cast: Cast = WHOLE


def settings_of(folder: Path, ports: Ports) -> dict[str, str]:
    """Return the environment of everything that belongs to this Lantern."""
    return {
        "LANTERN_DATA_FOLDER": str(folder),
        "LANTERN_BASE_URL": ports.base_url,
        "LANTERN_WEB_HOST": "127.0.0.1",
        "LANTERN_WEB_PORT": str(ports.lantern),
        "LANTERN_WEB_WORKERS": "1",
        "LANTERN_PRACTICE": "1",
        # Whatever else this machine is set up for, the demo keeps to its folder.
        "LANTERN_DATABASE_URL": "",
        "LANTERN_JOBS_URL": "",
        "LANTERN_MAIL_URL": "",
        "LANTERN_LOG_LEVEL": "WARNING",
    }


@dataclass(frozen=True)
class Addresses:
    """Where everything is once it runs; ``invitation`` signs in an administrator, once."""

    lantern: str
    invitation: str
    lms: str
    forum: str
    mail: str

    def in_words(self) -> str:
        """Return what a person at a terminal reads."""
        return f"""
Lantern             {self.invitation}
                    (signs you in as administrator, once; later {self.lantern})
Practice LMS        {self.lms}
Practice forum      {self.forum}

What to try
  1. Open Lantern: any name and address will do; the code appears below this text.
  2. In the LMS be Amara Okonkwo, open Databases, "Mentoring and reviews": a draft matching waits
     to be read, changed and published.
  3. Be Lukas Schneider there: his pair, the next meeting, a review to take.
  4. Be David Cohen in Statistics and join the programme: one page, four questions.
  5. In the forum be Priya Raghunathan and answer a question; let the asker accept it.
  6. Achievements and who earned them: {self.lantern}/admin/achievements

All mail is in {self.mail}. Ctrl-C stops everything."""


@contextmanager
def ready_town(wanted: Wanted, command: Command, say: Say) -> Iterator[Town]:
    """Start everything with its data there; fill it first when it is not."""
    say("Starting Lantern, a practice LMS and a practice forum ...")
    folder = wanted.folder.resolve()
    known = _known(folder)
    if known is None:
        _empty(folder)
        ports = choose(wanted.first_ports)
        _mark(folder, ports, filled=False)
    else:
        ports = known
        ports.require_free()
    settings = settings_of(folder, ports)
    command(settings, ("db", "upgrade"))
    with running_town(folder, ports, command, settings) as town:
        if known is None:
            began = time.monotonic()
            say(
                f"The practice LMS is open at {town.lms.base_url}, the practice forum at "
                f"{town.forum.base_url}.\nThrough them a community fills Lantern now: eight weeks "
                "in less than a minute on an idle machine."
            )
            tell(Story(town, wanted.cast, say, Doors(town)))
            _mark(folder, ports, filled=True)
            say(f"Filled in {time.monotonic() - began:.0f} seconds.")
        town.at(timedelta(), served=True)
        yield town


def _known(folder: Path) -> Ports | None:
    """The ports of a filling that was completed; None when there is none yet."""
    try:
        marker = json.loads((folder / MARKER).read_text("utf-8"))
    except FileNotFoundError:
        return None
    if not marker.get("filled") or marker.get("version") != VERSION:
        return None
    return Ports(**marker["ports"])


def _empty(folder: Path) -> None:
    """Make room: what the demo left unfinished goes, what it did not make stays."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / MARKER).exists():
        if (folder / DATABASE).exists():
            raise CannotRun(
                f"{folder} holds data that the demo did not make. Choose another folder with "
                "LANTERN_DATA_FOLDER, or 'make reset' to empty var/."
            )
        return
    for path in folder.iterdir():
        if path.name != KEY_FILE:  # other data may be sealed with it
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _mark(folder: Path, ports: Ports, *, filled: bool) -> None:
    fresh = folder / f"{MARKER}.new"
    fresh.write_text(
        json.dumps({"version": VERSION, "filled": filled, "ports": asdict(ports)}), "utf-8"
    )
    fresh.replace(folder / MARKER)


def demo(wanted: Wanted, command: Command, say: Say, welcome: Callable[[Addresses], None]) -> int:
    """Run until interrupted; return the exit status."""
    for number in ENDINGS:
        signal.signal(number, _interrupted)
    try:
        with ready_town(wanted, command, say) as town:
            welcome(_addresses(town))
            _stay(town, say)
    except KeyboardInterrupt:
        say("Stopped. 'make run' finds everything again; 'make reset' empties it.")
        return 0
    except (CannotRun, PortTaken, DidNotStart) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except (DoorClosed, NotOnThePage, NoForm, TimeoutError) as problem:
        log = wanted.folder / "lantern.log"
        sys.stderr.write(
            f"Filling stopped: {problem}\nLantern's log is {log}. The next run starts anew.\n"
        )
        return 1
    return 0


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    """The first one ends us; while we stop our processes, impatience must not leave some behind."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _addresses(town: Town) -> Addresses:
    said = town.operate("admin", "invite", "--json")
    return Addresses(
        lantern=town.ports.base_url,
        invitation=json.loads(said.strip().splitlines()[-1])["url"],
        lms=town.lms.base_url,
        forum=town.forum.base_url,
        mail=str(town.folder / "mail"),
    )


def _stay(town: Town, say: Say) -> None:
    """Until Ctrl-C; a code that is mailed to the visitor is shown here."""
    seen = {mail.name for mail in town.mail.all()}
    while True:
        time.sleep(0.5)
        if town.lantern.ended():
            raise DidNotStart(f"Lantern ended by itself; its log is {town.folder / 'lantern.log'}")
        for mail in town.mail.all():
            if mail.name not in seen:
                seen.add(mail.name)
                if mail.code:
                    say(f"Mail to {mail.to}: {mail.subject}")
