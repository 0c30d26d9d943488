"""A campus: the practice LMS on 127.0.0.1 and Lantern on localhost, both really listening."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookiejar import Cookie
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import requests
from flask import Flask
from requests.cookies import RequestsCookieJar
from werkzeug.serving import ThreadedWSGIServer, make_server

from lti import keys, registrations
from lti.extension import extension
from lti.registrations import DeploymentView, NewRegistration
from plugin.app import Composition, compose, create_app
from plugin.kernel.jobs import sweep
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.practice.lms import queries, seed
from plugin.practice.lms.records import Course, Role, Tool, User
from plugin.practice.lms.server import RunningLms, running_lms
from plugin.practice.lms.visitor import PostedForm, Visitor
from plugin.settings import Settings
from tests.support.clock import FixedClock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class LocalJar(RequestsCookieJar):
    """Like Chromium it sends Secure cookies to http://localhost."""

    def set_cookie(self, cookie: Cookie, *args: Any, **kwargs: Any) -> Any:
        cookie.secure = False
        return super().set_cookie(cookie, *args, **kwargs)


def browser() -> requests.Session:
    """A browser as far as Lantern is concerned."""
    session = requests.Session()
    session.trust_env = False
    session.cookies = LocalJar()
    return session


@dataclass
class Campus:
    """One course with a teacher, an assistant and two learners; Lantern is a tool there."""

    lms: RunningLms
    composition: Composition
    app: Flask
    clock: FixedClock
    base_url: str
    community: people.Community
    deployment: DeploymentView
    tool: Tool
    course: Course
    tessa: User
    nora: User
    ada: User
    ben: User

    @property
    def services(self) -> Services:
        return self.composition.services

    def visitor(self, user: User) -> Visitor:
        return Visitor(self.lms.base_url, user.id)

    def launch(
        self, user: User, activity_id: int, session: requests.Session | None = None
    ) -> requests.Response:
        """The answer to the launch POST, not followed."""
        login = self.visitor(user).open_activity(activity_id)
        return self.finish(user, login, session or browser())

    def finish(self, user: User, login: PostedForm, session: requests.Session) -> requests.Response:
        return self.visitor(user).launch(login, session)

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        with self.services.units.reading(self.community.id) as uow:
            yield uow

    def sweep(self, **span: float) -> None:
        """Let time pass, then let a worker do what is due."""
        self.clock.advance(**span)
        sweep(self.services)

    def activities(self) -> list[int]:
        """The numbers of the activities in the course."""
        with self.lms.store.reading() as db:
            return [one.id for one in queries.activities(db, self.course.id)]

    def person_id(self, user: User) -> UUID:
        with self.work() as uow:
            found = people.find_identity(
                uow, self.lms.base_url, self.lms.platform.profile.subject(user.id)
            )
        assert found is not None
        assert found.person_id is not None
        return found.person_id


def _register(composition: Composition, lms: RunningLms, tool: Tool) -> DeploymentView:
    platform = lms.platform
    with composition.services.units.system() as uow:
        community = people.found_community(uow, "Campus")
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=platform.issuer,
                client_id=tool.client_id,
                auth_login_url=platform.authorization_url,
                auth_token_url=platform.token_url,
                key_set_url=platform.key_set_url,
                name="Practice LMS",
            ),
        )
        deployment = registrations.activate(uow, found.id, tool.deployment_id, community.id)
        uow.commit()
    return deployment


@contextmanager
def listening() -> Iterator[ThreadedWSGIServer]:
    """A server on a free port of localhost; its application is put in before it is asked."""
    server = make_server("localhost", 0, lambda _e, _s: [], threaded=True)
    assert isinstance(server, ThreadedWSGIServer)
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> str:
    """The platform that the practice LMS plays; parametrize indirectly for another one."""
    return str(getattr(request, "param", "moodle"))


@pytest.fixture
def campus(settings: Settings, tmp_path: Path, clock: FixedClock, profile: str) -> Iterator[Campus]:
    with (
        listening() as server,
        running_lms(
            tmp_path / "lms.sqlite3", hang_seconds=0.01, time_source=clock.now, profile=profile
        ) as lms,
    ):
        base_url = f"http://localhost:{server.server_port}"
        composition = compose(
            replace(settings, base_url=base_url), extensions=(extension,), clock=clock
        )
        server.app = app = create_app(composition.settings, composition=composition)
        yield _furnish(lms, composition, app, clock)
        composition.services.units.engine.dispose()


def _furnish(lms: RunningLms, composition: Composition, app: Flask, clock: FixedClock) -> Campus:
    store, base_url = lms.store, composition.settings.base_url
    keys.ensure_key(composition.services)
    tool = seed.register_tool(
        store,
        name="Lantern",
        login_url=f"{base_url}/lti/login",
        launch_url=f"{base_url}/lti/launch",
        redirect_uris=[f"{base_url}/lti/launch"],
        key_set_url=f"{base_url}/lti/jwks",
        deep_linking_url=f"{base_url}/lti/launch",
        custom={"time_zone": "$Person.address.timezone", "due": "$Not.known"},
    )
    course = seed.add_course(store, label="BIO1", title="Biology")
    users = [
        seed.add_user(store, username=name.lower(), given_name=name, time_zone=zone)
        for name, zone in (
            ("Tessa", "Europe/Berlin"),
            ("Nora", "UTC"),
            ("Ada", "Asia/Kolkata"),
            ("Ben", "America/Lima"),
        )
    ]
    roles = (Role.INSTRUCTOR, Role.ASSISTANT, Role.LEARNER, Role.LEARNER)
    for user, role in zip(users, roles, strict=True):
        seed.enrol(store, course.id, user.id, role)
    seed.add_tool_to_course(store, course.id, tool.id)
    deployment = _register(composition, lms, tool)
    assert deployment.community_id is not None
    with composition.services.units.reading(deployment.community_id) as uow:
        community = people.community(uow)
    return Campus(
        lms, composition, app, clock, base_url, community, deployment, tool, course, *users
    )


@pytest.fixture
def page(campus: Campus, chromium_browser: "Browser") -> Iterator["Page"]:
    """A Chromium that blocks third-party cookies, at the practice LMS; one activity is there."""
    seed.add_activity(campus.lms.store, campus.course.id, campus.tool.id, title="Mentoring")
    desk = {"width": 900, "height": 900}
    person = chromium_browser.new_context(viewport=desk, timezone_id="Africa/Lagos")
    page = person.new_page()
    page.goto(campus.lms.base_url)
    yield page
    person.close()
