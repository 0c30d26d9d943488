"""Somebody to sign in."""

from dataclasses import dataclass

import pytest

from plugin.kernel.services import Services
from plugin.people import public as people


@dataclass(frozen=True)
class Someone:
    """A learner in a course."""

    person: people.PersonView
    course: people.Context


@pytest.fixture
def someone(services: Services, community: people.Community) -> Someone:
    with services.units.community(community.id) as uow:
        person = people.admit(
            uow,
            issuer="https://lms.example",
            subject="7",
            kind="lti",
            display_name="Amina Diallo",
            time_zone="Europe/Berlin",
        )
        course = people.context_for(
            uow, issuer="https://lms.example", external_id="c1", kind="course", title="Statistics"
        )
        people.enrol(uow, person.id, course.id, "learner", "launch")
        uow.commit()
    return Someone(person, course)
