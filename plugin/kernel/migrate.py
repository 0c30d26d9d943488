"""Bringing a database to the newest revision. Alembic is configured here, in code."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from plugin.kernel import limits, outbox, schedules  # noqa: F401  # their tables
from plugin.kernel.database import Base


def script_location() -> Path:
    """Return the folder of the history: beside the packages in a checkout, inside in a wheel."""
    packaged = Path(str(files("plugin"))) / "migrations"
    return packaged if packaged.is_dir() else Path(str(files("plugin"))).parent / "migrations"


def _config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(script_location()))
    return config


def head() -> str | None:
    """Return the newest revision; raises CommandError when there are two."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(engine: Engine) -> str | None:
    """Return the revision a database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision, in one transaction."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revise(engine: Engine, message: str) -> None:
    """Write a new revision with the difference between the models and the database."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def differences(engine: Engine) -> list[Any]:
    """Return how the models differ from the database; empty when the history is in step."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
