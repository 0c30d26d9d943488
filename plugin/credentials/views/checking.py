"""Checking a credential of any issuer: pasted, uploaded, or one that is shared here.

For everybody, without a sign-in and without a cookie. Nothing that is sent is kept or logged.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from plugin.credentials import untrusted
from plugin.credentials.errors import CredentialError
from plugin.credentials.services.examining import examine, text_of
from plugin.credentials.views.finding import NOBODY, community_of, shared
from plugin.kernel import limits
from plugin.kernel.errors import Invalid, NotFound
from plugin.kernel.i18n import _
from plugin.web import door
from plugin.web.pages import page
from plugin.web.work import services

blueprint = Blueprint("credentials_check", __name__, template_folder="../templates")
_EACH, _ALL, _WINDOW = 30, 600, timedelta(minutes=10)


@blueprint.get("/check")
@door.public
def ask() -> Response:
    """Where to paste, choose a file, or write an address of ours."""
    return _page()


@blueprint.post("/check")
@door.public
@door.csrf_exempt
def answer() -> Response:
    """What came out. It changes nothing, so it needs no cookie."""
    request.max_content_length = untrusted.LARGEST_FILE + 300_000
    request.max_form_memory_size = untrusted.LARGEST_TEXT + 10_000
    try:
        pasted, address = request.form.get("text", ""), request.form.get("address", "").strip()
        upload = request.files.get("file")
        content = upload.read(untrusted.LARGEST_FILE + 1) if upload else b""
    except RequestEntityTooLarge:
        return _page(problem=_("That is larger than we read. A credential has a few kilobytes."))
    _take_turn()
    try:
        text = text_of(content) if content else pasted or _shared_here(address)
        if not text.strip():
            return _page(problem=_("Paste a credential, choose a file, or write an address."))
        found = examine(services(), text)
    except NotFound as problem:
        return _page(problem=problem.message, address=address)
    except CredentialError as problem:
        return _page(
            problem=_("This cannot be read as a credential."), detail=str(problem), pasted=pasted
        )
    return _page(found=found)


def _shared_here(address: str) -> str:
    """The document behind an address of a page that is shared here."""
    if not address:
        return ""
    parts = urlsplit(address)
    ours = urlsplit(services().settings.base_url)
    handle = parts.path.removeprefix("/credentials/").split("/")[0].split(".")[0]
    if parts.netloc != ours.netloc or not parts.path.startswith("/credentials/") or not handle:
        raise NotFound(
            "not_ours",
            _("We open addresses of our own only. Download the file there and choose it here."),
        )
    with community_of(handle, "credential") as uow:
        return shared(uow, handle).signed.decode()


def _take_turn() -> None:
    who = sha256((request.remote_addr or "").encode()).hexdigest()[:16]
    units = services().units
    if not (
        limits.take(units, f"credentials.check:{who}", limit=_EACH, per=_WINDOW)
        and limits.take(units, "credentials.check", limit=_ALL, per=_WINDOW)
    ):
        raise Invalid("too_many_tries", _("Too many checks at once. Try again in ten minutes."))


def _page(
    *,
    found: object = None,
    problem: str = "",
    detail: str = "",
    pasted: str = "",
    address: str = "",
) -> Response:
    made = page(
        "credentials/check.html",
        found=found,
        problem=problem,
        detail=detail,
        pasted=pasted[:10_000],
        address=address,
        community_name="",
        status=422 if problem else 200,
        **NOBODY,
    )
    made.headers["Cache-Control"] = "no-store"
    made.headers["Referrer-Policy"] = "no-referrer"
    return made
