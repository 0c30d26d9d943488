"""For machines that watch: /healthz (alive), /readyz (able to work), /metrics (numbers)."""

import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from plugin.kernel import migrate, outbox
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.kernel.telemetry import numbers, outbox_late_seconds, outbox_waiting
from plugin.web import door
from plugin.web.work import services

blueprint = Blueprint("health", __name__)
LATE = timedelta(minutes=15)


@blueprint.get("/healthz")
@door.public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@door.public
def ready() -> tuple[Response, int]:
    """The database answers and its tables are those of this version.

    Work that piles up is told and is no reason to be taken out of service: pages still answer, and
    a forum's webhooks, which it does not repeat for ever, are still kept.
    """
    checks: dict[str, str] = {}
    late = ""
    try:
        with services().units.system_reading() as uow:
            pending = _migrations_pending()
            checks["database"] = "ok"
            checks["migrations"] = "run 'lantern db upgrade'" if pending else "ok"
            late = "" if pending else _late(outbox.oldest_due(uow.session, now=uow.now()))
    except SQLAlchemyError as error:
        checks["database"] = type(error).__name__
    healthy = all(value == "ok" for value in checks.values())
    told = {**checks, "outbox": late or "ok"} if "migrations" in checks else checks
    return jsonify({"ready": healthy, "checks": told}), 200 if healthy else 503


def _late(oldest: datetime | None) -> str:
    """Say since when work waits that should be done; empty when none is late."""
    if oldest is None or services().clock.now() - oldest <= LATE:
        return ""
    return f"due since {oldest:%Y-%m-%dT%H:%M:%SZ} and not carried out: does a worker run?"


@blueprint.get("/metrics")
@door.public
def metrics() -> Response:
    """Prometheus text, for this machine or for the bearer of the configured token."""
    if not _may_read_metrics():
        raise NotFound("not_found", _("There is no page at this address, or it is not for you."))
    with services().units.system_reading() as uow:
        counted = uow.session.execute(
            sa.select(Delivery.state, sa.func.count())
            .where(Delivery.state != DeliveryState.DONE)
            .group_by(Delivery.state)
        ).all()
        oldest, now = outbox.oldest_due(uow.session, now=uow.now()), uow.now()
    counts = {state: count for state, count in counted}  # noqa: C416  # a Row is no pair to mypy
    for state in (DeliveryState.WAITING, DeliveryState.PARKED):
        outbox_waiting.labels(state.value).set(counts.get(state, 0))
    outbox_late_seconds.set((now - oldest).total_seconds() if oldest else 0)
    return Response(numbers(), mimetype="text/plain; version=0.0.4")


def _migrations_pending() -> bool:
    """Whether the tables are of another version than this code."""
    reader = services().units.engine.execution_options(lantern_writes=False)
    return migrate.current(reader) != _newest()


@lru_cache
def _newest() -> str | None:
    return migrate.head()


def _may_read_metrics() -> bool:
    token = services().settings.metrics_token
    if token:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())
    try:
        local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return local and "X-Forwarded-For" not in request.headers
