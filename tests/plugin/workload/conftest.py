"""Units of work on both databases, with people in a community."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from plugin.kernel.database import create_engine
from plugin.kernel.unit_of_work import Units
from plugin.people import public as people
from tests.support.clock import FixedClock


@dataclass(frozen=True)
class Place:
    """A community with people on one database."""

    units: Units
    clock: FixedClock
    community_id: UUID
    people: tuple[UUID, ...]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path, clock: FixedClock
) -> Iterator[Place]:
    """The same community on SQLite (a copied file, made once) and on PostgreSQL."""
    if request.param == "sqlite":
        copy = tmp_path / "workload.db"
        copy.write_bytes(empty_database.read_bytes())
        engine = create_engine(f"sqlite:///{copy}")
    else:
        engine = create_engine(request.getfixturevalue("postgres_url"))
    units = Units(engine, clock)
    with units.system() as uow:
        community = people.found_community(uow, "Northern Lights", time_zone="Europe/Berlin")
        uow.commit()
    with units.community(community.id) as uow:
        admitted = tuple(
            people.admit(
                uow, issuer="https://lms.test", subject=f"s{n}", kind="lti", display_name=f"P{n}"
            ).id
            for n in range(24)
        )
        uow.commit()
    yield Place(units, clock, community.id, admitted)
    engine.dispose()
