"""For people who help: what they gave, thanks, their letter, the way ahead; and thanking them."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugin.credentials import jsonld, queries, rules
from plugin.credentials.milestones import milestones
from plugin.credentials.schemas import DecisionSchema, ThanksSchema
from plugin.credentials.services import deciding, pathways, recognition
from plugin.credentials.services.telling import MINE
from plugin.credentials.views.parts import the_achievement
from plugin.credentials.wording import OUTCOMES, SERVED, hours
from plugin.kernel.errors import NotFound, Refused
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint("credentials_recognition", __name__, template_folder="../templates")
HOME = "/my/recognition"


@blueprint.get("/my/recognition")
@door.signed_in
def overview() -> Response:
    """What I gave, what came of it, and what people wrote to me."""
    me = current_actor().person_id
    with reading() as uow:
        of = recognition.served(uow, me)
        notes = recognition.thanks_to(uow, me)
        names = people.people_by_id(uow, {note.from_id for note in notes})
        letter = recognition.letter_of(uow, me)
        mentees = bool(deciding.mentees_of(uow, me))
    return page(
        "credentials/recognition.html",
        of=of,
        kinds=[(SERVED[kind], hours(n)) for kind, n in of.minutes.items() if n and kind in SERVED],
        outcomes=[(OUTCOMES[key], n) for key, n in of.outcomes.items() if key in OUTCOMES],
        milestones=milestones(of),
        notes=notes,
        names=names,
        letter=letter,
        mentees=mentees,
    )


@blueprint.post("/my/recognition/letter")
@door.signed_in
def letter() -> Response:
    """Write my service letter, or write it anew with today's figures."""
    jsonld.warm()
    with writing() as uow:
        recognition.write_letter(uow, services().vault, current_actor().person_id)
        uow.commit()
    return see(MINE, said=_("Your service letter stands under your credentials in a moment."))


@blueprint.get("/my/pathways")
@door.signed_in
def ways() -> Response:
    """The ways through what can be earned here, and where I stand on them."""
    with reading() as uow:
        found = pathways.pathways(uow, current_actor().person_id)
    return page("credentials/pathways.html", pathways=[one for one in found if one.stages])


@blueprint.get("/my/thanks")
@door.signed_in
def thanks() -> Response:
    """Whom I can thank, and what I can confirm."""
    me = current_actor().person_id
    with reading() as uow:
        found = recognition.mentorships(uow, me)
        names = people.people_by_id(uow, {one.mentor_id for one in found})
        written = recognition.thanks_by(uow, me)
    return page(
        "credentials/thanks.html",
        mentorships=found,
        names=names,
        written=written,
        outcomes=list(OUTCOMES.items()),
        blank=blank,
    )


@blueprint.post("/my/thanks/<mentorship>")
@door.signed_in
def thank(mentorship: str) -> Response:
    """Keep a note of thanks and what I confirm."""
    form = load(ThanksSchema(), request.form)
    if not form.ok:
        first = next(iter(form.errors.values()))[0]
        return see("/my/thanks", said=_("Not kept: %(why)s", why=first))
    with writing() as uow:
        recognition.thank(
            uow,
            current_actor().person_id,
            mentorship,
            note=form.data["note"],
            confirmed=form.data.get("confirmed", []),
        )
        uow.commit()
    return see("/my/thanks", said=_("Kept. Thank you for saying so."))


@blueprint.get("/my/mentees")
@door.signed_in
def mentees() -> Response:
    """What I can say about the people I mentor."""
    return _mentees(blank(), "")


@blueprint.post("/my/mentees/<person>")
@door.signed_in
def decide(person: str) -> Response:
    """Say that somebody I mentor can do it; the rule says what that is worth."""
    form = load(DecisionSchema(), request.form)
    if not form.ok:
        return _mentees(form, person, 422)
    me = current_actor().person_id
    with writing() as uow:
        about = people.person_by_handle(uow, person)
        if about.id not in deciding.mentees_of(uow, me):
            raise Refused("not_your_mentee", _("You can say this of people whom you mentor."))
        row = the_achievement(uow, form.data["achievement"])
        if row.published_at is None or not _asks_mentor(rules.from_json(row.rule)):
            raise NotFound("not_asked", _("Nobody asks a mentor about this."))
        deciding.say_so(uow, row, about.id, me, form.data["words"], "mentor")
        uow.commit()
    return see("/my/mentees", said=_("Kept. It stands in what they earn by it."))


def _mentees(form: Form, asked: str, status: int = 200) -> Response:
    with reading() as uow:
        mine = deciding.mentees_of(uow, current_actor().person_id)
        persons = sorted(people.people_by_id(uow, mine).values(), key=lambda one: one.name)
        offered = _asked(uow)
    return page(
        "credentials/mentees.html",
        persons=persons,
        offered=offered,
        form=form,
        asked=asked,
        status=status,
    )


def _asked(uow: UnitOfWork) -> list[tuple[str, str]]:
    return [
        (one.handle, one.name)
        for one in queries.achievements(uow)
        if one.published and not one.retired and _asks_mentor(one.rule)
    ]


def _asks_mentor(rule: rules.Rule) -> bool:
    return any(
        isinstance(one, rules.Decision) and one.by == "mentor" for one in rules.conditions(rule)
    )
