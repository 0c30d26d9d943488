"""Administration of the places where a registration is installed: approve, name, roles, remove."""

from flask import Response, request

from lti import approvals
from lti.roles import OVERRIDABLE, ROLE_CHOICES
from lti.schemas import Rename
from lti.views.blueprint import blueprint
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

PLACE = "/admin/platforms/places/<deployment>"


@blueprint.get(PLACE)
@door.administrator
def show_deployment(deployment: str) -> Response:
    """One place: its name, and which of our roles its roles give."""
    with reading() as uow:
        found = approvals.own_deployment(uow, deployment)
    return page(
        "lti/place.html",
        found=found,
        form=blank(name=found.name),
        roles=blank(**{name: found.role_overrides.get(name, "usual") for name in OVERRIDABLE}),
        names=_platform_words(),
        choices=_choices(),
    )


@blueprint.post(PLACE + "/approve")
@door.administrator
def approve_deployment(deployment: str) -> Response:
    """Let this place in."""
    with writing() as uow:
        found = approvals.approve_deployment(uow, deployment, actor=current_actor().person_id)
        uow.commit()
    return see(f"/admin/platforms/{found.registration.handle}", _("Approved."))


@blueprint.post(PLACE + "/block")
@door.administrator
def block_deployment(deployment: str) -> Response:
    """Close this place."""
    with writing() as uow:
        found = approvals.own_deployment(uow, deployment)
        approvals.block_deployment(uow, deployment, actor=current_actor().person_id)
        uow.commit()
    said = _("Nobody comes in from there until you approve it again.")
    return see(f"/admin/platforms/{found.registration.handle}", said)


@blueprint.post(PLACE + "/rename")
@door.administrator
def rename_deployment(deployment: str) -> Response:
    """Give this place a name of our own."""
    form = load(Rename(), request.form)
    if not form.ok:
        raise Invalid("name", _("This name is too long."))
    with writing() as uow:
        approvals.rename_deployment(
            uow, deployment, form.data.get("name", ""), actor=current_actor().person_id
        )
        uow.commit()
    return see(PLACE.replace("<deployment>", deployment), _("Saved."))


@blueprint.post(PLACE + "/roles")
@door.administrator
def set_roles(deployment: str) -> Response:
    """Say which of our roles the platform's roles give here, from the next launch on."""
    typed = {name: request.form.get(name, "usual") for name in OVERRIDABLE}
    overrides = {
        name: "" if said == "none" else said for name, said in typed.items() if said != "usual"
    }
    with writing() as uow:
        approvals.set_roles(uow, deployment, overrides, actor=current_actor().person_id)
        uow.commit()
    return see(
        PLACE.replace("<deployment>", deployment), _("Saved. It counts from the next launch on.")
    )


@blueprint.post(PLACE + "/remove")
@door.administrator
def remove_deployment(deployment: str) -> Response:
    """Forget this place; courses and people stay."""
    with writing() as uow:
        found = approvals.own_deployment(uow, deployment)
        approvals.remove_deployment(uow, deployment, actor=current_actor().person_id)
        uow.commit()
    return see(f"/admin/platforms/{found.registration.handle}", _("Removed."))


def _choices() -> list[tuple[str, str]]:
    words = {
        "teacher": _("Teacher"),
        "assistant": _("Assistant"),
        "learner": _("Learner"),
        "observer": _("May look, takes no part"),
        "": _("No role: stays outside"),
    }
    return [("usual", _("as usual")), *((one or "none", words[one]) for one in ROLE_CHOICES)]


def _platform_words() -> dict[str, str]:
    return {
        "Instructor": _("Instructor (teacher)"),
        "TeachingAssistant": _("Teaching assistant"),
        "Learner": _("Learner (student)"),
        "ContentDeveloper": _("Content developer (designer)"),
        "Manager": _("Manager (group leader)"),
        "Member": _("Member"),
        "Officer": _("Officer"),
        "Administrator": _("Administrator of the course"),
        "Mentor": _("Mentor (Canvas: observer, such as a parent)"),
    }
