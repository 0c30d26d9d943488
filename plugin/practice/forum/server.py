"""Serving on loopback only, in the foreground (demo) or in a thread (tests), with restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from plugin.practice.forum.app import forum_of
from plugin.practice.forum.events import is_loopback
from plugin.practice.forum.forum import Forum


class QuietHandler(WSGIRequestHandler):
    """No line per request; the forum has its own log page. Dropped peers are expected here."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        if type == "error" and "Dropped" not in str(args):
            super().log(type, message, *args)


class ForumServer:
    """A forum behind a port of this machine.

    with ForumServer(lambda base_url: create_forum(path, base_url=base_url)) as server:
        server.forum, server.base_url ...
    """

    def __init__(
        self, make: Callable[[str], Flask], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        if not is_loopback(host):
            raise ValueError(f"a practice forum listens on loopback only, not on {host}")
        self._make, self._host, self._port = make, host, port
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self._restarting: threading.Thread | None = None
        self.app: Flask | None = None
        self.base_url = ""

    @property
    def forum(self) -> Forum:
        if self.app is None:
            raise RuntimeError("the forum server is not started")
        return forum_of(self.app)

    def start(self) -> ForumServer:
        self._server = make_server(
            self._host, self._port, _not_ready, threaded=True, request_handler=QuietHandler
        )
        self._port = self._server.server_port
        if self.app is None:
            shown = f"[{self._host}]" if ":" in self._host else self._host
            self.base_url = f"http://{shown}:{self._port}"
            self.app = self._make(self.base_url)
            self.base_url = self.forum.base_url
        self._server.app = self.app
        self.forum.restart = self.restart
        self.forum.sender.start()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Refuses connections from now on; the data stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.forum.faults.released.set()
        self.forum.sender.stop()

    def restart(self, down_for: float = 0) -> None:
        """Down for some seconds, then back on the same port; returns at once."""

        def again() -> None:
            self.stop()
            time.sleep(down_for)
            self.start()

        self._restarting = threading.Thread(target=again, daemon=True)
        self._restarting.start()

    def back_up(self, timeout: float = 30) -> None:
        """Waits for the end of a restart that is under way."""
        if self._restarting is not None:
            self._restarting.join(timeout)

    def __enter__(self) -> ForumServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Until Ctrl-C."""
        try:
            threading.Event().wait()
        finally:
            self.stop()


def _not_ready(environ: object, start_response: object) -> list[bytes]:
    raise RuntimeError("the forum is not ready")


def serve(app: Flask, *, host: str = "127.0.0.1", port: int) -> None:
    """Serves in the foreground until interrupted. Refuses every host but loopback."""
    ForumServer(lambda base_url: app, host=host, port=port).start().wait()
