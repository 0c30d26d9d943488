"""The page of a pair: what is next, what was promised, the goal, the meeting for the calendar."""

from urllib.parse import urlsplit

from flask import Response, request

from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _, format_datetime
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library
from plugin.mentoring import policy
from plugin.mentoring.calendar import ics
from plugin.mentoring.queries.pairs import (
    PairView,
    goal_of,
    meeting_by_handle,
    next_meetings,
    pair_by_handle,
    promises_of,
)
from plugin.mentoring.queries.programmes import sentence_of
from plugin.mentoring.schemas import (
    AnswerForm,
    GoalForm,
    MeetingAnswerForm,
    MeetingForm,
    PromiseForm,
)
from plugin.mentoring.services import agree, answer
from plugin.mentoring.views.base import blueprint, find, here, link, public_link
from plugin.mentoring.wording import reasons_text, zone_name
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing


@blueprint.get("/<programme>/pairs/<pair>")
@door.course
def pair(context: str, programme: str, pair: str) -> Response:
    """Only for the two."""
    with reading() as uow:
        return _page(uow, programme, _find(uow, programme, pair), blank())


@blueprint.post("/<programme>/pairs/<pair>/answer")
@door.course
def answer_pair(context: str, programme: str, pair: str) -> Response:
    """Accept, decline, or end."""
    form = load(AnswerForm(), request.form)
    if not form.ok:
        return see(link("pair", programme=programme, pair=pair))
    act = {"accept": answer.accept, "decline": answer.decline, "end": answer.end}
    said = {
        "accept": _("Good. Now find a first date."),
        "decline": _("Declined. Your time is free again."),
        "end": _("This pair has ended. Thank you."),
    }
    chosen = form.data["answer"]
    me = current_actor().person_id
    try:
        with writing() as uow:
            found = _find(uow, programme, pair)
            act[chosen](uow, found.id, me)
            uow.commit()
    except Conflict as late:
        return see(link("mine", programme=programme), said=late.message)
    if chosen == "accept":
        return see(link("pair", programme=programme, pair=pair), said=said[chosen])
    return see(link("mine", programme=programme), said=said[chosen])


@blueprint.post("/<programme>/pairs/<pair>/goal")
@door.course
def set_goal(context: str, programme: str, pair: str) -> Response:
    """Write the goal down."""
    form = load(GoalForm(), request.form)
    if not form.ok:
        return _again(programme, pair, form)
    with writing() as uow:
        found = _find(uow, programme, pair)
        agree.set_goal(uow, found.id, current_actor().person_id, **form.data)
        uow.commit()
    return see(link("pair", programme=programme, pair=pair), said=_("The goal is saved."))


@blueprint.post("/<programme>/pairs/<pair>/promise")
@door.course
def make_promise(context: str, programme: str, pair: str) -> Response:
    """Say what one will do until the next meeting."""
    form = load(PromiseForm(), request.form)
    if not form.ok:
        return _again(programme, pair, form)
    with writing() as uow:
        found = _find(uow, programme, pair)
        agree.promise(uow, found.id, current_actor().person_id, form.data["promise"])
        uow.commit()
    return see(link("pair", programme=programme, pair=pair))


@blueprint.post("/<programme>/pairs/<pair>/promise/<promise>")
@door.course
def keep_promise(context: str, programme: str, pair: str, promise: str) -> Response:
    """Tick one's own promise off."""
    with writing() as uow:
        found = _find(uow, programme, pair)
        agree.keep_promise(uow, found.id, current_actor().person_id, promise)
        uow.commit()
    return see(link("pair", programme=programme, pair=pair), said=_("Done. Well kept."))


@blueprint.post("/<programme>/pairs/<pair>/meeting")
@door.course
def propose_meeting(context: str, programme: str, pair: str) -> Response:
    """Propose the next meeting, or move the one that is planned."""
    form = load(MeetingForm(), request.form)
    if form.ok:
        given = form.data
        when = agree.When(given["starts"], given["time_zone"], given["minutes"], given["place"])
        try:
            with writing() as uow:
                found = _find(uow, programme, pair)
                agree.propose_meeting(uow, found.id, current_actor().person_id, when)
                uow.commit()
        except Invalid as wrong:
            for name, text in (wrong.fields or {"_schema": wrong.message}).items():
                form.wrong(name, text)
    if not form.ok:
        return _again(programme, pair, form)
    return see(link("pair", programme=programme, pair=pair), said=_("Proposed."))


@blueprint.post("/<programme>/pairs/<pair>/meeting/<meeting>")
@door.course
def answer_meeting(context: str, programme: str, pair: str, meeting: str) -> Response:
    """Agree to the proposed time, or call the meeting off."""
    form = load(MeetingAnswerForm(), request.form)
    if form.ok:
        act = {"agree": agree.agree_meeting, "cancel": agree.cancel_meeting}[form.data["answer"]]
        with writing() as uow:
            found = _find(uow, programme, pair)
            act(uow, found.id, current_actor().person_id, meeting)
            uow.commit()
    return see(link("pair", programme=programme, pair=pair))


@blueprint.get("/<programme>/pairs/<pair>/meeting/<meeting>.ics")
@door.course
def meeting_file(context: str, programme: str, pair: str, meeting: str) -> Response:
    """The meeting for a calendar, with both local times in its words."""
    with reading() as uow:
        found = _find(uow, programme, pair)
        shown = meeting_by_handle(uow, found.id, meeting)
        me = people.person(uow, current_actor().person_id)
        other = people.person(uow, found.partner_of(me.id))
    url = public_link(link("pair", programme=programme, pair=pair))
    lines = [
        f"{one.name} ({zone_name(one.time_zone)}): "
        f"{format_datetime(shown.starts_at, one.time_zone)}"
        for one in (me, other)
    ]
    content = ics(
        shown,
        title=_("Meeting with %(name)s", name=other.name),
        description="\n".join([*lines, url]),
        host=urlsplit(services().settings.base_url).hostname or "lantern",
        url=url,
    )
    return Response(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="meeting.ics"'},
    )


def _find(uow: UnitOfWork, programme: str, handle: str) -> PairView:
    found = pair_by_handle(uow, find(uow, programme).id, handle)
    require(
        policy.may_see_pair(
            current_actor(), found.mentor_id, found.mentee_id, visible=found.visible
        )
    )
    return found


def _again(programme: str, handle: str, form: Form) -> Response:
    """The page with what was typed and what is wrong with it."""
    with reading() as uow:
        return _page(uow, programme, _find(uow, programme, handle), form, status=422)


def _page(
    uow: UnitOfWork, programme: str, found: PairView, form: Form, status: int = 200
) -> Response:
    about = find(uow, programme)
    actor = current_actor()
    me = people.person(uow, actor.person_id)
    other = people.person(uow, found.partner_of(me.id))
    mentee, mentor = (me, other) if me.id == found.mentee_id else (other, me)
    meeting = next_meetings(uow, {found.id}).get(found.id)
    zones = list(dict.fromkeys((me.time_zone, other.time_zone)))
    contact = about.safety_contact_id
    return page(
        "mentoring/pair.html",
        status=status,
        programme=about,
        course=here(),
        pair=found,
        other=other,
        mentors=me.id == found.mentor_id,
        meeting=meeting,
        their_time=format_datetime(meeting.starts_at, other.time_zone) if meeting else "",
        my_time=format_datetime(meeting.starts_at, me.time_zone) if meeting else "",
        their_zone=zone_name(other.time_zone),
        my_zone=zone_name(me.time_zone),
        zones=[(name, zone_name(name)) for name in zones],
        goal=goal_of(uow, found.id),
        promises=promises_of(uow, found.id),
        reasons=reasons_text(found.reasons, mentee.name, mentor.name, actor.time_zone, uow.now()),
        sentence=sentence_of(uow, found.programme_id, other.id),
        agendas=library.agendas(),
        cards=library.first_meeting_cards(),
        contact=people.person(uow, contact) if contact else None,
        form=form,
    )
