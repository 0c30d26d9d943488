"""The history has one head, builds the models' tables on both databases and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from plugin.kernel import migrate
from plugin.kernel.database import Base, Tenant, create_engine
from tests.conftest import _import_models, _require_postgres, postgres_database

# Tables that belong to no community: they are read to find it (architecture, tenancy).
SYSTEM_TABLES = {
    "administration_setup_link",
    "credentials_public_address",
    "kernel_audit_entry",
    "kernel_delivery",
    "kernel_limit",
    "kernel_outbox_message",
    "kernel_schedule",
    "notifications_signed_link",
    "people_community",
}
SYSTEM_PREFIXES = ("lti_", "discourse_", "web_", "alembic_")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    _import_models()
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'history.db'}")
        yield engine
        engine.dispose()
        return
    _require_postgres()
    with postgres_database() as url:
        engine = create_engine(url)
        yield engine
        engine.dispose()


def test_upgrading_from_nothing_gives_the_models(empty: sa.Engine) -> None:
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()
    assert migrate.differences(empty) == []
    migrate.upgrade(empty)  # again changes nothing


def test_the_history_can_be_taken_back(empty: sa.Engine) -> None:
    migrate.upgrade(empty)
    config = migrate._config()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(sa.inspect(empty).get_table_names()) == {"alembic_version"}


def test_every_table_belongs_to_a_community_or_is_on_the_list() -> None:
    _import_models()
    owned = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenant)
    }
    others = {
        name
        for name in Base.metadata.tables
        if name not in owned and name not in SYSTEM_TABLES and not name.startswith(SYSTEM_PREFIXES)
    }
    assert others == set()
    for name in owned:
        column = Base.metadata.tables[name].c.community_id
        assert not column.nullable


def test_tables_are_prefixed_by_their_package() -> None:
    _import_models()
    packages = {
        "discourse" if p.name == "discourse_hooks" else p.name
        for p in Path(migrate.__file__).parents[1].iterdir()
        if p.is_dir()
    }
    wrong = {
        name
        for name in Base.metadata.tables
        if name.split("_")[0] not in packages | {"lti", "discourse"}
    }
    assert wrong == set()
