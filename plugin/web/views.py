"""Arriving, the new-tab way in, signing in and out."""

from flask import Blueprint, Response, g, redirect, request

from plugin.kernel import i18n
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.urls import is_local_path
from plugin.people import public as people
from plugin.web import door, health, mail_views, session, session_store
from plugin.web.actor import visitor
from plugin.web.models import WebSession
from plugin.web.pages import page, see
from plugin.web.security import origin_of
from plugin.web.sign_in import ways
from plugin.web.work import reading, services

blueprint = Blueprint("web", __name__, template_folder="templates")


@blueprint.get("/session/arrive/<code>")
@door.public
def arrive(code: str) -> Response:
    """After signing in: go on if the browser kept the cookie, else offer a tab of our own."""
    live = session.present()
    with services().units.system_reading() as uow:
        found = session_store.arrival(uow, code)
    if found is None:
        return see("/") if live else see("/sign-in")
    arriving, fresh = found
    same = (fresh.person_id, fresh.community_id)
    if live is not None and (live.person_id, live.community_id) == same:
        with services().units.system() as uow:
            session_store.close_arrival(uow, code)
            if live.id != fresh.id:
                session_store.fold(uow, fresh, live.id)
            uow.commit()
        return see(arriving.next_path)
    g.setdefault("frame_origins", set()).update(fresh.frame_ancestors)
    return _new_tab(code, fresh)


@blueprint.post("/session/open")
@door.csrf_exempt
@door.public
def open_tab() -> Response:
    """Use the one-time code in a tab of our own. There is no cookie yet, so no CSRF value.

    A foreign page could send its own code here and sign the reader in as somebody else; what does
    not come from a page of ours is answered with the person's name and the button.
    """
    code = request.form.get("code", "")
    if not _sent_by_us():
        with services().units.system_reading() as uow:
            found = session_store.arrival(uow, code)
        if found is not None:
            return _new_tab(code, found[1])
    with services().units.system() as uow:
        used = session_store.use_arrival(uow, code)
        if used is None:
            raise NotFound(
                "code_used",
                _(
                    "This way in was used already or is too old. Open Lantern again the way "
                    "you usually do."
                ),
            )
        uow.commit()
    token, next_path = used
    response = redirect(next_path, code=303, Response=Response)
    assert isinstance(response, Response)  # redirect() is typed for werkzeug's base class
    session.set_session_cookie(response, token, lasts=session_store.LONGEST)
    return response


def _sent_by_us() -> bool:
    """Whether the form stood on one of our pages: browsers say so, and no page can choose it."""
    origin = request.headers.get("Origin")
    return origin in (None, origin_of(request.host_url), origin_of(services().settings.base_url))


def _new_tab(code: str, fresh: WebSession) -> Response:
    """Name whom the code signs in, and leave the step to the reader."""
    with reading(fresh.community_id) as uow:
        person = people.person(uow, fresh.person_id)
    i18n.set_locale(i18n.choose(person.locale))
    return page("web/new_tab.html", code=code, name=person.name)


@blueprint.get("/sign-in")
@door.public
def sign_in_page() -> Response:
    """List the ways in, or go on when somebody is signed in already."""
    wanted = request.args.get("next", "/")
    next_path = wanted if is_local_path(wanted) else "/"
    if visitor() is not None:
        return see(next_path)
    return page("web/sign_in.html", ways=ways(next_path), next_path=next_path)


@blueprint.post("/sign-out")
@door.public
def sign_out() -> Response:
    """Sign out; a page that was left open may ask twice."""
    return session.sign_out()


blueprints = (blueprint, mail_views.blueprint, health.blueprint)
