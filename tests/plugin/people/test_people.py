"""One person behind every door; accounts linked, merged, erased; rights given here alone."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa

from plugin.app import Composition
from plugin.kernel.database import Base
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


@pytest.fixture
def uow(services: Services, community: people.Community) -> Iterator[UnitOfWork]:
    with services.units.community(community.id) as opened:
        yield opened


def _learner(uow: UnitOfWork, subject: str = "5", **more: str) -> people.PersonView:
    return people.admit(uow, issuer="https://lms", subject=subject, kind="lti", **more)


def test_the_same_account_is_the_same_person(uow: UnitOfWork) -> None:
    first = _learner(uow)
    again = _learner(uow, display_name="Ada")
    assert first.id == again.id
    assert first.name.startswith("Member ")
    assert again.name == "Ada"


def test_an_address_from_a_platform_is_not_a_confirmed_one(uow: UnitOfWork) -> None:
    ada = _learner(uow, email="ada@example.org")
    assert not ada.email_confirmed
    by_mail = people.admit_by_email(uow, "Ada@example.org ")
    assert by_mail.id != ada.id  # equal addresses alone link nobody
    assert people.admit_by_email(uow, "ada@example.org").id == by_mail.id
    with pytest.raises(Conflict):
        people.confirm_email(uow, ada.id, "ada@example.org")


def test_an_account_belongs_to_one_person(uow: UnitOfWork) -> None:
    ada, ben = _learner(uow), _learner(uow, "6")
    account = people.identity_for(uow, "https://forum", "17", "discourse", "ada17")
    assert account.person_id is None
    people.link(uow, account.id, ada.id)
    people.link(uow, account.id, ada.id)
    with pytest.raises(Conflict):
        people.link(uow, account.id, ben.id)
    found = people.identity_of(uow, ada.id, "discourse")
    assert found is not None
    assert found.username == "ada17"


def test_rosters_keep_who_left_apart(uow: UnitOfWork) -> None:
    course = people.context_for(
        uow, issuer="https://lms", external_id="7", kind="course", title="Biology"
    )
    ada = _learner(uow)
    people.enrol(uow, ada.id, course.id, "learner", "launch")
    people.enrol(uow, ada.id, course.id, "teacher", "roster")
    assert [(m.person.id, m.role) for m in people.members(uow, course.id)] == [(ada.id, "teacher")]
    people.leave(uow, ada.id, course.id)
    assert people.members(uow, course.id) == []
    assert people.memberships_of(uow, ada.id) == []
    same = people.context_for(uow, issuer="https://lms", external_id="7", kind="course")
    assert (same.id, same.title) == (course.id, "Biology")


def test_rights_hold_in_a_context_or_everywhere(uow: UnitOfWork) -> None:
    course = people.context_for(
        uow, issuer="https://lms", external_id="7", kind="course", title="Biology"
    )
    ada, ben = _learner(uow), _learner(uow, "6")
    people.grant_right(uow, ada.id, "coordinator", course.id)
    people.grant_right(uow, ada.id, "coordinator", course.id)
    people.grant_right(uow, ben.id, "administrator")
    assert people.has_right(uow, ada.id, "coordinator", course.id)
    assert not people.has_right(uow, ada.id, "coordinator")
    assert people.has_right(uow, ben.id, "administrator", course.id)
    assert [p.id for p in people.staff(uow, "coordinator", course.id)] == [ada.id]
    people.withdraw_right(uow, ada.id, "coordinator", course.id)
    assert not people.has_right(uow, ada.id, "coordinator", course.id)
    with pytest.raises(Invalid):
        people.grant_right(uow, ada.id, "king")


def _person_columns() -> dict[str, set[str]]:
    """Tables with a column that names a person: a foreign key to it, or called person_id."""
    found: dict[str, set[str]] = {}
    for table in Base.metadata.tables.values():
        columns = {
            column.name
            for column in table.columns
            if column.name == "person_id"
            or any(key.target_fullname == "people_person.id" for key in column.foreign_keys)
        }
        if columns:
            found[table.name] = columns
    return found


def test_every_table_that_names_a_person_is_registered(composition: Composition) -> None:
    registered = {table for entry in composition.people.entries for table in entry.tables}
    assert set(_person_columns()) - registered == set()


def test_merging_moves_everything_and_erasing_leaves_a_tombstone(
    composition: Composition, services: Services, community: people.Community
) -> None:
    with services.units.community(community.id) as uow:
        target = _learner(uow, display_name="Ada")
        source = people.admit_by_email(uow, "ada@example.org")
        course = people.context_for(
            uow, issuer="https://lms", external_id="7", kind="course", title="Biology"
        )
        for person in (target, source):
            people.enrol(uow, person.id, course.id, "learner", "launch")
        composition.people.merge(uow, source.id, target.id)
        uow.commit()
    with services.units.community(community.id) as uow:
        merged = people.person(uow, source.id)
        assert (merged.id, merged.email, merged.email_confirmed) == (
            target.id,
            "ada@example.org",
            True,
        )
        assert people.admit_by_email(uow, "ada@example.org").id == target.id
        assert {i.kind for i in people.identities_of(uow, target.id)} == {"lti", "email"}
        assert len(people.members(uow, course.id)) == 1
        exported = composition.people.export(uow, target.id)
        assert exported["people"]["email"] == "ada@example.org"
        composition.people.erase(uow, target.id)
        uow.commit()
    with services.units.reading(community.id) as uow:
        assert people.person(uow, target.id).name == "Former member"
        _nothing_left(uow, target.id, composition)


def _nothing_left(uow: UnitOfWork, person_id: UUID, composition: Composition) -> None:
    columns = _person_columns()
    for table in ("people_external_identity", "people_membership", "people_staff_right"):
        for name in columns[table]:
            where = Base.metadata.tables[table].c[name] == person_id
            query = sa.select(sa.func.count()).select_from(Base.metadata.tables[table]).where(where)
            assert uow.session.scalar(query) == 0, table


def test_whose_platform_tells_no_zone_begins_with_the_communitys(services: Services) -> None:
    """A platform's zone replaces that guess; nothing replaces what the person said."""
    with services.units.system() as uow:
        home = people.found_community(uow, "Harbour", time_zone="Europe/Berlin")
        uow.commit()

    def arrive(zone: str | None) -> people.PersonView:
        with services.units.community(home.id) as uow:
            found = people.admit(
                uow, issuer="https://lms.test", subject="7", kind="lti", time_zone=zone
            )
            uow.commit()
        return found

    first = arrive(None)
    assert first.time_zone == "Europe/Berlin"
    assert arrive("Africa/Lagos").time_zone == "Africa/Lagos"
    with services.units.community(home.id) as uow:
        assert not people.said_zone(uow, first.id)
        people.update_profile(uow, first.id, time_zone="Europe/Berlin")
        assert people.said_zone(uow, first.id)
        uow.commit()
    assert arrive("Africa/Lagos").time_zone == "Europe/Berlin"
