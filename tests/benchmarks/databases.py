"""A database of its own on the PostgreSQL server that the tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import sqlalchemy as sa

POSTGRES = os.environ.get(
    "LANTERN_TEST_DATABASE_URL", "postgresql+psycopg://root@127.0.0.1:5432/postgres"
)


@contextmanager
def postgres() -> Iterator[str]:
    name = f"lantern_bench_{uuid4().hex[:12]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    try:
        yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
