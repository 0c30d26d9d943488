"""Starting the LMS on loopback, as a process of its own or as a thread of a test."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from plugin.practice.lms.app import create_lms
from plugin.practice.lms.clock import real_now
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.store import Store

DEFAULT_PORT = 8081
# How soon a stopped test server is gone.
POLL_SECONDS = 0.02


class NotLoopback(ValueError):
    """Practice servers sign anybody in: they never listen where others can reach them."""


class _Quiet(WSGIRequestHandler):
    """The LMS log says more than an access log would."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


@dataclass(frozen=True)
class RunningLms:
    base_url: str
    app: Flask
    platform: Platform

    @property
    def store(self) -> Store:
        return self.platform.store


def require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotLoopback(f"a practice server listens on loopback only, not on {host!r}")


def serve(
    store_path: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    clock_offset: float | None = None,
    profile: str = "moodle",
    ready: Callable[[RunningLms], None] | None = None,
) -> None:
    """Run until interrupted; `ready` is called once the port answers."""
    running, server = _prepare(store_path, host, port, clock_offset, real_now, 30.0, profile)
    if ready is not None:
        ready(running)
    try:
        server.serve_forever()
    finally:
        running.platform.stopping.set()
        server.server_close()


@contextmanager
def running_lms(
    store_path: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock_offset: float | None = None,
    time_source: Callable[[], datetime] = real_now,
    hang_seconds: float = 30.0,
    profile: str = "moodle",
) -> Iterator[RunningLms]:
    """The LMS in a thread of this process; port 0 takes a free one."""
    running, server = _prepare(
        store_path, host, port, clock_offset, time_source, hang_seconds, profile
    )
    thread = threading.Thread(
        target=lambda: server.serve_forever(POLL_SECONDS), name="practice-lms", daemon=True
    )
    thread.start()
    try:
        yield running
    finally:
        running.platform.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _prepare(
    store_path: str | Path,
    host: str,
    port: int,
    clock_offset: float | None,
    time_source: Callable[[], datetime],
    hang_seconds: float,
    profile: str,
) -> tuple[RunningLms, BaseWSGIServer]:
    require_loopback(host)
    # The port must be known before the app exists: its issuer contains it.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
        address = f"http://{host}:{listening.getsockname()[1]}"
        app = create_lms(
            store_path,
            base_url=address,
            clock_offset=clock_offset,
            time_source=time_source,
            hang_seconds=hang_seconds,
            profile=profile,
        )
        server = make_server(
            host, 0, app, threaded=True, request_handler=_Quiet, fd=listening.fileno()
        )
    finally:
        # make_server works on its own duplicate of the descriptor.
        listening.close()
    return RunningLms(address, app, app.extensions["practice_lms"]), server
