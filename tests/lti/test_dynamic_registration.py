"""A platform registers itself by a link: both practice platforms, and what goes wrong."""

import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import responses
from flask import Flask

from lti import approvals, dynamic_registration, invitations, registrations
from lti.errors import RegistrationFailed
from lti.extension import extension
from lti.models import DeploymentStatus, RegistrationStatus
from lti.platforms import platform
from plugin.app import Composition, compose, create_app
from plugin.kernel.errors import Conflict, NotFound, TooMany
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.practice.lms import queries, registering, seed
from plugin.practice.lms.records import Role
from plugin.practice.lms.server import RunningLms, running_lms
from plugin.practice.lms.visitor import Visitor
from plugin.settings import Settings
from tests.lti.conftest import browser, listening
from tests.support.clock import FixedClock
from tests.support.signed_in import Browser, sign_in

ISSUER = "https://lms.example.edu"
CONFIGURATION = f"{ISSUER}/mod/lti/openid-configuration.php"


def link(services: Services, community: people.Community, family: str = "moodle") -> str:
    """The token of a fresh registration link."""
    with services.units.community(community.id) as uow:
        made = invitations.invite(uow, services.vault, community.id, family, actor=None)
        path = invitations.path_of(uow, services.vault, made.id)
        uow.commit()
    assert path is not None
    return path.removeprefix(invitations.PATH)


def document(**more: object) -> dict[str, Any]:
    """What Moodle 4.3 shows (measured), on another host."""
    return {
        "issuer": ISSUER,
        "token_endpoint": f"{ISSUER}/mod/lti/token.php",
        "jwks_uri": f"{ISSUER}/mod/lti/certs.php",
        "authorization_endpoint": f"{ISSUER}/mod/lti/auth.php",
        "registration_endpoint": f"{ISSUER}/mod/lti/openid-registration.php",
        "scopes_supported": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
        ],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle"
        },
        **more,
    }


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As in production: no practice, no calls to this machine."""
    return replace(settings, practice=False, allow_loopback=False)


@pytest.fixture
def public(services: Services) -> Iterator[responses.RequestsMock]:
    """A Moodle on the public network, as far as this process can tell."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


def answer(mocked: responses.RequestsMock) -> None:
    mocked.get(CONFIGURATION, json=document())
    tool = {"version": "1.3.0", "deployment_id": "4"}
    mocked.post(
        document()["registration_endpoint"],
        json={"client_id": "c15", "https://purl.imsglobal.org/spec/lti-tool-configuration": tool},
    )


def test_what_is_posted_and_what_is_kept(
    services: Services, community: people.Community, public: responses.RequestsMock
) -> None:
    answer(public)
    token = link(services, community)
    found = dynamic_registration.register(services, token, CONFIGURATION, "reg.tok.en", "names")
    assert (found.issuer, found.client_id, found.family) == (ISSUER, "c15", "moodle")
    assert found.status is RegistrationStatus.PENDING
    assert found.community_id == community.id
    sent = public.calls[-1].request
    assert sent.headers["Authorization"] == "Bearer reg.tok.en"
    body = json.loads(sent.body or b"")
    tool = body["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert body["redirect_uris"] == ["http://localhost/lti/launch"]
    assert tool["domain"] == urlsplit(tool["target_link_uri"]).netloc
    assert tool["claims"] == ["iss", "sub", "name", "given_name", "family_name"]
    assert body["policy_uri"] == "http://localhost/privacy?course=1"
    assert body["tos_uri"] == "http://localhost/terms"
    assert body["token_endpoint_auth_method"] == "private_key_jwt"
    assert "lti-ags/scope/lineitem" not in body["scope"]  # this platform says it has it not
    with services.units.reading(community.id) as uow:
        places = approvals.deployments_of(uow, [found.id])[found.id]
    assert [(one.deployment_id, one.status) for one in places] == [("4", DeploymentStatus.PENDING)]


def test_a_link_works_once_even_for_two_at_the_same_time(
    services: Services, community: people.Community, public: responses.RequestsMock
) -> None:
    answer(public)
    token = link(services, community)

    def go(_number: int) -> str:
        try:
            dynamic_registration.register(services, token, CONFIGURATION, "t", "names")
        except NotFound as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(go, range(4)))
    assert outcomes == ["in", *["registration_link_used"] * 3]
    posts = [call for call in public.calls if call.request.method == "POST"]
    assert len(posts) == 1
    assert go(0) == "registration_link_used"


def test_a_link_ends_after_a_week_and_when_it_is_taken_back(
    services: Services, community: people.Community, clock: FixedClock
) -> None:
    first, second = link(services, community), link(services, community)
    with services.units.community(community.id) as uow:
        newest = invitations.open_ones(uow, community.id)[0]
        invitations.withdraw(uow, community.id, newest.handle, actor=None)
        uow.commit()
    clock.advance(days=6)
    opened = []
    for token in (first, second):
        with services.units.system_reading() as uow:
            try:
                invitations.of_token(uow, token)
            except NotFound:
                continue
            opened.append(token)
    assert len(opened) == 1
    clock.advance(days=1)
    with services.units.system_reading() as uow, pytest.raises(NotFound):
        invitations.of_token(uow, opened[0])


def test_a_failed_try_gives_the_link_back_and_tells_its_maker(
    services: Services, community: people.Community, public: responses.RequestsMock
) -> None:
    public.get(CONFIGURATION, json=document())
    public.post(document()["registration_endpoint"], status=401, body="token_already_used")
    token = link(services, community)
    with pytest.raises(RegistrationFailed):
        dynamic_registration.register(services, token, CONFIGURATION, "t", "names")
    with services.units.reading(community.id) as uow:
        (made,) = invitations.open_ones(uow, community.id)
    assert made.failure is not None
    assert "Begin again there" in made.failure
    public.replace(
        responses.POST, document()["registration_endpoint"], json={"client_id": "c15"}, status=201
    )
    assert dynamic_registration.register(services, token, CONFIGURATION, "t", "names")


def test_the_update_of_a_tool_keeps_what_was_decided(
    services: Services, community: people.Community, public: responses.RequestsMock
) -> None:
    answer(public)
    first = dynamic_registration.register(
        services, link(services, community), CONFIGURATION, "t", "names"
    )
    with services.units.community(community.id) as uow:
        approvals.approve_registration(uow, first.handle, actor=None)
        uow.commit()
    public.replace(
        responses.GET, CONFIGURATION, json=document(jwks_uri=f"{ISSUER}/mod/lti/new.php")
    )
    again = dynamic_registration.register(
        services, link(services, community), CONFIGURATION, "t", "names"
    )
    assert again.id == first.id
    assert again.status is RegistrationStatus.ACTIVE
    assert again.key_set_url.endswith("new.php")
    with services.units.reading(community.id) as uow:
        assert len(approvals.own_registrations(uow)) == 1
        (place,) = approvals.deployments_of(uow, [first.id])[first.id]
    assert place.status is DeploymentStatus.ACTIVE


def test_another_community_cannot_take_over_a_registration(
    services: Services, community: people.Community, public: responses.RequestsMock
) -> None:
    answer(public)
    mine = dynamic_registration.register(
        services, link(services, community), CONFIGURATION, "t", "names"
    )
    with services.units.system() as uow:
        other = people.found_community(uow, "Other")
        uow.commit()
    with pytest.raises(Conflict):
        dynamic_registration.register(services, link(services, other), CONFIGURATION, "t", "names")
    with services.units.reading(other.id) as uow:
        assert approvals.own_registrations(uow) == []
        with pytest.raises(NotFound):
            approvals.own_registration(uow, mine.handle)
    with services.units.community(other.id) as uow:
        for step in (approvals.approve_registration, approvals.block_registration):
            with pytest.raises(NotFound):
                step(uow, mine.handle, actor=None)
        with pytest.raises(NotFound):
            approvals.remove_registration(uow, mine.handle, actor=None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://lms.example.edu/",
        "file:///etc/passwd",
        "https://user:secret@lms.example.edu/",
        "https://lms.example.edu:99999/",
        "https://lms.example.edu /",
        "https://lms.example.edu\r\nX-Evil: 1/",
        "https://a" + "b" * 3000,
        "http://lms.example.edu/mod/lti/openid-configuration.php",
        "https://[::1",
    ],
)
def test_addresses_that_are_none_are_refused_before_a_call(
    services: Services, community: people.Community, public: responses.RequestsMock, url: str
) -> None:
    with pytest.raises(RegistrationFailed):
        dynamic_registration.register(services, link(services, community), url, "t", "names")
    assert len(public.calls) == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[fd00::1]",
        "[fec0::1]",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "[::]",
    ],
)
def test_private_addresses_are_not_called(
    services: Services, community: people.Community, host: str
) -> None:
    with pytest.raises(RegistrationFailed) as refused:
        dynamic_registration.register(
            services, link(services, community), f"https://{host}/openid", "t", "names"
        )
    assert refused.value.code == "platform_unreachable"
    assert refused.value.detail == "AddressRefused"


def test_a_name_that_leads_to_a_private_address_is_not_called(
    services: Services, community: people.Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(_host: str, port: int, **_how: object) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(RegistrationFailed) as refused:
        dynamic_registration.register(
            services, link(services, community), CONFIGURATION, "t", "names"
        )
    assert refused.value.detail == "AddressRefused"


@pytest.mark.parametrize(
    ("answered", "code"),
    [
        ({"status": 302, "headers": {"Location": "https://10.0.0.1/"}}, "configuration_status"),
        ({"status": 500, "body": "oops"}, "configuration_status"),
        ({"body": "<html>"}, "no_json"),
        ({"body": "[]"}, "no_json"),
        ({"body": "[" * 100_000}, "no_json"),
        ({"body": "x" * 300_000}, "platform_unreachable"),
        ({"json": {}}, "configuration_malformed"),
        ({"json": document(issuer="https://other.example.edu")}, "issuer_mismatch"),
        ({"json": document(issuer="https://lms.example.edu.evil.example")}, "issuer_mismatch"),
        ({"json": document(issuer=f"{ISSUER}/moodle")}, "issuer_mismatch"),
        ({"json": document(issuer="https://canvas.instructure.com")}, "issuer_mismatch"),
        ({"json": document(issuer=f"{ISSUER}/\x00")}, "configuration_malformed"),
        ({"json": document(issuer=["x"])}, "configuration_malformed"),
        ({"json": document(jwks_uri="http://lms.example.edu/jwks")}, "configuration_address"),
        ({"json": document(jwks_uri="javascript:alert(1)")}, "configuration_malformed"),
        ({"json": document(registration_endpoint="https://evil.example/")}, "issuer_mismatch"),
    ],
)
def test_configurations_that_cannot_be_believed(
    services: Services,
    community: people.Community,
    public: responses.RequestsMock,
    answered: dict[str, Any],
    code: str,
) -> None:
    public.get(CONFIGURATION, **answered)
    with pytest.raises(RegistrationFailed) as refused:
        dynamic_registration.register(
            services, link(services, community), CONFIGURATION, "t", "names"
        )
    assert refused.value.code == code
    assert {call.request.url for call in public.calls} == {CONFIGURATION}


@pytest.mark.parametrize(
    ("answered", "code"),
    [
        ({"status": 404, "body": "<!DOCTYPE html>" + "x" * 500}, "registration_status"),
        ({"status": 400, "body": "domain_targetlinkuri_mismatch"}, "registration_status"),
        ({"status": 302, "headers": {"Location": "https://10.0.0.1/"}}, "registration_status"),
        ({"body": "<html>"}, "no_json"),
        ({"json": {"client_id": ""}}, "registration_malformed"),
        ({"json": {"client_id": "x" * 300}}, "registration_malformed"),
        ({"json": {"client_id": "a\x00b"}}, "registration_malformed"),
        ({"json": {"client_id": 7}}, "registration_malformed"),
    ],
)
def test_answers_that_register_nothing(
    services: Services,
    community: people.Community,
    public: responses.RequestsMock,
    answered: dict[str, Any],
    code: str,
) -> None:
    public.get(CONFIGURATION, json=document())
    public.post(document()["registration_endpoint"], **answered)
    with pytest.raises(RegistrationFailed) as refused:
        dynamic_registration.register(
            services, link(services, community), CONFIGURATION, "t", "names"
        )
    assert refused.value.code == code
    assert "<" not in refused.value.message
    with services.units.reading(community.id) as uow:
        assert approvals.own_registrations(uow) == []


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "ä", "a b", "x" * 9000, ""])
def test_a_token_that_fits_no_header_is_not_sent(
    services: Services, community: people.Community, public: responses.RequestsMock, token: str
) -> None:
    answer(public)
    dynamic_registration.register(
        services, link(services, community), CONFIGURATION, token, "names"
    )
    assert all("Authorization" not in call.request.headers for call in public.calls)


def test_tries_with_one_link_are_counted(
    services: Services, community: people.Community, public: responses.RequestsMock
) -> None:
    public.get(CONFIGURATION, status=500)
    token = link(services, community)
    for _again in range(20):
        with pytest.raises(RegistrationFailed):
            dynamic_registration.register(services, token, CONFIGURATION, "t", "names")
    with pytest.raises(TooMany):
        dynamic_registration.register(services, token, CONFIGURATION, "t", "names")


@pytest.mark.parametrize(
    ("issuer", "url", "speaks"),
    [
        ("https://canvas.instructure.com", "https://sso.canvaslms.com/api/x", True),
        ("https://canvas.instructure.com", "https://school.instructure.com/api/x", True),
        ("https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com/x", True),
        ("https://canvas.instructure.com", "http://sso.canvaslms.com/api/x", False),
        ("https://canvas.instructure.com", "https://canvas.school.edu/api/x", False),
        ("https://canvas.instructure.com", "https://instructure.com.evil.example/", False),
        ("https://canvas.instructure.com", "https://evilinstructure.com/", False),
        ("https://canvas.school.edu", "https://canvas.school.edu/api/x", True),
    ],
)
def test_which_hosts_speak_for_a_canvas(issuer: str, url: str, speaks: bool) -> None:
    assert platform("canvas").answers_for(issuer, url) is speaks
    if issuer.endswith("instructure.com"):
        assert not platform("moodle").answers_for(issuer, url)


# --- with real servers -------------------------------------------------------------------------


class Place:
    """Lantern with one administrator, and a practice platform with a course."""

    def __init__(self, lms: RunningLms, composition: Composition, app: Flask, base: str) -> None:
        self.lms, self.composition, self.app, self.base = lms, composition, app, base
        services = composition.services
        with services.units.system() as uow:
            self.community = people.found_community(uow, "Campus")
            uow.commit()
        with services.units.community(self.community.id) as uow:
            self.admin = people.admit(
                uow, issuer="mailto:", subject="a@x.example", kind="email", display_name="Noor"
            )
            people.grant_right(uow, self.admin.id, people.ADMINISTRATOR)
            uow.commit()
        self.course = seed.add_course(lms.store, label="BIO1", title="Biology")
        self.ada = seed.add_user(lms.store, username="ada", given_name="Ada", time_zone="UTC")
        self.tessa = seed.add_user(lms.store, username="tessa", given_name="Tessa", time_zone="UTC")
        seed.enrol(lms.store, self.course.id, self.ada.id, Role.LEARNER)
        seed.enrol(lms.store, self.course.id, self.tessa.id, Role.INSTRUCTOR)

    @property
    def services(self) -> Services:
        return self.composition.services

    def as_admin(self) -> Browser:
        return sign_in(self.app.test_client(), self.services, self.community.id, self.admin.id)

    def register(self, token: str, tool_id: int | None = None) -> requests.Response:
        """What the frame does: the form, then the button."""
        style = self.lms.platform.profile.registration
        asked = {
            "openid_configuration": self.lms.base_url + style.configuration_path,
            "registration_token": registering.begin(self.lms.platform, tool_id),
        }
        session = browser()
        shown = session.get(f"{self.base}/lti/register/{token}", params=asked)
        assert shown.status_code == 200, shown.text
        assert (
            f"frame-ancestors 'self' {self.lms.base_url}"
            in shown.headers["Content-Security-Policy"]
        )
        return session.post(
            f"{self.base}/lti/register/{token}",
            data={**asked, "sharing": "names_and_mail", "csrf_token": ""},
        )

    def open(self, user: Any, tool_id: int) -> requests.Response:
        activity = seed.add_activity(self.lms.store, self.course.id, tool_id, title="Mentoring")
        visitor = Visitor(self.lms.base_url, user.id)
        return visitor.launch(visitor.open_activity(activity.id), browser())


@contextmanager
def place(settings: Settings, tmp_path: Path, clock: FixedClock, profile: str) -> Iterator[Place]:
    with (
        listening() as server,
        running_lms(tmp_path / "lms.sqlite3", time_source=clock.now, profile=profile) as lms,
    ):
        base = f"http://localhost:{server.server_port}"
        composition = compose(
            replace(settings, base_url=base, practice=True, allow_loopback=True),
            extensions=(extension,),
            clock=clock,
        )
        server.app = app = create_app(composition.settings, composition=composition)
        yield Place(lms, composition, app, base)
        composition.services.units.engine.dispose()


def test_moodle_from_the_link_to_a_launch(
    settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    with place(settings, tmp_path, clock, "moodle") as found:
        admin = found.as_admin()
        made = admin.post("/admin/platforms/links", {"family": "moodle"})
        shown = admin.get(made.location).get_data(as_text=True)
        token = re.search(r"/lti/register/([\w-]+)", shown)
        assert token is not None
        done = found.register(token[1])
        assert done.status_code == 200
        assert "Lantern is registered" in done.text
        assert "press “Activate”" in done.text
        (tool,) = _tools(found.lms)
        registering.activate(found.lms.platform, tool.id)
        refused = found.open(found.ada, tool.id)
        assert refused.status_code == 403
        assert "waits for approval" in refused.text
        listed = admin.get(made.location)
        page = admin.get(listed.location).get_data(as_text=True)
        assert "waits for your approval" in page
        assert admin.post(f"{listed.location}/approve").status_code == 303
        assert found.open(found.ada, tool.id).status_code == 303
        seen = admin.get(listed.location).get_data(as_text=True)
        assert "came in" in seen
        assert "Noor" in seen  # the audit trail names who approved
        again = found.register(token[1])
        assert again.status_code == 404
        assert "used already" in again.text
        assert len(_tools(found.lms)) == 1
        checked = admin.get(f"{listed.location}/check").get_data(as_text=True)
        assert "1 usable key" in checked
        assert "a token was given" in checked


def test_moodles_update_brings_the_same_tool_up_to_date(
    settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    with place(settings, tmp_path, clock, "moodle") as found:
        found.register(link(found.services, found.community))
        (tool,) = _tools(found.lms)
        found.register(link(found.services, found.community), tool.id)
        assert len(_tools(found.lms)) == 1
        with found.services.units.reading(found.community.id) as uow:
            (one,) = approvals.own_registrations(uow)
            assert len(approvals.deployments_of(uow, [one.id])[one.id]) == 1


def test_canvas_tells_its_deployment_at_the_first_launch(
    settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    with place(settings, tmp_path, clock, "canvas") as found:
        done = found.register(link(found.services, found.community, "canvas"))
        assert "Settings, Navigation" in done.text
        (tool,) = _tools(found.lms)
        registering.activate(found.lms.platform, tool.id)
        with found.services.units.reading(found.community.id) as uow:
            (one,) = approvals.own_registrations(uow)
            assert one.token_audience == found.lms.platform.token_url
            assert approvals.deployments_of(uow, [one.id])[one.id] == []
        admin = found.as_admin()
        admin.post(f"/admin/platforms/{one.handle}/approve", {"first": "true"})
        assert found.open(found.ada, tool.id).status_code == 303
        with found.services.units.reading(found.community.id) as uow:
            (deployment,) = approvals.deployments_of(uow, [one.id])[one.id]
        assert deployment.status is DeploymentStatus.ACTIVE
        with found.services.units.system_reading() as uow:
            assert not registrations.registration_by_id(uow, one.id).admits_first


def test_without_the_tick_a_canvas_place_waits(
    settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    with place(settings, tmp_path, clock, "canvas") as found:
        found.register(link(found.services, found.community, "canvas"))
        (tool,) = _tools(found.lms)
        registering.activate(found.lms.platform, tool.id)
        with found.services.units.community(found.community.id) as uow:
            (one,) = approvals.own_registrations(uow)
            approvals.approve_registration(uow, one.handle, actor=None)
            uow.commit()
        assert found.open(found.ada, tool.id).status_code == 403
        with found.services.units.reading(found.community.id) as uow:
            (waits,) = approvals.deployments_of(uow, [one.id])[one.id]
        assert waits.status is DeploymentStatus.PENDING
        admin = found.as_admin()
        home = admin.get("/").get_data(as_text=True)
        assert "1 platform waits for your approval" in home
        admin.post(f"/admin/platforms/places/{waits.handle}/approve")
        assert found.open(found.ada, tool.id).status_code == 303


def _tools(lms: RunningLms) -> list[Any]:
    with lms.store.reading() as db:
        return queries.tools(db)
