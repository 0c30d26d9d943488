"""Canvas tells of a copied course before anybody has opened it; a forged notice changes nothing."""

import jwt
import pytest
import requests
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa

from lti.models import ContextLink, Registration, RegistrationStatus
from plugin.practice.lms import keys, notices, seed
from plugin.practice.lms.records import Course
from tests.lti.conftest import Campus

pytestmark = pytest.mark.parametrize("profile", ["canvas"], indirect=True)


def origins(campus: Campus) -> dict[str, list[str]]:
    with campus.work() as uow:
        return {one.external_id: one.origins for one in uow.session.scalars(sa.select(ContextLink))}


@pytest.fixture
def copied(campus: Campus) -> Course:
    """A course copied from one in which Lantern was opened and asked for notices."""
    activity = seed.add_activity(campus.lms.store, campus.course.id, campus.tool.id, title="M")
    campus.launch(campus.tessa, activity.id)
    campus.sweep(seconds=1)
    url = notices.handler(campus.lms.platform, campus.tool)
    assert url == f"{campus.base_url}/lti/notices"
    return seed.copy_course(campus.lms.store, campus.course.id, label="BIO2", title="Biology 2")


def test_a_copied_course_is_known_by_its_notice(campus: Campus, copied: Course) -> None:
    profile = campus.lms.platform.profile
    for _twice in range(2):
        assert notices.tell_of_copy(campus.lms.platform, campus.tool, copied) == 200
    known = origins(campus)
    assert known[profile.context_id(copied.id)] == [profile.context_id(campus.course.id)]
    assert len(known) == 2


def test_it_is_asked_for_once(campus: Campus, copied: Course) -> None:
    campus.lms.platform.store.set_setting(f"notices {campus.tool.id}", "forgotten")
    campus.launch(campus.ada, campus.activities()[0])
    campus.sweep(seconds=1)
    assert notices.handler(campus.lms.platform, campus.tool) == "forgotten"


def test_what_the_platform_did_not_sign_is_refused(campus: Campus, copied: Course) -> None:
    platform, url = campus.lms.platform, f"{campus.base_url}/lti/notices"
    kid, _pem = keys.signing_key(platform.store)
    now = platform.clock.timestamp()
    good = {
        "iss": platform.issuer,
        "aud": campus.tool.client_id,
        "iat": now,
        "exp": now + 60,
        f"{notices.LTI}deployment_id": campus.tool.deployment_id,
        f"{notices.LTI}notice": {"type": notices.COPY, "id": "n"},
        f"{notices.LTI}context": {"id": "planted"},
        f"{notices.LTI}origin_contexts": ["x"],
    }
    forged = jwt.encode(
        good, rsa.generate_private_key(65537, 2048), algorithm="RS256", headers={"kid": kid}
    )
    old = keys.sign(platform.store, {**good, "iat": now - 9000, "exp": now - 5000})
    other = keys.sign(platform.store, {**good, "aud": "somebody-else"})
    bodies: list[object] = [
        {"notices": [{"jwt": one}]} for one in (forged, old, other, "a.b.c", "", 7, None)
    ]
    for body in [*bodies, {}, [], {"notices": "x"}, {"notices": [{}] * 51}, "text"]:
        answer = requests.post(url, json=body, timeout=30)
        assert 400 <= answer.status_code < 500, body
    wrong = keys.sign(platform.store, {**good, f"{notices.LTI}deployment_id": "99"})
    assert requests.post(url, json={"notices": [{"jwt": wrong}]}, timeout=30).status_code == 200
    with campus.services.units.system() as uow:
        for row in uow.session.scalars(sa.select(Registration)):
            row.status = RegistrationStatus.BLOCKED
        uow.commit()
    late = keys.sign(platform.store, good)
    assert requests.post(url, json={"notices": [{"jwt": late}]}, timeout=30).status_code == 200
    assert "planted" not in origins(campus)
