"""The browser's side of a session: one opaque cookie, signing in and out, the new-tab fallback.

The cookie is Secure, HttpOnly, SameSite=None and Partitioned (CHIPS), so it works in the frame of
an LMS without third-party cookies. Where a browser keeps none at all, ``/session/arrive`` notices
and offers a new tab with a one-time code. ``BrowserSession`` stands in for Flask's cookie session:
it holds the CSRF value alone, derived from our cookie, and stores nothing.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask.sessions import SessionInterface, SessionMixin

from plugin.kernel.config import Config
from plugin.kernel.ids import new_secret
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import is_local_path
from plugin.web import session_store
from plugin.web.session_store import LiveSession
from plugin.web.work import services

VISIT_COOKIE = "lantern-visit"
CSRF_FIELD = "csrf_token"


def cookie_name(settings: Config) -> str:
    """``__Host-`` binds the cookie to https, this host and the root path."""
    return "__Host-lantern" if settings.secure else "lantern"


def _cookie_flags(settings: Config) -> dict[str, object]:
    # Chromium keeps Secure cookies of http://localhost and 127.0.0.0/8 too: they are trustworthy.
    host = urlsplit(settings.base_url).hostname or ""
    local = host == "localhost" or host.startswith("127.") or host == "::1"
    if settings.secure or local:
        return {
            "secure": True,
            "httponly": True,
            "samesite": "None",
            "partitioned": True,
            "path": "/",
        }
    return {"secure": False, "httponly": True, "samesite": "Lax", "path": "/"}


def set_session_cookie(response: Response, token: str, *, lasts: timedelta) -> None:
    """Hand the session's token to the browser."""
    settings = services().settings
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(lasts.total_seconds()),
        **_cookie_flags(settings),  # type: ignore[arg-type]  # one dict for three kinds of flag
    )


def present() -> LiveSession | None:
    """Return the session of this request, if it has one."""
    found: LiveSession | None = g.get("lantern_session")
    return found


def load() -> None:
    """Before each request: find the session of the cookie and extend it when it is in use."""
    g.lantern_session = None
    token = request.cookies.get(cookie_name(services().settings))
    if not token or request.endpoint is None or request.endpoint.endswith("static"):
        return
    units = services().units
    with units.system_reading() as uow:
        g.lantern_session = session_store.find(uow, token)
    if g.lantern_session is not None and g.lantern_session.needs_touch:
        with units.system() as uow:
            session_store.touch(uow, g.lantern_session.id)
            uow.commit()


@dataclass(frozen=True)
class Opened:
    """A session that stands in the database once its unit of work commits."""

    token: str
    code: str


def open_in(
    uow: UnitOfWork,
    *,
    community_id: UUID,
    person_id: UUID,
    grants: Iterable[tuple[UUID, str]] = (),
    frame_ancestor: str | None = None,
    next_url: str = "/",
    idle: timedelta = session_store.LAUNCHED,
    looking: str | None = None,
    replaces: bool = True,
) -> Opened:
    """Open a session in a unit of work that the caller commits; then :func:`hand_over` it.

    ``replaces``: the session that this browser has ends, or is folded in when it is the person's.
    """
    token, session_id = session_store.open_session(
        uow,
        community_id=community_id,
        person_id=person_id,
        grants=tuple(grants),
        frame_ancestor=frame_ancestor,
        idle=idle,
        looking=looking,
        replaces=present() if replaces else None,
    )
    next_path = next_url if is_local_path(next_url) else "/"
    return Opened(token, session_store.open_arrival(uow, session_id, next_path))


def hand_over(opened: Opened) -> Response:
    """Give the browser its session: a 303 by ``/session/arrive/<code>``, which looks at cookies."""
    response = _see(url_for("web.arrive", code=opened.code))
    set_session_cookie(response, opened.token, lasts=session_store.LONGEST)
    return response


def sign_in(
    *,
    community_id: UUID,
    person_id: UUID,
    grants: Iterable[tuple[UUID, str]] = (),
    frame_ancestor: str | None = None,
    next_url: str = "/",
    idle: timedelta = session_store.LAUNCHED,
    looking: str | None = None,
) -> Response:
    """Open a session and return the 303 that an adapter answers with.

    The redirect goes by ``/session/arrive/<code>``, which checks that the cookie was kept.
    """
    with services().units.system() as uow:
        opened = open_in(
            uow,
            community_id=community_id,
            person_id=person_id,
            grants=grants,
            frame_ancestor=frame_ancestor,
            next_url=next_url,
            idle=idle,
            looking=looking,
        )
        uow.commit()
    return hand_over(opened)


def take_over(code: str) -> Response | None:
    """Use a one-time code in this very frame; None where it was used or is too old.

    The redirect goes by ``/session/arrive`` once more: a browser may keep no cookie here at all.
    """
    with services().units.system() as uow:
        found = session_store.arrival(uow, code)
        used = session_store.use_arrival(uow, code)
        if found is None or used is None:
            return None
        token, next_path = used
        onward = session_store.open_arrival(uow, found[1].id, next_path)
        uow.commit()
    response = _see(url_for("web.arrive", code=onward))
    set_session_cookie(response, token, lasts=session_store.LONGEST)
    return response


def sign_out() -> Response:
    """End the session of this request and forget the cookie."""
    live = present()
    if live is not None:
        with services().units.system() as uow:
            session_store.end(uow, live.id)
            uow.commit()
    settings = services().settings
    response = _see(url_for("web.sign_in_page"))
    response.delete_cookie(
        cookie_name(settings),
        **_cookie_flags(settings),  # type: ignore[arg-type]
    )
    return response


def _see(url: str) -> Response:
    response = redirect(url, code=303, Response=Response)
    assert isinstance(response, Response)  # redirect() is typed for werkzeug's base class
    return response


class BrowserSession(dict[str, str], SessionMixin):
    """What Flask-WTF reads: a CSRF value derived from our cookie, or from a visitor's own."""

    modified = False
    accessed = False
    visit: str | None = None

    def __getitem__(self, key: str) -> str:
        self.accessed = True
        return super().__getitem__(key)


class DerivedSessions(SessionInterface):
    """Gives every request its CSRF value without a second store.

    Signed in: from the session cookie, so the value ends with the session. Not signed in: from a
    random visitor's cookie that is set only when a form was shown.
    """

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        settings = app.extensions["lantern.services"].settings
        cookie = request.cookies.get(cookie_name(settings)) or request.cookies.get(VISIT_COOKIE)
        session = BrowserSession()
        if not cookie:
            cookie = session.visit = new_secret()
        dict.__setitem__(session, CSRF_FIELD, _derive(app, cookie))
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, BrowserSession)
        if session.visit and session.accessed:
            settings = app.extensions["lantern.services"].settings
            response.set_cookie(
                VISIT_COOKIE,
                session.visit,
                max_age=86_400,
                **_cookie_flags(settings),  # type: ignore[arg-type]
            )


def _derive(app: Flask, cookie: str) -> str:
    key = current_secret(app)
    return hmac.new(key, b"csrf:" + cookie.encode(), hashlib.sha256).hexdigest()


def current_secret(app: Flask | None = None) -> bytes:
    """Return the web's own key, derived from the installation's newest one."""
    chosen = app or current_app
    secret = chosen.secret_key
    assert isinstance(secret, bytes)  # set by plugin.web.install
    return secret
