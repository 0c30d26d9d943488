"""A small demo from beginning to end: real processes, every page by a robot, found again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from plugin.practice.demo import run
from plugin.practice.demo.browser import Browser
from plugin.practice.demo.cast import COURSES, some
from plugin.practice.demo.members import Doors
from plugin.practice.demo.ports import is_free
from plugin.practice.demo.town import Town
from plugin.practice.forum.proof import repeated_grants, repeated_messages


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(settings: dict[str, str], arguments: Sequence[str]) -> str:
    done = subprocess.run(  # our own command line
        [sys.executable, "-m", "plugin", *arguments],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _teacher_sees_the_weeks(town: Town, wanted: run.Wanted) -> None:
    town.users["amara"], town.activities["DB101"] = 1, 1  # the first of each in a fresh LMS
    arrived = Doors(town).from_course(wanted.cast.person("amara"), COURSES[0].key)
    overview = arrived.open("mentoring/")
    inside = overview.links_with("/mentoring/")
    programme = next(one for one in inside if not one.endswith(("/", "/new")))
    shown = arrived.open(f"{programme}/matchings")
    drafts = [arrived.open(path) for path in shown.links_with("/matchings/")]
    assert [page.has_form(action="/publish") for page in drafts] == [True, False]
    assert [page.has_form(action="/undo") for page in drafts] == [False, True]
    assert "No better overall matching exists" in drafts[1].text
    assert arrived.open("reviews/").text.count("2 reviews each") == 2


@pytest.mark.slow
def test_a_small_demo_from_filling_to_ctrl_c(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    wanted = run.Wanted(folder, (_free(), _free(), _free()), some(4))
    said: list[str] = []
    with run.ready_town(wanted, _command, said.append) as town:
        assert [line for line in said if "week 8 of 8" in line]
        _teacher_sees_the_weeks(town, wanted)
        assert Browser(town.ports.base_url).get("/sign-in").status == 200
        assert repeated_messages(town.forum) == []
        assert repeated_grants(town.forum) == []
        ports = town.ports
    assert all(is_free(port) for port in (ports.lantern, ports.lms, ports.forum))

    environment = {**os.environ, "LANTERN_DATA_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"}
    again = subprocess.Popen(  # our own command line
        [sys.executable, "-m", "plugin", "demo"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert again.stdout is not None
    lines = iter(again.stdout)
    heard = []
    for line in lines:
        heard.append(line)
        if "Ctrl-C" in line:
            break
    assert not [line for line in heard if "Filling" in line]
    assert any(f"http://localhost:{ports.lantern}/invite/" in line for line in heard)
    again.send_signal(signal.SIGINT)
    rest, _nothing = again.communicate(timeout=60)
    assert "Stopped" in rest
    assert again.returncode == 0
    assert all(is_free(port) for port in (ports.lantern, ports.lms, ports.forum))
