"""Pages: one's own first steps, being a contact; and the coordinator's page of newcomers."""

from uuid import UUID

from flask import Blueprint, Response, g, request

from plugin.expertise import public as expertise
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers import policy, queries
from plugin.newcomers.models import Welcome
from plugin.newcomers.schemas import NameSchema, WelcomeSchema
from plugin.newcomers.services import arrive, set_up, tell
from plugin.newcomers.services.set_up import Wishes
from plugin.newcomers.wording import STAGES, STEPS
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

blueprint = Blueprint(
    "newcomers", __name__, url_prefix="/c/<context>/welcome", template_folder="templates"
)
SUGGESTED = 8


@blueprint.get("/")
@door.course
def mine(context: str) -> Response:
    """What a newcomer, a contact, or anybody else can do here."""
    me = current_actor().person_id
    with reading() as uow:
        return page(
            "newcomers/mine.html",
            context=g.context,
            newcomer=queries.of_person(uow, g.context.id, me),
            contact=queries.is_contact(uow, g.context.id, me),
            people_of_mine=queries.of_contact(uow, me, g.context.id),
            welcome=queries.welcome_row(uow, g.context.id),
            task=_task(uow),
            words=STEPS,
            staff=bool(policy.may_look_after(current_actor(), g.context.id)),
        )


@blueprint.post("/contact")
@door.course
def be_contact(context: str) -> Response:
    """Become somebody's contact, or stop."""
    with writing() as uow:
        if request.form.get("be") == "no":
            set_up.stop_being_contact(uow, g.context.id, current_actor().person_id)
            said = _("You are no contact any more. Whom you had is given to somebody else.")
        else:
            set_up.become_contact(uow, g.context.id, current_actor().person_id)
            said = _("Thank you. You hear from us when somebody new needs you.")
        uow.commit()
    return see(f"/c/{context}/welcome/", said)


@blueprint.post("/alone")
@door.course
def alone(context: str) -> Response:
    """A newcomer needs nobody."""
    with writing() as uow:
        found = queries.of_person(uow, g.context.id, current_actor().person_id)
        if found is not None:
            arrive.go_alone(uow, queries.by_handle(uow, g.context.id, found.handle))
        uow.commit()
    return see(f"/c/{context}/welcome/", _("All right. Nothing more comes from here."))


@blueprint.route("/staff", methods=["GET", "POST"])
@door.staff(people.COORDINATOR)
def staff(context: str) -> Response:
    """Problems first; how newcomers are welcomed; who could be a contact and why."""
    actor = current_actor()
    require(policy.may_look_after(actor, g.context.id))
    form = None
    if request.method == "POST":
        form = load(WelcomeSchema(), request.form)
        if form.ok:
            with writing() as uow:
                set_up.set_up(uow, g.context.id, _wishes(uow, form), actor=actor.person_id)
                uow.commit()
            return see(f"/c/{context}/welcome/staff", _("Saved."))
    return _staff_page(form)


@blueprint.post("/staff/<newcomer>/name")
@door.staff(people.COORDINATOR)
def name(context: str, newcomer: str) -> Response:
    """A coordinator names a contact, whatever number of newcomers that contact has."""
    require(policy.may_look_after(current_actor(), g.context.id))
    form = load(NameSchema(), request.form)
    done = False
    with writing() as uow:
        welcome = queries.welcome_row(uow, g.context.id, lock=True)
        row = queries.by_handle(uow, g.context.id, newcomer)
        if form.ok:
            chosen = people.person_by_handle(uow, form.data["contact"])
            done = welcome is not None and arrive.accompany(uow, welcome, row, chosen=chosen.id)
            uow.commit()
    said = _("Both were told.") if done else _("That did not work: there is no time left there.")
    return see(f"/c/{context}/welcome/staff", said)


@blueprint.post("/staff/ask")
@door.staff(people.COORDINATOR)
def ask(context: str) -> Response:
    """Ask one suggested person whether they would be a contact; nobody becomes one by it."""
    require(policy.may_look_after(current_actor(), g.context.id))
    with writing() as uow:
        person = people.person_by_handle(uow, request.form.get("person", ""))
        if g.context.id not in dict(people.memberships_of(uow, person.id)):
            raise NotFound("newcomers.not_here", _("This person is not here."))
        url, key = tell.page_of(uow, g.context.id), f"newcomers.asked:{g.context.id}"
        told = tell.invite(uow, person.id, g.context.title, url, key)
        uow.commit()
    said = _("They are asked.") if told else _("They were asked before.")
    return see(f"/c/{context}/welcome/staff", said)


def _staff_page(form: Form | None) -> Response:
    with reading() as uow:
        welcome = queries.welcome_row(uow, g.context.id)
        contacts = queries.contacts(uow, g.context.id)
        if form is None:
            form = _known(uow, welcome)
        return page(
            "newcomers/staff.html",
            status=200 if form.ok else 422,
            context=g.context,
            welcome=welcome,
            form=form,
            newcomers=queries.of_place(uow, g.context.id),
            contacts=contacts,
            suggestions=_suggestions(uow, {one.person.id for one in contacts}),
            facilitators=[(one.person.handle, one.name) for one in contacts],
            stages=STAGES,
        )


def _known(uow: UnitOfWork, welcome: Welcome | None) -> Form:
    if welcome is None:
        return blank(on="", groups="", within_hours=48, most_each=3, call_every_days=28)
    facilitator = welcome.facilitator_id and people.person(uow, welcome.facilitator_id).handle
    return blank(
        on="yes" if welcome.on else "",
        within_hours=welcome.within_hours,
        most_each=welcome.most_each,
        task=welcome.task,
        groups="yes" if welcome.groups else "",
        facilitator=facilitator or "",
        call_every_days=welcome.call_every_days,
    )


def _wishes(uow: UnitOfWork, form: Form) -> Wishes:
    handle = form.data["facilitator"]
    chosen = next(
        (one.person for one in queries.contacts(uow, g.context.id) if one.person.handle == handle),
        None,
    )
    return Wishes(
        on=form.data["on"] == "yes",
        within_hours=form.data["within_hours"],
        most_each=form.data["most_each"],
        task=form.data["task"].strip(),
        groups=form.data["groups"] == "yes",
        facilitator_id=chosen.id if chosen else None,
        call_every_days=form.data["call_every_days"],
    )


def _suggestions(
    uow: UnitOfWork, without: set[UUID]
) -> list[tuple[expertise.Suggestion, people.PersonView | None, list[str]]]:
    issuer = people.issuer_of(uow, g.context.id)
    found = expertise.suggestions(uow, issuer=issuer, without=without, limit=SUGGESTED)
    known = people.people_by_id(uow, {one.person_id for one in found if one.person_id})
    return [
        (
            one,
            known.get(one.person_id) if one.person_id else None,
            expertise.reasons(one, uow.now()),
        )
        for one in found
    ]


def _task(uow: UnitOfWork) -> str:
    welcome = queries.welcome_row(uow, g.context.id)
    return tell.task_of(welcome) if welcome is not None else ""
