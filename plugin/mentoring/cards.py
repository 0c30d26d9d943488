"""Mentoring's lines on the home page: for learners, mentors and coordinators."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from plugin.home.public import NextAction
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.models import MatchingState, PairState, Side
from plugin.mentoring.queries.matchings import unfinished
from plugin.mentoring.queries.pairs import MeetingView, PairView, next_meetings, pairs_of
from plugin.mentoring.queries.programmes import (
    ParticipationView,
    ProgrammeView,
    any_programme,
    mentors_out_of_reach,
    participations_of,
    programmes,
    programmes_by_id,
)
from plugin.people import public as people

TO_ANSWER = timedelta(days=7)


def own_pairs(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """What is next in each pair: answer, find a date, meet."""
    pairs = pairs_of(uow, actor.person_id)
    partners = people.people_by_id(uow, {one.partner_of(actor.person_id) for one in pairs})
    meetings = next_meetings(uow, {one.id for one in pairs})
    about = programmes_by_id(uow, {one.programme_id for one in pairs})
    paths = _paths(uow, about.values())
    lines = []
    for one in pairs:
        found = about[one.programme_id]
        name = partners[one.partner_of(actor.person_id)].name
        url = f"{paths[found.id]}/pairs/{one.handle}"
        lines.append(_line(one, found, actor.person_id, name, url, meetings.get(one.id)))
    return lines


def _line(
    one: PairView,
    about: ProgrammeView,
    me: UUID,
    name: str,
    url: str,
    meeting: MeetingView | None,
) -> NextAction:
    if one.state is PairState.ENDED:
        return NextAction(
            _("Your time with %(name)s", name=name), about.title, None, None, url, "done"
        )
    if one.state is PairState.INTRODUCED and one.mentor_id == me:
        due = one.introduced_at + TO_ANSWER if one.introduced_at else None
        return NextAction(
            _("Answer %(name)s", name=name),
            _("%(name)s would like to learn with you.", name=name),
            2,
            due,
            url,
        )
    if one.state is PairState.INTRODUCED:
        return NextAction(
            _("%(name)s has been asked", name=name),
            _("You get a message as soon as there is an answer."),
            None,
            None,
            url,
            "waiting",
        )
    return _meeting_line(one, about, me, name, url, meeting)


def _meeting_line(
    one: PairView,
    about: ProgrammeView,
    me: UUID,
    name: str,
    url: str,
    meeting: MeetingView | None,
) -> NextAction:
    if meeting is None:
        return NextAction(
            _("Find a date with %(name)s", name=name),
            _("Your pair in %(programme)s has no next meeting.", programme=about.title),
            2,
            None,
            url,
        )
    if meeting.agreed:
        return NextAction(
            _("Meet %(name)s", name=name), about.title, meeting.minutes, meeting.starts_at, url
        )
    if meeting.proposed_by_id == me:
        return NextAction(
            _("%(name)s has to agree to your date", name=name),
            about.title,
            None,
            meeting.starts_at,
            url,
            "waiting",
        )
    return NextAction(
        _("Agree to a date with %(name)s", name=name),
        _("%(name)s has proposed a time.", name=name),
        1,
        meeting.starts_at,
        url,
    )


def joining_in(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Programmes that somebody could join, has begun to join, or waits in."""
    contexts = {context_id for context_id, _role in actor.roles}
    teaching = {context_id for context_id, role in actor.roles if role == people.TEACHER}
    staffed = {context_id for _right, context_id in actor.rights if context_id is not None}
    own = {one.programme_id: one for one in participations_of(uow, actor.person_id)}
    paired = {one.programme_id for one in pairs_of(uow, actor.person_id)}
    found = [one for one in programmes(uow, contexts | staffed) if one.open]
    paths = _paths(uow, found)
    lines: list[NextAction] = []
    for one in found:
        answer = own.get(one.id)
        if one.id in paired:
            continue
        if answer is not None and answer.answered:
            lines.append(_waiting(one, answer, paths[one.id]))
        elif one.context_id in contexts - teaching:
            lines.append(_to_join(one, answer, paths[one.id]))
    return lines


def _to_join(found: ProgrammeView, answer: ParticipationView | None, path: str) -> NextAction:
    words = (
        _("Finish joining %(title)s", title=found.title)
        if answer
        else _("Join %(title)s", title=found.title)
    )
    reason = _("Four questions, then somebody is found for you.")
    return NextAction(words, reason, 1, None, f"{path}/join")


def _waiting(found: ProgrammeView, answer: ParticipationView, path: str) -> NextAction:
    words = (
        _("You wait for a mentor")
        if answer.side is Side.LEARN
        else _("You wait for somebody who learns")
    )
    return NextAction(words, found.title, None, None, f"{path}/mine", "waiting")


def starting(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Where nothing has begun: teachers in their courses, else who set the community up."""
    teaching = {context_id for context_id, role in actor.roles if role == people.TEACHER}
    without = teaching - {one.context_id for one in programmes(uow, teaching)}
    lines = [
        NextAction(
            _("Start a programme"),
            _(
                "%(course)s has none yet. People join by a link and four questions.",
                course=context.title,
            ),
            2,
            None,
            f"/c/{context.handle}/mentoring/new",
        )
        for context in (people.contexts(uow, without) if without else ())
    ]
    if lines or not actor.administers() or any_programme(uow):
        return lines
    return [
        NextAction(
            _("Start a programme"),
            _("People join by a link and four questions."),
            2,
            None,
            "/mentoring/",
        )
    ]


def coordinating(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """What a coordinator has to decide: drafts, missing contacts, mentors out of reach."""
    contexts = [context.id for context in people.contexts(uow) if actor.coordinates(context.id)]
    found = {one.id: one for one in programmes(uow, contexts) if one.open}
    paths = _paths(uow, found.values())
    lines = [
        NextAction(_("Name a safety contact"), one.title, 1, None, f"{paths[key]}/about")
        for key, one in found.items()
        if one.safety_contact_id is None
    ]
    lines += [
        NextAction(
            _("Look at the matching and publish it"),
            _("%(title)s: nobody has been told yet.", title=found[draft.programme_id].title),
            5,
            None,
            f"{paths[draft.programme_id]}/matchings/{draft.handle}",
        )
        for draft in unfinished(uow, found)
        if draft.state is MatchingState.DRAFT
    ]
    return lines + [
        NextAction(
            ngettext("%(n)d mentor cannot be reached", "%(n)d mentors cannot be reached", count),
            found[key].title,
            3,
            None,
            f"{paths[key]}?state=unreachable",
        )
        for key, count in mentors_out_of_reach(uow, found).items()
    ]


def _paths(uow: UnitOfWork, found: Iterable[ProgrammeView]) -> dict[UUID, str]:
    """The pages of programmes by id, with one select for all their contexts."""
    known = list(found)
    contexts = {one.id: one for one in people.contexts(uow, {p.context_id for p in known})}
    return {one.id: f"/c/{contexts[one.context_id].handle}/mentoring/{one.handle}" for one in known}


CARDS = (own_pairs, joining_in, starting, coordinating)
