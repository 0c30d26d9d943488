"""Ports, the marker of a complete filling, and folders that are not the demo's."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from plugin.practice.demo import ports, run
from plugin.practice.demo.cast import COURSES, FORUM, MAIL, WHOLE, some


def _listening() -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def test_a_taken_port_is_passed_over() -> None:
    with _listening() as taken:
        number = taken.getsockname()[1]
        chosen = ports.choose((number, number, number))
        assert number not in (chosen.lantern, chosen.lms, chosen.forum)
        assert len({chosen.lantern, chosen.lms, chosen.forum}) == 3


def test_a_second_run_needs_its_own_ports() -> None:
    with _listening() as taken:
        number = taken.getsockname()[1]
        with pytest.raises(ports.PortTaken, match=str(number)):
            ports.Ports(number, number, number).require_free()


def _command(settings: dict[str, str], arguments: Sequence[str]) -> str:
    raise AssertionError(f"not to be called: {arguments}")


def test_a_folder_with_other_data_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lantern.db").write_text("somebody's")
    assert run.demo(run.Wanted(tmp_path), _command, print, print) == 2
    assert "did not make" in capsys.readouterr().err
    assert (tmp_path / "lantern.db").read_text() == "somebody's"


def test_a_broken_off_filling_starts_anew(tmp_path: Path) -> None:
    (tmp_path / run.MARKER).write_text(json.dumps({"version": 1, "filled": False, "ports": {}}))
    (tmp_path / "lantern.db").write_text("half")
    (tmp_path / "mail").mkdir()
    (tmp_path / "secret.key").write_text("kept")
    with (
        pytest.raises(AssertionError, match="db"),
        run.ready_town(run.Wanted(tmp_path), _command, print),
    ):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {run.MARKER, "secret.key"}


def test_the_cast_is_what_the_demo_promises() -> None:
    assert len(WHOLE.people) == 60
    assert len({one.key for one in WHOLE.people}) == 60
    assert len(WHOLE.courses) == 3
    assert sum(one.mentors for one in WHOLE.people) == 12
    assert {one.door for one in WHOLE.people if one.mentors} >= {FORUM, MAIL}
    assert len({one.zone for one in WHOLE.people}) > 15
    assert len(some(3).learners(COURSES[0])) == 3


def test_the_demo_writes_to_no_other_database_queue_or_mail_server(tmp_path: Path) -> None:
    settings = run.settings_of(tmp_path, ports.Ports(1, 2, 3))
    assert [settings[f"LANTERN_{name}_URL"] for name in ("DATABASE", "JOBS", "MAIL")] == [""] * 3
