"""Who a launch brings: roles of the place, people who only look, sections, names."""

from typing import Any

import pytest
from flask import Flask

from lti import approvals, provisioning, registrations
from lti.claims import ContextClaim, Launch, PersonClaim
from lti.registrations import DeploymentView, NewRegistration
from lti.roles import standing
from plugin.kernel.errors import Invalid
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import looking, session_store
from plugin.web.session import cookie_name
from tests.support.signed_in import Browser

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LEARNER, TEACHER, MENTOR = (MEMBERSHIP + one for one in ("Learner", "Instructor", "Mentor"))
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"
ISSUER = "https://canvas.instructure.com"


@pytest.fixture
def deployment(services: Services, community: people.Community) -> DeploymentView:
    with services.units.system() as uow:
        made = registrations.register(
            uow,
            NewRegistration(ISSUER, "c", f"{ISSUER}/a", f"{ISSUER}/t", f"{ISSUER}/k"),
            community_id=community.id,
        )
        found = registrations.activate(uow, made.id, "1", community.id)
        uow.commit()
    return found


def launch(*roles: str, subject: str = "ada", **more: Any) -> Launch:
    return Launch(
        issuer=ISSUER,
        subject=subject,
        deployment_id="1",
        message_type="LtiResourceLinkRequest",
        roles=roles,
        target_link_uri="http://localhost/lti/launch",
        context=ContextClaim("course-1", title="Biology"),
        **more,
    )


def members(services: Services, community: people.Community, context_id: Any) -> list[str]:
    with services.units.reading(community.id) as uow:
        return [one.role for one in people.members(uow, context_id)]


@pytest.mark.parametrize(
    ("roles", "overrides", "role"),
    [
        ([TEACHER], {"Instructor": "learner"}, "learner"),
        ([TEACHER, ASSISTANT], {}, "assistant"),
        ([TEACHER, ASSISTANT], {"TeachingAssistant": ""}, None),
        ([TEACHER, ASSISTANT], {"TeachingAssistant": "learner"}, "learner"),
        ([MENTOR], {}, "observer"),
        ([MEMBERSHIP + "ContentDeveloper"], {"ContentDeveloper": "teacher"}, "teacher"),
        ([MEMBERSHIP + "Made#Up"], {"Learner": "teacher"}, None),
        (["Learner"], {"Learner": ""}, None),
        (["Student"], {"Learner": "observer"}, "observer"),
    ],
)
def test_a_place_may_say_otherwise(
    roles: list[str], overrides: dict[str, str], role: str | None
) -> None:
    assert standing(roles, overrides).role == role


def let_in(services: Services, come: Launch, deployment: DeploymentView) -> provisioning.Arrival:
    """A launch without what the page does with it."""
    arrival, _opened = provisioning.let_in(services, come, deployment, lambda _uow, _arrival: None)
    return arrival


def test_only_known_roles_can_be_given(
    services: Services, community: people.Community, deployment: DeploymentView
) -> None:
    with services.units.community(community.id) as uow:
        for wrong in ({"Learner": "administrator"}, {"Nobody": "learner"}):
            with pytest.raises(Invalid):
                approvals.set_roles(uow, deployment.handle, wrong, actor=None)
        approvals.set_roles(uow, deployment.handle, {"Learner": "observer"}, actor=None)
        uow.commit()
    with services.units.system_reading() as uow:
        changed = registrations.deployment_by_id(uow, deployment.id)
    assert let_in(services, launch(LEARNER), changed).standing.role == "observer"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"roles": (LEARNER, TEST_USER)}, looking.TEST),
        ({"roles": (LEARNER,), "custom": {"acting_user": "77"}}, looking.ACTING),
    ],
)
def test_who_only_looks_stands_in_no_pool_and_changes_nothing(
    app: Flask,
    services: Services,
    community: people.Community,
    deployment: DeploymentView,
    more: dict[str, Any],
    kind: str,
) -> None:
    arrival = let_in(services, launch(*more["roles"], custom=more.get("custom", {})), deployment)
    assert arrival.looking == kind
    assert arrival.context is not None
    assert members(services, community, arrival.context.id) == []
    with services.units.system() as uow:
        token, _id = session_store.open_session(
            uow,
            community_id=community.id,
            person_id=arrival.person.id,
            grants=tuple(arrival.grants),
            looking=arrival.looking,
        )
        uow.commit()
    name = cookie_name(services.settings)
    browser = Browser(app.test_client(), {name: token})
    shown = browser.get("/profile")
    assert shown.status_code == 200
    assert "nothing is changed" in shown.get_data(as_text=True)
    assert browser.post("/profile", {"name": "Eve"}).status_code == 403
    assert browser.post("/sign-out").status_code == 303


def test_who_is_not_acting_is_not_held_for_it(
    services: Services, deployment: DeploymentView
) -> None:
    for value in ({}, {"acting_user": "0"}):
        arrival = let_in(services, launch(LEARNER, custom=value), deployment)
        assert arrival.looking is None


def test_who_is_limited_to_sections_gets_no_role_in_the_course(
    services: Services, community: people.Community, deployment: DeploymentView
) -> None:
    limited = {"section_restricted": "true", "section_ids": "12, 13"}
    arrival = let_in(services, launch(TEACHER, custom=limited), deployment)
    assert arrival.context is not None
    contexts = {context_id for context_id, _role in arrival.grants}
    assert len(contexts) == 2
    assert arrival.context.id not in contexts
    assert members(services, community, arrival.context.id) == []
    with services.units.reading(community.id) as uow:
        first, second = people.contexts(uow, sorted(contexts))
    assert {first.title, second.title} == {"Biology, section 12", "Biology, section 13"}
    assert arrival.next_path in (f"/c/{first.handle}/", f"/c/{second.handle}/")
    free = {"section_restricted": "false", "section_ids": "12"}
    whole = let_in(services, launch(TEACHER, subject="tess", custom=free), deployment)
    assert whole.grants == [(arrival.context.id, "teacher")]


def test_names_appear_and_disappear_with_the_platform(
    services: Services, community: people.Community, deployment: DeploymentView
) -> None:
    def come(name: str | None, email: str | None = None) -> people.PersonView:
        person = PersonClaim(name=name, email=email)
        return let_in(services, launch(LEARNER, person=person), deployment).person

    assert not come(None).named
    assert come("Ada L.", "ada@x.example").name == "Ada L."
    assert come("Ada Lovelace", "ada@x.example").name == "Ada Lovelace"
    gone = come(None)
    assert not gone.named
    assert gone.email is None
    assert come("Ada L.").name == "Ada L."
    with services.units.community(community.id) as uow:
        people.update_profile(uow, gone.id, display_name="Countess")
        people.confirm_email(uow, gone.id, "own@x.example")
        uow.commit()
    assert come("Ada L.").name == "Countess"
    kept = come(None)
    assert (kept.name, kept.email) == ("Countess", "own@x.example")


def test_a_list_of_people_that_names_nobody_takes_no_name_away(
    services: Services, community: people.Community, deployment: DeploymentView
) -> None:
    first = let_in(services, launch(LEARNER, person=PersonClaim(name="Ada")), deployment)
    assert first.context is not None
    for name, shown in ((None, "Ada"), ("Ada B.", "Ada B."), (None, "Ada B.")):
        with services.units.community(community.id) as uow:
            people.take_list(
                uow,
                issuer=ISSUER,
                kind="lti",
                context_id=first.context.id,
                listed=[people.Listed("ada", "learner", name, None)],
            )
            uow.commit()
        with services.units.reading(community.id) as uow:
            assert people.person(uow, first.person.id).name == shown
    assert not let_in(services, launch(LEARNER), deployment).person.named
