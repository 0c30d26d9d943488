"""Finding the rows that use cases work on, by the handles that leave us."""

from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.ids import new_handle
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews.errors import no_activity, no_review, no_work
from plugin.reviews.models import (
    Activity,
    Assignment,
    Party,
    Review,
    Role,
    Submission,
)


def activity_row(uow: UnitOfWork, handle: str) -> Activity:
    """Return the activity of a handle."""
    row = uow.session.scalars(sa.select(Activity).where(Activity.handle == handle)).first()
    if row is None:
        raise no_activity()
    return row


def submission_of(uow: UnitOfWork, activity_id: UUID, author_id: UUID) -> Submission | None:
    """Return a person's submission in an activity."""
    return uow.session.scalars(
        sa.select(Submission).where(
            Submission.activity_id == activity_id, Submission.author_id == author_id
        )
    ).first()


def submission_row(uow: UnitOfWork, handle: str) -> Submission:
    """Return the submission of a handle."""
    row = uow.session.scalars(sa.select(Submission).where(Submission.handle == handle)).first()
    if row is None:
        raise no_work()
    return row


def assignment_row(uow: UnitOfWork, handle: str, reviewer_id: UUID) -> Assignment:
    """Return a reviewer's own assignment; somebody else's does not exist for them."""
    row = uow.session.scalars(
        sa.select(Assignment).where(
            Assignment.handle == handle, Assignment.reviewer_id == reviewer_id
        )
    ).first()
    if row is None:
        raise no_review()
    return row


def review_of(uow: UnitOfWork, assignment_id: UUID) -> Review | None:
    """Return the review (or draft) of an assignment."""
    return uow.session.scalars(
        sa.select(Review).where(Review.assignment_id == assignment_id)
    ).first()


def party(uow: UnitOfWork, activity_id: UUID, person_id: UUID, role: Role) -> Party:
    """Return a person's name in a role of an activity, drawn at random at the first need."""
    known = uow.session.scalars(
        sa.select(Party).where(
            Party.activity_id == activity_id, Party.person_id == person_id, Party.role == role
        )
    ).first()
    if known is not None:
        return known
    new = Party(activity_id=activity_id, person_id=person_id, role=role, handle=new_handle())
    uow.session.add(new)
    uow.session.flush()
    return new
