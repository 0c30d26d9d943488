"""Running a matching, looking at it, changing a pair, publishing, taking it back."""

from collections.abc import Sequence
from datetime import datetime

from flask import Response, request

from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _
from plugin.kernel.pagination import mark_to_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.models import MatchingState
from plugin.mentoring.queries.comparing import compared
from plugin.mentoring.queries.left_over import LeftOver, overview
from plugin.mentoring.queries.matchings import (
    MatchingView,
    PairRow,
    matching_by_handle,
    pairs,
    totals,
    totals_of,
)
from plugin.mentoring.queries.matchings import matchings as all_matchings
from plugin.mentoring.queries.programmes import ProgrammeView, joining, reachable
from plugin.mentoring.schemas import EditForm, RunForm
from plugin.mentoring.services import compute, publish
from plugin.mentoring.services.edit import assign_by_hand
from plugin.mentoring.views.base import blueprint, find_as_staff, link, staff_tabs, wants
from plugin.mentoring.wording import STEPS, cause_text, change_text, reasons_text, rule_text
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing


@blueprint.route("/<programme>/matchings", methods=["GET", "POST"])
@door.course
def matchings(context: str, programme: str) -> Response:
    """The matchings of a programme; posting asks for a new one."""
    if request.method == "POST":
        form = load(RunForm(), request.form)
        if not form.ok:
            return see(link("matchings", programme=programme))
        with writing() as uow:
            found = find_as_staff(uow, programme)
            asked = compute.request_matching(uow, current_actor(), found, form.data["aim"])
            uow.commit()
        return see(link("matching", programme=programme, matching=asked.handle))
    with reading() as uow:
        found = find_as_staff(uow, programme)
        rows = all_matchings(uow, found.id)
        return page(
            "mentoring/matchings.html",
            programme=found,
            tabs=staff_tabs(found, "matchings"),
            matchings=rows,
            totals=totals_of(uow, [row.id for row in rows]),
            ready=[row for row in joining(uow, found) if row.state.value == "ready"],
        )


@blueprint.get("/<programme>/matchings/<matching>")
@door.course
def matching(context: str, programme: str, matching: str) -> Response:
    """Progress, then pairs with reasons, those left over with why, and the proof."""
    with reading() as uow:
        found = find_as_staff(uow, programme)
        shown = matching_by_handle(uow, found.id, matching)
        return _page(uow, found, shown)


@blueprint.get("/<programme>/matchings/<matching>/learners/<learner>")
@door.course
def compare_mentors(context: str, programme: str, matching: str, learner: str) -> Response:
    """Why this mentor and not that one, with the numbers, for the coordinator."""
    with reading() as uow:
        found = find_as_staff(uow, programme)
        shown = matching_by_handle(uow, found.id, matching)
        return page(
            "mentoring/compare.html",
            programme=found,
            tabs=staff_tabs(found, "matchings"),
            matching=shown,
            compared=compared(uow, shown.id, learner),
            rule_text=rule_text,
        )


@blueprint.post("/<programme>/matchings/<matching>/edit")
@door.course
def edit_pair(context: str, programme: str, matching: str) -> Response:
    """Give a learner another mentor, or none."""
    form = load(EditForm(), request.form)
    back = link("matching", programme=programme, matching=matching)
    if not form.ok:
        return see(back)
    try:
        with writing() as uow:
            found = find_as_staff(uow, programme)
            shown = matching_by_handle(uow, found.id, matching)
            assign_by_hand(
                uow,
                current_actor(),
                found,
                shown.id,
                mentee=form.data["mentee"],
                mentor=form.data["mentor"] or None,
            )
            uow.commit()
    except Invalid as wrong:
        return see(back, said=wrong.message)
    return see(back, said=_("Changed. Nobody has been told yet."))


@blueprint.post("/<programme>/matchings/<matching>/publish")
@door.course
def publish_matching(context: str, programme: str, matching: str) -> Response:
    """The decision that people are told."""
    back = link("matching", programme=programme, matching=matching)
    try:
        with writing() as uow:
            found = find_as_staff(uow, programme)
            shown = matching_by_handle(uow, found.id, matching)
            publish.request_publish(uow, current_actor(), found, shown.id)
            uow.commit()
    except Invalid as wrong:
        return see(back, said=wrong.message)
    return see(back)


@blueprint.post("/<programme>/matchings/<matching>/undo")
@door.course
def undo_matching(context: str, programme: str, matching: str) -> Response:
    """Take everything back that no mentor has accepted."""
    with writing() as uow:
        found = find_as_staff(uow, programme)
        shown = matching_by_handle(uow, found.id, matching)
        publish.request_undo(uow, current_actor(), found, shown.id)
        uow.commit()
    return see(
        link("matching", programme=programme, matching=matching),
        said=_("Taken back. Pairs that had begun go on."),
    )


@blueprint.post("/<programme>/matchings/<matching>/discard")
@door.course
def discard_matching(context: str, programme: str, matching: str) -> Response:
    """Throw a draft away."""
    try:
        with writing() as uow:
            found = find_as_staff(uow, programme)
            shown = matching_by_handle(uow, found.id, matching)
            compute.discard(uow, current_actor(), found, shown.id)
            uow.commit()
    except Conflict as late:
        return see(link("matching", programme=programme, matching=matching), said=late.message)
    return see(link("matchings", programme=programme))


def _by_cause(
    people_left: Sequence[LeftOver], zone: str, now: datetime
) -> list[tuple[str, str, list[LeftOver]]]:
    """Those left over under the same cause and remedy stand together, the largest group first."""
    groups: dict[tuple[str, str], list[LeftOver]] = {}
    for one in people_left:
        words = (
            cause_text(one.cause, one.params),
            change_text(one.change, one.change_params, zone, now),
        )
        groups.setdefault(words, []).append(one)
    return [
        (cause, change, ones)
        for (cause, change), ones in sorted(groups.items(), key=lambda group: -len(group[1]))
    ]


def _silent(uow: UnitOfWork, shown: MatchingView, rows: Sequence[PairRow]) -> list[str]:
    """Names of those on this page of a draft who will hear of it only inside Lantern."""
    if shown.state is not MatchingState.DRAFT:
        return []
    persons = {one.id: one for row in rows for one in (row.mentee, row.mentor)}
    reached = reachable(uow, persons)
    return sorted(one.name for key, one in persons.items() if key not in reached)


def _page(uow: UnitOfWork, found: ProgrammeView, shown: MatchingView) -> Response:
    if shown.state in (MatchingState.REQUESTED, MatchingState.COMPUTING, MatchingState.FAILED):
        # raising the floor is a step only where the programme aims at it
        steps = [step for step in STEPS if step != "raising" or shown.progress == step]
        return page(
            "mentoring/progress.html",
            programme=found,
            tabs=staff_tabs(found, "matchings"),
            matching=shown,
            steps=[str(STEPS[step]) for step in steps],
            at=steps.index(shown.progress) if shown.progress in steps else 0,
        )
    zone, now = current_actor().time_zone, uow.now()
    rows = pairs(uow, shown.id, mark_to_id(wants("after")))
    whole = overview(uow, shown.id)
    contact = found.safety_contact_id
    return page(
        "mentoring/matching.html",
        programme=found,
        tabs=staff_tabs(found, "matchings"),
        matching=shown,
        rows=rows,
        why={
            row.id: reasons_text(row.reasons, row.mentee.name, row.mentor.name, zone, now)
            for row in rows.items
        },
        totals=totals(uow, shown.id),
        overview=whole,
        left=_by_cause(whole.left_over, zone, now),
        silent=_silent(uow, shown, rows.items),
        contact=people.person(uow, contact) if contact else None,
    )
