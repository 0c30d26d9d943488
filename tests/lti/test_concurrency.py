"""A class that opens a course at the same moment, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from lti import oidc, provisioning, registrations
from lti.errors import NotRegistered
from lti.extension import extension
from lti.models import ContextLink, ResourceLink, UnknownCaller
from lti.registrations import DeploymentView, NewRegistration
from lti.schemas import LoginRequest
from plugin.app import compose
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.settings import Settings
from tests.lti.test_provisioning import ISSUER, LAUNCH

PEOPLE = 12


@pytest.fixture
def running(settings: Settings, database_url: str) -> Iterator[Services]:
    made = compose(replace(settings, database_url=database_url), extensions=(extension,))
    yield made.services
    made.services.units.engine.dispose()


@pytest.fixture
def door(running: Services) -> DeploymentView:
    with running.units.system() as uow:
        community = people.found_community(uow, "Crowd")
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=ISSUER,
                client_id="c",
                auth_login_url=f"{ISSUER}/a",
                auth_token_url=f"{ISSUER}/t",
                key_set_url=f"{ISSUER}/k",
            ),
        )
        made = registrations.activate(uow, found.id, "1", community.id)
        uow.commit()
    return made


def test_everybody_gets_in_and_the_course_is_there_once(
    running: Services, door: DeploymentView
) -> None:
    def arrive(number: int) -> str:
        launch = replace(LAUNCH, subject=str(number % (PEOPLE // 2)))
        arrival, _opened = provisioning.let_in(running, launch, door, lambda _uow, _arrival: None)
        return arrival.next_path

    with ThreadPoolExecutor(PEOPLE) as pool:
        places = set(pool.map(arrive, range(PEOPLE)))
    assert len(places) == 1
    assert door.community_id is not None
    with running.units.reading(door.community_id) as uow:
        (context,) = people.contexts(uow)
        assert len(people.members(uow, context.id)) == PEOPLE // 2
        assert len(uow.session.scalars(sa.select(ContextLink)).all()) == 1
        assert len(uow.session.scalars(sa.select(ResourceLink)).all()) == 1


def test_strangers_at_the_same_moment_are_refused_and_recorded(
    running: Services, door: DeploymentView
) -> None:
    def knock(_number: int) -> str:
        wanted = LoginRequest(
            issuer=ISSUER,
            login_hint="7",
            client_id="nope",
            target_link_uri=f"{running.settings.base_url}/lti/launch",
        )
        try:
            oidc.start(running, wanted, None)
        except NotRegistered as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(knock, range(8))) == {"registration_unknown"}
    with running.units.system_reading() as uow:
        assert len(uow.session.scalars(sa.select(UnknownCaller)).all()) == 1
