"""How a person stands in each activity they handed something in to, for the home page."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.reviews import allocation
from plugin.reviews.models import Activity, Answer, Assignment, Review, Submission
from plugin.reviews.services.take_review import takeable
from plugin.workload import public as workload
from plugin.workload.public import LeaseState

LATEST = 30


@dataclass(frozen=True)
class InHand:
    """A review that is being written."""

    assignment: str
    until: datetime


@dataclass(frozen=True)
class Standing:
    """One activity: what I owe (``takeable`` works are there), what I wait for, what I got."""

    handle: str
    title: str
    url: str
    minutes_each: int
    wanted: int
    missing: int
    owes: int
    takeable: int
    review_by: datetime
    unanswered: int
    in_hand: InHand | None


def standings(uow: UnitOfWork, person_id: UUID, context_id: UUID | None = None) -> list[Standing]:
    """Return how a person stands in the activities that they handed in to last.

    In one context, or in all; the number of selects does not grow with the activities.
    """
    query = (
        sa.select(Activity, Submission)
        .join(Submission, Submission.activity_id == Activity.id)
        .where(Submission.author_id == person_id)
        .order_by(Submission.id.desc())
        .limit(LATEST)
    )
    if context_id is not None:
        query = query.where(Activity.context_id == context_id)
    rows = uow.session.execute(query).all()
    if not rows:
        return []
    contexts = {
        one.id: one.handle
        for one in people.contexts(uow, {activity.context_id for activity, _work in rows})
    }
    given, in_hand = _given(uow, person_id)
    unanswered = _unanswered(uow, person_id)
    items = workload.items_by_key(uow, [submission.handle for _activity, submission in rows])
    owing = [one for one, _work in rows if given[one.handle] < one.reviews_wanted]
    there = takeable(uow, owing, person_id) if owing else {}
    return [
        _standing(
            activity,
            submission,
            items.get(submission.handle),
            url=f"/c/{contexts[activity.context_id]}/reviews/{activity.handle}",
            given=given[activity.handle],
            takeable=there.get(activity.handle, 0),
            unanswered=unanswered.get(submission.id, 0),
            in_hand=in_hand.get(activity.handle),
        )
        for activity, submission in rows
    ]


def _standing(
    activity: Activity,
    submission: Submission,
    item: workload.ItemView | None,
    *,
    url: str,
    given: int,
    takeable: int,
    unanswered: int,
    in_hand: InHand | None,
) -> Standing:
    wanted = item.wanted if item else activity.reviews_wanted
    start = max(submission.created_at, activity.due_at or submission.created_at)
    return Standing(
        handle=activity.handle,
        title=activity.title,
        url=url,
        minutes_each=activity.minutes_each,
        wanted=wanted,
        missing=max(0, wanted - (item.finished if item else 0)),
        owes=max(0, activity.reviews_wanted - given),
        takeable=takeable,
        review_by=start + timedelta(days=activity.review_days),
        unanswered=unanswered,
        in_hand=in_hand,
    )


def _given(uow: UnitOfWork, person_id: UUID) -> tuple[Counter[str], dict[str, InHand]]:
    """Return finished reviews by activity, and the one in hand where there is one."""
    leases = workload.leases_of(uow, person_id, prefix=allocation.queue_of(""))
    given = Counter(
        one.queue.removeprefix(allocation.queue_of(""))
        for one in leases
        if one.state is LeaseState.FINISHED
    )
    held = {one.item_key: one for one in leases if one.state is LeaseState.HELD}
    rows = uow.session.execute(
        sa.select(Assignment.handle, Submission.handle, Activity.handle)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(Activity, Activity.id == Assignment.activity_id)
        .where(Assignment.reviewer_id == person_id, Submission.handle.in_(list(held)))
    )
    return given, {
        activity: InHand(assignment, held[item].until) for assignment, item, activity in rows
    }


def _unanswered(uow: UnitOfWork, person_id: UUID) -> dict[UUID, int]:
    """Return how many reviews of the person's works have no answer, by submission."""
    rows = uow.session.execute(
        sa.select(Submission.id, sa.func.count())
        .join(Assignment, Assignment.submission_id == Submission.id)
        .join(Review, Review.assignment_id == Assignment.id)
        .outerjoin(Answer, Answer.review_id == Review.id)
        .where(
            Submission.author_id == person_id,
            Review.submitted_at.is_not(None),
            Answer.id.is_(None),
        )
        .group_by(Submission.id)
    )
    return {submission: count for submission, count in rows}  # noqa: C416
