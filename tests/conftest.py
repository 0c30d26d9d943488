"""Fixtures for every test: services on a database of its own, a community, the application."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import plugin.kernel.limits
import plugin.kernel.schedules  # noqa: F401  # their tables
from plugin.app import Composition, compose, create_app
from plugin.kernel.database import Base
from plugin.kernel.services import Services
from plugin.kernel.telemetry import configure_logging
from plugin.people import public as people
from plugin.settings import Settings
from tests.browser.support.chromium import chrome
from tests.support.clock import FixedClock
from tests.support.requires import REQUIRED, available
from tests.support.reuse import reuse

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POSTGRES = os.environ.get(
    "LANTERN_TEST_DATABASE_URL", "postgresql+psycopg://root@127.0.0.1:5432/postgres"
)


configure_logging("WARNING", human=True)
reuse()


def _import_models() -> None:
    from plugin.app import parts
    from plugin.extension import installed

    list(parts("models"))
    installed()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables, copied for each test."""
    _import_models()
    path = tmp_path_factory.mktemp("database") / "empty.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return path


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def settings(
    tmp_path: Path, empty_database: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings on a fresh database, with mail into a folder and calls to loopback allowed.

    SQLite, unless LANTERN_TEST_ON=postgresql runs the same tests there.
    """
    usual = Settings(
        data_folder=tmp_path, base_url="http://localhost", practice=True, allow_loopback=True
    )
    if os.environ.get("LANTERN_TEST_ON") == "postgresql":
        yield replace(usual, database_url=request.getfixturevalue("postgres_url"))
        return
    (tmp_path / "lantern.db").write_bytes(empty_database.read_bytes())
    yield usual


@pytest.fixture
def composition(settings: Settings, clock: FixedClock) -> Iterator[Composition]:
    made = compose(settings, clock=clock)
    yield made
    made.services.units.engine.dispose()


@pytest.fixture
def services(composition: Composition) -> Services:
    return composition.services


@pytest.fixture
def community(services: Services) -> people.Community:
    """A community to live in."""
    with services.units.system() as uow:
        made = people.found_community(uow, "Northern Lights", time_zone="Europe/Berlin")
        uow.commit()
    return made


@pytest.fixture
def app(composition: Composition) -> Flask:
    app = create_app(composition.settings, composition=composition)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@contextmanager
def postgres_database() -> Iterator[str]:
    """A database of its own on the PostgreSQL of this machine, gone afterwards."""
    name = f"lantern_test_{uuid4().hex[:16]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        # what a test wrote need not survive the machine
        connection.execute(sa.text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    try:
        yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _require_postgres() -> None:
    if not available("postgres"):
        if "postgres" in REQUIRED:
            pytest.fail("LANTERN_TEST_REQUIRE names postgres, and none answers here")
        pytest.skip("postgres is not on this machine")


@pytest.fixture(scope="session")
def postgres_tables() -> Iterator[str]:
    """A PostgreSQL database with all tables, shared by the tests of this process in turn."""
    _require_postgres()
    _import_models()
    with postgres_database() as url:
        _create_tables(url)
        yield url


@pytest.fixture
def postgres_url(postgres_tables: str) -> Iterator[str]:
    """The shared database, emptied after the test: far quicker than a new one each time."""
    yield postgres_tables
    engine = sa.create_engine(postgres_tables, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.tables.values():
            connection.execute(sa.delete(table))
    engine.dispose()


def _create_tables(url: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all tables, on SQLite and on PostgreSQL, for tests of concurrency."""
    _import_models()
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'both.db'}"
        _create_tables(url)
        yield url
        return
    yield request.getfixturevalue("postgres_url")


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator["Browser"]:
    """One Chromium for all tests of this process; a person in it is a context of their own."""
    with chrome() as browser:
        yield browser
