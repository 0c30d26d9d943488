"""Prepared statements stay in one community, and reading units write nothing by them."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from plugin.kernel.audit import AuditEntry
from plugin.kernel.prepared import insert_into, of_community, reach, table_of
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import TenancyViolation
from plugin.people import public as people
from plugin.people.models import Person

PERSON = table_of(Person)
LEAKY = sa.select(PERSON.c.id)
OWN = sa.select(PERSON.c.id).where(PERSON.c.community_id == of_community())


def admitted(services: Services, community_id: UUID) -> UUID:
    with services.units.community(community_id) as uow:
        found = people.admit(uow, issuer="https://lms.example", subject="1", kind="lti")
        uow.commit()
    return found.id


def test_a_statement_sees_the_community_of_its_unit_alone(
    services: Services, community: people.Community
) -> None:
    person_id = admitted(services, community.id)
    with services.units.system() as uow:
        other = people.found_community(uow, "Other")
        uow.commit()
    elsewhere = admitted(services, other.id)
    with services.units.reading(community.id) as uow:
        assert uow.run(OWN).scalars().all() == [person_id]
        assert uow.run(OWN, {"community": other.id}).scalars().all() == [person_id]
    with services.units.reading(other.id) as uow:
        assert uow.run(OWN).scalars().all() == [elsewhere]


def test_a_statement_that_names_no_community_is_refused(
    services: Services, community: people.Community
) -> None:
    with services.units.reading(community.id) as uow, pytest.raises(TenancyViolation):
        uow.run(LEAKY)
    with services.units.system_reading() as uow, pytest.raises(TenancyViolation):
        uow.run(OWN)


def test_a_reading_unit_writes_nothing(services: Services, community: people.Community) -> None:
    with services.units.reading(community.id) as uow:
        with pytest.raises(TenancyViolation):
            uow.audit("kernel.test", actor=None, subject="nothing")
        with pytest.raises(TenancyViolation):
            uow.run(sa.delete(table_of(AuditEntry)))


def test_what_a_statement_touches_is_known_beforehand() -> None:
    assert (reach(LEAKY).owned, reach(LEAKY).bound) == (True, False)
    assert (reach(OWN).owned, reach(OWN).bound) == (True, True)
    assert not reach(insert_into(AuditEntry)).owned
    inner = sa.delete(table_of(AuditEntry)).where(table_of(AuditEntry).c.actor_id.in_(LEAKY))
    assert reach(inner).owned
