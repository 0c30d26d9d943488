"""A reviewer takes the next work: the oldest that they may have, reserved for eight hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.ids import new_handle
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.reviews import allocation
from plugin.reviews.models import Activity, Assignment, Role, Submission, Version
from plugin.reviews.services.rows import activity_row, party, submission_row
from plugin.workload import public as workload
from plugin.workload.public import LeaseState, NotTaken

APART = ("block", "pair", "team", "conflict")


@dataclass(frozen=True)
class Reserved:
    """The assignment and until when nobody else gets this place."""

    assignment: str
    until: datetime


def take_review(uow: UnitOfWork, activity_handle: str, reviewer_id: UUID) -> Reserved | NotTaken:
    """Reserve the next work and the reviewer's minutes with it, in one transaction.

    The minutes of a review that the reviewer owes are counted, but a full week does not refuse it.
    """
    activity = activity_row(uow, activity_handle)
    queue = allocation.queue_of(activity.handle)
    taken = workload.take(
        uow,
        queue,
        reviewer_id,
        reservation=allocation.RESERVATION,
        exclusions=exclusions(uow, activity, reviewer_id),
        cap=allocation.AT_ONCE,
        owed=_owes(uow, activity, queue, reviewer_id),
    )
    if isinstance(taken, NotTaken):
        return taken
    assignment = _assign(uow, activity, submission_row(uow, taken.item_key), reviewer_id)
    return Reserved(assignment.handle, taken.until)


def _owes(uow: UnitOfWork, activity: Activity, queue: str, reviewer_id: UUID) -> bool:
    """Whether this person handed in work and has not yet given the reviews that it costs."""
    handed_in = uow.session.scalars(
        sa.select(Submission.id).where(
            Submission.activity_id == activity.id, Submission.author_id == reviewer_id
        )
    ).first()
    if handed_in is None:
        return False
    leases = workload.leases_of(uow, reviewer_id, prefix=queue)
    return sum(one.state is LeaseState.FINISHED for one in leases) < activity.reviews_wanted


def takeable(uow: UnitOfWork, activities: Sequence[Activity], reviewer_id: UUID) -> dict[str, int]:
    """Return how many works this person could take now in each activity, by its handle."""
    apart = _apart(uow, reviewer_id)
    authors = _authors(uow, [activity.id for activity in activities])
    found: dict[str, int] = {}
    for strangers in (True, False):
        queues = {
            allocation.queue_of(one.handle): one.handle
            for one in activities
            if allocation.strangers_only(authors.get(one.id, 0), one.reviews_wanted) is strangers
        }
        rules = workload.Exclusions(authors=apart, reciprocal=strangers)
        counted = workload.available(uow, list(queues), reviewer_id, rules) if queues else {}
        found |= {queues[queue]: count for queue, count in counted.items()}
    return found


def exclusions(uow: UnitOfWork, activity: Activity, reviewer_id: UUID) -> workload.Exclusions:
    """Return whose work this person must not get in this activity."""
    authors = _authors(uow, [activity.id]).get(activity.id, 0)
    return workload.Exclusions(
        authors=_apart(uow, reviewer_id),
        reciprocal=allocation.strangers_only(authors, activity.reviews_wanted),
    )


def _apart(uow: UnitOfWork, reviewer_id: UUID) -> frozenset[UUID]:
    return allocation.excluded_authors(*(people.related(uow, kind, reviewer_id) for kind in APART))


def _authors(uow: UnitOfWork, activity_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many people handed in work, by activity."""
    rows = uow.session.execute(
        sa.select(Submission.activity_id, sa.func.count())
        .where(Submission.activity_id.in_(activity_ids))
        .group_by(Submission.activity_id)
    )
    return {activity_id: count for activity_id, count in rows}  # noqa: C416


def _assign(
    uow: UnitOfWork, activity: Activity, submission: Submission, reviewer_id: UUID
) -> Assignment:
    """Write the assignment, or find the one of an earlier reservation with its draft."""
    known = uow.session.scalars(
        sa.select(Assignment).where(
            Assignment.submission_id == submission.id, Assignment.reviewer_id == reviewer_id
        )
    ).first()
    if known is not None:
        return known
    version_id = uow.session.scalars(
        sa.select(Version.id).where(
            Version.submission_id == submission.id, Version.number == submission.versions
        )
    ).one()
    new = Assignment(
        handle=new_handle(),
        activity_id=activity.id,
        submission_id=submission.id,
        version_id=version_id,
        reviewer_id=reviewer_id,
        created_at=uow.now(),
    )
    uow.session.add(new)
    uow.session.flush()
    party(uow, activity.id, reviewer_id, Role.REVIEWER)
    return new
