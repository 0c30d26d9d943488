"""A copied course or a duplicated activity brings the settings along and nobody's work."""

from uuid import UUID

from plugin.kernel.ids import new_handle
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews.models import Activity
from plugin.reviews.services.rows import activity_row


def copy_activity(
    uow: UnitOfWork, activity_handle: str, *, context_id: UUID, created_by: UUID
) -> str:
    """Make an activity with another one's settings and return its handle.

    Task, rubric, numbers and anonymity are copied as they are. Of the hand-in date only one that is
    still ahead is: last year's would close what has not begun. Scores go to the gradebook only
    after somebody switches that on in the new one.
    """
    original = activity_row(uow, activity_handle)
    ahead = original.due_at is not None and original.due_at > uow.now()
    copy = Activity(
        handle=new_handle(),
        context_id=context_id,
        created_by_id=created_by,
        title=original.title,
        instructions=original.instructions,
        rubric_handle=original.rubric_handle,
        rubric=original.rubric,
        reviews_wanted=original.reviews_wanted,
        minutes_each=original.minutes_each,
        due_at=original.due_at if ahead else None,
        review_days=original.review_days,
        anonymity=original.anonymity,
        created_at=uow.now(),
    )
    uow.session.add(copy)
    uow.session.flush()
    uow.audit(
        "reviews.activity.copied",
        actor=created_by,
        subject=f"activity:{copy.handle}",
        original=original.handle,
    )
    return copy.handle
