"""Login and launch pairs a second on one core, next to a plain PyLTI1p3 application in one run.

Both answer the same requests through the test client in one thread: the third-party login, then the
POST with an id_token of the same claims, signed outside the measured time. Both hold the platform's
keys. Ours is the whole way: login row, single use, verification, person, course, session, all
durable in the database; the peer keeps launches in a dictionary. Rounds take turns, so that a busy
machine slows both. The further lines show that neither registrations nor old logins slow it down.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import jwt
import sqlalchemy as sa
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from lti import keysets, oidc, registrations
from lti.extension import extension
from lti.models import LoginState, Platform, Registration
from lti.registrations import NewRegistration
from plugin.app import Composition, compose, create_app
from plugin.kernel.database import Base
from plugin.kernel.ids import new_handle, new_id
from plugin.kernel.telemetry import configure_logging
from plugin.people import public as people
from plugin.settings import Settings
from tests.benchmarks.databases import postgres
from tests.benchmarks.plain_pylti import plain_application
from tests.support.requires import available

TOOL = "https://tool.example"
ISSUER, CLIENT = "https://lms.example.edu", "bench"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
STUDENTS = 50
PAIRS = int(os.environ.get("BENCH_PAIRS", "600"))
MANY = int(os.environ.get("BENCH_REGISTRATIONS", "100000"))
OLD = int(os.environ.get("BENCH_LOGINS", "1000000"))

KEY = generate_private_key(public_exponent=65537, key_size=2048)
JWK = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "K1"}
JWKS = {"keys": [{**JWK, "alg": "RS256", "use": "sig"}]}


class Client(Protocol):
    def post(self, path: str, **options: Any) -> Any: ...


@dataclass
class Side:
    """An application under measurement."""

    client: Callable[[], Client]
    login: str
    launch: str
    done: tuple[int, ...]


def run() -> Iterable[dict[str, Any]]:
    """Lines for SQLite, and for PostgreSQL where it answers."""
    configure_logging()
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure(f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder))
        if available("postgres"):
            with postgres() as url:
                yield from _measure(url, Path(folder))


def _measure(url: str, folder: Path) -> Iterator[dict[str, Any]]:
    with _installed(url, folder) as made:
        ours, peer = _ours(made), _plain()
        for number in range(STUDENTS + 10):  # everybody has been here once
            for side in (ours, peer):
                _pair(side, number, Spent())
        dialect = made.services.units.engine.dialect.name
        few, rival = _rates(ours, peer)
        yield _line(f"lti.launch.{dialect}", few, rival, "plain PyLTI1p3 with cached keys")
        _add_registrations(made, MANY)
        _add_logins(made, OLD)
        _analyse(made)
        _rates(ours)
        many, rival = _rates(ours, peer)
        yield _line(
            f"lti.launch.large.{dialect}",
            many,
            rival,
            "plain PyLTI1p3 with cached keys and one registration",
            sizes={"registrations": MANY, "old_logins": OLD},
        )
        yield _cleaning(made)


def _line(name: str, ours: Spent, peer: Spent, peer_name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours.rate, 1),
        "peer": round(peer.rate, 1),
        "peer_name": peer_name,
        "unit": "login and launch pairs a second, one thread, median of pairs",
        "ratio": round(ours.rate / peer.rate, 2),
        "ratio_cpu": round(peer.cpu / ours.cpu, 2),
        "sizes": {"pairs": PAIRS, "students": STUDENTS},
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("pylti1p3", "sqlalchemy", "flask")},
        },
        **more,
    }


@dataclass
class Spent:
    """Time of some pairs: by the wall, and of the processor (no waiting for the disk)."""

    wall: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return 1 / median(self.wall)


def _rates(*sides: Side) -> list[Spent]:
    """What pairs cost each side; the sides take turns pair by pair."""
    spent = [Spent() for _side in sides]
    gc.collect()
    for number in range(PAIRS):
        for side, times in zip(sides, spent, strict=True):
            _pair(side, number, times)
    return spent


def _pair(side: Side, number: int, times: Spent) -> None:
    client = side.client()
    wall, cpu = time.perf_counter(), time.process_time()
    sent = client.post(side.login, data=_login(), base_url=TOOL)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    parameters = dict(parse_qsl(urlsplit(sent.location).query))
    form = {"state": parameters["state"], "id_token": _token(parameters["nonce"], number)}
    wall, cpu = wall - time.perf_counter(), cpu - time.process_time()
    answer = client.post(side.launch, data=form, base_url=TOOL)
    times.wall.append(wall + time.perf_counter())
    times.cpu += cpu + time.process_time()
    if answer.status_code not in side.done:
        raise AssertionError(answer.get_data(as_text=True)[:2000])


def _login() -> dict[str, str]:
    return {
        "iss": ISSUER,
        "client_id": CLIENT,
        "login_hint": "7",
        "lti_message_hint": '{"cmid":2}',
        "target_link_uri": f"{TOOL}/lti/launch",
    }


def _token(nonce: str, number: int) -> str:
    """A learner's launch as Moodle sends it, about 3 KB."""
    now = int(time.time())
    student = number % STUDENTS
    claims = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": f"student-{student}",
        "iat": now,
        "exp": now + 60,
        "nonce": nonce,
        "name": f"Student {student}",
        "given_name": "Student",
        "family_name": str(student),
        "email": f"student{student}@example.edu",
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}target_link_uri": f"{TOOL}/lti/launch",
        f"{CLAIM}message_type": "LtiResourceLinkRequest",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        f"{CLAIM}context": {"id": "2", "label": "BIO1", "title": "Biology", "type": ["Course"]},
        f"{CLAIM}resource_link": {"id": "9", "title": "Mentoring", "description": "x" * 400},
        f"{CLAIM}launch_presentation": {
            "locale": "en",
            "document_target": "iframe",
            "return_url": f"{ISSUER}/mod/lti/return.php?course=2&sesskey=0123456789",
        },
        f"{CLAIM}tool_platform": {
            "product_family_code": "moodle",
            "version": "2023100900",
            "guid": "0123456789abcdef",
            "name": "bench",
            "description": "Bench",
        },
        f"{CLAIM}custom": {"time_zone": "Europe/Berlin", "due": "$Not.known"},
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": [
                f"https://purl.imsglobal.org/spec/lti-ags/scope/{name}"
                for name in ("lineitem", "result.readonly", "score")
            ],
            "lineitems": f"{ISSUER}/mod/lti/services.php/2/lineitems?type_id=1",
        },
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"{ISSUER}/mod/lti/services.php/CourseSection/2/members",
            "service_versions": ["1.0", "2.0"],
        },
    }
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "K1"})


@contextmanager
def _installed(url: str, folder: Path) -> Iterator[Composition]:
    settings = Settings(
        base_url=TOOL,
        data_folder=folder,
        database_url=url,
        secret_keys=(Fernet.generate_key().decode(),),
        mail_url=f"file:{folder}",
    )
    made = compose(settings, extensions=(extension,))
    services = made.services
    Base.metadata.create_all(services.units.engine)
    with services.units.system() as uow:
        community = people.found_community(uow, "Bench")
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=ISSUER,
                client_id=CLIENT,
                auth_login_url=f"{ISSUER}/mod/lti/auth.php",
                auth_token_url=f"{ISSUER}/mod/lti/token.php",
                key_set_url=f"{ISSUER}/mod/lti/certs.php",
            ),
        )
        registrations.activate(uow, found.id, "1", community.id)
        uow.commit()
    key_sets = keysets.key_sets_of(services)
    key_sets._read = lambda url: keysets.read_key_set(JWKS)  # type: ignore[method-assign]
    _add_registrations(made, 9)
    try:
        yield made
    finally:
        services.units.engine.dispose()


def _ours(made: Composition) -> Side:
    app = create_app(made.settings, composition=made)
    return Side(app.test_client, "/lti/login", "/lti/launch", (303,))


def _plain() -> Side:
    app = plain_application(issuer=ISSUER, client_id=CLIENT, deployment_id="1", key_set=JWKS)
    return Side(app.test_client, "/login", "/launch", (302, 303))


def _add_registrations(made: Composition, count: int) -> None:
    """Other platforms, each with a client and a waiting deployment."""
    engine, now = made.services.units.engine, made.services.clock.now()
    with engine.begin() as connection:
        for start in range(0, count, 5_000):
            ids = [(new_id(), new_id(), new_handle()) for _n in range(min(5_000, count - start))]
            connection.execute(
                sa.insert(Platform),
                [
                    {
                        "id": platform_id,
                        "handle": handle,
                        "issuer": f"https://{handle}.example",
                        "name": "",
                        "created_at": now,
                    }
                    for platform_id, _id, handle in ids
                ],
            )
            connection.execute(
                sa.insert(Registration),
                [
                    {
                        "id": one,
                        "handle": handle,
                        "platform_id": platform_id,
                        "client_id": "c",
                        "auth_login_url": f"https://{handle}.example/auth",
                        "auth_token_url": f"https://{handle}.example/token",
                        "key_set_url": f"https://{handle}.example/keys",
                        "created_at": now,
                    }
                    for platform_id, one, handle in ids
                ],
            )


def _add_logins(made: Composition, count: int) -> None:
    """Logins of last week, as years of use would leave them if nothing removed them."""
    units = made.services.units
    with units.system_reading() as uow:
        registration_id: UUID = registrations.find_registration(uow, ISSUER, CLIENT).id
        old = uow.now() - timedelta(days=7)
    with units.engine.begin() as connection:
        for start in range(0, count, 20_000):
            connection.execute(
                sa.insert(LoginState),
                [
                    {
                        "state_hash": random.randbytes(32).hex(),
                        "nonce_hash": "0" * 64,
                        "browser_hash": "0" * 64,
                        "registration_id": registration_id,
                        "target_link_uri": f"{TOOL}/lti/launch",
                        "created_at": old,
                        "used_at": old,
                    }
                    for _n in range(min(20_000, count - start))
                ],
            )


def _analyse(made: Composition) -> None:
    engine = made.services.units.engine
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))


def _cleaning(made: Composition) -> dict[str, Any]:
    """The job that removes old rows: how long it takes for all of them."""
    began = time.perf_counter()
    oidc.forget_old(made.services)
    took = time.perf_counter() - began
    with made.services.units.system_reading() as uow:
        left = uow.session.scalar(sa.select(sa.func.count()).select_from(LoginState))
    return {
        "name": f"lti.forget_logins.{made.services.units.engine.dialect.name}",
        "ours": round(OLD / took),
        "unit": "old logins removed a second, in small commits",
        "seconds": round(took, 1),
        "rows_left": left,
        "sizes": {"old_logins": OLD},
    }
