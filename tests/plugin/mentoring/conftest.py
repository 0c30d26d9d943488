"""A village for every test of mentoring."""

import pytest

from plugin.kernel.services import Services
from plugin.people import public as people
from tests.plugin.mentoring.village import Village, found


@pytest.fixture
def village(services: Services, community: people.Community) -> Village:
    return found(services, community)
