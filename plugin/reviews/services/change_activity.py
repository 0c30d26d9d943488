"""What a teacher may change later; each change is in the audit trail."""

from uuid import UUID

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews.services.rows import activity_row


def close_activity(uow: UnitOfWork, activity_handle: str, actor_id: UUID) -> None:
    """Take no more work. What came in keeps its place until it has its reviews."""
    activity = activity_row(uow, activity_handle)
    activity.is_open = False
    uow.audit("reviews.activity.closed", actor=actor_id, subject=f"activity:{activity.handle}")


def open_activity(uow: UnitOfWork, activity_handle: str, actor_id: UUID) -> None:
    """Take work again."""
    activity = activity_row(uow, activity_handle)
    activity.is_open = True
    uow.audit("reviews.activity.opened", actor=actor_id, subject=f"activity:{activity.handle}")
