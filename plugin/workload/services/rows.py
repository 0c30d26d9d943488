"""Statements that change rows by condition, and the number of rows that they changed."""

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from plugin.kernel.database import Tenant
from plugin.kernel.unit_of_work import UnitOfWork


def affected(
    uow: UnitOfWork, statement: sa.Update | sa.Delete, facts: dict[str, Any] | None = None
) -> int:
    """Carry out a conditional statement; the answer tells whether the condition held.

    Loaded objects are not refreshed: this package reads columns, never objects, before it decides.
    """
    result = uow.session.execute(statement, facts, execution_options={"synchronize_session": False})
    return cast("sa.CursorResult[Any]", result).rowcount


def insert_once(uow: UnitOfWork, model: type[Tenant], **values: object) -> bool:
    """Insert a row unless its unique key exists; on PostgreSQL this waits for a rival's commit."""
    postgres = uow.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    statement = (
        insert(model)
        .values(community_id=uow.community_id, **values)
        .on_conflict_do_nothing()
        .returning(model.id)
    )
    return uow.session.execute(statement).first() is not None
