"""Somebody who left a course loses its pages at once, in every browser."""

from flask.testing import FlaskClient

from plugin.kernel import dispatch
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.support.signed_in import sign_in


def test_a_grant_does_not_outlive_the_roster(
    services: Services, community: people.Community, client: FlaskClient
) -> None:
    with services.units.community(community.id) as uow:
        course = people.context_for(
            uow, issuer="https://lms", external_id="7", kind="course", title="Biology"
        )
        ada = people.admit(uow, issuer="https://lms", subject="5", kind="lti")
        people.enrol(uow, ada.id, course.id, "learner", "launch")
        uow.commit()
    browser = sign_in(
        client,
        services,
        community_id=community.id,
        person_id=ada.id,
        grants=[(course.id, "learner")],
    )
    assert browser.get(f"/c/{course.handle}/").status_code == 200
    with services.units.community(community.id) as uow:
        people.leave(uow, ada.id, course.id)
        uow.commit()
    dispatch.drain(services)
    assert browser.get(f"/c/{course.handle}/").status_code == 403
