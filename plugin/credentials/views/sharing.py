"""Links for one reader each, and the portfolio: a page of what I choose."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import policy, queries
from plugin.credentials.link_queries import link_row, links_of
from plugin.credentials.schemas import LinkSchema, PortfolioSchema
from plugin.credentials.services import holding, portfolios
from plugin.credentials.services.telling import MINE
from plugin.credentials.views.held import held
from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint("credentials_sharing", __name__, template_folder="../templates")
PORTFOLIO = "/my/portfolio"


@blueprint.post("/my/credentials/<handle>/links")
@door.signed_in
def make_link(handle: str) -> Response:
    """A link for one reader, which I can close without closing the others."""
    form = load(LinkSchema(), request.form)
    if not form.ok:
        return see(f"{MINE}/{handle}#links", said=_("Say who the link is for."))
    with held(handle) as (uow, row):
        if row.revoked_at is not None or row.put_away_at is not None:
            raise Conflict("credentials.not_shown", _("This one cannot be shared now."))
        holding.make_link(uow, row.person_id, credential=row, **form.data)
        uow.commit()
    return see(f"{MINE}/{handle}#links", said=_("The link works now. Copy it from the list."))


@blueprint.post("/my/links/<share>/close")
@door.signed_in
def close_link(share: str) -> Response:
    """Close a link for good."""
    with writing() as uow:
        row = link_row(uow, share)
        if row is None or row.parent_id is not None:
            raise NotFound("no_such_link", _("There is no such link."))
        require(policy.may_hold(current_actor(), row.person_id))
        back = PORTFOLIO
        if row.credential_id is not None:
            back = f"{MINE}/{queries.handles_of(uow, [row.credential_id])[0]}"
        holding.close_link(uow, row)
        uow.commit()
    return see(f"{back}#links", said=_("Closed. Whoever opens this link finds nothing."))


@blueprint.get("/my/portfolio")
@door.signed_in
def portfolio() -> Response:
    """My page of chosen credentials, and the links to it."""
    with reading() as uow:
        me = people.person(uow, current_actor().person_id)
        row = portfolios.portfolio_of(uow, me.id)
        handles = queries.handles_of(uow, portfolios.chosen(uow, row)) if row else []
    form = blank(
        title=row.title if row else _("What I can do"),
        about=row.about if row else "",
        holder_name=row.holder_name if row else (me.name if me.named else ""),
        items=handles,
    )
    return _page(form)


@blueprint.post("/my/portfolio")
@door.signed_in
def arrange() -> Response:
    """Choose what stands on it."""
    form = load(PortfolioSchema(), request.form)
    if not form.ok:
        return _page(form, status=422)
    with writing() as uow:
        portfolios.arrange(
            uow,
            current_actor().person_id,
            title=form.data["title"],
            about=form.data["about"],
            holder_name=form.data["holder_name"],
            handles=form.data["items"],
        )
        uow.commit()
    return see(PORTFOLIO, said=_("Kept. Open links show it like this from now on."))


@blueprint.post("/my/portfolio/links")
@door.signed_in
def link_portfolio() -> Response:
    """A link to the page, for one reader."""
    form = load(LinkSchema(), request.form)
    if not form.ok:
        return see(f"{PORTFOLIO}#links", said=_("Say who the link is for."))
    with writing() as uow:
        row = portfolios.portfolio_of(uow, current_actor().person_id)
        if row is None or not portfolios.chosen(uow, row):
            raise Conflict("credentials.empty_page", _("Choose at least one credential first."))
        portfolios.open_link(uow, row, **form.data)
        uow.commit()
    return see(f"{PORTFOLIO}#links", said=_("The link works now. Copy it from the list."))


def _page(form: Form, status: int = 200) -> Response:
    with reading() as uow:
        me = current_actor().person_id
        mine = [
            one
            for one in queries.credentials_of(uow, me)
            if one.revoked_at is None and not one.put_away
        ]
        kept = portfolios.portfolio_of(uow, me)
        links = links_of(uow, me)
    settings = services().settings
    return page(
        "credentials/portfolio.html",
        form=form,
        link_form=blank(),
        mine=mine,
        kept=kept is not None,
        links=[(link, absolute(settings, f"/portfolios/{link.handle}")) for link in links],
        status=status,
    )
