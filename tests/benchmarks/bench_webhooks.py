"""How many webhook deliveries a second the door takes in, next to a bare Flask view.

Both stand behind gunicorn (one process, eight threads) on one PostgreSQL; the rounds take turns,
so that what else the machine does meets both. Every delivery is new, signed, and sent over a
connection of its own, as Discourse does. The further lines show that a delivery costs the same with
``BENCH_INBOX`` rows in the inbox (default 200,000) as with none. Full size:

    BENCH_INBOX=5000000 BENCH_ROUNDS=12 python -m tests.benchmarks webhooks
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks import connections, signature
from discourse_hooks.connections import Credentials
from plugin.app import compose
from plugin.kernel import migrate
from plugin.people import public as people
from plugin.practice.demo.ports import is_free
from plugin.settings import Settings
from tests.benchmarks.databases import postgres
from tests.support.requires import available

SECRET = "benchmark-webhook-secret"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
INBOX = int(os.environ.get("BENCH_INBOX", "200000"))
REQUESTS, CLIENTS, THREADS = 500, 8, 8
WORDS = "How do I normalise a many-to-many table? Where does the date go? " * 15
_numbers = count(1)


@dataclass(frozen=True)
class Door:
    """Where deliveries are sent."""

    port: int
    path: str


@dataclass(frozen=True)
class Rounds:
    """Deliveries a second of each round, and the time of every single one in seconds."""

    rates: list[float]
    times: list[float]

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def p99(self) -> float:
        return quantiles(self.times, n=100)[-1]


def run() -> Iterable[dict[str, Any]]:
    """Lines for PostgreSQL; none where it does not answer."""
    if not available("postgres"):
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgres())
        settings = Settings(data_folder=folder, database_url=url, practice=True)
        path, connection_id = _connected(settings)
        ours = Door(_free_port(24_100), path)
        bare = Door(_free_port(24_600), "/events")
        stack.enter_context(_gunicorn("plugin.wsgi:app", ours, settings))
        stack.enter_context(_gunicorn("tests.benchmarks.bare_hook:app", bare, settings))
        yield from _lines(ours, bare, url, connection_id)


def _lines(ours: Door, bare: Door, url: str, connection_id: UUID) -> Iterator[dict[str, Any]]:
    facts = {
        "sizes": {"requests": REQUESTS, "rounds": ROUNDS, "clients": CLIENTS, "threads": THREADS},
        "versions": {"python": platform.python_version(), "gunicorn": version("gunicorn")},
    }
    _rounds(ours, bare, 1)  # connections and caches of both
    empty, peer = _rounds(ours, bare, ROUNDS)
    yield _compared("webhooks.ingest.empty", empty, peer, facts)
    _fill(url, connection_id, INBOX)
    full, peer = _rounds(ours, bare, ROUNDS)
    facts["sizes"]["inbox"] = INBOX
    yield _compared("webhooks.ingest.full", full, peer, facts)
    yield {
        "name": "webhooks.ingest.flat",
        "ours": round(full.rate, 1),
        "peer": round(empty.rate, 1),
        "peer_name": "the same with an empty inbox",
        "unit": "deliveries per second",
        "ratio": round(full.rate / empty.rate, 2),
        **facts,
    }


def _compared(name: str, ours: Rounds, peer: Rounds, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours.rate, 1),
        "peer": round(peer.rate, 1),
        "peer_name": "bare Flask view: signature and one row, same server, database and run",
        "unit": "deliveries per second",
        "ratio": round(median(a / b for a, b in zip(ours.rates, peer.rates, strict=True)), 2),
        "p99_ms": {"ours": round(ours.p99 * 1000, 1), "peer": round(peer.p99 * 1000, 1)},
        **facts,
    }


def _rounds(ours: Door, bare: Door, number: int) -> tuple[Rounds, Rounds]:
    """Both in turns; which of them begins changes."""
    results = {ours: Rounds([], []), bare: Rounds([], [])}
    for turn in range(number):
        for door in (ours, bare) if turn % 2 else (bare, ours):
            requests = [_request(door, next(_numbers)) for _n in range(REQUESTS)]
            began = time.perf_counter()
            times = asyncio.run(_burst(door.port, requests))
            results[door].rates.append(REQUESTS / (time.perf_counter() - began))
            results[door].times.extend(times)
    return results[ours], results[bare]


def _request(door: Door, number: int) -> bytes:
    post = {
        "id": number,
        "topic_id": number // 5,
        "post_number": 2,
        "post_type": 1,
        "user_id": number % 500,
        "username": f"user{number % 500}",
        "topic_archetype": "regular",
        "category_id": 7,
        "raw": WORDS,
        "cooked": f"<p>{WORDS}</p>",
    }
    body = json.dumps({"post": post}).encode()
    head = (
        f"POST {door.path} HTTP/1.1",
        f"Host: localhost:{door.port}",
        "Accept: */*",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "User-Agent: Discourse/2026.3.0",
        "X-Discourse-Instance: https://forum.example.org",
        f"X-Discourse-Event-Id: {number}",
        "X-Discourse-Event-Type: post",
        "X-Discourse-Event: post_created",
        f"X-Discourse-Event-Signature: {signature.signature(SECRET, body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _burst(port: int, requests: list[bytes]) -> list[float]:
    left, times = iter(requests), []

    async def client() -> None:
        for request in left:
            began = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            answer = await reader.read()
            writer.close()
            times.append(time.perf_counter() - began)
            if b" 200 " not in answer[:20]:
                raise AssertionError(answer[:300])

    await asyncio.gather(*(client() for _n in range(CLIENTS)))
    return times


def _connected(settings: Settings) -> tuple[str, UUID]:
    """A migrated database with one community and one forum; the path of its door."""
    services = compose(settings).services
    migrate.upgrade(services.units.engine)
    entered = Credentials(
        "https://forum.example.org", SECRET, "benchmark-connect-secret", "key", "lantern"
    )
    with services.units.system() as uow:
        community = people.found_community(uow, "Bench")
        forum = connections.connect(uow, services, community.id, entered, title="Forum", quiet=True)
        uow.commit()
    services.units.engine.dispose()
    return f"/discourse/{forum.handle}/events", forum.id


def _fill(url: str, connection_id: UUID, rows: int) -> None:
    """Deliveries of the past four months, handled, their bodies gone."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    statement = sa.text(
        "INSERT INTO discourse_hooks_inbox_message (id, connection_id, event_id, event_type,"
        " event_name, body_sha256, same_key, state, attempts, repeats, received_at,"
        " next_attempt_at, settled_at, outcome)"
        " SELECT ('01800000' || lpad(to_hex(n), 8, '0') || '7000800000000000')::uuid, :forum,"
        " 'old-' || n, 'post', 'post_created', encode(sha256(n::text::bytea), 'hex'),"
        " ((extract(epoch FROM at)::bigint / 3600) << 40) | (hashtextextended(n::text, 0)"
        " & 1099511627775), 'done', 1, 0, at, at, at, 'noted'"
        " FROM (SELECT n, now() - (:rows - n + 1) * interval '120 days' / :rows AS at"
        " FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n) AS past"
    )
    with engine.connect() as connection:
        for first in range(1, rows + 1, 100_000):
            last = min(first + 99_999, rows)
            given = {"forum": connection_id, "rows": rows, "first": first, "last": last}
            connection.execute(statement, given)
        connection.execute(sa.text("VACUUM ANALYZE discourse_hooks_inbox_message"))
        connection.execute(sa.text("CHECKPOINT"))
    engine.dispose()


@contextmanager
def _gunicorn(app: str, door: Door, settings: Settings) -> Iterator[None]:
    command = (
        sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{door.port}",
        "--workers", "1", "--threads", str(THREADS), "--worker-class", "gthread",
        "--log-level", "warning", "--no-control-socket",
    )  # fmt: skip
    env = {
        **os.environ,
        "LANTERN_DATA_FOLDER": str(settings.data_folder),
        "LANTERN_DATABASE_URL": settings.database_url,
        "LANTERN_PRACTICE": "1",
        "LANTERN_BASE_URL": f"http://localhost:{door.port}",
        "BARE_DATABASE_URL": settings.database_url,
        "BARE_SECRET": SECRET,
    }
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        end = time.monotonic() + 60
        while is_free(door.port):
            if time.monotonic() > end:
                raise TimeoutError(f"{app} does not listen")
            time.sleep(0.2)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _free_port(first: int) -> int:
    return next(port for port in range(first, first + 400) if is_free(port))
