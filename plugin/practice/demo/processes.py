"""Lantern as real processes, under a clock offset: a web process and a worker.

The past is replayed by ending them and starting them again under the next offset; only practice
mode allows one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

STARTS_SECONDS = 60.0
GRACE_SECONDS = 15.0
PAUSE = 0.05


class DidNotStart(RuntimeError):
    """Lantern ended at once or does not answer; its log says why."""


class Lantern:
    """The processes of one offset. ``serve`` is what people run; filling starts the two alone."""

    def __init__(self, environment: Mapping[str, str], log: Path, base_url: str) -> None:
        self._environment = dict(environment)
        self._log = log
        self.base_url = base_url
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, offset: float, *, served: bool = False) -> None:
        """Start under an offset in seconds and wait until the web process answers."""
        port = self.base_url.rsplit(":", 1)[1]
        commands: Sequence[Sequence[str]] = (
            (sys.executable, "-m", "gunicorn", "plugin.wsgi:app", "--bind", f"127.0.0.1:{port}",
             "--worker-class", "gthread", "--threads", "8", "--log-level", "warning",
             "--timeout", "120", "--keep-alive", "75",  # a robot may be slow on a busy machine
             "--graceful-timeout", "3", "--no-control-socket"),
            (sys.executable, "-m", "plugin", "worker"),
        )  # fmt: skip
        if served:
            commands = ((sys.executable, "-m", "plugin", "serve"),)
        environment = {**os.environ, **self._environment, "LANTERN_CLOCK_OFFSET": str(offset)}
        with self._log.open("ab") as log:
            for command in commands:
                # A session of their own: Ctrl-C reaches us first, and we end them in order.
                started = subprocess.Popen(  # noqa: S603  # our own command line
                    command, env=environment, stdout=log, stderr=log, start_new_session=True
                )
                self._running.append(started)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + STARTS_SECONDS
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < end:
                if any(one.poll() is not None for one in self._running):
                    break
                try:
                    if session.get(f"{self.base_url}/healthz", timeout=5).ok:
                        return
                except requests.RequestException:
                    time.sleep(PAUSE)
        raise DidNotStart(f"Lantern did not start; its log is {self._log}")

    def ended(self) -> bool:
        """Whether a process has ended by itself."""
        return any(one.poll() is not None for one in self._running)

    def stop(self) -> None:
        """End them: politely, then by force."""
        for one in self._running:
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        for one in self._running:
            try:
                one.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()
        self._running.clear()
