"""What strangers and their programs may read, without signing in and without a cookie.

A credential is here only while its holder shares it; the issuer's documents always are, because
credentials that were downloaded are checked with them.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from plugin.credentials import badge_image, did, queries
from plugin.credentials.link_queries import portfolio_by_link
from plugin.credentials.presenting import present
from plugin.credentials.queries import AchievementView
from plugin.credentials.services.checking import proof_holds
from plugin.credentials.services.keys import published_jwks, published_keys
from plugin.credentials.views.finding import (
    NOBODY,
    community_of,
    document,
    keys_of,
    nothing,
    shared,
)
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web import door
from plugin.web.pages import page
from plugin.web.work import services

blueprint = Blueprint(
    "credentials",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static/credentials",
)
_DOCUMENTS = ("application/vc+ld+json", "application/ld+json", "application/vc", "application/json")


@blueprint.get("/credentials/<handle>")
@door.public
def credential(handle: str) -> Response:
    """The page that a holder sends to an employer; for a program that asks so, the document."""
    kinds = request.accept_mimetypes
    wanted = kinds.best_match(["text/html", *_DOCUMENTS], default="text/html")
    answer = credential_document(handle) if wanted in _DOCUMENTS else show(handle)
    answer.headers["Vary"] = "Accept"
    return answer


def show(handle: str, *, email: str = "", fits: bool | None = None) -> Response:
    """The page, with the answer to a question about an e-mail address where one was asked."""
    with community_of(handle, "credential") as uow:
        found = shared(uow, handle)
        keys = keys_of(uow, found)
    settings, now = services().settings, services().clock.now()
    answer = page(
        "credentials/public.html",
        credential=found,
        handle=handle,
        shown=present(found.claims),
        genuine=proof_holds(found.signed, found.issuer_did, keys),
        state=found.state(now),
        today=now,
        address=absolute(settings, f"/credentials/{handle}"),
        image=absolute(settings, f"/achievements/{found.achievement_handle}/badge.png"),
        email=email,
        fits=fits,
        community_name=found.issuer_name,
        **NOBODY,
    )
    # The holder may take the page back at any moment; no copy may outlive that.
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/credentials/<handle>.json")
@door.public
def credential_document(handle: str) -> Response:
    """The signed document, byte for byte."""
    with community_of(handle, "credential") as uow:
        found = shared(uow, handle)
    return document(found.signed, file_name=f"{handle}.json", cache="no-store")


@blueprint.get("/portfolios/<portfolio>")
@door.public
def portfolio(portfolio: str) -> Response:
    """Credentials that somebody chose to show together; each leads to its own page."""
    with community_of(portfolio, "portfolio") as uow:
        found = portfolio_by_link(uow, portfolio)
        if found is None:
            raise nothing()
        row, items = found
        keys = {item.issuer_did: keys_of(uow, item) for item in items[:1]}
        community = people.community(uow)
    shown = [
        (
            item,
            present(item.claims),
            proof_holds(item.signed, item.issuer_did, keys[item.issuer_did]),
        )
        for item in items
    ]
    answer = page(
        "credentials/portfolio_public.html",
        portfolio=row,
        items=shown,
        today=services().clock.now(),
        community_name=community.name,
        **NOBODY,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/issuers/<handle>/did.json")
@door.public
def issuer_document(handle: str) -> Response:
    """The issuer's public keys (did:web)."""
    with community_of(handle, "issuer") as uow:
        issuer = queries.issuer_by_handle(uow, handle)
        if issuer is None:
            raise nothing()
        content = did.did_document(
            issuer.did, published_keys(uow, issuer), published_jwks(uow, issuer)
        )
    return document(json.dumps(content).encode(), mimetype="application/did+ld+json")


@blueprint.get("/issuers/<handle>/status/<listed>")
@door.public
def status_list(handle: str, listed: str) -> Response:
    """The signed list of what was revoked."""
    with community_of(handle, "issuer") as uow:
        issuer = queries.issuer_by_handle(uow, handle)
        found = queries.status_list_by_handle(uow, issuer.id, listed) if issuer else None
        if found is None:
            raise nothing()
        signed = found.signed
    return document(signed, cache="public, max-age=60")


@blueprint.get("/achievements/<handle>")
@door.public
def achievement(handle: str) -> Response:
    """What an achievement asks for. Nobody's name is here."""
    found, community = _achievement(handle)
    return page(
        "credentials/achievement.html",
        achievement=found,
        community_name=community.name,
        image=absolute(services().settings, f"/achievements/{handle}/badge.svg"),
        **NOBODY,
    )


@blueprint.get("/achievements/<handle>/badge.svg")
@door.public
def badge(handle: str) -> Response:
    """The picture of an achievement."""
    found, community = _achievement(handle)
    image = badge_image.render(
        name=found.name,
        issuer=community.name,
        description=found.description,
        community=community.handle,
        colour=found.colour,
    )
    return document(image.encode(), mimetype="image/svg+xml")


def _achievement(handle: str) -> tuple[AchievementView, people.Community]:
    with community_of(handle, "achievement") as uow:
        found = queries.achievement(uow, handle)
        community = people.community(uow)
    if found is None or not found.published:
        raise nothing()
    return found, community
