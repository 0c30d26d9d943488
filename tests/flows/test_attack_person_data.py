"""Erasing and merging a person who did everything: no row of the database names them afterwards."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.database import Base
from plugin.kernel.dispatch import drain
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.flows.attacked import Attacked, attacked

# The row of the person itself, which stays as "Former member", or as what was merged.
THEMSELVES = {"people_person.id"}
# Who did what, and what happened: kept by decision 0014, with ids and no names.
HISTORY = {"kernel_audit_entry", "kernel_outbox_message"}
# What others were told: a mail that is gone cannot be taken back, and its note repeats it.
TOLD = {"notifications_notice.params"}


@pytest.fixture
def town(app: Flask, services: Services, community: people.Community) -> Attacked:
    return attacked(app, services, community)


def naming(town: Attacked, person_id: UUID) -> set[str]:
    """Every column of the database in which this person's id stands, JSON included."""
    shapes = (str(person_id), person_id.hex)
    found: set[str] = set()
    with town.services.units.engine.connect() as connection:
        for table in Base.metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                for column, value in row._mapping.items():
                    if any(shape in str(value) for shape in shapes):
                        found.add(f"{table.name}.{column}")
    return {name for name in found if name.partition(".")[0] not in HISTORY} - THEMSELVES


@pytest.mark.parametrize("name", ["Lea", "Mona"])
def test_merging_leaves_nothing_with_the_one_who_is_gone(town: Attacked, name: str) -> None:
    """A mentee who wrote work and earned a credential; a mentor."""
    gone = town.village.id(name)
    other = town.village.enrol("Other")
    before = naming(town, gone)
    assert {"people_membership.person_id", "notifications_notice.person_id"} <= before
    with town.services.units.community(town.village.community.id) as uow:
        town.services.extra["people"].merge(uow, gone, other.person_id)
        uow.commit()
    drain(town.services)
    assert naming(town, gone) == set()


@pytest.mark.parametrize("name", ["Lea", "Mona"])
def test_erasing_leaves_nothing_that_says_who_it_was(town: Attacked, name: str) -> None:
    gone = town.village.id(name)
    with town.services.units.community(town.village.community.id) as uow:
        town.services.extra["people"].erase(uow, gone)
        uow.commit()
    drain(town.services)
    assert told(town, name) == set()
    for rule, method, path in town.paths():
        if method == "GET" and rule.rule not in ("/readyz",):
            assert town.browser("Tess").get(path).status_code < 500, rule.rule


def told(town: Attacked, name: str) -> set[str]:
    """Every column in which the name or the address stands."""
    word = re.compile(rf"\b{name}\b|\b{name}@", re.IGNORECASE)
    found: set[str] = set()
    with town.services.units.engine.connect() as connection:
        for table in Base.metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                for column, value in row._mapping.items():
                    if isinstance(value, str | dict | list) and word.search(str(value)):
                        found.add(f"{table.name}.{column}")
    return {one for one in found if one.partition(".")[0] not in HISTORY} - TOLD
