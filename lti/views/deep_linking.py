"""Deep linking: a teacher chooses what to add, and the answer goes back to the platform.

1. A launch of the type LtiDeepLinkingRequest leaves a row and leads to the picker.
2. The picker lists the offers of this course; the best one is chosen already.
3. The answer is a signed message that the browser posts to the platform's return address. Nothing
   chosen, or nothing to choose from, is answered as well, so that no dialogue is left open.
"""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Response, current_app, request

from lti.advantage.deep_linking import Reply, response
from lti.links import item_of
from lti.models import DeepLinkingRequest
from lti.offers import HOME, Column, Offer, offers
from lti.registrations import deployment_by_id
from lti.views.blueprint import blueprint
from plugin.kernel.errors import Conflict, Invalid, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.telemetry import reference
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank
from plugin.web.pages import page
from plugin.web.security import allow_forms_to
from plugin.web.work import reading, services, writing

_OPEN_FOR = timedelta(hours=2)


@blueprint.get("/lti/deep-linking/<handle>")
@door.signed_in
def choose(handle: str) -> Response:
    """Show what can be added to this course."""
    with reading() as uow:
        asked = asked_for(uow, handle)
        found = _offers(uow, asked)
    return _picker(asked, found, blank(item=[HOME], column=asked.accept_line_items))


@blueprint.post("/lti/deep-linking/<handle>")
@door.signed_in
def answer(handle: str) -> Response:
    """Sign the choice and hand it to the browser, once."""
    with writing() as uow:
        asked = asked_for(uow, handle)
        found = _offers(uow, asked)
        if "cancel" in request.form or not found:
            chosen: Sequence[Offer] = ()
        else:
            chosen = _chosen(asked, found)
            if not chosen:
                form = blank(item=request.form.getlist("item"), column="column" in request.form)
                form.wrong("item", _("Choose what to add to your course."))
                return _picker(asked, found, form, status=422)
        spend(uow, asked, chosen)
        uow.commit()
    with_column = asked.accept_line_items and "column" in request.form
    columns = [offer.column if with_column else None for offer in chosen]
    return give_back(asked, list(zip(chosen, columns, strict=True)), possible=bool(found))


def asked_for(uow: UnitOfWork, handle: str) -> DeepLinkingRequest:
    """The person's own open request."""
    row = uow.session.scalars(
        sa.select(DeepLinkingRequest).where(
            DeepLinkingRequest.handle == handle,
            DeepLinkingRequest.person_id == current_actor().person_id,
        )
    ).first()
    if row is None:
        raise NotFound("no_request", _("There is no such choice, or it is not yours."))
    if row.used_at is not None or row.created_at + _OPEN_FOR <= uow.now():
        raise Conflict(
            "request_used",
            _("This choice was made already. Add the activity again in your course."),
        )
    return row


def spend(uow: UnitOfWork, asked: DeepLinkingRequest, chosen: Sequence[Offer]) -> None:
    """Use the request; of two answers sent at once only one goes out."""
    spent = uow.session.execute(
        sa.update(DeepLinkingRequest)
        .where(DeepLinkingRequest.id == asked.id, DeepLinkingRequest.used_at.is_(None))
        .values(used_at=uow.now())
        .returning(DeepLinkingRequest.id)
    ).first()
    if spent is None:
        raise Conflict("request_used", _("This choice was made already."))
    uow.audit(
        "lti.links.added",
        actor=current_actor().person_id,
        subject=f"deployment:{deployment_by_id(uow, asked.deployment_id).handle}",
        items=[offer.key for offer in chosen],
    )


def give_back(
    asked: DeepLinkingRequest,
    chosen: Sequence[tuple[Offer, Column | None]],
    *,
    possible: bool = True,
) -> Response:
    """The page that posts the signed answer; each offer comes with its column, if it gets one."""
    running = services()
    with reading() as uow:
        deployment = deployment_by_id(uow, asked.deployment_id)
    items = [item_of(running, offer, column) for offer, column in chosen]
    signed = response(running, deployment, items, _reply(asked, [o for o, _c in chosen], possible))
    allow_forms_to(asked.return_url)
    found = page(
        "lti/return.html",
        return_url=asked.return_url,
        jwt=signed,
        platform=deployment.registration.platform_name or urlsplit(asked.return_url).hostname,
        count=len(items),
    )
    found.headers["Cache-Control"] = "no-store"
    return found


def _reply(asked: DeepLinkingRequest, chosen: Sequence[Offer], possible: bool) -> Reply:
    if not possible:
        return Reply(
            asked.data,
            error=_("Your learning platform asks for something that Lantern cannot give here."),
            error_log=f"lantern: no ltiResourceLink accepted or no course, {reference()}",
        )
    if not chosen:
        return Reply(asked.data, _("Nothing was added."))
    names = ", ".join(offer.title for offer in chosen)
    return Reply(asked.data, _("Added from Lantern: %(names)s", names=names))


def _picker(
    asked: DeepLinkingRequest, found: Sequence[Offer], form: Form, status: int = 200
) -> Response:
    return page("lti/choose.html", status=status, asked=asked, offers=found, form=form)


def _offers(uow: UnitOfWork, asked: DeepLinkingRequest) -> list[Offer]:
    if asked.context_id is None or not asked.accepts_links:
        return []
    rules = frozenset(rule.rule for rule in current_app.url_map.iter_rules())
    return offers(uow, people.context(uow, asked.context_id), rules)


def _chosen(asked: DeepLinkingRequest, found: Sequence[Offer]) -> list[Offer]:
    """The offers that were ticked, none for an empty choice; only what was shown can be chosen."""
    wanted = set(request.form.getlist("item"))
    chosen = [offer for offer in found if offer.key in wanted]
    if len(chosen) != len(wanted) or (len(chosen) > 1 and not asked.accept_multiple):
        raise Invalid("choice", _("Choose what to add to your course."))
    return chosen
