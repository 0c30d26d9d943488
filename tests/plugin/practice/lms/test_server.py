"""Where it listens, what survives a kill, what time it thinks it is."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from plugin.practice.lms import keys, queries, seed
from plugin.practice.lms.__main__ import main
from plugin.practice.lms.server import NotLoopback, require_loopback, running_lms, serve
from plugin.practice.lms.store import Store


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_other_hosts_than_loopback_are_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(NotLoopback):
        serve(tmp_path / "lms.sqlite3", host=host, port=0)


def test_loopback_has_several_names() -> None:
    for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost"):
        require_loopback(host)


def test_a_request_for_another_host_name_is_refused(tmp_path: Path) -> None:
    with running_lms(tmp_path / "lms.sqlite3") as lms:
        answer = requests.get(lms.base_url, headers={"Host": "evil.example"}, timeout=10)
    assert answer.status_code == 421


def test_a_form_from_another_site_is_refused(tmp_path: Path) -> None:
    with running_lms(tmp_path / "lms.sqlite3") as lms:
        answer = requests.post(
            f"{lms.base_url}/practice/keys", headers={"Origin": "http://evil.example"}, timeout=10
        )
    assert answer.status_code == 403


def test_data_keys_and_port_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "lms.sqlite3"
    with running_lms(path) as first:
        course = seed.add_course(first.store, label="A", title="Algebra")
        kid, _ = keys.signing_key(first.store)
        port = int(first.base_url.rpartition(":")[2])
    with running_lms(path, port=port) as second:
        assert second.base_url == first.base_url
        assert keys.signing_key(second.store)[0] == kid
        assert seed.add_course(second.store, label="A", title="Algebra") == course


def test_what_was_committed_survives_sigkill(tmp_path: Path) -> None:
    path = tmp_path / "lms.sqlite3"
    command = [sys.executable, "-m", "plugin.practice.lms", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--store", str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        store = Store(path)
        seed.add_user(store, username="ada", given_name="Ada")
        assert "Ada" in requests.get(f"{address}/people?q=ada", timeout=10).text
        os.kill(process.pid, signal.SIGKILL)
    with running_lms(path) as lms, lms.store.reading() as db:
        assert [user.name for user in queries.users(db)] == ["Ada"]


def test_the_clock_is_moved_for_every_process(tmp_path: Path) -> None:
    fixed = datetime(2026, 9, 1, tzinfo=UTC)
    path = tmp_path / "lms.sqlite3"
    with running_lms(path, clock_offset=-3600, time_source=lambda: fixed) as lms:
        assert lms.platform.clock.now() == fixed - timedelta(hours=1)
        Store(path).set_clock_offset(60)
        assert lms.platform.clock.now() == fixed + timedelta(minutes=1)


def test_the_command_registers_a_tool_again_under_its_client_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "lms.sqlite3")
    urls = {"login": "http://localhost:1/l", "launch": "http://localhost:1/t"}
    command = ["register-tool", "--store", path, "--client-id", "abc", "--name", "Lantern"]
    command += ["--login-url", urls["login"], "--launch-url", urls["launch"]]
    for key_set in ("http://localhost:1/a", "http://localhost:1/b"):
        assert main([*command, "--key-set-url", key_set]) == 0
    assert capsys.readouterr().out == '{"client_id": "abc", "deployment_id": "1"}\n' * 2
    with Store(path).reading() as db:
        (tool,) = queries.tools(db)
    assert tool.redirect_uris == (urls["launch"],)
    assert tool.key_set_url == "http://localhost:1/b"
    assert main(["serve", "--store", path, "--host", "0.0.0.0"]) == 2
