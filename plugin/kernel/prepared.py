"""Statements that are built once and sent without the ORM, and what keeps them in one community.

Such a statement over a community's tables must bind ``:community``; a unit of work fills it with
its own community and refuses a statement without it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import visitors

COMMUNITY = "community"
Prepared = sa.Select[Any] | sa.Insert | sa.Update | sa.Delete


@dataclass(frozen=True)
class Reach:
    """What a statement touches: rows owned by communities, and whether it binds one."""

    owned: bool
    bound: bool


def of_community() -> sa.BindParameter[Any]:
    """The parameter that a unit of work fills with its community."""
    return sa.bindparam(COMMUNITY, type_=sa.Uuid())


def table_of(entity: type[DeclarativeBase]) -> sa.Table:
    """The table of an entity, for statements without the ORM."""
    table = entity.__table__
    assert isinstance(table, sa.Table)  # ours map to tables, never to joins
    return table


def insert_into(entity: type[DeclarativeBase]) -> sa.Insert:
    """One new row; a value for every column is given when it is run."""
    return sa.insert(table_of(entity))


@lru_cache(maxsize=1024)
def reach(statement: Prepared) -> Reach:
    """Look once at a prepared statement; they live as long as their modules."""
    owned = bound = False
    for part in visitors.iterate(statement):
        if isinstance(part, sa.Table):
            column = part.columns.get("community_id")
            owned = owned or (column is not None and bool(column.foreign_keys))
        elif isinstance(part, sa.BindParameter):
            bound = bound or part.key == COMMUNITY
    return Reach(owned, bound)
