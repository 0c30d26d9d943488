"""Giving something to a list of people: dry run, confirm, progress, cancel."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import giving_list, policy
from plugin.credentials.giving_list import Problem
from plugin.credentials.models import BY_HAND, GivingRun
from plugin.credentials.services import giving
from plugin.credentials.views.parts import HOME, the_achievement
from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.around import has_forum
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

blueprint = Blueprint(
    "credentials_giving", __name__, url_prefix=HOME, template_folder="../templates"
)
SHOWN = 100


@blueprint.get("/<handle>/many")
@door.staff("coordinator")
def many(handle: str) -> Response:
    """Where the list is handed in, with an example."""
    require(policy.may_manage(current_actor()))
    return _page(handle, [])


@blueprint.post("/<handle>/many")
@door.staff("coordinator")
def check(handle: str) -> Response:
    """The dry run: what would happen, or what is wrong, line by line."""
    require(policy.may_manage(current_actor()))
    upload = request.files.get("list")
    data = upload.stream.read(giving_list.MOST_BYTES + 1) if upload and upload.filename else b""
    data = data or request.form.get("text", "").encode()
    if not data.strip():
        return _page(handle, [Problem(0, "", _("Choose a file, or paste the list."))], 422)
    found = giving_list.read(data)
    with writing() as uow:
        row = the_achievement(uow, handle)
        if row.mode != BY_HAND or row.retired_at is not None or row.published_at is None:
            raise Conflict("credentials.by_rule", _("This is given by its rule, not by hand."))
        run, problems = giving.check(uow, row, found, current_actor().person_id)
        uow.commit()
    if run is None:
        return _page(handle, problems, 422)
    return see(f"{HOME}/{handle}/many/{run.handle}")


@blueprint.get("/<handle>/many/<list_handle>")
@door.staff("coordinator")
def run(handle: str, list_handle: str) -> Response:
    """A checked list: who would be given it, or how far it is."""
    require(policy.may_manage(current_actor()))
    with reading() as uow:
        row = the_achievement(uow, handle)
        found = _view(uow, _run(uow, handle, list_handle))
    answer = page("credentials/giving.html", achievement=row, run=found)
    if found.confirmed and not (found.finished or found.cancelled):
        answer.headers["Refresh"] = "3"
    return answer


@blueprint.post("/<handle>/many/<list_handle>/give")
@door.staff("coordinator")
def confirm(handle: str, list_handle: str) -> Response:
    """Carry the list out."""
    return _act(handle, list_handle, "confirm", _("It is being given."))


@blueprint.post("/<handle>/many/<list_handle>/stop")
@door.staff("coordinator")
def stop(handle: str, list_handle: str) -> Response:
    """Give no more."""
    return _act(handle, list_handle, "cancel", _("Stopped. What was given stays."))


def _act(handle: str, run: str, what: str, said: str) -> Response:
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        act = giving.confirm if what == "confirm" else giving.cancel
        act(uow, _run(uow, handle, run), current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{handle}/many/{run}", said=said)


def _view(uow: UnitOfWork, row: GivingRun) -> giving.RunView:
    return giving.view(uow, row)


def _run(uow: UnitOfWork, handle: str, run: str) -> GivingRun:
    found = giving.run_row(uow, run)
    if found is None or found.achievement_id != the_achievement(uow, handle).id:
        raise NotFound("no_such_list", _("There is no such list."))
    return found


def _page(handle: str, problems: list[Problem], status: int = 200) -> Response:
    with reading() as uow:
        row = the_achievement(uow, handle)
    return page(
        "credentials/many.html",
        achievement=row,
        problems=problems[:SHOWN],
        forum=has_forum(),
        more=max(0, len(problems) - SHOWN),
        text=request.form.get("text", "")[:20_000],
        status=status,
    )
