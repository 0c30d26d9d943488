"""Pathways for staff: stages, their expectations and the achievements that make them."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import policy, queries
from plugin.credentials.models import Pathway
from plugin.credentials.schemas import PathwaySchema, StageSchema
from plugin.credentials.services import pathways
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

HOME = "/admin/pathways"
blueprint = Blueprint(
    "credentials_pathways", __name__, url_prefix=HOME, template_folder="../templates"
)


@blueprint.get("")
@door.staff("coordinator")
def overview() -> Response:
    """Every pathway with its stages."""
    require(policy.may_manage(current_actor()))
    return _page(blank())


@blueprint.post("")
@door.staff("coordinator")
def create() -> Response:
    """A new pathway, still without stages."""
    require(policy.may_manage(current_actor()))
    form = load(PathwaySchema(), request.form)
    if not form.ok:
        return _page(form, status=422)
    with writing() as uow:
        row = pathways.make(uow, actor=current_actor().person_id, **form.data)
        uow.commit()
    return see(f"{HOME}#{row.handle}", said=_("Kept. Add its first stage."))


@blueprint.post("/mentors")
@door.staff("coordinator")
def mentors() -> Response:
    """The path from mentee to ambassador, with its achievements."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        locale = people.community(uow).locale
        pathways.offer_mentors_path(uow, locale, current_actor().person_id)
        uow.commit()
    return see(HOME, said=_("Published, with its four achievements. Change them as you like."))


@blueprint.post("/<pathway>/stages")
@door.staff("coordinator")
def add_stage(pathway: str) -> Response:
    """One more stage at the end."""
    require(policy.may_manage(current_actor()))
    form = load(StageSchema(), request.form)
    if not form.ok:
        first = next(iter(form.errors.values()))[0]
        return see(f"{HOME}#{pathway}", said=_("Not kept: %(why)s", why=first))
    with writing() as uow:
        row = _row(uow, pathway)
        pathways.add_stage(
            uow, row, form.data["name"], form.data["expectation"], form.data["achievements"]
        )
        uow.commit()
    return see(f"{HOME}#{pathway}", said=_("The stage stands at the end."))


@blueprint.post("/<pathway>/shorten")
@door.staff("coordinator")
def shorten(pathway: str) -> Response:
    """Take the last stage off, or a pathway that has none."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        pathways.remove_last(uow, _row(uow, pathway))
        uow.commit()
    return see(HOME, said=_("Taken off. Achievements stay as they are."))


def _row(uow: UnitOfWork, handle: str) -> Pathway:
    found = pathways.pathway_row(uow, handle)
    if found is None:
        raise NotFound("no_such_pathway", _("There is no such pathway."))
    return found


def _page(form: Form, status: int = 200) -> Response:
    with reading() as uow:
        found = pathways.pathways(uow)
        offered = [
            (one.handle, one.name)
            for one in queries.achievements(uow)
            if one.published and not one.retired
        ]
        standard = pathways.has_mentors_path(uow)
    return page(
        "credentials/pathways_staff.html",
        pathways=found,
        offered=offered,
        standard=standard,
        form=form,
        status=status,
    )
