"""The three doors of a forum: /discourse/<connection>/events, /link and /signin.

``events`` is made to be quick: signature, a few fields, one row, 200. It never answers 404 or 410,
because Discourse would switch the hook off; a connection that does not exist looks like a wrong
signature.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from discourse_hooks import accounts, connections, inbox, linking, round_trip, sso
from discourse_hooks.connections import Forum
from discourse_hooks.inbox import Arrival, Received
from plugin.kernel import limits, urls
from plugin.kernel.errors import NotFound, Refused, TooMany
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.telemetry import get_logger
from plugin.people import public as people
from plugin.web import door, session, session_store
from plugin.web.actor import current_actor
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

log = get_logger(__name__)
blueprint = Blueprint("discourse", __name__, url_prefix="/discourse", template_folder="templates")
BROWSER_COOKIE = "lantern-forum"
RETRY_AFTER = "30"
# A whole school may share one address; a flood of rows from one may not.
TRIPS, A_MINUTE = 300, timedelta(minutes=1)


@blueprint.post("/<connection>/events")
@blueprint.post("/<connection>/events/<any(content, people):hook>")
@door.program
def events(connection: str, hook: str = "") -> Response:
    """Take in one webhook delivery."""
    if (request.content_length or 0) > inbox.LARGEST_BODY:
        return _said("too large", 413)
    request.max_content_length = inbox.LARGEST_BODY  # of a body that does not say its length
    try:
        arrival = Arrival.of(request.headers, request.get_data(cache=True), hook)
        outcome = inbox.at_the_door(services(), connection, arrival)
    except RequestEntityTooLarge:
        return _said("too large", 413)
    except SQLAlchemyError as error:
        log.warning("delivery not stored", error=type(error).__name__)
        return _said("not stored", 503, {"Retry-After": RETRY_AFTER})
    if outcome is Received.WRONG_SIGNATURE:
        return _said("signature", 401)
    if outcome is Received.UNREADABLE:
        return _said("unreadable", 400)
    if outcome is not Received.PRIVATE:
        services().jobs.wake()
    return _said("ok", 200)


def _said(words: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(words, status, headers, mimetype="text/plain")


@blueprint.get("/<connection>/signin")
@door.public
def signin(connection: str) -> Response:
    """Sign in with the forum: send the browser there, and take it in when it comes back."""
    forum = _forum(connection)
    if "sso" not in request.args:
        wanted = request.args.get("next", "/")
        next_url = wanted if urls.is_local_path(wanted) else "/"
        return _to_forum(forum, round_trip.SIGN_IN, next_url=next_url)
    trip = _answer(forum, round_trip.SIGN_IN)
    with writing(forum.community_id) as uow:
        person_id = linking.sign_in(uow, forum, trip.account)
        # As with a mailed code: a link in a forum message may lead into a course of theirs.
        grants = people.memberships_of(uow, person_id)
        uow.commit()
    return session.sign_in(
        community_id=forum.community_id,
        person_id=person_id,
        grants=grants,
        next_url=trip.next_url,
        idle=session_store.STAYING,
    )


@blueprint.get("/<connection>/link")
@door.signed_in
def link(connection: str) -> Response:
    """Explain, go to the forum (``go``), take its answer (``sso``), name both accounts."""
    forum = _own_forum(connection)
    if "go" in request.args:
        return _to_forum(forum, round_trip.LINK, person_id=current_actor().person_id)
    if "sso" in request.args:
        trip = _answer(forum, round_trip.LINK)
        return see(f"/discourse/{forum.handle}/link?confirm={trip.nonce}")
    if "confirm" in request.args:
        return _confirmation(forum, request.args["confirm"])
    with reading() as uow:
        own = accounts.of_person(uow, forum, current_actor().person_id)
    return page(
        "discourse/link.html",
        forum=forum,
        own=own,
        new_tab=_new_tab(forum) if request.headers.get("Sec-Fetch-Dest") == "iframe" else None,
    )


@blueprint.post("/<connection>/link")
@door.signed_in
def confirm_link(connection: str) -> Response:
    """The person has seen both names and says that both are theirs."""
    forum = _own_forum(connection)
    person_id = current_actor().person_id
    registry = services().extra["people"]
    with writing() as uow:
        trip = round_trip.confirm(
            uow,
            forum,
            browser=_bound(round_trip.LINK, _browser()),
            nonce=request.form.get("nonce", ""),
        )
        _same_person(trip, person_id)
        linking.link(uow, registry, forum, trip.account, person_id)
        uow.commit()
    return see(
        f"/discourse/{forum.handle}/link",
        _("You are linked to @%(name)s now.", name=trip.account.username),
    )


def _confirmation(forum: Forum, nonce: str) -> Response:
    with reading() as uow:
        browser = _bound(round_trip.LINK, _browser())
        trip = round_trip.answered(uow, forum, browser=browser, nonce=nonce)
        me = people.person(uow, current_actor().person_id)
    _same_person(trip, me.id)
    return page("discourse/confirm.html", forum=forum, trip=trip, me_here=me)


def _to_forum(forum: Forum, purpose: str, **trip: object) -> Response:
    who = hash_secret(request.remote_addr or "")[:32]
    if not limits.take(services().units, f"discourse.trip:{who}", limit=TRIPS, per=A_MINUTE):
        raise TooMany(
            "discourse_hooks.too_many_trips",
            _("Too many people try to sign in from your network. Wait a minute."),
            A_MINUTE,
        )
    browser = _browser() or new_secret()
    bound = _bound(purpose, browser)
    with services().units.system() as uow:
        nonce = round_trip.open_trip(uow, forum, purpose=purpose, browser=bound, **trip)  # type: ignore[arg-type]
        uow.commit()
    settings = services().settings
    back = urls.absolute(settings, f"/discourse/{forum.handle}/{purpose}")
    there = sso.request_url(forum.base_url, forum.connect_secret, nonce=nonce, return_url=back)
    response = make_response(redirect(there, code=303))
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=int(round_trip.LASTS.total_seconds()),
        path="/discourse/",
        secure=settings.secure,
        httponly=True,
        samesite="Lax",  # the answer comes as a top-level navigation from the forum
    )
    return response


def _answer(forum: Forum, purpose: str) -> round_trip.Trip:
    with services().units.system() as uow:
        trip = round_trip.answer(
            uow,
            forum,
            purpose=purpose,
            browser=_bound(purpose, _browser()),
            sso_text=request.args.get("sso", ""),
            sig=request.args.get("sig", ""),
        )
        uow.commit()  # used up, whatever follows
    return trip


def _forum(handle: str) -> Forum:
    forum = connections.by_handle(services(), handle)
    if forum is None:
        raise NotFound("discourse_hooks.no_connection", _("There is no such forum here."))
    return forum


def _own_forum(handle: str) -> Forum:
    forum = _forum(handle)
    live = session.present()
    if live is None or live.community_id != forum.community_id:
        raise NotFound("discourse_hooks.no_connection", _("There is no such forum here."))
    return forum


def _same_person(trip: round_trip.Trip, person_id: UUID) -> None:
    if trip.person_id != person_id:
        raise Refused(
            "discourse_hooks.other_person",
            _("Somebody else began this in the same browser. Please begin again."),
        )


def _browser() -> str:
    return request.cookies.get(BROWSER_COOKIE, "")


def _bound(purpose: str, browser: str) -> str:
    """What a trip is bound to: the browser, and for linking the session in it as well."""
    live = session.present()
    return f"{browser}:{live.id}" if purpose == round_trip.LINK and live and browser else browser


def _new_tab(forum: Forum) -> str:
    """From a course's frame: a one-time address that opens the same session in a tab of its own.

    The forum refuses to be framed, and the frame's cookie is not sent to a new tab.
    """
    live = session.present()
    assert live is not None  # the door saw to it
    with services().units.system() as uow:
        _token, session_id = session_store.open_session(
            uow,
            community_id=live.community_id,
            person_id=live.person_id,
            grants=tuple(live.grants),
        )
        code = session_store.open_arrival(uow, session_id, f"/discourse/{forum.handle}/link")
        uow.commit()
    return f"/session/arrive/{code}"
