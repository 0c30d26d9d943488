"""Structured logs with a reference id, and the metrics that /metrics shows.

A reference is made for each request, job and command; it stands in every line logged meanwhile
and on the error page, so that a person can name it and an operator find it. Bodies, tokens and
names are never logged.
"""

import logging
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

METRICS = CollectorRegistry()
# The library's own name: processes that share this folder are counted together.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
requests_total = Counter(
    "lantern_requests_total", "Requests by route and status", ["route", "status"], registry=METRICS
)
request_seconds = Histogram(
    "lantern_request_seconds", "Seconds a request took, by route", ["route"], registry=METRICS
)
deliveries_total = Counter(
    "lantern_deliveries_total",
    "Handled events by handler and outcome",
    ["handler", "outcome"],
    registry=METRICS,
)
outbox_waiting = Gauge(
    "lantern_outbox_waiting",
    "Deliveries not yet settled, by state",
    ["state"],
    registry=METRICS,
    multiprocess_mode="mostrecent",
)
outbox_late_seconds = Gauge(
    "lantern_outbox_late_seconds",
    "For how long the oldest delivery that is due waits to be carried out",
    registry=METRICS,
    multiprocess_mode="mostrecent",
)

_SECRET_WORDS = ("token", "secret", "password", "authorization", "api_key", "cookie", "body")


def numbers() -> bytes:
    """Return all metrics as Prometheus text: of every process of one ``lantern serve`` together."""
    if SHARED_FOLDER not in os.environ:
        return generate_latest(METRICS)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def _drop_secrets(_logger: object, _method: str, line: Any) -> Any:
    for key in line:
        if any(word in key.lower() for word in _SECRET_WORDS):
            line[key] = "(left out)"
    return line


def configure_logging(level: str = "INFO", *, human: bool = False) -> None:
    """Send structured lines to standard error: JSON, or readable ones for a person's terminal."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # plain, because the default prints the local variables: names, tokens, bodies
            exception_formatter=structlog.dev.plain_traceback,
        )
        if human
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_secrets,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of a module."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(module=name))


def new_reference() -> str:
    """Return eight characters that a person can read out over the telephone."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(8))


def reference() -> str:
    """Return the reference of the present request or job, or an empty string outside one."""
    return str(structlog.contextvars.get_contextvars().get("reference", ""))


@contextmanager
def referenced(ref: str | None = None, **facts: object) -> Iterator[str]:
    """Give everything logged inside one reference id."""
    chosen = ref or new_reference()
    with structlog.contextvars.bound_contextvars(reference=chosen, **facts):
        yield chosen
