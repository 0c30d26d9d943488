"""Starting a programme, its page for staff, its page for everybody else."""

from datetime import timedelta

from flask import Response, request

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import policy
from plugin.mentoring.forecast import Forecast, forecast
from plugin.mentoring.models import Side
from plugin.mentoring.queries.left_over import why_left_over
from plugin.mentoring.queries.matchings import any_published
from plugin.mentoring.queries.pairs import next_meetings, pairs_of
from plugin.mentoring.queries.programmes import (
    ProgrammeView,
    participation,
    programme_anywhere,
    programmes,
    reachable,
)
from plugin.mentoring.schemas import StartForm
from plugin.mentoring.services.start import About, start_programme
from plugin.mentoring.views.base import (
    blueprint,
    contact_of,
    find,
    here,
    is_staff,
    link,
    staff_tabs,
)
from plugin.mentoring.views.staff import staff_page
from plugin.mentoring.wording import cause_text, change_text
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

MENTOR_MINUTES = 120
EXPECTED = 12  # to begin with, where nobody is known yet: a forecast for nobody says nothing


@blueprint.get("/")
@door.course
def overview(context: str) -> Response:
    """The programmes here; somebody who can only join goes straight to the one there is."""
    with reading() as uow:
        found = programmes(uow, [here().id])
    staff = is_staff()
    if len(found) == 1 and not staff:
        return see(link("programme", programme=found[0].handle))
    return page(
        "mentoring/overview.html",
        programmes=found,
        may_start=bool(policy.may_start(current_actor(), here().id)),
        staff=staff,
        course=here(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@door.course
def start(context: str) -> Response:
    """Start a programme: the forecast stands above the button, before anything is decided."""
    actor = current_actor()
    require(policy.may_start(actor, here().id))
    with reading() as uow:
        contacts = _contacts(uow, actor)
        learners = len(people.members(uow, here().id, people.LEARNER))
        soon = uow.now().date() + timedelta(weeks=12)
        like = _like(uow, request.args.get("like", ""))
    if request.method == "GET":
        defaults = {**_defaults(learners, contacts[0][0] if contacts else ""), **like}
        form = blank(**defaults, ends_on=soon.isoformat())
        return _start_page(form, _forecast(form), contacts, learners)
    form = load(StartForm(), request.form)
    if form.ok and form.data["step"] == "start":
        made = _start(form, actor)
        if made is not None:
            return see(
                link("programme", programme=made.handle),
                said=_("The programme is open. Now people can join."),
            )
    return _start_page(form, _forecast(form), contacts, learners, status=200 if form.ok else 422)


def _start(form: Form, actor: people.Actor) -> ProgrammeView | None:
    given = form.data
    try:
        with writing() as uow:
            contact = given["safety_contact"]
            about = About(
                title=given["title"],
                purpose=given["purpose"],
                scope=given["scope"],
                outcome=given["outcome"],
                minutes_per_week=given["minutes_per_week"],
                ends_on=given["ends_on"],
                safety_contact_id=people.person_by_handle(uow, contact).id if contact else None,
            )
            made = start_programme(uow, actor, here().id, about)
            uow.commit()
        return made
    except Invalid as wrong:
        for name, text in (wrong.fields or {"_schema": wrong.message}).items():
            form.wrong(name, text)
        return None


def _start_page(
    form: Form,
    shown: Forecast | None,
    contacts: list[tuple[str, str]],
    known: int,
    status: int = 200,
) -> Response:
    return page(
        "mentoring/start.html",
        status=status,
        form=form,
        forecast=shown,
        contacts=contacts,
        known=known,
        course=here(),
    )


def _defaults(known: int, contact: str) -> dict[str, object]:
    """A programme that can be started as it stands."""
    learners = known or EXPECTED
    return {
        "title": _("Mentoring in %(course)s", course=here().title)[:120],
        "purpose": _("Learners have somebody to ask who is a few steps ahead."),
        "scope": _(
            "Questions about the subject, ways of learning and next steps. "
            "Not: doing somebody's assignments, or emergencies."
        ),
        "outcome": _("Everybody reaches the goal set at the beginning, or knows the next step."),
        "safety_contact": contact,
        "minutes_per_week": 30,
        "learners": learners,
        "mentors": max(1, learners // 4),
        "mentor_minutes": MENTOR_MINUTES,
    }


def _like(uow: UnitOfWork, handle: str) -> dict[str, object]:
    """What a programme of last year's course said; its people and its end are its own."""
    found = programme_anywhere(uow, handle) if handle else None
    if found is None:
        return {}
    return {
        "title": found.title,
        "purpose": found.purpose,
        "scope": found.scope,
        "outcome": found.outcome,
        "minutes_per_week": found.minutes_per_week,
    }


def _forecast(form: Form) -> Forecast | None:
    """What the numbers in the form carry; None while they are no numbers."""
    names = ("mentors", "mentor_minutes", "learners", "minutes_per_week")
    try:
        mentors, each, learners, minutes = (int(form.value(name)) for name in names)
        return forecast(
            mentors=mentors, minutes_each=each, learners=learners, minutes_per_pair=minutes
        )
    except ValueError:
        return None


def _contacts(uow: UnitOfWork, actor: people.Actor) -> list[tuple[str, str]]:
    """Who may be named: the one who asks first, teachers, and those who were named before."""
    me = people.person(uow, actor.person_id)
    teachers = [member.person for member in people.members(uow, here().id, people.TEACHER)]
    named = people.staff(uow, people.SAFETY_CONTACT, here().id)
    return list({one.handle: one.name for one in (me, *teachers, *named)}.items())


@blueprint.get("/<programme>")
@door.course
def programme(context: str, programme: str) -> Response:
    """For staff: who is how far. For everybody else: their own next step."""
    with reading() as uow:
        found = find(uow, programme)
        if not is_staff():
            return _mine(uow, found)
        return staff_page(uow, found, blank())


@blueprint.get("/<programme>/mine")
@door.course
def mine(context: str, programme: str) -> Response:
    """What a participant sees; staff may take part as well."""
    with reading() as uow:
        return _mine(uow, find(uow, programme))


def _mine(uow: UnitOfWork, found: ProgrammeView) -> Response:
    actor = current_actor()
    own = participation(uow, found.id, actor.person_id)
    pairs = pairs_of(uow, actor.person_id, found.id)
    left = None
    if own is not None and own.answered and own.side is Side.LEARN and not pairs:
        told = why_left_over(uow, found.id, own.handle)
        if told is not None:
            now, zone = uow.now(), actor.time_zone
            left = (
                cause_text(told["cause"], told["params"]),
                change_text(told["change"], told["change_params"], zone, now),
            )
    return page(
        "mentoring/mine.html",
        programme=found,
        own=own,
        pairs=pairs,
        partners=people.people_by_id(uow, {pair.partner_of(actor.person_id) for pair in pairs}),
        meetings=next_meetings(uow, {pair.id for pair in pairs}),
        left=left,
        idle=any_published(uow, found.id),
        reached=bool(reachable(uow, [actor.person_id])),
        contact=contact_of(uow, found),
        staff=is_staff(),
    )


@blueprint.get("/<programme>/about")
@door.course
def about(context: str, programme: str) -> Response:
    """What the programme is about and who answers for it."""
    with reading() as uow:
        found = find(uow, programme)
        return page(
            "mentoring/about.html",
            programme=found,
            tabs=staff_tabs(found, "about") if is_staff() else [],
            staff=is_staff(),
            contacts=_contacts(uow, current_actor()) if is_staff() else [],
            contact=contact_of(uow, found),
            form=blank(),
        )
