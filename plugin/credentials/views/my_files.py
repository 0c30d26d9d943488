"""My own credential in every form, whether I share it or not."""

from __future__ import annotations

from flask import Blueprint, Response

from plugin.credentials import policy, queries
from plugin.credentials.queries import CredentialView
from plugin.credentials.services import delivering
from plugin.credentials.services.checking import proof_holds
from plugin.credentials.views.finding import keys_of
from plugin.credentials.views.open_files import printable, public_address, wanted_algorithm
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.work import reading, services, writing

blueprint = Blueprint("credentials_my_files", __name__, template_folder="../templates")


@blueprint.get("/my/credentials/<handle>.<any(jwt, png, svg):form>")
@door.signed_in
def file(handle: str, form: str) -> Response:
    """My copy as a JWT or inside its badge."""
    algorithm = wanted_algorithm()
    with reading() as uow:
        found = _own(uow, handle)
        missing = delivering.needs_key(uow, found, form, algorithm)
        if not missing:
            ready = delivering.deliver(uow, services().vault, found, form, algorithm)
    if missing:
        with writing() as uow:
            ready = delivering.deliver(uow, services().vault, found, form, algorithm)
            uow.commit()
    answer = Response(ready.content, mimetype=ready.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{handle}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/my/credentials/<handle>/certificate")
@door.signed_in
def certificate(handle: str) -> Response:
    """My certificate for printing; its code is there while the page is shared."""
    with reading() as uow:
        found = _own(uow, handle)
        genuine = proof_holds(found.signed, found.issuer_did, keys_of(uow, found))
    address = public_address(handle) if found.shared else ""
    return printable(found, genuine=genuine, address=address)


def _own(uow: UnitOfWork, handle: str) -> CredentialView:
    found = queries.credential(uow, handle)
    if found is None:
        raise NotFound("no_such_credential", _("You have no such credential."))
    require(policy.may_hold(current_actor(), found.person_id))
    return found
