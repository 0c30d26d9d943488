"""An author hands in work, or a new version while nobody has begun to review."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plugin.events.reviews import WorkSubmitted
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.ids import new_handle
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews import allocation
from plugin.reviews.models import Activity, Role, Submission, Version, WorkKind
from plugin.reviews.services.rows import activity_row, party, submission_of
from plugin.reviews.work import Work
from plugin.workload import public as workload


@dataclass(frozen=True)
class Receipt:
    """What the author can hold against us: which version came in, when, with which checksum."""

    version: int
    sha256: str
    at: datetime


def submit_work(uow: UnitOfWork, activity_handle: str, author_id: UUID, work: Work) -> Receipt:
    """Store a version and put the work into the queue; late work joins the queue like any other.

    The same content twice is one version: a double click or a reload gives the same receipt.
    """
    activity = activity_row(uow, activity_handle)
    submission = submission_of(uow, activity.id, author_id)
    if submission is None:
        submission = _begin(uow, activity, author_id)
    else:
        latest = _latest(uow, submission)
        if latest is not None and (latest.kind.value, latest.sha256) == (work.kind, work.sha256):
            return Receipt(latest.number, latest.sha256, latest.created_at)
        _refuse_when_begun(uow, activity, submission)
    version = _store(uow, submission, work)
    times = allocation.deadlines(uow.now(), activity.due_at, activity.review_days)
    workload.enqueue(
        uow,
        allocation.queue_of(activity.handle),
        submission.handle,
        author_id=author_id,
        wanted=activity.reviews_wanted,
        minutes=activity.minutes_each,
        widen_at=times.widen_at,
        coordinator_at=times.coordinator_at,
    )
    uow.record(
        WorkSubmitted(
            submission_id=submission.id,
            activity_id=activity.id,
            context_id=activity.context_id,
            person_id=author_id,
            version=version.number,
        )
    )
    return Receipt(version.number, version.sha256, version.created_at)


def _begin(uow: UnitOfWork, activity: Activity, author_id: UUID) -> Submission:
    submission = Submission(
        handle=new_handle(), activity_id=activity.id, author_id=author_id, created_at=uow.now()
    )
    uow.session.add(submission)
    uow.session.flush()
    party(uow, activity.id, author_id, Role.AUTHOR)
    return submission


def _latest(uow: UnitOfWork, submission: Submission) -> Version | None:
    return (
        uow.session.query(Version)
        .filter(Version.submission_id == submission.id, Version.number == submission.versions)
        .first()
    )


def _refuse_when_begun(uow: UnitOfWork, activity: Activity, submission: Submission) -> None:
    item = workload.item(uow, allocation.queue_of(activity.handle), submission.handle)
    if item is not None and (item.finished or item.held):
        raise Conflict(
            "reviews.begun",
            _("Somebody has begun to review your work, so it can no longer be replaced."),
        )


def _store(uow: UnitOfWork, submission: Submission, work: Work) -> Version:
    submission.versions += 1
    version = Version(
        handle=new_handle(),
        submission_id=submission.id,
        number=submission.versions,
        kind=WorkKind(work.kind),
        text=work.text,
        link=work.link,
        file_name=work.file_name,
        size=work.size,
        sha256=work.sha256,
        created_at=uow.now(),
    )
    uow.session.add(version)
    uow.session.flush()
    return version
