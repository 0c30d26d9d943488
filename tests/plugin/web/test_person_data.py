"""What the doors keep about a person goes, moves and is told with the person."""

import sqlalchemy as sa

from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import addresses, session_store
from plugin.web.models import WebSession
from plugin.web.public import PERSON_DATA, invite, open_ones
from tests.plugin.web.conftest import Someone


def prepare(services: Services, community: people.Community, someone: Someone) -> None:
    with services.units.community(community.id) as uow:
        session_store.open_session(uow, community_id=community.id, person_id=someone.person.id)
        addresses.remember(uow, "amina@example.org", someone.person.id)
        invite(uow, community_id=community.id, right="assistant", invited_by=someone.person.id)
        uow.commit()


def test_erasing_ends_sessions_and_forgets_addresses(
    services: Services, community: people.Community, someone: Someone
) -> None:
    prepare(services, community, someone)
    with services.units.community(community.id) as uow:
        people.confirm_email(uow, someone.person.id, "amina@example.org")
        invite(uow, community_id=community.id, right="assistant", email="amina@example.org")
        PERSON_DATA.erase(uow, someone.person.id)
        uow.session.expire_all()
        assert {one.email for one in open_ones(uow, community.id)} == {None}
        assert addresses.known_as(uow, "amina@example.org") == []
        assert uow.session.scalars(sa.select(WebSession)).all() == []
        assert {one.invited_by for one in open_ones(uow, community.id)} == {None}


def test_merging_moves_them_and_exporting_tells_them(
    services: Services, community: people.Community, someone: Someone
) -> None:
    prepare(services, community, someone)
    with services.units.community(community.id) as uow:
        target = people.admit(uow, issuer="https://forum", subject="3", kind="discourse")
        addresses.remember(uow, "amina@example.org", target.id)
        PERSON_DATA.merge(uow, someone.person.id, target.id)
        uow.session.flush()
        assert [known.person_id for known in addresses.known_as(uow, "amina@example.org")] == [
            target.id
        ]
        told = PERSON_DATA.export(uow, target.id)
    assert len(told["sessions"]) == 1
    assert told["invitations_made"] == 1


def test_what_has_run_out_is_removed(
    services: Services, community: people.Community, someone: Someone
) -> None:
    from plugin.web.jobs import forget_ended

    prepare(services, community, someone)
    services.clock.advance(days=90)  # type: ignore[attr-defined]  # the test's clock
    forget_ended(services)
    with services.units.system_reading() as uow:
        assert uow.session.scalars(sa.select(WebSession)).all() == []
