"""When code runs: the only module that imports the job library (huey).

The database says what is left to do, so a job carries nothing: it asks a worker to sweep. A ticker
in the worker sweeps every second or so in any case, a wake after a commit only makes it sooner.
"""

import threading
import time
from typing import TYPE_CHECKING, Any

import structlog
from huey import RedisHuey, SqliteHuey

from plugin.kernel.config import Config
from plugin.kernel.telemetry import get_logger, referenced

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugin.kernel.services import Services

log = get_logger(__name__)
TICK_SECONDS = 1.0
WAKE_PAUSE_SECONDS = 0.1


class Jobs:
    """The job store, opened at the first wake so that commands which need no jobs make none."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._queue: Any = None
        self._lock = threading.Lock()
        self._last_wake = 0.0
        self._sweep: Callable[[], Any] | None = None

    @property
    def queue(self) -> Any:
        """The huey instance."""
        with self._lock:
            if self._queue is None:
                if self._settings.jobs_url:
                    self._queue = RedisHuey("lantern", url=self._settings.jobs_url, results=False)
                else:
                    path = self._settings.data_folder / "jobs.db"
                    self._queue = SqliteHuey(
                        "lantern", filename=str(path), results=False, fsync=False, timeout=15
                    )
                self._sweep = self._queue.task(name="lantern.sweep")(self._run_sweep)
            return self._queue

    def wake(self) -> None:
        """Ask a worker to look now. Many wakes in a tenth of a second are one."""
        now = time.monotonic()
        if now - self._last_wake < WAKE_PAUSE_SECONDS:
            return
        self._last_wake = now
        try:
            if self.queue.pending_count() < 4:  # one sweep serves all who wait
                assert self._sweep is not None
                self._sweep()
        except Exception as error:  # the ticker comes by anyway; a commit must not fail for this
            log.warning("no wake", error=type(error).__name__)

    def check(self) -> int:
        """Return how many wakes wait in the store; raises whatever the store raises."""
        return int(self.queue.pending_count())

    def _run_sweep(self) -> None:
        if self._services is not None:
            sweep(self._services)

    _services: "Services | None" = None

    def run_worker(self, services: "Services", *, threads: int) -> None:
        """Work until SIGTERM or SIGINT. Only in a main thread: huey sets signal handlers."""
        self._services = services
        queue = self.queue
        stop = threading.Event()
        ticker = threading.Thread(target=_tick, args=(services, stop), daemon=True)
        ticker.start()
        log.info("worker started", threads=threads)
        try:
            queue.create_consumer(
                workers=threads,
                worker_type="thread",
                periodic=False,
                initial_delay=0.05,
                max_delay=0.5,
                backoff=1.2,
            ).run()
        finally:
            stop.set()
            log.info("worker stopped")


def sweep(services: "Services") -> int:
    """Do all that is due: deliveries, pumps (inboxes), schedules. Return how much was done."""
    from plugin.kernel import dispatch, schedules  # they import Services

    done = 0
    with referenced():
        # what people wait for comes first, and again after each pump: a burst from a forum must
        # not keep introductions and scores waiting
        done += dispatch.drain(services)
        for pump in services.dispatcher.pumps:
            done += pump.run(services)
            done += dispatch.drain(services)
        done += schedules.run_due(services)
    return done


def _tick(services: "Services", stop: threading.Event) -> None:
    while not stop.wait(TICK_SECONDS):
        try:
            sweep(services)
        except Exception:  # a database that is away for a moment must not end the ticker
            structlog.contextvars.clear_contextvars()
            log.exception("sweep failed")
