"""Joining: one page, four questions, sixty seconds on a phone."""

from functools import cache
from zoneinfo import available_timezones

from flask import Response, request

from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _, current_locale
from plugin.library import public as library
from plugin.mentoring.availability import SPAN, STARTS, hours_of, stretches_of
from plugin.mentoring.models import Side
from plugin.mentoring.queries.programmes import ParticipationView, ProgrammeView
from plugin.mentoring.schemas import JoinForm
from plugin.mentoring.services.join import Answers, leave, open_joining
from plugin.mentoring.services.join import join as take_in
from plugin.mentoring.views.base import blueprint, come_here, find, here, link
from plugin.mentoring.wording import GOALS, language_name
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.session import sign_in
from plugin.web.session_store import STAYING
from plugin.web.work import reading, writing
from plugin.workload import public as workload

MINUTES = 60
"""Filled in for mentors who have not said yet how much time they have: two pairs."""
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "nl", "pl", "pt", "ru", "tr", "uk", "zh")


@blueprint.route("/<programme>/join", methods=["GET", "POST"])
@door.signed_in
def join(context: str, programme: str) -> Response:
    """Ask the four questions; coming back shows the answers again.

    Not `door.course`: members of the community's forum may come in here, as mentors.
    """
    actor = current_actor()
    come_here(context)
    with writing() as uow:
        found = find(uow, programme)
        own = open_joining(uow, actor, found)
        time = workload.capacity(uow, actor.person_id)
        ask_zone = not own.answered and not people.said_zone(uow, actor.person_id)
        uow.commit()
    minutes = time.minutes_per_week if time.stated else MINUTES
    if request.method == "GET":
        return _page(found, own, _filled(own, actor, minutes), ask_zone=ask_zone)
    form = load(JoinForm(), request.form)
    if form.ok and _take_in(form, found, actor):
        mine = link("mine", programme=programme)
        if not actor.in_context(found.context_id):
            return _enter(actor, mine)
        return see(mine, said=_("Thank you, you are in. You can change your answers at any time."))
    return _page(found, own, form, status=422)


@blueprint.post("/<programme>/leave")
@door.course
def leave_programme(context: str, programme: str) -> Response:
    """Take part no longer."""
    with writing() as uow:
        leave(uow, find(uow, programme).id, current_actor().person_id)
        uow.commit()
    return see(
        link("mine", programme=programme), said=_("You are no longer taking part in this one.")
    )


def _enter(actor: people.Actor, next_url: str) -> Response:
    """Go on with a session that may open the pages of the course that was just joined."""
    with reading() as uow:
        grants = people.memberships_of(uow, actor.person_id)
    return sign_in(
        community_id=actor.community_id,
        person_id=actor.person_id,
        grants=grants,
        next_url=next_url,
        idle=STAYING,
    )


def _take_in(form: Form, found: ProgrammeView, actor: people.Actor) -> bool:
    given = form.data
    try:
        answers = Answers(
            side=Side(given["side"]),
            hours=tuple(hours_of(given["when"])),
            time_zone=given["time_zone"],
            languages=tuple(code for code in given["languages"] if code in LANGUAGES),
            sentence=given["sentence"],
            skills=tuple(given["skills"].replace(";", ",").replace("\n", ",").split(",")),
            goals=tuple(given["goals"]),
            stage=given["stage"],
            minutes_per_week=given["minutes_per_week"],
        )
        with writing() as uow:
            take_in(uow, actor, found, answers)
            uow.commit()
    except Invalid as wrong:
        for name, text in (wrong.fields or {"_schema": wrong.message}).items():
            form.wrong(name, text)
        return False
    except ValueError:
        form.wrong("when", _("Choose times from the table."))
        return False
    return True


def _filled(own: ParticipationView, actor: people.Actor, minutes: int) -> Form:
    """The answers given before, or what is known of the person."""
    if not own.answered:
        zone = own.time_zone if own.time_zone != "UTC" else actor.time_zone
        known = {} if actor.in_context(here().id) else {"side": Side.OFFER.value}
        return blank(
            languages=list(own.languages), time_zone=zone, minutes_per_week=minutes, **known
        )
    return blank(
        side=own.side.value,
        skills=", ".join(own.skills),
        when=stretches_of(own.hours),
        time_zone=own.time_zone,
        languages=list(own.languages),
        sentence=own.sentence,
        goals=list(own.goals),
        stage=own.stage,
        minutes_per_week=minutes,
    )


def _page(
    found: ProgrammeView,
    own: ParticipationView,
    form: Form,
    status: int = 200,
    *,
    ask_zone: bool = False,
) -> Response:
    """``ask_zone``: nobody has said a zone, so the question begins with that of the device."""
    mine = {*own.languages, current_locale()} & set(LANGUAGES)
    intake = library.intake_form()
    codes = sorted(LANGUAGES, key=lambda code: (code not in mine, language_name(code)))
    return page(
        "mentoring/join.html",
        status=status,
        programme=found,
        own=own,
        form=form,
        intake=intake,
        asks={question.name: question.label for question in intake.questions},
        agreement=library.agreement(),
        starts=STARTS,
        span=SPAN,
        zones=_zones(),
        ask_zone=ask_zone,
        languages=[(code, language_name(code)) for code in codes],
        goals=[(key, str(text)) for key, text in GOALS.items()],
        outside=not current_actor().in_context(found.context_id),
    )


@cache
def _zones() -> list[tuple[str, str]]:
    """Zones as `area: city`; the old names without a city stay out."""
    names = sorted(name for name in available_timezones() if "/" in name and "Etc" not in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
