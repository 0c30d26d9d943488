"""Login and launch: the two requests that bring somebody in from a course.

1. The platform sends the browser to ``/lti/login`` (third-party initiated login, GET or POST).
2. We keep one row, set a cookie and send the browser to the platform with state and nonce; where
   the platform keeps data for tools, a page stores a secret there first (``storage``).
3. The platform posts the id_token to ``/lti/launch``, our one registered redirect URI.
4. The row is spent, the token verified, the person admitted, and the browser sent on (303) to the
   place that the claims name.
"""

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Response, redirect, request

from lti import oidc, provisioning, registrations, schemas
from lti.claims import Launch
from lti.errors import CookieMissing
from lti.keysets import key_sets_of
from lti.oidc import Browser, Finished
from lti.provisioning import Arrival
from lti.registrations import origin_of
from lti.storage import storage_of
from lti.views import storage
from lti.views.blueprint import blueprint
from plugin.kernel import i18n
from plugin.kernel.config import Config
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web import door
from plugin.web.pages import page
from plugin.web.security import allow_frames
from plugin.web.session import Opened, hand_over, open_in
from plugin.web.work import services

_SEEN_AGAIN = timedelta(hours=1)
_MAX_SECRET = 100


@blueprint.route("/lti/login", methods=["GET", "POST"])
@door.csrf_exempt
@door.public
def login() -> Response:
    """Begin a login for a registered platform and send the browser there."""
    running = services()
    brought = request.cookies.get(_cookie_name(running.settings), "")
    known = brought if 20 <= len(brought) <= _MAX_SECRET else None
    asked = schemas.login_request(request.values)
    started = oidc.start(running, asked, known)
    if started.storage is not None:
        response = storage.put(started, started.storage)
    else:
        onward = redirect(started.redirect_url, code=302, Response=Response)
        assert isinstance(onward, Response)  # redirect() is typed for werkzeug's base class
        response = onward
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        _cookie_name(running.settings),
        started.browser_secret,
        max_age=int(oidc.LOGIN_LIFE.total_seconds()),
        **_cookie_flags(running.settings),
    )
    return response


@blueprint.post("/lti/launch")
@door.csrf_exempt
@door.public
def launch() -> Response:
    """Finish a login: the only address that platforms post to."""
    running = services()
    answer = schemas.login_answer(request.form)
    brought = request.cookies.get(_cookie_name(running.settings))
    finished = oidc.finish(running, key_sets_of(running), answer, brought)
    same = finished.browser is Browser.SAME
    sent = same or _sent_by_the_platform(finished)
    if not sent and not finished.stored:
        raise CookieMissing
    deployment = finished.deployment
    assert deployment.community_id is not None  # an active deployment leads to a community
    arrival, opened = provisioning.let_in(
        running, finished.launch, deployment, partial(_open, finished, same)
    )
    _note_seen(finished, arrival.standing.role)
    if not same:
        return _without_cookie(finished, arrival, answer.state, opened.code, sent=sent)
    return hand_over(opened)


def _open(finished: Finished, same: bool, uow: UnitOfWork, arrival: Arrival) -> Opened:
    """The session of a launch, in the commit that lets the person in.

    A browser whose cookie did not come back has none of ours that it could replace.
    """
    return open_in(
        uow,
        community_id=uow.community_id,
        person_id=arrival.person.id,
        grants=arrival.grants,
        frame_ancestor=_frame_of(finished),
        next_url=arrival.next_path,
        looking=arrival.looking,
        replaces=same,
    )


def _sent_by_the_platform(finished: Finished) -> bool:
    """Whether a browser that brought no cookie was sent here by a page of the platform itself.

    The Origin header, which no page can choose, tells a platform's own form from one that somebody
    else set up with their own token. A cookie of another login is never made good by it.
    """
    return finished.browser is Browser.UNKNOWN and request.headers.get(
        "Origin", ""
    ) in _platform_origins(finished)


def _without_cookie(
    finished: Finished, arrival: Arrival, state: str, code: str, *, sent: bool
) -> Response:
    """Let the platform's storage prove the browser; else name the person and offer a new tab.

    Nothing is signed in until that was proved or the button is used: a page inside the platform
    could post somebody else's launch. The code works once, for ten minutes.
    """
    frame = _frame_of(finished)
    allow_frames(frame)
    if finished.stored:
        target = schemas.storage_target(request.form) or "_parent"
        kept = storage_of(finished.deployment.registration.auth_login_url, target, state)
        return storage.ask(arrival, state, code, kept, offers_tab=sent)
    i18n.set_locale(i18n.choose(arrival.person.locale))
    return page("lti/new_tab.html", code=code, name=arrival.person.name)


def _platform_origins(finished: Finished) -> set[str]:
    """Where the platform's pages come from: as registered, and as this verified token says.

    A hosted Canvas school has a host of its own, which only the token's addresses name.
    """
    told = (_return_url(finished.launch), finished.launch.memberships_url)
    named = {origin_of(url) for url in told if url}
    return (named | finished.deployment.registration.origins) - {""}


def _frame_of(finished: Finished) -> str:
    """The origin of the page that frames us: the one we are to return to, else the sign-in page."""
    returns = _return_url(finished.launch)
    return origin_of(returns or finished.deployment.registration.auth_login_url)


def _return_url(launch: Launch) -> str | None:
    if launch.deep_linking is not None:
        return launch.deep_linking.return_url
    return launch.presentation.return_url


def _note_seen(finished: Finished, role: str | None) -> None:
    """Remember at most hourly that the deployment is in use, and the first launch of each role."""
    deployment, said = finished.deployment, finished.launch.platform
    now = services().clock.now()
    fresh = deployment.seen_at is not None and now - deployment.seen_at < _SEEN_AGAIN
    told = said.family in (None, deployment.registration.family)
    known = role is None or role in deployment.seen_roles
    if fresh and told and known and deployment.frame_origin == _frame_of(finished):
        return
    with services().units.system() as uow:
        name = said.description or said.name
        registrations.note_seen(uow, deployment.id, said.family, name, _frame_of(finished), role)
        uow.commit()


def _cookie_name(settings: Config) -> str:
    """``__Host-`` binds the cookie to https and this host, so no other site can plant it."""
    return "__Host-lantern-lti" if settings.secure else "lantern-lti"


def _cookie_flags(settings: Config) -> dict[str, Any]:
    """Partitioned (CHIPS), so that it is kept inside the frame of a course.

    Browsers treat localhost as safe, so practice mode gets the same flags without https.
    """
    host = urlsplit(settings.base_url).hostname or ""
    if settings.secure or host in ("localhost", "::1") or host.startswith("127."):
        flags: dict[str, Any] = {"secure": True, "samesite": "None", "partitioned": True}
    else:
        flags = {"secure": False, "samesite": "Lax"}
    return {**flags, "httponly": True, "path": "/"}
