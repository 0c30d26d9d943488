"""`lantern serve` as people run it: what it says, what it starts, what it leaves behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

import plugin.cli
from plugin.app import compose
from plugin.notifications import public as notifications
from plugin.people import public as people
from plugin.settings import Settings

PATIENCE = 120.0  # seconds, on a busy machine


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An operator's settings of a database at the newest revision."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chosen = {
        "LANTERN_DATA_FOLDER": str(tmp_path),
        "LANTERN_DATABASE_URL": f"sqlite:///{tmp_path / 'lantern.db'}",
        "LANTERN_BASE_URL": f"http://localhost:{port}",
        "LANTERN_WEB_PORT": str(port),
        "LANTERN_PRACTICE": "1",
    }
    upgraded = CliRunner(env=chosen).invoke(plugin.cli.main, ["db", "upgrade"])
    assert upgraded.exit_code == 0, upgraded.output
    return chosen


@pytest.mark.parametrize("wish", [[], ["--json"]])
def test_serve_says_where_it_listens(
    environment: dict[str, str], wish: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Settings] = []

    def run(settings: Settings) -> int:
        started.append(settings)
        return 0

    monkeypatch.setattr(plugin.cli, "run", run)  # the processes themselves are not what is asked
    result = CliRunner(env=environment).invoke(plugin.cli.main, ["serve", *wish])
    assert result.exit_code == 0, result.output
    assert started
    url, port = environment["LANTERN_BASE_URL"], environment["LANTERN_WEB_PORT"]
    if wish:
        said = json.loads(result.stdout)
        assert (said["listens"], said["url"]) == (f"127.0.0.1:{port}", url)
        assert said["set_up"].startswith(f"{url}/")
    else:
        assert f":{port}, for everybody at {url}" in result.stdout
        assert f"Set Lantern up here, once: {url}/" in result.stdout


def test_a_taken_port_is_named_before_anything_starts(environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["LANTERN_WEB_PORT"])))
        other.listen()
        result = CliRunner(env=environment).invoke(plugin.cli.main, ["serve"])
    assert result.exit_code == 1
    assert "LANTERN_WEB_PORT" in result.stderr
    assert "Traceback" not in result.output


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    ours = {name: text for name, text in os.environ.items() if not name.startswith("LANTERN_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "plugin", "serve", "--json"],
        env={**ours, **environment}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            process.terminate()  # not killed: it ends its children
            process.wait(PATIENCE)


def _metric(base_url: str, name: str) -> float | None:
    """The sum of one metric over its labels; None before there is one."""
    try:
        text = requests.get(f"{base_url}/metrics", timeout=PATIENCE).text
    except requests.ConnectionError:
        return None
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
    return sum(float(one) for one in found) if found else None


def test_metrics_are_those_of_all_processes_and_sigterm_ends_them(
    environment: dict[str, str],
) -> None:
    """The worker sends a notice; whichever of the two web processes is asked tells of it."""
    settings = Settings.from_env(environment)
    services = compose(settings).services
    with services.units.system() as system:
        community = people.found_community(system, "Northern Lights")
        system.commit()
    with services.units.community(community.id) as uow:
        ada = people.admit_by_email(uow, "ada@example.org")
        notifications.set_quiet_hours(uow, ada.id, 0, 0)
        notifications.notify(
            uow, ada.id, kind="review_todo", message="reviews.todo", key="k", url="/", waits=True,
            params={"activity": "Week 3", "minutes": 20},
        )  # fmt: skip
        uow.commit()
    with serving(environment) as process:
        end = time.monotonic() + PATIENCE
        sent = 'lantern_deliveries_total{handler="notifications.send",outcome="done"}'
        while time.monotonic() < end and _metric(settings.base_url, re.escape(sent)) is None:
            time.sleep(0.2)
        told = {_metric(settings.base_url, re.escape(sent)) for _each in range(8)}
        asked = [_metric(settings.base_url, "lantern_requests_total") for _each in range(8)]
        with requests.Session() as idle:  # as a proxy keeps one for the next form
            idle.get(f"{settings.base_url}/healthz", timeout=PATIENCE)
            (kept,) = idle.get_adapter(settings.base_url).poolmanager.pools._container.values()
            time.sleep(4)
            idle.get(f"{settings.base_url}/healthz", timeout=PATIENCE)
            assert kept.num_connections == 1  # the second went the way of the first
        process.send_signal(signal.SIGTERM)
        said, _nothing = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert [json.loads(line)["url"] for line in said.splitlines()] == [settings.base_url]
    assert told == {1.0}
    assert asked == sorted(asked, key=lambda one: one or 0)  # one count, not one of each process
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{settings.base_url}/healthz", timeout=2)
    services.units.engine.dispose()


def test_every_command_answers_a_program() -> None:
    """Whatever an operator may call has ``--json``; only what writes code has none."""
    without = {
        name
        for name, command in _commands(plugin.cli.main)
        if "as_json" not in {one.name for one in command.params}
    }
    assert without == {"db revision"}


def _commands(group: object, before: str = "") -> Iterator[tuple[str, object]]:
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command
