"""Tests make their tables from the models; this says that they are of the newest revision."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from plugin.kernel import migrate


@contextmanager
def newest_revision(engine: Engine) -> Iterator[None]:
    """Note the newest revision in a database, and take the note away again."""
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(
            sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": migrate.head()}
        )
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE alembic_version"))
