"""Vouching for a credential: its holder asks, those who looked at the work answer."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import jsonld
from plugin.credentials.schemas import VouchSchema
from plugin.credentials.services import vouching
from plugin.credentials.services.telling import MINE
from plugin.credentials.views.held import held
from plugin.kernel.i18n import _, ngettext
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint("credentials_vouching", __name__, template_folder="../templates")


@blueprint.post("/my/credentials/<handle>/ask")
@door.signed_in
def ask(handle: str) -> Response:
    """Ask those who looked at the work to vouch for it."""
    with held(handle) as (uow, row):
        count = vouching.ask(uow, row)
        uow.commit()
    said = ngettext(
        "%(n)d person who looked at it is asked. You see here when they answer.",
        "%(n)d people who looked at it are asked. You see here when they answer.",
        count,
    )
    return see(f"{MINE}/{handle}", said=said)


@blueprint.get("/my/vouch")
@door.signed_in
def asked() -> Response:
    """What I am asked to vouch for."""
    return _page(blank(), "")


@blueprint.post("/my/vouch/<asked>")
@door.signed_in
def vouch(asked: str) -> Response:
    """Sign that I stand by it."""
    form = load(VouchSchema(), request.form)
    if not form.ok:
        return _page(form, asked, 422)
    jsonld.warm()
    with writing() as uow:
        vouching.vouch(
            uow,
            services().vault,
            current_actor().person_id,
            asked,
            shown_name=form.data["shown_name"],
            words=form.data["words"],
            base_url=services().settings.base_url,
        )
        uow.commit()
    return see("/my/vouch", said=_("Signed. It stands in the credential from now on."))


@blueprint.post("/my/vouch/<asked>/back")
@door.signed_in
def take_back(asked: str) -> Response:
    """Vouch no more."""
    jsonld.warm()
    with writing() as uow:
        vouching.take_back(uow, services().vault, current_actor().person_id, asked)
        uow.commit()
    return see("/my/vouch", said=_("Taken back. Copies that somebody has already keep it."))


def _page(form: Form, tried: str, status: int = 200) -> Response:
    me = current_actor().person_id
    with reading() as uow:
        found = vouching.asked_of(uow, me)
        who = people.person(uow, me)
    return page(
        "credentials/vouch.html",
        found=found,
        form=form,
        tried=tried,
        suggested=_("A reviewer of this work"),
        name=who.name if who.named else "",
        status=status,
    )
