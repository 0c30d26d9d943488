"""One community a unit of work: nothing else is seen, written or committed."""

import pytest
import sqlalchemy as sa

from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import NestedWriteError, TenancyViolation
from plugin.people import public as people
from plugin.people.models import Person


@pytest.fixture
def other(services: Services) -> people.Community:
    with services.units.system() as uow:
        made = people.found_community(uow, "Southern Cross")
        uow.commit()
    return made


def _admit(services: Services, community: people.Community, subject: str) -> people.PersonView:
    with services.units.community(community.id) as uow:
        person = people.admit(uow, issuer="https://lms.example", subject=subject, kind="lti")
        uow.commit()
    return person


def test_another_communitys_rows_are_not_seen(
    services: Services, community: people.Community, other: people.Community
) -> None:
    mine, theirs = _admit(services, community, "1"), _admit(services, other, "1")
    assert mine.id != theirs.id
    with services.units.reading(community.id) as uow:
        assert set(uow.session.scalars(sa.select(Person.id))) == {mine.id}
        assert uow.session.get(Person, theirs.id) is None
        count = sa.select(sa.func.count()).select_from(Person)
        assert uow.session.scalar(count) == 1
        assert people.people_by_id(uow, [theirs.id]) == {}


def test_another_communitys_rows_are_not_changed(
    services: Services, community: people.Community, other: people.Community
) -> None:
    theirs = _admit(services, other, "1")
    with services.units.community(community.id) as uow:
        uow.session.execute(sa.update(Person).values(display_name="Mallory"))
        uow.session.execute(sa.delete(Person).where(Person.id == theirs.id))
        uow.commit()
    with services.units.reading(other.id) as uow:
        assert people.person(uow, theirs.id).named is False


def test_a_row_of_another_community_cannot_be_added(
    services: Services, community: people.Community, other: people.Community
) -> None:
    with services.units.community(community.id) as uow:
        uow.session.add(Person(community_id=other.id, created_at=uow.now()))
        with pytest.raises(TenancyViolation):
            uow.session.flush()


def test_the_system_reads_and_writes_no_communitys_rows(
    services: Services, community: people.Community
) -> None:
    with services.units.system() as uow:
        with pytest.raises(TenancyViolation):
            uow.session.scalars(sa.select(Person)).all()
        uow.session.add(Person(community_id=community.id, created_at=uow.now()))
        with pytest.raises(TenancyViolation):
            uow.session.flush()


def test_leaving_without_commit_writes_nothing(
    services: Services, community: people.Community
) -> None:
    with services.units.community(community.id) as uow:
        people.admit(uow, issuer="https://lms.example", subject="1", kind="lti")
    with services.units.reading(community.id) as uow:
        assert uow.session.scalars(sa.select(Person)).all() == []


def test_a_reading_unit_neither_writes_nor_commits(
    services: Services, community: people.Community
) -> None:
    with services.units.reading(community.id) as uow:
        with pytest.raises(TenancyViolation):
            people.admit(uow, issuer="https://lms.example", subject="1", kind="lti")
        with pytest.raises(TenancyViolation):
            uow.commit()


def test_a_second_writing_unit_inside_the_first_is_named_at_once(
    services: Services, community: people.Community
) -> None:
    with (
        services.units.community(community.id),
        services.units.reading(community.id),
        pytest.raises(NestedWriteError),
        services.units.system(),
    ):
        pass
    with services.units.system():
        pass  # and the next one opens again
