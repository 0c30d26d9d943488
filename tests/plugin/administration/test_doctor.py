"""Findings about the house: address, set-up, staff."""

from dataclasses import replace

import pytest

from plugin.administration.doctor import check_address, check_people
from plugin.kernel.doctor import Verdict
from plugin.kernel.services import Services
from plugin.people import public as people


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("https://lantern.example.org", Verdict.GOOD),
        ("http://localhost:8080", Verdict.GOOD),
        ("http://127.0.0.1:8080", Verdict.GOOD),
        ("http://lantern.example.org", Verdict.BAD),
    ],
)
def test_the_address_lets_people_stay_signed_in(
    services: Services, address: str, verdict: Verdict
) -> None:
    settings = replace(services.settings, base_url=address)  # type: ignore[type-var]
    (finding,) = check_address(replace(services, settings=settings))
    assert finding.verdict is verdict


def test_set_up_staff_and_safety_contact_are_missed(services: Services) -> None:
    assert [f.mend for f in check_people(services)] == ["run 'lantern admin invite'"]
    with services.units.system() as uow:
        made = people.found_community(uow, "Northern Lights")
        uow.commit()
    assert len(list(check_people(services))) == 2
    with services.units.community(made.id) as uow:
        person = people.admit_by_email(uow, "a@example.org")
        people.grant_right(uow, person.id, "administrator")
        people.grant_right(uow, person.id, "safety_contact")
        uow.commit()
    assert list(check_people(services)) == []
