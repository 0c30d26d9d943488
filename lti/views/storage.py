"""The two steps in which a browser without cookies proves itself by the platform's storage.

1. The login answers with a page whose script puts a secret into the storage and goes on to the
   platform (LTI Client Side postMessages 1.0, ``lti.put_data``).
2. The launch answers with a page whose script reads it back (``lti.get_data``) and posts it here.

Storage belongs to the page around our frame, so a launch that was begun in another browser finds
nothing in it. Without script, answer or secret the way into a new tab stands on the page.
"""

from flask import Response, request

from lti import storage as stored_secrets
from lti.errors import CookieMissing, LinkUsed
from lti.oidc import Started
from lti.provisioning import Arrival
from lti.registrations import origin_of
from lti.storage import Storage
from lti.views.blueprint import blueprint
from plugin.kernel import i18n
from plugin.web import door, session
from plugin.web.pages import page
from plugin.web.security import allow_frames
from plugin.web.work import services

_MAX = 100


def put(started: Started, storage: Storage) -> Response:
    """The page that stores the login's secret and goes on.

    Nobody is known yet and a hosted school's host stands in no registration, so whoever sent the
    browser here may frame it: the page speaks to the platform alone.
    """
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    for url in {sender, storage.origin}:
        if origin_of(url):
            allow_frames(url)
    response = page("lti/store.html", started=started, storage=storage)
    response.headers["Cache-Control"] = "no-store"
    return response


def ask(arrival: Arrival, state: str, code: str, storage: Storage, *, offers_tab: bool) -> Response:
    """The page that reads the secret back; ``offers_tab``: a new tab may be offered instead."""
    stored_secrets.await_proof(services(), state, code)
    i18n.set_locale(i18n.choose(arrival.person.locale))
    response = page(
        "lti/stored.html",
        storage=storage,
        state=state,
        code=code,
        name=arrival.person.name,
        offers_tab=offers_tab,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/lti/launch/stored")
@door.csrf_exempt
@door.public
def stored() -> Response:
    """Let in whoever brought the login's secret back, once; there is no cookie yet to check.

    Only a page of ours may post here: another one could bring a launch and its secret along.
    """
    state, code, secret = (request.form.get(name, "")[:_MAX] for name in ("state", "code", "proof"))
    own = origin_of(services().settings.base_url)
    if request.headers.get("Origin", own) != own or not secret:
        raise CookieMissing
    if not stored_secrets.proves(services(), state, code, secret):
        raise CookieMissing
    response = session.take_over(code)
    if response is None:
        raise LinkUsed
    return response
