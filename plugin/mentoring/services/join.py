"""Join a programme with four answers, change them, leave again."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.expertise import public as expertise
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library
from plugin.mentoring import policy
from plugin.mentoring.availability import WEEK_HOURS
from plugin.mentoring.models import Participation, Side
from plugin.mentoring.queries.programmes import (
    ParticipationView,
    ProgrammeView,
    participation_view,
)
from plugin.mentoring.services.invite import note_arrival
from plugin.people import public as people
from plugin.workload import public as workload

GOALS = ("understand", "project", "confidence", "work", "settle_in")
"""What people may come for; the words are in ``wording``."""
STAGES = {Side.LEARN: (0, 1, 2), Side.OFFER: (1, 2, 3, 4)}
DEFAULT_STAGE = {Side.LEARN: 0, Side.OFFER: 3}


@dataclass(frozen=True)
class Answers:
    """The four answers: learn or offer (what), when, language, one sentence."""

    side: Side
    hours: tuple[int, ...]
    time_zone: str
    languages: tuple[str, ...]
    sentence: str
    skills: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    stage: int | None = None
    minutes_per_week: int | None = None


def open_joining(
    uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView
) -> ParticipationView:
    """Note that somebody has opened the join page; unique by programme and person."""
    _require_way_in(uow, actor, programme)
    row = _row(uow, programme.id, actor.person_id)
    note_arrival(uow, programme.id, people.person(uow, actor.person_id))
    return participation_view(row)


def join(
    uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView, answers: Answers
) -> ParticipationView:
    """Take somebody in with their answers; answering again replaces them.

    A mentor from the forum is on the roster of the course afterwards, as an invited one is.
    """
    _require_way_in(uow, actor, programme)
    outside = not actor.in_context(programme.context_id)
    _check(programme, answers, outside=outside)
    if outside:
        people.enrol(uow, actor.person_id, programme.context_id, people.OBSERVER, "forum")
    row = _row(uow, programme.id, actor.person_id)
    stage = DEFAULT_STAGE[answers.side] if answers.stage is None else answers.stage
    row.side = answers.side
    row.hours = sorted(set(answers.hours))
    row.time_zone = answers.time_zone
    row.languages = sorted(set(answers.languages))
    row.sentence = answers.sentence
    row.skills = _words(answers.skills)
    row.goals = [goal for goal in GOALS if goal in answers.goals]
    row.stage = stage
    row.answered_at = uow.now()
    row.left_at = None
    people.update_profile(uow, actor.person_id, time_zone=answers.time_zone)
    for kind, version in _words_shown():
        people.consent(uow, actor.person_id, kind, version)
    if answers.side is Side.OFFER:
        expertise.claim_skills(uow, actor.person_id, answers.skills)
        if answers.minutes_per_week is not None:
            workload.set_capacity(
                uow, actor.person_id, answers.minutes_per_week, zone=answers.time_zone
            )
    uow.session.flush()
    return participation_view(row)


def leave(uow: UnitOfWork, programme_id: UUID, person_id: UUID) -> None:
    """Take part no longer: the next matching does not see this person."""
    row = _find(uow, programme_id, person_id)
    if row is not None and row.left_at is None:
        row.left_at = uow.now()


def _words_shown() -> tuple[tuple[str, str], ...]:
    """Which versions of the form and of the agreement somebody had before them when joining."""
    return (
        ("mentoring.intake", library.intake_form().version),
        ("mentoring.agreement", library.agreement().version),
    )


def _words(skills: tuple[str, ...]) -> list[str]:
    """Skills as typed, each once; the matching compares the words that expertise makes of them."""
    typed = {expertise.normalise(skill): " ".join(skill.split()) for skill in reversed(skills)}
    return [label for word, label in reversed(typed.items()) if word]


def _require_way_in(uow: UnitOfWork, actor: people.Actor, programme: ProgrammeView) -> None:
    in_forum = people.identity_of(uow, actor.person_id, "discourse") is not None
    require(policy.may_join(actor, programme.context_id, in_forum=in_forum))


def _check(programme: ProgrammeView, answers: Answers, *, outside: bool) -> None:
    wrong: dict[str, str] = {}
    if not programme.open:
        raise Invalid("mentoring.closed", _("This programme takes nobody in any more."))
    if outside and answers.side is not Side.OFFER:
        wrong["side"] = _("Learners come in from their course. You can take part as a mentor.")
    if not answers.hours or not all(0 <= hour < WEEK_HOURS for hour in answers.hours):
        wrong["when"] = _("Choose at least one time of the week.")
    if not answers.languages:
        wrong["languages"] = _("Choose at least one language.")
    if answers.stage is not None and answers.stage not in STAGES[answers.side]:
        wrong["stage"] = _("Choose one of the answers.")
    if answers.side is Side.OFFER and (answers.minutes_per_week or 0) < programme.minutes_per_week:
        wrong["minutes_per_week"] = _(
            "A pair takes %(minutes)d minutes a week; offer at least that.",
            minutes=programme.minutes_per_week,
        )
    if wrong:
        raise Invalid("mentoring.answers", _("Some answers are missing."), wrong)


def _find(uow: UnitOfWork, programme_id: UUID, person_id: UUID) -> Participation | None:
    return uow.session.scalars(
        sa.select(Participation).where(
            Participation.programme_id == programme_id, Participation.person_id == person_id
        )
    ).first()


def _row(uow: UnitOfWork, programme_id: UUID, person_id: UUID) -> Participation:
    row = _find(uow, programme_id, person_id)
    if row is None:
        person = people.person(uow, person_id)
        row = Participation(
            programme_id=programme_id,
            person_id=person_id,
            time_zone=person.time_zone,
            languages=[person.locale],
            opened_at=uow.now(),
        )
        uow.session.add(row)
        uow.session.flush()
    return row
