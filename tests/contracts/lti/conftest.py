"""The real application at https://tool.example with the platforms of cases.json registered."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import responses

from lti import registrations
from lti.extension import extension
from lti.registrations import NewRegistration
from plugin.app import Composition, compose, create_app
from plugin.people import public as people
from plugin.settings import Settings
from tests.contracts.lti.platform import SPEC, TOOL, KeySetServer, Runner
from tests.support.clock import FixedClock


def installed(settings: Settings, clock: FixedClock) -> Composition:
    """Lantern with every platform of the cases, whatever database the settings name."""
    made = compose(
        replace(settings, base_url=TOOL, practice=False, allow_loopback=False),
        extensions=(extension,),
        clock=clock,
    )
    with made.services.units.system() as uow:
        community = people.found_community(uow, "Certified")
        for name, platform in SPEC["platforms"].items():
            found = registrations.register(
                uow,
                NewRegistration(
                    issuer=platform["iss"],
                    client_id=platform["client_id"],
                    auth_login_url=platform["auth_login_url"],
                    auth_token_url=platform["auth_token_url"],
                    key_set_url=f"https://keys.example/{name}",
                ),
            )
            for deployment_id in platform["deployment_ids"]:
                registrations.activate(uow, found.id, deployment_id, community.id)
        uow.commit()
    return made


@pytest.fixture
def tool(settings: Settings, clock: FixedClock) -> Iterator[Composition]:
    made = installed(settings, clock)
    yield made
    made.services.units.engine.dispose()


@pytest.fixture
def runner(tool: Composition, clock: FixedClock, key_sets: KeySetServer) -> Runner:
    return Runner(create_app(tool.settings, composition=tool), clock, key_sets)


@pytest.fixture
def key_sets() -> Iterator[KeySetServer]:
    """The platforms' key sets, served to whoever asks."""
    server = KeySetServer()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.add_callback(
            responses.GET, re.compile(r"https://keys\.example/.*"), callback=server.answer
        )
        yield server
