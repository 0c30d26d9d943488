"""What every page shares: layout, sessions, doors, headers, forms, errors. See README.md."""

import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from plugin.kernel import i18n
from plugin.kernel.crypto import Vault
from plugin.kernel.errors import Refused
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger, request_seconds, requests_total
from plugin.web import (
    around,
    assets,
    brought,
    door,
    errors,
    language,
    looking,
    personal,
    security,
    session,
    session_store,
    work,
)
from plugin.web.actor import visitor
from plugin.web.requests import Referenced

__all__ = ["door", "install"]

log = get_logger(__name__)
BODY_LIMIT = 12 * 1024 * 1024


def install(app: Flask, services: Services, extensions: Iterable[brought.Brings] = ()) -> None:
    """Make a Flask application one of Lantern's: called once by the composition root."""
    app.extensions["lantern.services"] = services
    brought.keep(app.extensions, extensions)
    app.secret_key = _key(services)
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # _check_csrf does, after it has looked at the extensions
        WTF_CSRF_TIME_LIMIT=None,  # the value ends with the session instead
        WTF_CSRF_SSL_STRICT=False,  # frames of an LMS often send no Referer
        MAX_CONTENT_LENGTH=app.config.get("MAX_CONTENT_LENGTH") or BODY_LIMIT,
    )
    app.session_interface = session.DerivedSessions()
    app.url_map.strict_slashes = False
    if proxies := int(getattr(services.settings, "proxies", 0)):
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    app.wsgi_app = Referenced(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_begin)
    door.protect.init_app(app)
    app.before_request(_check_csrf)
    app.before_request(_only_looking)
    app.after_request(_finish)
    errors.install(app)
    language.install(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.asset,
        own_links=personal.own_links,
        has_courses=around.has_courses,
        has_forum=around.has_forum,
        in_course=around.in_course,
    )
    app.context_processor(_shared)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(assets.bootstrap)


def _key(services: Services) -> bytes:
    """Derive the web's key from the installation's: the same in every process."""
    material = services.settings.secret_keys[:1]
    if not material:
        Vault.open_for(services.settings)  # makes the key file at first start
        material = ((services.settings.data_folder / "secret.key").read_text().strip(),)
    return hmac.new(material[0].encode(), b"lantern web", hashlib.sha256).digest()


def _check_csrf() -> None:
    """Ask every form for its value; endpoints that other programs sign prove themselves."""
    if g.program:
        return
    exempt = {name for extension in brought.brought() for name in extension.csrf_exempt}
    if request.endpoint not in exempt:
        door.protect.protect(apply_exemptions=True)


def _only_looking() -> None:
    """A platform's test person, or somebody who acts as another one there, changes nothing here."""
    live = session.present()
    if live is None or live.looking is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "door", "public") not in ("public", "signed_link"):
        raise Refused("looking_only", looking.why(live.looking))


def _begin() -> None:
    g.began = time.perf_counter()
    g.program = door.for_program()
    if g.program:
        g.lantern_session = None
        return
    session.load()
    if not (request.endpoint or "").endswith("static"):
        language.choose()


def _finish(response: Response) -> Response:
    (security.for_program if g.get("program") else security.add_headers)(response)
    route = request.url_rule.rule if request.url_rule else "(none)"
    requests_total.labels(route, str(response.status_code)).inc()
    if "began" in g:
        seconds = time.perf_counter() - g.began
        request_seconds.labels(route).observe(seconds)
        log.debug("answered", route=route, status=response.status_code, seconds=round(seconds, 3))
    return response


def _shared() -> dict[str, Any]:
    """What every template may use without asking."""
    known = visitor()
    live = session.present()
    return {
        "page_locale": i18n.current_locale(),
        "page_direction": i18n.direction(),
        "framed": request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame"),
        "framed_by": live.frame_ancestors if live else (),
        "me": known.person if known else None,
        "actor": known.actor if known else None,
        "community_name": known.community.name if known else None,
        "looking": looking.banner(live.looking) if live and live.looking else None,
        "said": _said_once(live) if live and live.said else None,
    }


def _said_once(live: session_store.LiveSession) -> str | None:
    if "said" not in g:
        g.said = live.said
        with work.services().units.system() as uow:
            session_store.say(uow, live.id, None)
            uow.commit()
    said: str | None = g.said
    return said
