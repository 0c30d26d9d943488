"""A test client that is signed in, without a walk through a door.

    browser = sign_in(client, services, community.id, person.id, grants=[(context.id, "learner")])
    browser.get("/c/<context>/mentoring/")
    browser.post("/c/<context>/mentoring/join", data={...})     # the CSRF value is added

The session is a real row and the CSRF value a real one.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from plugin.kernel.services import Services
from plugin.web import session_store
from plugin.web.session import cookie_name


class Browser:
    """A client that sends its session's CSRF value with every POST."""

    def __init__(self, client: FlaskClient, cookies: dict[str, str] | None = None) -> None:
        self.client = client
        self._cookies = cookies or {}
        for name, value in self._cookies.items():
            client.set_cookie(name, value)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> TestResponse:
        """Post a form; ``data`` is a dict (values may be lists)."""
        form = dict(data or {})
        form.setdefault("csrf_token", self.csrf())
        return self.client.post(path, data=form, **kwargs)

    def csrf(self) -> str:
        """Return the CSRF value that a page of this session would carry."""
        app = self.client.application
        header = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        with app.test_request_context("/", headers={"Cookie": header} if header else {}):
            return str(generate_csrf())


def sign_in(
    client: FlaskClient,
    services: Services,
    community_id: UUID,
    person_id: UUID,
    grants: Iterable[tuple[UUID, str]] = (),
    frame_ancestor: str | None = None,
) -> Browser:
    """Open a session for a person and return a browser that holds its cookie."""
    with services.units.system() as uow:
        token, _session_id = session_store.open_session(
            uow,
            community_id=community_id,
            person_id=person_id,
            grants=tuple(grants),
            frame_ancestor=frame_ancestor,
        )
        uow.commit()
    return Browser(client, {cookie_name(services.settings): token})
