"""How many items a second people take from a queue, next to a bare conditional UPDATE loop.

Ours is the whole use case in a transaction of its own: turn in the ledger, rules against own and
mutual work, minutes, lease and log. The peer, in the same run on the same database and settings,
only finds the oldest row with a place and takes it by a conditional UPDATE. The second line shows
that the time to the next item does not grow with the queue. PostgreSQL is measured where it runs.
"""

from __future__ import annotations

import platform
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.app import parts
from plugin.kernel.database import Base, create_engine
from plugin.kernel.ids import new_id
from plugin.kernel.ports import SystemClock
from plugin.kernel.unit_of_work import Units
from plugin.people import public as people
from plugin.workload import public as workload
from plugin.workload.models import QueueItem
from plugin.workload.public import Exclusions, Taken
from tests.benchmarks.databases import postgres
from tests.support.requires import available

PEOPLE = 400
TAKES = 400
SMALL, LARGE = 1_000, 50_000


def run() -> Iterable[dict[str, Any]]:
    """Lines for SQLite, and for PostgreSQL where it answers."""
    list(parts("models"))
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure(f"sqlite:///{Path(folder) / 'bench.db'}", threads=1)
    if available("postgres"):
        with postgres() as url:
            yield from _measure(url, threads=8)


def _measure(url: str, *, threads: int) -> Iterator[dict[str, Any]]:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    try:
        yield from _lines(Units(engine, SystemClock()), engine, threads)
    finally:
        engine.dispose()


def _lines(units: Units, engine: sa.Engine, threads: int) -> Iterator[dict[str, Any]]:
    community, everybody = _people(units)
    dialect = engine.dialect.name
    _fill(units, community, "bench:small", SMALL, everybody)
    _fill(units, community, "bench:large", LARGE, everybody)
    if dialect == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
    _bare_table(engine)
    ours, small = _ours(units, community, "bench:small", everybody, threads)
    bare = _bare(engine, threads)
    _rate, large = _ours(units, community, "bench:large", everybody, threads)
    facts = {
        "sizes": {"items": SMALL, "people": PEOPLE, "takes": TAKES, "threads": threads},
        "versions": {"python": platform.python_version(), "sqlalchemy": version("sqlalchemy")},
    }
    yield {
        "name": f"queue.take.{dialect}",
        "ours": round(ours, 1),
        "peer": round(bare, 1),
        "peer_name": "bare conditional UPDATE of the oldest row, same database and run",
        "unit": "takes per second, each in a transaction of its own",
        "ratio": round(ours / bare, 2),
        **facts,
    }
    yield {
        "name": f"queue.take.p95_flat.{dialect}",
        "ours": round(_p95(large) * 1000, 2),
        "peer": round(_p95(small) * 1000, 2),
        "peer_name": f"the same with {SMALL} items instead of {LARGE}",
        "unit": "ms, 95th percentile of one take",
        "ratio": round(_p95(large) / _p95(small), 2),
        **facts,
    }


def _ours(
    units: Units, community: UUID, queue: str, everybody: list[UUID], threads: int
) -> tuple[float, list[float]]:
    def take(person: UUID) -> float:
        began = time.perf_counter()
        with units.community(community) as uow:
            taken = workload.take(
                uow,
                queue,
                person,
                reservation=timedelta(hours=8),
                exclusions=Exclusions(reciprocal=True),
                cap=5,
            )
            uow.commit()
        if not isinstance(taken, Taken):
            raise AssertionError(f"nothing taken: {taken}")
        return time.perf_counter() - began

    takers = [everybody[n % PEOPLE] for n in range(TAKES)]
    return _timed(take, takers, threads)


def _bare(engine: sa.Engine, threads: int) -> float:
    locked = " FOR UPDATE SKIP LOCKED" if engine.dialect.name == "postgresql" else ""
    find = sa.text(
        f"SELECT id FROM bench_item WHERE places > 0 ORDER BY entered_at, id LIMIT 1{locked}"
    )
    take = sa.text("UPDATE bench_item SET places = places - 1 WHERE id = :id AND places > 0")

    def once(_n: int) -> float:
        began = time.perf_counter()
        with engine.begin() as connection:
            found = connection.execute(find).scalar_one()
            if connection.execute(take, {"id": found}).rowcount != 1:
                raise AssertionError("the row went to somebody else")
        return time.perf_counter() - began

    rate, _times = _timed(once, list(range(TAKES)), threads)
    return rate


def _timed(work: Any, inputs: list[Any], threads: int) -> tuple[float, list[float]]:
    began = time.perf_counter()
    if threads == 1:
        times = [work(one) for one in inputs]
    else:
        with ThreadPoolExecutor(threads) as pool:
            times = list(pool.map(work, inputs))
    return len(inputs) / (time.perf_counter() - began), times


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _people(units: Units) -> tuple[UUID, list[UUID]]:
    with units.system() as uow:
        community = people.found_community(uow, "Bench", time_zone="Europe/Berlin").id
        uow.commit()
    with units.community(community) as uow:
        everybody = [
            people.admit(uow, issuer="https://bench.test", subject=str(n), kind="lti").id
            for n in range(PEOPLE)
        ]
        for person in everybody:
            workload.set_capacity(uow, person, 6_000)
        uow.commit()
    return community, everybody


def _fill(units: Units, community: UUID, queue: str, size: int, everybody: list[UUID]) -> None:
    """Bring items in by one statement: the benchmark is about taking, not about arriving."""
    with units.community(community) as uow:
        now = uow.now()
        rows = [
            {
                "id": new_id(),
                "community_id": community,
                "queue": queue,
                "item_key": f"{queue}:{n}",
                # An author has one item, as in peer review; the rest have none that we know.
                "author_id": everybody[n] if n < PEOPLE else None,
                "minutes": 20,
                "wanted": 1,
                "places": 1,
                "entered_at": now + timedelta(seconds=n),
            }
            for n in range(size)
        ]
        uow.session.execute(sa.insert(QueueItem), rows)
        uow.commit()


def _bare_table(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    table = sa.Table(
        "bench_item",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("entered_at", sa.Integer),
        sa.Column("places", sa.Integer),
        sa.Index(
            "ix_bench_item_next",
            "entered_at",
            "id",
            sqlite_where=sa.text("places > 0"),
            postgresql_where=sa.text("places > 0"),
        ),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            table.insert(), [{"id": n, "entered_at": n, "places": 1} for n in range(SMALL)]
        )
