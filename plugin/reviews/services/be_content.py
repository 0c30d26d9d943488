"""A teacher decides that the reviews so far are enough: the only way a promise gets smaller."""

from uuid import UUID

from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews import allocation
from plugin.reviews.models import Activity
from plugin.reviews.services.rows import submission_row
from plugin.reviews.services.score_work import score_work
from plugin.workload import public as workload


def be_content(uow: UnitOfWork, submission_handle: str, actor_id: UUID) -> int:
    """Lower what a work waits for to the reviews that it has, and score it. Logged.

    Whoever is writing may still finish; a review that comes later counts like any other.
    """
    submission = submission_row(uow, submission_handle)
    activity = uow.session.get_one(Activity, submission.activity_id)
    queue = allocation.queue_of(activity.handle)
    item = workload.item(uow, queue, submission.handle)
    if item is None or not item.finished:
        raise Conflict(
            "reviews.none_yet", _("This work has no review yet, so there is nothing to score.")
        )
    if item.finished < item.wanted:
        workload.set_wanted(uow, queue, submission.handle, item.finished)
        uow.audit(
            "reviews.promise.lowered",
            actor=actor_id,
            subject=f"submission:{submission.handle}",
            before=item.wanted,
            now=item.finished,
        )
    score_work(uow, submission.id)
    return item.finished
