"""A roster of 10,000 people on 200 pages: how fast, how many transactions, how much memory.

A real HTTP server gives the pages, real workers read them: a process of its own, whose memory is
looked at, and one that is killed in the middle and gone on with by another. The peer reads the same
pages with PyLTI1p3's NamesRolesProvisioningService, which keeps all of them in memory and nothing
in a database.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import sqlalchemy as sa
from cryptography.fernet import Fernet

from lti import keys, registrations, roster_reading
from lti.events import RosterWanted
from lti.extension import extension
from lti.models import ContextLink
from lti.registrations import NewRegistration
from lti.service_models import RosterRead
from plugin.app import Composition, compose
from plugin.kernel.database import Base
from plugin.kernel.dispatch import DeliveryFacts, Later
from plugin.kernel.ids import new_id
from plugin.kernel.telemetry import configure_logging
from plugin.people import public as people
from plugin.settings import Settings
from tests.benchmarks.databases import postgres
from tests.benchmarks.plain_pylti import read_roster
from tests.support.requires import available

PAGES = int(os.environ.get("BENCH_PAGES", "200"))
SIZE = 50


class Roster(BaseHTTPRequestHandler):
    """The pages, the token, and who asked for what."""

    protocol_version = "HTTP/1.1"
    asked: list[int] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._give({"access_token": "token", "expires_in": 3600})

    def do_GET(self) -> None:
        page = int(parse_qs(urlsplit(self.path).query).get("page", ["0"])[0])
        self.asked.append(page)
        members = [
            {
                "user_id": f"user-{page * SIZE + n}",
                "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
                "status": "Active",
                "name": f"Student {page * SIZE + n}",
                "email": f"s{page * SIZE + n}@example.edu",
            }
            for n in range(SIZE)
        ]
        host = f"http://{self.headers['Host']}"
        more = f'<{host}/members?page={page + 1}>; rel="next"' if page + 1 < PAGES else ""
        self._give({"members": members}, Link=more)

    def _give(self, document: Any, **headers: str) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_values: Any) -> None:
        """Keep still."""


def run() -> Iterable[dict[str, Any]]:
    """Lines for SQLite, and for PostgreSQL where it answers."""
    configure_logging("WARNING")
    with tempfile.TemporaryDirectory() as folder, _serving() as host:
        settings = Settings(
            base_url="http://localhost",
            data_folder=Path(folder),
            database_url=f"sqlite:///{Path(folder) / 'bench.db'}",
            secret_keys=(Fernet.generate_key().decode(),),
            allow_loopback=True,
            practice=True,
        )
        yield from _measure(settings, host)
        if available("postgres"):
            with postgres() as url:
                yield from _measure(replace(settings, database_url=url), host)


def _measure(settings: Settings, host: str) -> Iterator[dict[str, Any]]:
    made = _installed(settings, host)
    engine = made.services.units.engine
    dialect = engine.dialect.name
    engine.dispose()
    Roster.asked.clear()
    first = _apart(settings)
    killed_at = _killed(settings, made)
    resumed = _apart(settings)
    pages = len(Roster.asked) - PAGES
    again = _apart(settings)
    began = time.perf_counter()
    peer = len(read_roster(f"{host}/members", f"{host}/token"))
    rival = peer / (time.perf_counter() - began)
    people_read = PAGES * SIZE
    yield {
        "name": f"lti.roster.first.{dialect}",
        "ours": round(people_read / first["seconds"]),
        "peer": round(rival),
        "peer_name": "PyLTI1p3 get_members: all in memory, nothing kept",
        "unit": "people a second, all of them new",
        "ratio": round(people_read / first["seconds"] / rival, 3),
        "sizes": {"people": people_read, "pages": PAGES},
    }
    yield {
        "name": f"lti.roster.again.{dialect}",
        "ours": round(people_read / again["seconds"]),
        "peer": round(rival),
        "peer_name": "PyLTI1p3 get_members: all in memory, nothing kept",
        "unit": "people a second, nothing has changed",
        "ratio": round(people_read / again["seconds"] / rival, 3),
        "longest_transaction_ms": again["longest_ms"],
        "transactions": again["transactions"],
        "pages": PAGES,
    }
    yield {
        "name": f"lti.roster.memory.{dialect}",
        "ours": first["grown_mb"],
        "peer": 30,
        "peer_name": "limit: the whole list and its rows would be more than this",
        "unit": "MB that the worker's peak memory grew by",
        "ratio": round(first["grown_mb"] / 30, 2),
    }
    yield {
        "name": f"lti.roster.killed.{dialect}",
        "ours": pages,
        "peer": PAGES + 1,
        "peer_name": "limit: each page once, and the one on which it was killed twice",
        "unit": "pages asked for by a worker that was killed and the one that went on",
        "ratio": round(pages / (PAGES + 1), 2),
        "killed_after_pages": killed_at,
        "people": resumed["people"],
    }


def _killed(settings: Settings, made: Composition) -> int:
    """Kill a worker with SIGKILL in the middle of a second reading; how far it was."""
    _forget_people(made)
    worker = multiprocessing.get_context("spawn").Process(target=_work, args=(settings, None))
    worker.start()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with made.services.units.engine.connect() as connection:
            done = connection.execute(
                sa.select(sa.func.max(RosterRead.pages)).where(RosterRead.finished_at.is_(None))
            ).scalar()
        if done and done >= PAGES // 3:
            break
        time.sleep(0.01)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    _let_claims_lapse(made)
    with made.services.units.engine.connect() as connection:
        return int(
            connection.execute(
                sa.select(sa.func.max(RosterRead.pages)).where(RosterRead.finished_at.is_(None))
            ).scalar()
            or 0
        )


def _let_claims_lapse(made: Composition) -> None:
    """Two minutes pass at once: the claims of the dead worker are over."""
    past = made.services.clock.now() - timedelta(minutes=10)
    with made.services.units.engine.begin() as connection:
        connection.execute(sa.update(RosterRead).values(claimed_until=past))


def _forget_people(made: Composition) -> None:
    """Make the next reading write again what the first one did: everybody has another name."""
    from plugin.people.models import Person

    with made.services.units.engine.begin() as connection:
        connection.execute(sa.update(Person).values(display_name="before"))


def _apart(settings: Settings) -> dict[str, Any]:
    """Read in a process of its own; what it says of itself."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    worker = context.Process(target=_work, args=(settings, answers))
    worker.start()
    found: dict[str, Any] = answers.get(timeout=600)
    worker.join()
    return found


def _work(settings: Settings, answers: Any) -> None:
    """A worker: read what is wanted, and nothing else."""
    configure_logging("WARNING")
    made = compose(settings, extensions=(extension,))
    keys.ensure_key(made.services)
    with made.services.units.system_reading() as uow:
        uow.session.scalar(sa.select(sa.func.count()).select_from(RosterRead.__table__))
    times: list[float] = []
    engine = made.services.units.engine
    begun = {"at": 0.0}
    sa.event.listen(engine, "begin", lambda _c: begun.update(at=time.perf_counter()))
    sa.event.listen(engine, "commit", lambda _c: times.append(time.perf_counter() - begun["at"]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    _read_only(made)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with engine.connect() as connection:
        kept = connection.execute(
            sa.text("SELECT count(*) FROM people_membership WHERE left_at IS NULL")
        ).scalar()
    if answers is not None:
        answers.put(
            {
                "seconds": seconds,
                "grown_mb": round((after - before) / 1024, 1),
                "transactions": len(times),
                "longest_ms": round(max(times) * 1000, 1),
                "people": kept,
            }
        )


def _read_only(made: Composition) -> None:
    """What a worker does with the wish until it is done; a dead worker's claim is waited for."""
    with made.services.units.system_reading() as uow:
        community_id = people.communities(uow)[0].id
    with made.services.units.reading(community_id) as uow:
        link_id: UUID = uow.session.scalars(sa.select(ContextLink.id)).one()
    facts = DeliveryFacts(new_id(), community_id, 1, made.services.clock.now())
    while True:
        try:
            roster_reading.read(made.services, facts, RosterWanted(context_link_id=link_id))
        except Later as later:
            time.sleep(later.after.total_seconds())
        else:
            return


def _installed(settings: Settings, host: str) -> Composition:
    made = compose(settings, extensions=(extension,))
    services = made.services
    Base.metadata.create_all(services.units.engine)
    with services.units.system() as uow:
        community = people.found_community(uow, "Bench")
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=host,
                client_id="bench",
                auth_login_url=f"{host}/auth",
                auth_token_url=f"{host}/token",
                key_set_url=f"{host}/keys",
            ),
        )
        deployment = registrations.activate(uow, found.id, "1", community.id)
        uow.commit()
    with services.units.community(community.id) as uow:
        context = people.context_for(uow, issuer=host, external_id="1", kind="course", title="Big")
        uow.session.add(
            ContextLink(
                deployment_id=deployment.id,
                external_id="1",
                context_id=context.id,
                memberships_url=f"{host}/members",
                scopes=[],
                origins=[],
            )
        )
        uow.commit()
    return made


@contextmanager
def _serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Roster)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
