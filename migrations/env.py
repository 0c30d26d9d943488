"""Alembic's environment, configured in code by ``plugin.kernel.migrate`` (no alembic.ini)."""

from typing import Any

from alembic import context

from plugin.kernel.database import Base, UtcDateTime


def _as_plain_types(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our aware time as what it is in the database: a revision outlives our class."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=_as_plain_types,
)
with context.begin_transaction():
    context.run_migrations()
