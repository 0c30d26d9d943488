"""Every route of the real application has exactly one door, and the doors hold."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import door
from tests.plugin.web.conftest import Someone
from tests.support.signed_in import Browser, sign_in

KNOWN = {"public", "signed_in", "course", "administrator", "signed_link"}


def test_every_route_has_exactly_one_door(app: Flask) -> None:
    without = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.endswith("static"):
            continue
        view = app.view_functions[rule.endpoint]
        found = getattr(view, "door", None)
        if found not in KNOWN and not str(found).startswith("staff:"):
            without.append(f"{rule.rule} ({rule.endpoint}): {found}")
    assert not without, "\n".join(without)


def test_course_doors_have_a_context_in_the_address(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "door", None) == "course":
            assert "context" in rule.arguments, rule.rule


def test_two_doors_are_an_error() -> None:
    with pytest.raises(TypeError, match="two doors"):

        @door.signed_in
        @door.public
        def page() -> str:
            return ""


@pytest.fixture
def doors(app: Flask) -> Flask:
    """The application with one page behind each door."""

    @door.course
    def in_course(context: str) -> str:
        return "course"

    @door.staff("coordinator")
    def for_coordinators(context: str) -> str:
        return "staff"

    @door.administrator
    def for_administrators() -> str:
        return "administrator"

    app.add_url_rule("/test/c/<context>/", view_func=in_course)
    app.add_url_rule("/test/s/<context>/", view_func=for_coordinators)
    app.add_url_rule("/test/a/", view_func=for_administrators)
    return app


def test_course_door_asks_for_a_grant_in_that_course(
    doors: Flask, services: Services, community: people.Community, someone: Someone
) -> None:
    path = f"/test/c/{someone.course.handle}/"
    assert doors.test_client().get(path).status_code == 401
    without = sign_in(doors.test_client(), services, community.id, someone.person.id)
    assert without.get(path).status_code == 403
    within = sign_in(
        doors.test_client(),
        services,
        community.id,
        someone.person.id,
        grants=[(someone.course.id, "learner")],
    )
    assert within.get(path).status_code == 200
    assert within.get("/test/c/nosuchcontext/").status_code == 404


def test_a_context_of_another_community_is_not_found(
    doors: Flask, services: Services, community: people.Community, someone: Someone
) -> None:
    with services.units.system() as uow:
        other = people.found_community(uow, "Southern Cross")
        uow.commit()
    with services.units.community(other.id) as uow:
        context = people.context_for(uow, issuer="x", external_id="y", kind="course", title="Z")
        uow.commit()
    browser = sign_in(
        doors.test_client(),
        services,
        community.id,
        someone.person.id,
        grants=[(context.id, "teacher")],
    )
    assert browser.get(f"/test/c/{context.handle}/").status_code == 404


def _with_right(
    doors: Flask,
    services: Services,
    community: people.Community,
    someone: Someone,
    right: str,
    everywhere: bool = False,
) -> Browser:
    with services.units.community(community.id) as uow:
        people.grant_right(uow, someone.person.id, right, None if everywhere else someone.course.id)
        uow.commit()
    return sign_in(doors.test_client(), services, community.id, someone.person.id)


@pytest.mark.parametrize(
    ("right", "everywhere", "staff", "administrator"),
    [
        ("coordinator", False, 200, 403),
        ("coordinator", True, 200, 403),
        ("assistant", False, 403, 403),
        ("safety_contact", True, 403, 403),
        ("administrator", True, 200, 200),  # people.policy: administrators coordinate
    ],
)
def test_rights_open_their_own_doors_only(
    doors: Flask,
    services: Services,
    community: people.Community,
    someone: Someone,
    right: str,
    everywhere: bool,
    staff: int,
    administrator: int,
) -> None:
    browser = _with_right(doors, services, community, someone, right, everywhere)
    assert browser.get(f"/test/s/{someone.course.handle}/").status_code == staff
    assert browser.get("/test/a/").status_code == administrator


def test_a_safety_contact_opens_no_course(
    doors: Flask, services: Services, community: people.Community, someone: Someone
) -> None:
    path = f"/test/c/{someone.course.handle}/"
    safety = _with_right(doors, services, community, someone, "safety_contact", everywhere=True)
    assert safety.get(path).status_code == 403
    coordinator = _with_right(doors, services, community, someone, "coordinator", everywhere=True)
    assert coordinator.get(path).status_code == 200


def test_a_teachers_launch_opens_no_staff_page(
    doors: Flask, services: Services, community: people.Community, someone: Someone
) -> None:
    browser: Browser = sign_in(
        doors.test_client(),
        services,
        community.id,
        someone.person.id,
        grants=[(someone.course.id, "teacher")],
    )
    assert browser.get(f"/test/s/{someone.course.handle}/").status_code == 403


def test_nobody_is_signed_in_at_first(client: FlaskClient) -> None:
    assert client.get("/profile").status_code == 401
