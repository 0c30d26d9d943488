"""Administration: overview, staff, audit trail, deliveries."""

from uuid import UUID

from flask import Blueprint, Response, current_app, request

from plugin.administration import queries, setup_views
from plugin.administration.connections import alone, connections, findings
from plugin.administration.mails import mail_invitation
from plugin.administration.policy import may_withdraw
from plugin.administration.schemas import Invite, Withdraw
from plugin.administration.wording import right_choices, right_words
from plugin.home.public import staff_places
from plugin.kernel import outbox
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor, visitor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.public import invite, open_ones, withdraw
from plugin.web.work import reading, services, writing

blueprint = Blueprint("administration", __name__, template_folder="templates")
blueprints = (blueprint, setup_views.blueprint)


@blueprint.get("/admin/")
@door.administrator
def overview() -> Response:
    """Connections and their health, what waits, who looks after what."""
    with reading() as uow:
        backlog = queries.backlog(uow)
        members = queries.staff(uow)
        linked = connections(uow, services())
    return page(
        "administration/overview.html",
        backlog=backlog,
        staff=members,
        connections=linked,
        right_words=right_words,
        more=staff_places(rule.rule for rule in current_app.url_map.iter_rules()),
    )


@blueprint.get("/admin/health")
@door.administrator
def health() -> Response:
    """Check everything now and say how to mend what is not well."""
    with reading() as uow:
        whole = alone(uow)
    found = findings(services(), current_app.extensions["lantern"].checks) if whole else []
    return page("administration/health.html", findings=found, whole=whole)


@blueprint.route("/admin/staff", methods=["GET", "POST"])
@door.administrator
def staff() -> Response:
    """Who has which right; invite somebody."""
    if request.method == "GET":
        return _staff_page(blank(right=people.COORDINATOR))
    form = load(Invite(), request.form)
    if not form.ok:
        return _staff_page(form, status=422)
    email = form.data.get("email")
    with writing() as uow:
        path = invite(
            uow,
            community_id=uow.community_id,
            right=form.data["right"],
            email=email,
            note=form.data.get("note", ""),
            invited_by=current_actor().person_id,
        )
        uow.commit()
    link = absolute(services().settings, path)
    if email and _mailed(email, link, form.data["right"]):
        return see(
            "/admin/staff",
            said=_(
                "The invitation is on its way to %(email)s. It can also be handed over: %(link)s",
                email=email,
                link=link,
            ),
        )
    return see(
        "/admin/staff",
        said=_("Hand this link over; it works once, for 14 days: %(link)s", link=link),
    )


def _mailed(email: str, link: str, right: str) -> bool:
    here = visitor()
    assert here is not None  # the door asked
    return mail_invitation(
        services(), here.community, host=here.person.name, email=email, link=link, right=right
    )


def _staff_page(form: Form, status: int = 200) -> Response:
    with reading() as uow:
        members = queries.staff(uow)
        invitations = open_ones(uow, uow.community_id)
    return page(
        "administration/staff.html",
        status=status,
        form=form,
        staff=members,
        invitations=invitations,
        right_words=right_words,
        choices=right_choices(),
    )


@blueprint.post("/admin/staff/withdraw")
@door.administrator
def withdraw_right() -> Response:
    """Take a right back, but not the last administrator's."""
    form = load(Withdraw(), request.form)
    if not form.ok:
        raise NotFound("no_right", _("There is no such right."))
    right = form.data["right"]
    with writing() as uow:
        person = people.person_by_handle(uow, form.data["person"])
        handle = form.data.get("context")
        where = people.context_by_handle(uow, handle).id if handle else None
        if where is None:
            require(may_withdraw(right, len(people.staff(uow, right))))
        people.withdraw_right(uow, person.id, right, where, by=current_actor().person_id)
        uow.commit()
    return see("/admin/staff", said=_("Done."))


@blueprint.post("/admin/invitations/<handle>/withdraw")
@door.administrator
def withdraw_invitation(handle: str) -> Response:
    """Take an invitation back."""
    with writing() as uow:
        withdraw(uow, handle, by=current_actor().person_id)
        uow.commit()
    return see("/admin/staff", said=_("The invitation no longer works."))


@blueprint.get("/admin/audit")
@door.administrator
def audit() -> Response:
    """Who did what, newest first."""
    with reading() as uow:
        lines = queries.audit_trail(uow, request.args.get("after"))
    return page("administration/audit.html", lines=lines)


@blueprint.get("/admin/deliveries")
@door.administrator
def deliveries() -> Response:
    """What waits, fails or is parked, and why."""
    everything = "all" in request.args
    with reading() as uow:
        lines = queries.deliveries(uow, request.args.get("after"), all_of_them=everything)
        backlog = queries.backlog(uow)
    return page("administration/deliveries.html", lines=lines, backlog=backlog, all=everything)


@blueprint.post("/admin/deliveries/<delivery>/again")
@door.administrator
def try_again(delivery: str) -> Response:
    """Put one delivery back in line."""
    with writing() as uow:
        delivery_id = _known(delivery)
        if delivery_id is None or not queries.delivery_in_community(uow, delivery_id):
            raise NotFound("no_delivery", _("This delivery is not here."))
        outbox.try_again(uow.session, delivery_id, now=uow.now())
        uow.audit(
            "administration.delivery.retried",
            actor=current_actor().person_id,
            subject=f"delivery:{delivery_id.hex}",
        )
        uow.commit()
    services().jobs.wake()
    return see("/admin/deliveries", said=_("It is tried again within a few seconds."))


def _known(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
