"""Competency frameworks: keeping a list, and saying which achievement speaks of what."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import framework_list, policy
from plugin.credentials.giving_list import MOST_BYTES, Problem
from plugin.credentials.schemas import AlignSchema, FrameworkSchema
from plugin.credentials.services import frameworks
from plugin.credentials.views.finding import NOBODY, community_of
from plugin.credentials.views.parts import HOME, the_achievement
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

blueprint = Blueprint("credentials_frameworks", __name__, template_folder="../templates")
LISTS = "/admin/frameworks"


@blueprint.get("/admin/frameworks")
@door.staff("coordinator")
def overview() -> Response:
    """Every list of competencies, and bringing one in."""
    require(policy.may_manage(current_actor()))
    return _page(blank(), ())


@blueprint.post("/admin/frameworks")
@door.staff("coordinator")
def create() -> Response:
    """Keep a list, sent as a file or typed; nothing is kept when a line is wrong."""
    require(policy.may_manage(current_actor()))
    form = load(FrameworkSchema(), request.form)
    upload = request.files.get("list")
    data = upload.stream.read(MOST_BYTES + 1) if upload and upload.filename else b""
    entries, problems = framework_list.read(data or form.data.get("text", "").encode())
    if not form.ok or problems:
        return _page(form, problems, 422)
    with writing() as uow:
        frameworks.keep(
            uow,
            name=form.data["name"],
            url=form.data["url"],
            levels=[line.strip() for line in form.data["levels"].split("\n") if line.strip()],
            entries=entries,
            actor=current_actor().person_id,
        )
        uow.commit()
    return see(LISTS, said=_("Kept. Achievements can speak of it now."))


@blueprint.post("/admin/achievements/<handle>/competencies")
@door.staff("coordinator")
def align(handle: str) -> Response:
    """Say that an achievement speaks of a competency."""
    require(policy.may_manage(current_actor()))
    form = load(AlignSchema(), request.form)
    if not form.ok:
        return see(f"{HOME}/{handle}#competencies", said=_("Choose a competency."))
    listed, _colon, code = form.data["competency"].partition(":")
    with writing() as uow:
        row, level = the_achievement(uow, handle), form.data["level"]
        frameworks.align(uow, row, listed, code, level, current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{handle}#competencies", said=_("Kept. New credentials say so."))


@blueprint.post("/admin/achievements/<handle>/competencies/remove")
@door.staff("coordinator")
def unalign(handle: str) -> Response:
    """Speak of it no more; earlier credentials still do."""
    require(policy.may_manage(current_actor()))
    listed, _colon, code = request.form.get("competency", "").partition(":")
    with writing() as uow:
        row = the_achievement(uow, handle)
        found = frameworks.framework(uow, listed)
        target = next((one for one in found[1] if one.code == code), None) if found else None
        if target is None:
            raise NotFound("no_such_competency", _("There is no such competency."))
        frameworks.unalign(uow, row, target.id, current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{handle}#competencies", said=_("Taken off."))


@blueprint.get("/frameworks/<framework>")
@door.public
def published(framework: str) -> Response:
    """A list of competencies, for whoever reads a credential that speaks of it."""
    with community_of(framework, "framework") as uow:
        found = frameworks.framework(uow, framework)
        community = people.community(uow)
    if found is None:
        raise NotFound("no_such_list", _("There is no such list."))
    return page(
        "credentials/framework_public.html",
        framework=found[0],
        competencies=found[1],
        community_name=community.name,
        **NOBODY,
    )


def _page(form: Form, problems: tuple[Problem, ...], status: int = 200) -> Response:
    with reading() as uow:
        found = frameworks.frameworks(uow)
    return page(
        "credentials/frameworks.html",
        frameworks=found,
        form=form,
        problems=problems[:100],
        status=status,
    )
