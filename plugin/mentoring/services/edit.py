"""Change one pair of a draft by hand: give somebody another mentor, or none."""

from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import matching as engine
from plugin.mentoring import policy
from plugin.mentoring.errors import not_here
from plugin.mentoring.models import Matching, MatchingState, Pair, PairState, Participation
from plugin.mentoring.queries.pool import plain_reasons
from plugin.mentoring.queries.programmes import ProgrammeView
from plugin.mentoring.wording import rule_text
from plugin.people import public as people


def assign_by_hand(
    uow: UnitOfWork,
    actor: people.Actor,
    about: ProgrammeView,
    matching_id: UUID,
    *,
    mentee: str,
    mentor: str | None,
) -> None:
    """Pair two people (by their participation's handle), or leave the mentee without a mentor.

    Hard rules and places hold for a coordinator as for the solver; the reasons are made anew.
    """
    require(policy.may_coordinate(actor, about.context_id))
    draft = uow.session.scalars(sa.select(Matching).where(Matching.id == matching_id)).first()
    if draft is None or draft.programme_id != about.id:
        raise not_here()
    if draft.state is not MatchingState.DRAFT or draft.snapshot is None:
        raise Conflict("mentoring.not_draft", _("Only a draft can be changed."))
    learner = _participation(uow, about.id, mentee)
    pair = uow.session.scalars(
        sa.select(Pair).where(
            Pair.matching_id == matching_id, Pair.mentee_participation_id == learner.id
        )
    ).first()
    if mentor is None:
        if pair is not None:
            uow.session.delete(pair)
    else:
        _put(uow, draft, about, learner, _participation(uow, about.id, mentor), pair)
    uow.audit(
        "mentoring.pair.edited",
        actor=actor.person_id,
        subject=f"matching:{draft.handle}",
        mentee=mentee,
        mentor=mentor or "",
    )


def _put(
    uow: UnitOfWork,
    draft: Matching,
    about: ProgrammeView,
    learner: Participation,
    partner: Participation,
    pair: Pair | None,
) -> None:
    assert draft.snapshot is not None  # asked by the caller
    problem = engine.restore(draft.snapshot)
    mentee = {c.key: c for c in problem.mentees}.get(learner.handle)
    mentor = {c.key: c for c in problem.mentors}.get(partner.handle)
    if mentee is None or mentor is None:
        raise Invalid(
            "mentoring.not_in_pool", _("One of the two joined later. Run the matching again.")
        )
    hindrances = engine.broken(mentee, mentor, problem)
    if hindrances:
        raise Invalid("mentoring.rule", rule_text(hindrances[0]))
    taken = uow.session.scalar(
        sa.select(sa.func.count())
        .select_from(Pair)
        .where(
            Pair.matching_id == draft.id,
            Pair.mentor_participation_id == partner.id,
            Pair.mentee_participation_id != learner.id,
        )
    )
    if (taken or 0) >= mentor.places:
        raise Invalid(
            "mentoring.no_place", _("This mentor has no more time. Free one of their pairs first.")
        )
    if pair is None:
        pair = Pair(
            programme_id=about.id,
            matching_id=draft.id,
            mentee_id=learner.person_id,
            mentee_participation_id=learner.id,
            minutes_per_week=about.minutes_per_week,
            created_at=uow.now(),
        )
        uow.session.add(pair)
    why = engine.reasons(mentee, mentor, problem)
    pair.mentor_id = partner.person_id
    pair.mentor_participation_id = partner.id
    pair.state = PairState.PROPOSED
    pair.by_hand = True
    pair.score = engine.score(mentee, mentor, problem)
    pair.reasons = plain_reasons(why, learner.skills)
    uow.session.flush()


def _participation(uow: UnitOfWork, programme_id: UUID, handle: str) -> Participation:
    row = uow.session.scalars(
        sa.select(Participation).where(
            Participation.handle == handle, Participation.programme_id == programme_id
        )
    ).first()
    if row is None:
        raise not_here()
    return row
