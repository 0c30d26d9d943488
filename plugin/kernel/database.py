"""Tables and connections, alike on SQLite and PostgreSQL.

SQLite runs with WAL, foreign keys and ``synchronous=FULL``. A writing transaction starts with
``BEGIN IMMEDIATE`` and a reading one never upgrades: deferred writers of two processes gave
thousands of lock errors, immediate ones none (architecture, section 3).
"""

import enum
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from plugin.kernel.ids import new_id

BUSY_TIMEOUT_MS = 15_000
PING_AFTER_SECONDS = 2.0


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is added on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The one metadata of all packages; tables are prefixed by their package."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        UUID: sa.Uuid(),
        dict: sa.JSON(),
        dict[str, Any]: sa.JSON(),
        dict[str, str]: sa.JSON(),
        dict[str, int]: sa.JSON(),
        dict[str, float]: sa.JSON(),
        list[dict[str, Any]]: sa.JSON(),
        list: sa.JSON(),
        list[str]: sa.JSON(),
        list[Any]: sa.JSON(),
        enum.Enum: sa.Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class Tenant:
    """A table owned by one community. Units of work fill the column and filter every select by it.

    The community itself is a row of ``people``; its table is named here as text because the kernel
    knows no feature.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-20)
    community_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_community.id", ondelete="RESTRICT"), index=True, sort_order=-10
    )


class Timed:
    """Adds the time of creation, filled by the unit of work's clock."""

    created_at: Mapped[datetime] = mapped_column(sort_order=90)


def create_engine(url: str) -> Engine:
    """Return an engine for SQLite (``sqlite:///path``) or PostgreSQL (``postgresql+psycopg://``)."""
    private: dict[str, Any] = {"hide_parameters": True}  # errors are logged; people's words are not
    if sa.make_url(url).get_backend_name() == "sqlite":
        wait = {"timeout": BUSY_TIMEOUT_MS / 1000}
        engine = sa.create_engine(url, connect_args=wait, **private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = sa.create_engine(url, pool_size=10, max_overflow=20, **private)
    event.listen(engine, "checkin", _note_rest)  # codespell:ignore checkin
    event.listen(engine, "checkout", _ping_after_rest)
    return engine


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["resting_since"] = time.monotonic()


def _ping_after_rest(
    connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """A connection that rested may have lost its server; asking each time would cost a trip each.

    Raising :class:`DisconnectionError` makes the pool take a new one.
    """
    since = record.info.get("resting_since")
    if since is None or time.monotonic() - since < PING_AFTER_SECONDS:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError("the server is gone") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, in _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("lantern_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
