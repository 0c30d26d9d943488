"""Taking back, suspending and restoring for staff: several at once, with a reason and progress."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import policy, queries
from plugin.credentials.models import Achievement, Credential
from plugin.credentials.queries import CredentialView
from plugin.credentials.schemas import StatusSchema
from plugin.credentials.services import revoking, status_runs
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint(
    "credentials_status", __name__, url_prefix="/admin/achievements", template_folder="../templates"
)
HOME = "/admin/achievements"


@blueprint.get("/<handle>/status")
@door.staff("coordinator")
def ask(handle: str) -> Response:
    """Choose whose, what, and say why."""
    require(policy.may_manage(current_actor()))
    return _page(handle, blank(action=revoking.SUSPEND))


@blueprint.post("/<handle>/status")
@door.staff("coordinator")
def begin(handle: str) -> Response:
    """Write it down; the worker does it, and its page shows how far it is."""
    require(policy.may_manage(current_actor()))
    form = load(StatusSchema(), request.form)
    chosen = set(form.data.get("who", ()))
    if form.ok and form.data["action"] != revoking.RESTORE and len(form.data["reason"]) < 5:
        form.wrong("reason", _("Say why: the holders and every reader will see it."))
    if not chosen:
        form.wrong("who", _("Choose at least one person."))
    if not form.ok:
        return _page(handle, form, chosen=chosen, status=422)
    with writing() as uow:
        achievement = _achievement(uow, handle)
        rows = [row for row in _rows(uow, achievement) if row.handle in chosen]
        if not rows:
            raise NotFound("no_such_credential", _("There is no such credential."))
        run = status_runs.begin(
            uow,
            achievement,
            rows,
            action=form.data["action"],
            reason=form.data["reason"],
            actor=current_actor().person_id,
        )
        uow.commit()
    return see(f"{HOME}/{handle}/status/{run.handle}")


@blueprint.get("/<handle>/status/<run>")
@door.staff("coordinator")
def progress(handle: str, run: str) -> Response:
    """How far it is. It goes on when nobody looks."""
    require(policy.may_manage(current_actor()))
    with reading() as uow:
        row = status_runs.run_row(uow, run)
        found = status_runs.view(uow, row) if row else None
    if found is None or found.achievement_handle != handle:
        raise NotFound("no_such_run", _("There is nothing of this kind."))
    return page("credentials/status_run.html", run=found)


@blueprint.post("/<handle>/status/<run>/stop")
@door.staff("coordinator")
def stop(handle: str, run: str) -> Response:
    """Change no more of them; what has changed stays so."""
    require(policy.may_manage(current_actor()))
    with writing() as uow:
        row = status_runs.run_row(uow, run)
        if row is None or row.achievement_id != _achievement(uow, handle).id:
            raise NotFound("no_such_run", _("There is nothing of this kind."))
        status_runs.cancel(uow, row, actor=current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{handle}/status/{run}")


def _page(
    handle: str, form: Form, *, chosen: frozenset[str] | set[str] = frozenset(), status: int = 200
) -> Response:
    now = services().clock.now()
    with reading() as uow:
        achievement = _achievement(uow, handle)
        earned: list[CredentialView] = [
            item for item in queries.credentials_for(uow, achievement.id) if item.revoked_at is None
        ]
        names = people.people_by_id(uow, {item.person_id for item in earned})
    return page(
        "credentials/status.html",
        achievement=achievement,
        earned=earned,
        names=names,
        states={item.handle: item.state(now) for item in earned},
        chosen=chosen,
        form=form,
        status=status,
    )


def _achievement(uow: UnitOfWork, handle: str) -> Achievement:
    found = queries.achievement_row(uow, handle)
    if found is None:
        raise NotFound("no_such_achievement", _("There is no such achievement here."))
    return found


def _rows(uow: UnitOfWork, achievement: Achievement) -> list[Credential]:
    return queries.credential_rows_for(uow, achievement.id)
