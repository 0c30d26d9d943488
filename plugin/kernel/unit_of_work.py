"""Units of work: one use case, one transaction, one commit, one community.

A unit of work is opened for a community and sees only that community's rows; the filter is put on
every ORM statement here, so no query can forget it. A system unit of work reads and writes only
tables that belong to no community (platforms, keys, inbox, outbox, sessions …): it exists to find
the community. This is the only module that commits.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Executable, Row, event, inspect
from sqlalchemy.engine import Connection, CursorResult, Engine
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from plugin.kernel import outbox
from plugin.kernel.audit import AuditEntry
from plugin.kernel.database import Tenant
from plugin.kernel.ids import new_handle, new_id
from plugin.kernel.messages import Event
from plugin.kernel.ports import Clock
from plugin.kernel.prepared import COMMUNITY, Prepared, insert_into, reach
from plugin.kernel.telemetry import reference

_AUDIT = insert_into(AuditEntry)


class TenancyViolation(RuntimeError):
    """Code reached across communities, or for their rows without one. Always a bug of ours."""


class NestedWriteError(RuntimeError):
    """One use case opened a second writing unit inside its first. Always a bug of ours."""


class UnitOfWork:
    """An open transaction for one community (``community_id``) or for the system (None)."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        community_id: UUID | None,
        *,
        writes: bool,
        subscribers: Callable[[type[Event]], tuple[str, ...]],
        wake: Callable[[], None],
    ) -> None:
        self.session = session
        self._community_id = community_id
        self.writes = writes
        self._clock = clock
        self._subscribers = subscribers
        self._wake = wake
        self._events: list[Event] = []
        self._connection: Connection | None = None
        session.info["unit_of_work"] = self

    @property
    def community_id(self) -> UUID:
        """The community this unit was opened for; a system unit has none."""
        if self._community_id is None:
            raise TenancyViolation("a system unit of work has no community")
        return self._community_id

    @property
    def for_system(self) -> bool:
        return self._community_id is None

    def now(self) -> datetime:
        """Aware UTC from the injected clock."""
        return self._clock.now()

    def new_id(self) -> UUID:
        return new_id()

    def new_handle(self) -> str:
        return new_handle()

    def run(
        self, statement: Prepared, values: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Send a prepared Core statement past the ORM, where the ORM would be most of the cost.

        The filter of communities is not put on it: a statement over their tables binds
        ``prepared.of_community()``, which is filled here and nowhere else.
        """
        if not self.writes and not isinstance(statement, sa.Select):
            raise TenancyViolation("a reading unit of work tried to write")
        if self._connection is None:
            self._connection = self.session.connection()
        touched = reach(statement)
        if touched.owned and not touched.bound:
            raise TenancyViolation("a prepared statement does not name its community")
        given = dict(values or {})
        if touched.bound:
            given[COMMUNITY] = self.community_id
        return self._connection.execute(statement, given)

    def record(self, happened: Event) -> None:
        """Keep an event; it becomes outbox rows in this unit's commit."""
        self._events.append(happened)

    def audit(self, action: str, *, actor: UUID | None, subject: str, **facts: Any) -> None:
        """Append to the audit trail of this community (or of the system)."""
        self.run(
            _AUDIT,
            {
                "id": new_id(),
                "community_id": self._community_id,
                "at": self.now(),
                "action": action,
                "actor_id": actor,
                "subject": subject,
                "facts": facts,
                "reference": reference(),
            },
        )

    def commit(self) -> None:
        """Write the events and commit, then wake a worker if there is something for it."""
        if not self.writes:
            raise TenancyViolation("a reading unit of work cannot commit")
        heard = [(happened, self._subscribers(type(happened))) for happened in self._events]
        if heard:
            outbox.write(
                self.session, self.community_id, heard, now=self.now(), reference=reference()
            )
        self.session.commit()
        self._events.clear()
        if any(subscribers for _happened, subscribers in heard):
            self._wake()


class Units:
    """Opens units of work. One object for the process, shared by threads."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        subscribers: Callable[[type[Event]], tuple[str, ...]] = lambda _event: (),
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._subscribers = subscribers
        self._wake = wake
        self._thread = threading.local()
        reader = {"lantern_writes": False, "postgresql_readonly": True}
        self._reading_engine = engine.execution_options(**reader)
        # on PostgreSQL a statement alone needs no BEGIN and no COMMIT: one round trip for three
        postgres = engine.dialect.name == "postgresql"
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT") if postgres else engine

    @contextmanager
    def _open(self, community_id: UUID | None, *, writes: bool) -> Iterator[UnitOfWork]:
        if writes and getattr(self._thread, "writes", False):
            # on SQLite the second would wait for the first until its time is over
            raise NestedWriteError("a writing unit of work is open in this thread already")
        bind = self.engine if writes else self._reading_engine
        self._thread.writes = writes or getattr(self._thread, "writes", False)
        try:
            with Session(bind, expire_on_commit=False) as session:
                yield UnitOfWork(
                    session,
                    self.clock,
                    community_id,
                    writes=writes,
                    subscribers=self._subscribers,
                    wake=self._wake,
                )
        finally:
            if writes:
                self._thread.writes = False

    @contextmanager
    def community(self, community_id: UUID) -> Iterator[UnitOfWork]:
        """Open a writing unit for one community; leaving without commit rolls back."""
        with self._open(community_id, writes=True) as uow:
            yield uow

    @contextmanager
    def reading(self, community_id: UUID) -> Iterator[UnitOfWork]:
        """Open a unit that only reads one community."""
        with self._open(community_id, writes=False) as uow:
            yield uow

    @contextmanager
    def system(self) -> Iterator[UnitOfWork]:
        """Open a writing unit over the tables that belong to no community."""
        with self._open(None, writes=True) as uow:
            yield uow

    def alone(self, statement: Executable, given: Mapping[str, Any]) -> Row[Any] | None:
        """Carry out one writing statement that is its own transaction; return its first row.

        For doors where every round trip counts, on tables that belong to no community. Nothing
        else belongs to it: no event is recorded, no audit, no second statement.
        """
        if getattr(self._thread, "writes", False):
            raise NestedWriteError("a writing unit of work is open in this thread already")
        with self._alone.connect() as connection:
            row = connection.execute(statement, given).first()
            connection.commit()
        return row

    @contextmanager
    def system_reading(self) -> Iterator[UnitOfWork]:
        """Open a reading unit over the tables that belong to no community."""
        with self._open(None, writes=False) as uow:
            yield uow


@event.listens_for(Session, "do_orm_execute")
def _keep_to_community(state: ORMExecuteState) -> None:
    uow: UnitOfWork | None = state.session.info.get("unit_of_work")
    if uow is None or state.is_column_load or state.is_relationship_load:
        return
    if uow.for_system:
        owned = [m.class_.__name__ for m in state.all_mappers if issubclass(m.class_, Tenant)]
        if owned:
            raise TenancyViolation(f"a system unit of work asked for {', '.join(owned)}")
        return
    community_id = uow.community_id
    state.statement = state.statement.options(
        with_loader_criteria(
            Tenant, lambda cls: cls.community_id == community_id, include_aliases=True
        )
    )


@event.listens_for(Session, "before_flush")
def _own_new_rows(session: Session, _context: object, _instances: object) -> None:
    uow: UnitOfWork | None = session.info.get("unit_of_work")
    if uow is None:
        return
    if not uow.writes and (session.new or session.dirty or session.deleted):
        raise TenancyViolation("a reading unit of work tried to write")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Tenant):
            continue
        if uow.for_system:
            raise TenancyViolation(f"a system unit of work wrote {type(row).__name__}")
        if row.community_id is None and inspect(row).pending:
            row.community_id = uow.community_id
        elif row.community_id != uow.community_id:
            raise TenancyViolation(f"{type(row).__name__} belongs to another community")
