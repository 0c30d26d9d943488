"""What a learner reads: what I owe, what I wait for, what I got; and the work I review."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews import allocation
from plugin.reviews.errors import no_review
from plugin.reviews.models import (
    Anonymity,
    Answer,
    Assignment,
    Party,
    Review,
    Role,
    Score,
    Submission,
    Version,
)
from plugin.reviews.queries import ActivityView, VersionView, mark_of, names, version_view
from plugin.reviews.work import neutral_name
from plugin.workload import public as workload
from plugin.workload.public import LeaseState, WaitEstimate


@dataclass(frozen=True)
class MyWork:
    """The author's own submission and how far its reviews are."""

    versions: tuple[VersionView, ...]
    wanted: int
    received: int
    begun: int
    position: int | None
    wait: WaitEstimate | None
    score: float | None
    maximum: float
    may_replace: bool

    @property
    def latest(self) -> VersionView:
        return self.versions[0]

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.received)


@dataclass(frozen=True)
class MyReview:
    """One review of mine: handed in, in progress, or no longer reserved."""

    assignment: str
    author: str
    state: LeaseState
    until: datetime
    submitted_at: datetime | None
    saved_at: datetime | None
    answer: str


@dataclass(frozen=True)
class ReviewPage:
    """A work beside the rubric, with the reviewer's draft."""

    assignment: str
    author: str
    version: VersionView
    file_name: str
    state: LeaseState
    until: datetime
    ratings: dict[str, dict[str, object]]
    comment: str
    saved_at: datetime | None
    submitted_at: datetime | None
    late: bool
    answer: str


@dataclass(frozen=True)
class Received:
    """A review as its author sees it: in no order and with no time that tells who wrote it."""

    handle: str
    reviewer: str
    ratings: dict[str, dict[str, object]]
    comment: str
    day: date
    answer: str


def my_work(uow: UnitOfWork, shown: ActivityView, person_id: UUID) -> MyWork | None:
    """Return the person's own submission, None before the first version."""
    submission = uow.session.scalars(
        sa.select(Submission).where(
            Submission.activity_id == shown.id, Submission.author_id == person_id
        )
    ).first()
    if submission is None:
        return None
    versions = uow.session.scalars(
        sa.select(Version)
        .where(Version.submission_id == submission.id)
        .order_by(Version.number.desc())
    )
    queue = allocation.queue_of(shown.handle)
    item = workload.item(uow, queue, submission.handle)
    score = uow.session.scalars(
        sa.select(Score).where(Score.submission_id == submission.id)
    ).first()
    return MyWork(
        versions=tuple(version_view(row) for row in versions),
        wanted=item.wanted if item else shown.reviews_wanted,
        received=item.finished if item else 0,
        begun=item.held if item else 0,
        position=workload.position(uow, queue, submission.handle),
        wait=workload.wait_estimate(uow, queue),
        score=score.points if score else None,
        maximum=score.maximum if score else shown.maximum,
        may_replace=item is not None and not item.finished and not item.held,
    )


def my_reviews(uow: UnitOfWork, shown: ActivityView, person_id: UUID) -> list[MyReview]:
    """Return the reviews that a person gave or is giving in an activity, not those handed back."""
    leases = {
        lease.item_key: lease
        for lease in workload.leases_of(uow, person_id, prefix=allocation.queue_of(shown.handle))
        if lease.state is not LeaseState.RETURNED
    }
    rows = uow.session.execute(
        sa.select(Assignment, Submission.handle, Submission.author_id, Review, Answer.text)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .outerjoin(Answer, Answer.review_id == Review.id)
        .where(Assignment.activity_id == shown.id, Assignment.reviewer_id == person_id)
        .order_by(Assignment.id)
    ).all()
    called = names(uow, shown, Role.AUTHOR, {row[2] for row in rows})
    return [
        MyReview(
            assignment=assignment.handle,
            author=called.get(author_id, ""),
            state=leases[handle].state,
            until=leases[handle].until,
            submitted_at=review.submitted_at if review else None,
            saved_at=review.saved_at if review else None,
            answer=answer or "",
        )
        for assignment, handle, author_id, review, answer in rows
        if handle in leases
    ]


def review_page(
    uow: UnitOfWork, shown: ActivityView, assignment: str, reviewer_id: UUID
) -> ReviewPage:
    """Return what a reviewer needs to write; only for the reviewer who took the work."""
    row = uow.session.execute(
        sa.select(Assignment, Submission, Version, Review, Answer.text)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(Version, Version.id == Assignment.version_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .outerjoin(Answer, Answer.review_id == Review.id)
        .where(
            Assignment.handle == assignment,
            Assignment.reviewer_id == reviewer_id,
            Assignment.activity_id == shown.id,
        )
    ).first()
    if row is None:
        raise no_review()
    taken, submission, version, review, answer = row
    lease = workload.lease(uow, allocation.queue_of(shown.handle), submission.handle, reviewer_id)
    if lease is None or lease.state is LeaseState.RETURNED:
        raise no_review()
    author = submission.author_id
    return ReviewPage(
        assignment=taken.handle,
        author=names(uow, shown, Role.AUTHOR, {author}).get(author, ""),
        version=version_view(version),
        file_name=file_name_for(uow, shown, submission, version),
        state=lease.state,
        until=lease.until,
        ratings=review.ratings if review else {},
        comment=review.comment if review else "",
        saved_at=review.saved_at if review else None,
        submitted_at=review.submitted_at if review else None,
        late=review.late if review else False,
        answer=answer or "",
    )


def received(uow: UnitOfWork, shown: ActivityView, author_id: UUID) -> list[Received]:
    """Return the reviews of a person's work, as that person may see them."""
    return _received(uow, shown, Submission.author_id == author_id, to_staff=False)


def reviews_of_work(uow: UnitOfWork, shown: ActivityView, submission: str) -> list[Received]:
    """Return the reviews of a work with names, for those who teach."""
    return _received(uow, shown, Submission.handle == submission, to_staff=True)


def _received(
    uow: UnitOfWork, shown: ActivityView, which: sa.ColumnElement[bool], *, to_staff: bool
) -> list[Received]:
    rows = uow.session.execute(
        sa.select(Review, Assignment.reviewer_id, Answer.text)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Answer, Answer.review_id == Review.id)
        .where(
            Submission.activity_id == shown.id,
            which,
            Review.submitted_at.is_not(None),
        )
        # By random name: the order of arrival would tell who was quick.
        .order_by(Review.handle)
    ).all()
    people = {reviewer for _review, reviewer, _answer in rows}
    called = names(uow, shown, Role.REVIEWER, people, to_staff=to_staff)
    return [
        Received(
            handle=review.handle,
            reviewer=called.get(reviewer, ""),
            ratings=review.ratings,
            comment=review.comment,
            day=review.submitted_at.date(),
            answer=answer or "",
        )
        for review, reviewer, answer in rows
        if review.submitted_at is not None
    ]


def file_name_for(
    uow: UnitOfWork, shown: ActivityView, submission: Submission, version: Version
) -> str:
    """Return the name under which a reviewer gets the file: neutral when it must tell nothing."""
    if shown.anonymity is not Anonymity.DOUBLE:
        return version.file_name
    mark = uow.session.scalars(
        sa.select(Party.handle).where(
            Party.activity_id == shown.id,
            Party.person_id == submission.author_id,
            Party.role == Role.AUTHOR,
        )
    ).one()
    return neutral_name(version.file_name, mark_of(mark).lower())
