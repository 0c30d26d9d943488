"""What a launch leaves behind: person, course, roster place, links; and what it must not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from lti import provisioning, registrations
from lti.claims import (
    RESOURCE_LINK,
    SUBMISSION_REVIEW,
    AgsClaim,
    ContextClaim,
    Launch,
    PersonClaim,
    ResourceLinkClaim,
)
from lti.models import ContextLink, DeepLinkingRequest, ResourceLink, Score, ScoreState
from lti.person_data import PERSON_DATA
from lti.provisioning import Arrival
from lti.registrations import DeploymentView, NewRegistration
from plugin.kernel.audit import AuditEntry
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from tests.support.clock import FixedClock

Admit = Callable[..., Arrival]
M = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
ISSUER = "https://lms.example.edu"
LAUNCH = Launch(
    issuer=ISSUER,
    subject="7",
    deployment_id="1",
    message_type=RESOURCE_LINK,
    roles=(f"{M}Learner",),
    target_link_uri="http://localhost/lti/launch",
    context=ContextClaim("2", "BIO1", "Biology"),
    resource_link=ResourceLinkClaim("9", "Essay"),
)


@pytest.fixture
def deployment(services: Services, community: people.Community) -> DeploymentView:
    with services.units.system() as uow:
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


@pytest.fixture
def admit(services: Services, community: people.Community, deployment: DeploymentView) -> Admit:
    def one(**changes: object) -> Arrival:
        with services.units.community(community.id) as uow:
            arrival = provisioning.admit(uow, replace(LAUNCH, **changes), deployment)  # type: ignore[arg-type]
            uow.commit()
        return arrival

    return one


def roster(services: Services, community: people.Community) -> list[tuple[UUID, str]]:
    with services.units.reading(community.id) as uow:
        return [
            (member.person.id, member.role)
            for context in people.contexts(uow)
            for member in people.members(uow, context.id)
        ]


def test_sub_alone_is_enough(services: Services, community: people.Community, admit: Admit) -> None:
    first, again = admit(), admit()
    assert first.person.id == again.person.id
    assert first.person.name.startswith("Member ")
    assert roster(services, community) == [(first.person.id, "learner")]
    assert first.grants == [(first.context.id, "learner")]
    assert first.next_path == f"/c/{first.context.handle}/"


def test_names_arrive_when_the_platform_gives_them(admit: Admit) -> None:
    admit()
    told = admit(person=PersonClaim(name="Ada", email="a@example.edu", time_zone="Asia/Kolkata"))
    assert (told.person.name, told.person.time_zone) == ("Ada", "Asia/Kolkata")
    assert not told.person.email_confirmed


def test_a_test_user_sees_the_course_and_stands_in_no_pool(
    services: Services,
    community: people.Community,
    admit: Admit,
) -> None:
    arrival = admit(roles=(f"{M}Learner", TEST_USER))
    assert arrival.grants == [(arrival.context.id, "learner")]
    assert roster(services, community) == []


def test_without_a_role_here_nothing_of_the_course_is_open(
    services: Services,
    community: people.Community,
    admit: Admit,
) -> None:
    administrator = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
    arrival = admit(roles=(administrator,))
    assert (arrival.grants, arrival.next_path) == ([], "/")
    assert roster(services, community) == []


def test_without_a_context_people_land_at_home(admit: Admit) -> None:
    arrival = admit(context=None)
    assert (arrival.context, arrival.grants, arrival.next_path) == (None, [], "/")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://localhost/c/x/reviews/y", "/c/x/reviews/y"),
        ("http://localhost/c/x/reviews/y?a=b#c", "/c/x/reviews/y"),
        ("http://localhost", "home"),
        ("http://localhost/lti/jwks", "home"),
        ("http://localhost//evil.example/", "home"),
        ("http://localhost/\\evil.example", "home"),
    ],
)
def test_the_target_decides_the_page(admit: Admit, target: str, path: str) -> None:
    arrival = admit(target_link_uri=target)
    assert arrival.next_path == (f"/c/{arrival.context.handle}/" if path == "home" else path)


def test_links_and_addresses_are_remembered(
    services: Services,
    community: people.Community,
    admit: Admit,
) -> None:
    ags = AgsClaim(("s1",), f"{ISSUER}/items", f"{ISSUER}/items/1")
    admit(ags=ags, memberships_url=f"{ISSUER}/members", custom={"lantern_resource": "essay-1"})
    admit(ags=AgsClaim(("s1", "s2"), f"{ISSUER}/items"))
    with services.units.reading(community.id) as uow:
        link = uow.session.scalars(sa.select(ContextLink)).one()
        activity = uow.session.scalars(sa.select(ResourceLink)).one()
    assert link.memberships_url == f"{ISSUER}/members"
    assert (link.lineitems_url, link.scopes) == (f"{ISSUER}/items", ["s1", "s2"])
    assert (activity.resource, activity.lineitem_url) == ("essay-1", f"{ISSUER}/items/1")


def test_a_submission_review_opens_its_target(admit: Admit) -> None:
    arrival = admit(
        message_type=SUBMISSION_REVIEW,
        resource_link=None,
        for_user="8",
        roles=(f"{M}Instructor",),
        target_link_uri="http://localhost/c/x/reviews/y",
    )
    assert arrival.next_path == "/c/x/reviews/y"


def test_what_is_kept_of_a_person_is_exported_moved_and_erased(
    services: Services,
    community: people.Community,
    admit: Admit,
) -> None:
    source, target = admit(), admit(subject="8")
    context_id = source.context.id

    def score(uow: UnitOfWork, person_id: UUID, resource: str) -> Score:
        return Score(
            person_id=person_id,
            context_id=context_id,
            resource=resource,
            key=resource,
            wanted_at=uow.now(),
            state=ScoreState.SENT,
            sent_at=uow.now(),
            conflicts=0,
        )

    with services.units.community(community.id) as uow:
        uow.session.add_all(
            [
                score(uow, source.person.id, "both"),
                score(uow, target.person.id, "both"),
                score(uow, source.person.id, "one"),
                DeepLinkingRequest(
                    deployment_id=uow.session.scalars(sa.select(ContextLink)).one().deployment_id,
                    person_id=source.person.id,
                    return_url=ISSUER,
                    accept_multiple=False,
                    accept_line_items=False,
                    accepts_links=True,
                    created_at=uow.now(),
                ),
            ]
        )
        uow.commit()
    with services.units.community(community.id) as uow:
        PERSON_DATA.merge(uow, source.person.id, target.person.id)
        uow.commit()
    with services.units.reading(community.id) as uow:
        exported = PERSON_DATA.export(uow, target.person.id)["scores"]
        assert sorted(one["activity"] for one in exported) == ["both", "one"]
        assert PERSON_DATA.export(uow, source.person.id)["scores"] == []
    with services.units.community(community.id) as uow:
        PERSON_DATA.erase(uow, target.person.id)
        uow.commit()
    with services.units.reading(community.id) as uow:
        assert uow.session.scalars(sa.select(Score)).all() == []
        assert uow.session.scalars(sa.select(DeepLinkingRequest)).all() == []


AGAIN: dict[str, object] = {
    "person": PersonClaim(name="Ada", email="a@example.edu"),
    "ags": AgsClaim(("s1",), f"{ISSUER}/items"),
    "memberships_url": f"{ISSUER}/members",
}


@pytest.fixture
def statements(services: Services) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = services.units.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_launch_that_brings_nothing_new_is_short_and_the_same(
    services: Services, clock: FixedClock, admit: Admit, statements: list[str]
) -> None:
    first = admit(**AGAIN)
    clock.advance(hours=1)
    del statements[:]
    again = admit(**AGAIN)
    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 5
    assert (again.person, again.context) == (first.person, first.context)
    assert (again.grants, again.next_path) == (first.grants, first.next_path)
    with services.units.system_reading() as uow:
        accepted = uow.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "lti.launch.accepted")
        ).all()
    assert len(accepted) == 2
    assert accepted[0].facts == accepted[1].facts


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"person": PersonClaim(name="Ada L", email="a@example.edu")}, "Ada L"),
        ({"context": ContextClaim("2", "BIO1", "Botany")}, "Botany"),
        ({"ags": AgsClaim(("s1", "s2"), f"{ISSUER}/items")}, "s2"),
        ({"memberships_url": f"{ISSUER}/others"}, f"{ISSUER}/others"),
        ({"resource_link": ResourceLinkClaim("9", "Another essay")}, "Another essay"),
        ({"resource_link": ResourceLinkClaim("10", "Second")}, "Second"),
    ],
)
def test_whatever_a_launch_brings_is_kept(
    services: Services,
    community: people.Community,
    admit: Admit,
    change: dict[str, object],
    kept: str,
) -> None:
    admit(**AGAIN)
    arrival = admit(**{**AGAIN, **change})
    with services.units.reading(community.id) as uow:
        link = uow.session.scalars(sa.select(ContextLink)).one()
        titles = uow.session.scalars(sa.select(ResourceLink.title)).all()
    assert arrival.context is not None
    known = [arrival.person.name, arrival.context.title, *link.scopes, link.memberships_url]
    assert kept in [*known, *titles]


def test_who_left_is_back_on_the_list_by_a_launch_that_looks_the_same(
    services: Services, community: people.Community, admit: Admit
) -> None:
    first = admit(**AGAIN)
    assert first.context is not None
    with services.units.community(community.id) as uow:
        people.leave(uow, first.person.id, first.context.id)
        uow.commit()
    assert roster(services, community) == []
    admit(**AGAIN)
    assert roster(services, community) == [(first.person.id, "learner")]
