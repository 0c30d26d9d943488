"""A shared credential as a file, for printing, and the question whose e-mail address it names.

Nothing here needs a sign-in, and nothing sets a cookie.
"""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import Blueprint, Response, redirect, request
from markupsafe import Markup

from plugin.credentials import openbadges, raster, vc_jwt
from plugin.credentials.presenting import present
from plugin.credentials.queries import CredentialView
from plugin.credentials.services import delivering
from plugin.credentials.services.checking import proof_holds
from plugin.credentials.views import open_pages
from plugin.credentials.views.finding import (
    NOBODY,
    community_id,
    community_of,
    document,
    keys_of,
    shared,
)
from plugin.kernel import limits
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.urls import absolute
from plugin.web import door
from plugin.web.pages import page
from plugin.web.work import reading, services, writing

blueprint = Blueprint("credentials_files", __name__, template_folder="../templates")
_TRIES, _WINDOW = 30, timedelta(hours=1)


@blueprint.get("/credentials/<handle>.<any(jwt, png, svg):form>")
@door.public
def file(handle: str, form: str) -> Response:
    """The credential as a JWT (`?alg=RS256` for the other algorithm), or baked into its badge."""
    place = community_id(handle, "credential")
    algorithm = wanted_algorithm()
    with reading(place) as uow:
        found = shared(uow, handle)
        missing = delivering.needs_key(uow, found, form, algorithm)
        if not missing:
            ready = delivering.deliver(uow, services().vault, found, form, algorithm)
    if missing:
        with writing(place) as uow:
            ready = delivering.deliver(uow, services().vault, found, form, algorithm)
            uow.commit()
    return document(
        ready.content, mimetype=ready.mimetype, file_name=f"{handle}.{form}", cache="no-store"
    )


@blueprint.get("/credentials/<handle>/certificate")
@door.public
def certificate(handle: str) -> Response:
    """One page to print, with a code that leads back here."""
    with community_of(handle, "credential") as uow:
        found = shared(uow, handle)
        genuine = proof_holds(found.signed, found.issuer_did, keys_of(uow, found))
    return printable(found, genuine=genuine, address=public_address(handle))


@blueprint.post("/credentials/<handle>/email")
@door.public
@door.csrf_exempt
def check_email(handle: str) -> Response:
    """Whether the credential was issued to an address that the reader was given. It changes
    nothing and keeps nothing, so it needs no cookie; the address is in no log, because it comes in
    the body. Limited, because it hashes."""
    with community_of(handle, "credential") as uow:
        found = shared(uow, handle)
    if found.email is None:
        return redirect(f"/credentials/{handle}", 303, Response)  # type: ignore[return-value]
    if not limits.take(services().units, f"credentials.email:{handle}", limit=_TRIES, per=_WINDOW):
        raise Invalid("too_many_tries", _("That was asked too often. Try again in an hour."))
    hashed = openbadges.HashedEmail(salt=found.email[0], digest=found.email[1])
    typed = request.form.get("email", "")[:320]
    return open_pages.show(handle, email=typed, fits=bool(typed.strip()) and hashed.fits(typed))


@blueprint.get("/achievements/<handle>/badge.png")
@door.public
def badge_png(handle: str) -> Response:
    """The picture of an achievement for link previews, which take no SVG."""
    svg = open_pages.badge(handle).get_data(as_text=True)
    return document(raster.png(svg), mimetype="image/png")


def wanted_algorithm() -> str:
    asked = request.args.get("alg", vc_jwt.DEFAULT)
    if asked not in vc_jwt.ALGORITHMS:
        raise Invalid(
            "unknown_algorithm", _("Choose one of these: %(names)s", names="ES256, RS256")
        )
    return asked


def public_address(handle: str) -> str:
    return absolute(services().settings, f"/credentials/{handle}")


def printable(found: CredentialView, *, genuine: bool, address: str) -> Response:
    """The certificate. Without an address (not shared) it has no code."""
    code = segno.make(address, error="m", micro=False) if address else None
    answer = page(
        "credentials/certificate.html",
        credential=found,
        shown=present(found.claims),
        genuine=genuine,
        state=found.state(services().clock.now()),
        today=services().clock.now(),
        address=address,
        code=Markup(code.svg_inline(scale=4, border=2, light="#ffffff")) if code else "",  # noqa: S704  # our own drawing
        community_name=found.issuer_name,
        **NOBODY,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
