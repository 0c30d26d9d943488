"""My credentials: what I earned, what it rests on, what is next, and taking it all along."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from plugin.credentials import doors, jsonld, queries
from plugin.credentials.link_queries import links_of
from plugin.credentials.openbadges import HashedEmail
from plugin.credentials.presenting import Presented, present
from plugin.credentials.queries import CredentialView
from plugin.credentials.schemas import NAMED, UNNAMED, ShareSchema
from plugin.credentials.services import holding, packing, vouching
from plugin.credentials.services.ahead import ahead
from plugin.credentials.services.holding import Shows
from plugin.credentials.services.telling import MINE
from plugin.credentials.views.finding import document
from plugin.credentials.views.held import held, own
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.around import has_forum
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint("credentials_mine", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Earned:
    """One of my credentials on my page."""

    credential: CredentialView
    shown: Presented
    address: str
    linkedin: str = ""


@blueprint.get("/my/credentials")
@door.signed_in
def mine() -> Response:
    """Everything I earned, newest first, and what is next."""
    me = current_actor().person_id
    with reading() as uow:
        earned = [_earned(item) for item in queries.credentials_of(uow, me)]
        valid = {one.credential.achievement_id for one in earned if not one.credential.revoked_at}
        coming = ahead(uow, me, held=valid, with_forum=has_forum())
        address = _address(people.person(uow, me))
    old = [one for one in earned if address and _names_another(one.credential, address)]
    return page(
        "credentials/mine.html",
        earned=[one for one in earned if not one.credential.put_away],
        drawer=[one for one in earned if one.credential.put_away],
        ahead=coming,
        old_address=len(old),
        address=address,
    )


@blueprint.get("/my/credentials/everything.zip")
@door.signed_in
def everything() -> Response:
    """All my signed files, pictures and evidence, to keep without us."""
    with reading() as uow:
        content = packing.everything(uow, current_actor().person_id)
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-credentials.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/my/credentials/address")
@door.signed_in
def move_address() -> Response:
    """Let every credential that names an address of mine name the present one."""
    jsonld.warm()
    with writing() as uow:
        address = _address(people.person(uow, current_actor().person_id))
        if address is None:
            raise Conflict("credentials.no_address", _("Confirm your new address first."))
        moved = holding.move_address(uow, services().vault, current_actor().person_id, address)
        uow.commit()
    return see(
        MINE,
        said=ngettext(
            "%(n)d credential now names %(address)s.",
            "%(n)d credentials now name %(address)s.",
            moved,
            address=address,
        ),
    )


@blueprint.get("/my/credentials/<handle>")
@door.signed_in
def one(handle: str) -> Response:
    """One credential: download it, share it, choose the name."""
    with reading() as uow:
        found = own(uow, handle)
        me = people.person(uow, found.person_id)
    form = blank(
        show=NAMED if found.holder_name or not found.claimed else UNNAMED,
        name=found.holder_name or (me.name if me.named else ""),
        links=found.shows_links,
        email=found.email is not None,
    )
    return _page(found, form)


@blueprint.get("/my/credentials/<handle>.json")
@door.signed_in
def download(handle: str) -> Response:
    """My copy of the signed document, shared or not."""
    with reading() as uow:
        found = own(uow, handle)
    answer = document(found.signed, file_name=f"{handle}.json", cache="no-store")
    del answer.headers["Access-Control-Allow-Origin"]
    return answer


@blueprint.post("/my/credentials/<handle>/claim")
@door.signed_in
def claim(handle: str) -> Response:
    """Choose what the file shows of me; nobody else sees it yet."""
    return _shown(handle, shared=False)


@blueprint.post("/my/credentials/<handle>/share")
@door.signed_in
def share(handle: str) -> Response:
    """Open the public page under the name that I choose."""
    return _shown(handle, shared=True)


@blueprint.post("/my/credentials/<handle>/hide")
@door.signed_in
def hide(handle: str) -> Response:
    """Close the public page."""
    with held(handle) as (uow, row):
        holding.stop_sharing(uow, row)
        uow.commit()
    return see(f"{MINE}/{handle}", said=_("Your page is closed. Only you can see this now."))


@blueprint.post("/my/credentials/<handle>/away")
@door.signed_in
def put_away(handle: str) -> Response:
    """Into the drawer: off my list, off the portfolio, and every page of it closed."""
    with held(handle) as (uow, row):
        holding.put_away(uow, row, away=True)
        uow.commit()
    return see(MINE, said=_("Put away. It is still yours, below under “Put away”."))


@blueprint.post("/my/credentials/<handle>/back")
@door.signed_in
def bring_back(handle: str) -> Response:
    """Out of the drawer again; it stays private."""
    with held(handle) as (uow, row):
        holding.put_away(uow, row, away=False)
        uow.commit()
    return see(MINE, said=_("It stands on your list again."))


def _shown(handle: str, *, shared: bool) -> Response:
    form = load(ShareSchema(), request.form)
    name = str(form.data.get("name", "")) if form.data.get("show") == NAMED else ""
    if form.ok and form.data["show"] == NAMED and not name:
        form.wrong("name", _("Write the name that the page should show."))
    if form.ok:
        jsonld.warm()
        with held(handle) as (uow, row):
            address = _address(people.person(uow, row.person_id)) if form.data["email"] else None
            shows = Shows(name, form.data["links"], address)
            change = holding.share if shared else holding.claim
            change(uow, services().vault, row, shows)
            uow.commit()
    if not form.ok:
        with reading() as uow:
            found = own(uow, handle)
        return _page(found, form, status=422)
    said = (
        _("Your page is open. Whoever has its address can read it.")
        if shared
        else _("Kept. Nobody else sees it before you share it.")
    )
    return see(f"{MINE}/{handle}", said=said)


def _page(found: CredentialView, form: Form, status: int = 200) -> Response:
    with reading() as uow:
        linkable = queries.has_links(uow, found.id)
        links = links_of(uow, found.person_id, credential_id=found.id)
        address = _address(people.person(uow, found.person_id))
        askable = found.revoked_at is None and vouching.can_ask(uow, found.id)
    return page(
        "credentials/one.html",
        askable=askable,
        item=_earned(found),
        form=form,
        links_possible=linkable,
        links=[
            (link, absolute(services().settings, f"/credentials/{link.handle}")) for link in links
        ],
        link_form=blank(),
        email=address,
        status=status,
    )


def _earned(found: CredentialView) -> Earned:
    address = absolute(services().settings, f"/credentials/{found.handle}")
    shown = present(found.claims)
    # LinkedIn shows a link and nothing else, so the page has to be open.
    linkedin = doors.linkedin(
        name=shown.name,
        issuer=shown.issuer,
        issued=shown.awarded,
        expires=shown.expires,
        page=address,
        identifier=found.uri,
    )
    return Earned(found, shown, address, linkedin if found.shared else "")


def _address(person: people.PersonView) -> str | None:
    return person.email if person.email_confirmed else None


def _names_another(found: CredentialView, address: str) -> bool:
    """Whether readers who check the address of today would be told that it is not theirs."""
    if found.email is None or found.revoked_at is not None:
        return False
    salt, digest = found.email
    return not HashedEmail(salt=salt, digest=digest).fits(address)
