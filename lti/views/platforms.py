"""Administration of platforms: connect one, approve what waits, see how it is doing.

Every page shows the registrations of the administrator's own community. Unknown callers belong to
nobody, so they are shown only where one community has the installation to itself.
"""

from collections.abc import Sequence

from flask import Response, request

from lti import approvals, callers, checking, invitations, keys, registrations, trail
from lti.addresses import addresses
from lti.models import DeploymentStatus, RegistrationStatus
from lti.platforms import FAMILIES
from lti.platforms import platform as behaviour
from lti.registrations import NewRegistration
from lti.schemas import Approve, ByHand, Invite, Rename
from lti.views.blueprint import blueprint
from plugin.kernel.errors import Conflict, Invalid, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

HOME = "/admin/platforms"


@blueprint.get("/admin/platforms")
@door.administrator
def platforms() -> Response:
    """What waits, what is connected, and how to connect one more."""
    with reading() as uow:
        found = approvals.own_registrations(uow)
        places = approvals.deployments_of(uow, [one.id for one in found])
        links = invitations.open_ones(uow, uow.community_id)
        strangers = callers.unknown_callers(uow)[:20] if _alone(uow) else []
    return page(
        "lti/platforms.html",
        found=found,
        places=places,
        links=links,
        strangers=strangers,
        families=FAMILIES,
        waiting=DeploymentStatus.PENDING,
    )


@blueprint.post("/admin/platforms/links")
@door.administrator
def make_link() -> Response:
    """Make a registration link for one platform."""
    form = load(Invite(), request.form)
    if not form.ok:
        raise Invalid("family", _("Choose which platform it is for."))
    with writing() as uow:
        made = invitations.invite(
            uow,
            services().vault,
            uow.community_id,
            form.data["family"],
            actor=current_actor().person_id,
        )
        uow.commit()
    return see(f"{HOME}/links/{made.handle}")


@blueprint.get("/admin/platforms/links/<link>")
@door.administrator
def show_link(link: str) -> Response:
    """The link, where to paste it, and why a try failed; once used, the platform's own page."""
    with reading() as uow:
        made = invitations.own(uow, uow.community_id, link)
        path = invitations.path_of(uow, services().vault, made.id)
        found = None
        if made.registration_id is not None:
            found = registrations.registration_by_id(uow, made.registration_id)
    if found is not None:
        return see(f"{HOME}/{found.handle}")
    return page(
        "lti/link.html",
        made=made,
        url=absolute(services().settings, path) if path else None,
        platform=behaviour(made.family),
    )


@blueprint.post("/admin/platforms/links/<link>/end")
@door.administrator
def end_link(link: str) -> Response:
    """Take a registration link back."""
    with writing() as uow:
        invitations.withdraw(uow, uow.community_id, link, actor=current_actor().person_id)
        uow.commit()
    return see(HOME, _("The link no longer works."))


@blueprint.get("/admin/platforms/by-hand")
@door.administrator
def by_hand() -> Response:
    """Every address to paste into a platform, and the form for what it answers."""
    return _by_hand(blank(**{name: request.args.get(name, "") for name in ("issuer", "client_id")}))


@blueprint.post("/admin/platforms/by-hand")
@door.administrator
def register_by_hand() -> Response:
    """Keep what was copied from the platform; the administrator who enters it approves it."""
    form = load(ByHand(), request.form)
    if not form.ok:
        return _by_hand(form, status=422)
    typed = dict(form.data)
    deployment_id = typed.pop("deployment_id", None)
    try:
        with writing() as uow:
            made = registrations.register(
                uow,
                NewRegistration(**typed),
                community_id=uow.community_id,
                status=RegistrationStatus.PENDING,
                actor=current_actor().person_id,
            )
            if deployment_id and not registrations.find_deployment(uow, made.id, deployment_id):
                callers.record_pending(uow, made.id, deployment_id, uow.community_id)
            if made.status is not RegistrationStatus.BLOCKED:
                approvals.approve_registration(
                    uow, made.handle, first=True, actor=current_actor().person_id
                )
            uow.commit()
    except Invalid as invalid:
        for name, text in invalid.fields.items():
            form.wrong(name, text)
        return _by_hand(form, status=422)
    except Conflict as conflict:
        form.wrong("client_id", conflict.message)
        return _by_hand(form, status=409)
    keys.ensure_key(services())
    return see(f"{HOME}/{made.handle}", _("Registered."))


@blueprint.get("/admin/platforms/<platform>")
@door.administrator
def show_platform(platform: str) -> Response:
    """One platform: what is next, its places, its decisions."""
    return _one(platform)


@blueprint.get("/admin/platforms/<platform>/check")
@door.administrator
def check_platform(platform: str) -> Response:
    """Call the platform now; to reload the page is a new check."""
    with reading() as uow:
        found = approvals.own_registration(uow, platform)
    return _one(platform, checks=checking.check(services(), found))


@blueprint.post("/admin/platforms/<platform>/approve")
@door.administrator
def approve_platform(platform: str) -> Response:
    """Let it in with the places that wait."""
    form = load(Approve(), request.form)
    with writing() as uow:
        approvals.approve_registration(
            uow, platform, first=bool(form.data.get("first")), actor=current_actor().person_id
        )
        uow.commit()
    return see(f"{HOME}/{platform}", _("Approved."))


@blueprint.post("/admin/platforms/<platform>/block")
@door.administrator
def block_platform(platform: str) -> Response:
    """Close it until it is approved again."""
    with writing() as uow:
        approvals.block_registration(uow, platform, actor=current_actor().person_id)
        uow.commit()
    return see(f"{HOME}/{platform}", _("Nobody comes in from there until you approve it again."))


@blueprint.post("/admin/platforms/<platform>/rename")
@door.administrator
def rename_platform(platform: str) -> Response:
    """Give it a name of our own."""
    form = load(Rename(), request.form)
    if not form.ok:
        raise Invalid("name", _("This name is too long."))
    with writing() as uow:
        approvals.rename_registration(
            uow, platform, form.data.get("name", ""), actor=current_actor().person_id
        )
        uow.commit()
    return see(f"{HOME}/{platform}", _("Saved."))


@blueprint.route("/admin/platforms/<platform>/remove", methods=["GET", "POST"])
@door.administrator
def remove_platform(platform: str) -> Response:
    """Say what goes and what stays, then do it."""
    if request.method == "GET":
        with reading() as uow:
            found = approvals.own_registration(uow, platform)
            places = approvals.deployments_of(uow, [found.id])[found.id]
        return page("lti/remove.html", found=found, places=places)
    with writing() as uow:
        approvals.remove_registration(uow, platform, actor=current_actor().person_id)
        uow.commit()
    return see(HOME, _("Removed. Courses, people and their work are still there."))


@blueprint.post("/admin/platforms/callers/forget")
@door.administrator
def forget_caller() -> Response:
    """Take somebody who knocked off the list."""
    with writing() as uow:
        if not _alone(uow):
            raise NotFound("no_caller", _("There is no such caller here."))
        for one in callers.unknown_callers(uow):
            if one.id.hex == request.form.get("caller"):
                approvals.forget_caller(uow, one.id, actor=current_actor().person_id)
        uow.commit()
    return see(HOME, _("Done."))


def _one(handle: str, checks: list[checking.Found] | None = None) -> Response:
    with reading() as uow:
        found = approvals.own_registration(uow, handle)
        places = approvals.deployments_of(uow, [found.id])[found.id]
        subjects = [f"registration:{handle}", *(f"deployment:{one.handle}" for one in places)]
        history = trail.steps(uow, subjects)
    family = behaviour(found.family)
    seen = {role: at for one in places for role, at in one.seen_roles.items()}
    return page(
        "lti/platform.html",
        found=found,
        places=places,
        history=history,
        checks=checks,
        platform=family,
        seen=seen,
        form=blank(name=found.platform_name, first=True),
        text=_for_teachers(family.for_teachers()),
        at=addresses(services().settings),
    )


def _for_teachers(todo: Sequence[str]) -> str:
    lines = [f"{number}. {line}" for number, line in enumerate(todo, 1)]
    opening = _(
        "Lantern is available in our courses: it brings learners together with mentors, and peers "
        "with each other for help and reviews. To use it in your course:"
    )
    return "\n".join([opening, "", *lines])


def _by_hand(form: Form, status: int = 200) -> Response:
    return page(
        "lti/by_hand.html",
        status=status,
        form=form,
        at=addresses(services().settings),
        custom=[
            (family.title, "\n".join(f"{name}={value}" for name, value in family.custom.items()))
            for family in FAMILIES.values()
        ],
    )


def _alone(uow: UnitOfWork) -> bool:
    return len(people.communities(uow)) == 1
