"""``lantern serve``: a web process (gunicorn) and a worker process, both restarted if they die."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from types import FrameType

from plugin.kernel.telemetry import SHARED_FOLDER, get_logger
from plugin.settings import Settings

log = get_logger(__name__)
GRACE_SECONDS = 12.0
# Longer than proxies and clients keep an idle connection: whoever closes first must not be us, or
# a form that is sent at that very moment is lost (gunicorn's own 2 seconds are for bare browsers).
KEEP_ALIVE_SECONDS = 75


@dataclass
class _Child:
    name: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  # our own command line
            self.command, env=self.environment
        )

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def web_command(settings: Settings) -> list[str]:
    """Return gunicorn's command line."""
    return [
        sys.executable, "-m", "gunicorn", "plugin.wsgi:app",
        "--bind", f"{settings.web_host}:{settings.web_port}",
        "--workers", str(settings.web_workers), "--threads", str(settings.web_threads),
        "--worker-class", "gthread", "--timeout", "60", "--graceful-timeout", "8",
        "--keep-alive", str(KEEP_ALIVE_SECONDS),
        "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


class PortTaken(RuntimeError):
    """Something else listens there; the message says what to do."""


def require_free_port(settings: Settings) -> None:
    """Raise :class:`PortTaken` before anything is started that could only fail again and again."""
    where = (settings.web_host, settings.web_port)
    try:
        family = socket.getaddrinfo(*where, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise PortTaken(
            f"cannot listen on {where[0]}:{where[1]} ({error.strerror or error}): stop what is "
            "there, or choose another with LANTERN_WEB_HOST and LANTERN_WEB_PORT"
        ) from error


def serve(settings: Settings) -> int:
    """Run both until SIGTERM or SIGINT; return the exit status."""
    with tempfile.TemporaryDirectory(prefix="lantern-metrics-") as folder:
        # What the worker counts is seen at /metrics, whichever web process answers there.
        return _run(settings, {SHARED_FOLDER: folder, **os.environ})


def _run(settings: Settings, environment: dict[str, str]) -> int:
    children = [
        _Child("web", web_command(settings), environment),
        _Child("worker", [sys.executable, "-m", "plugin", "worker"], environment),
    ]
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for child in children:
        child.start()
    while not stopping:
        time.sleep(0.2)
        for child in children:
            if child.died() and not stopping:
                log.error("process died, starting it again", process=child.name)
                if time.monotonic() - child.started < 1:
                    time.sleep(1)
                child.start()
    _stop(children)
    return 0


def _stop(children: list[_Child]) -> None:
    running = [child.process for child in children if child.process and not child.died()]
    for process in running:
        process.send_signal(signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
