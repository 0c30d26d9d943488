"""What a teacher reads: every submission with every reviewer, problems first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.reviews import allocation
from plugin.reviews.models import Assignment, Review, Role, Score, Submission
from plugin.reviews.queries import ActivityView, names
from plugin.workload import public as workload
from plugin.workload.public import ItemState, LeaseState

DISAGREEMENT = 0.3


@dataclass(frozen=True)
class Cell:
    """One reviewer of one submission: reserved, expired, returned or finished (perhaps late)."""

    reviewer: str
    state: LeaseState
    until: datetime
    saved_at: datetime | None
    submitted_at: datetime | None
    late: bool
    points: float | None


@dataclass(frozen=True)
class Row:
    """One submission. ``problems`` are codes, the gravest first; none means that all is well."""

    author: str
    handle: str
    submitted_at: datetime
    wanted: int
    finished: int
    held: int
    waits_since: datetime | None
    cells: tuple[Cell, ...]
    score: float | None
    sent: bool
    owes: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """The whole activity: its rows, and who has not handed in anything."""

    rows: tuple[Row, ...]
    nothing_yet: tuple[str, ...]

    @property
    def troubled(self) -> int:
        return sum(1 for row in self.rows if row.problems)


def grid(uow: UnitOfWork, shown: ActivityView) -> Grid:
    """Return the teacher's grid with a fixed number of selects."""
    queue = allocation.queue_of(shown.handle)
    submissions = uow.session.execute(
        sa.select(Submission, Score)
        .outerjoin(Score, Score.submission_id == Submission.id)
        .where(Submission.activity_id == shown.id)
        .order_by(Submission.id)
    ).all()
    items = workload.items(uow, queue)
    reviews = _reviews(uow, shown.id)
    by_item: dict[str, list[workload.LeaseView]] = {}
    given: dict[UUID, int] = {}
    for lease in workload.leases(uow, queue):
        by_item.setdefault(lease.item_key, []).append(lease)
        if lease.state is LeaseState.FINISHED:
            given[lease.person_id] = given.get(lease.person_id, 0) + 1
    # Where no work can be taken, nobody is missing.
    something_left = any(item.places for item in items.values())
    authors = {submission.author_id for submission, _score in submissions}
    reviewers = {lease.person_id for leases in by_item.values() for lease in leases}
    called = names(uow, shown, Role.AUTHOR, authors | reviewers, to_staff=True)
    rows = [
        _row(
            submission,
            score,
            items[submission.handle],
            [
                _cell(lease, reviews.get((submission.id, lease.person_id)), called)
                for lease in by_item.get(submission.handle, [])
            ],
            called,
            owes=max(0, shown.reviews_wanted - given.get(submission.author_id, 0))
            if something_left
            else 0,
            now=uow.now(),
        )
        for submission, score in submissions
        if submission.handle in items
    ]
    rows.sort(key=lambda row: (_gravity(row), row.submitted_at))
    missing = [
        member.person.name
        for member in people.members(uow, shown.context_id, people.LEARNER)
        if member.person.id not in authors
    ]
    return Grid(tuple(rows), tuple(missing))


def _row(
    submission: Submission,
    score: Score | None,
    item: workload.ItemView,
    cells: list[Cell],
    called: dict[UUID, str],
    *,
    owes: int,
    now: datetime,
) -> Row:
    open_still = item.state is ItemState.OPEN
    problems = []
    if open_still and item.coordinator_at is not None and item.coordinator_at <= now:
        problems.append("overdue")
    if open_still and item.widen_at is not None and item.widen_at <= now and not item.finished:
        problems.append("none")
    if _disagree(cells, score):
        problems.append("disagreement")
    if owes and item.coordinator_at is not None and item.coordinator_at <= now:
        problems.append("owes")
    return Row(
        author=called.get(submission.author_id, ""),
        handle=submission.handle,
        submitted_at=submission.created_at,
        wanted=item.wanted,
        finished=item.finished,
        held=item.held,
        waits_since=item.entered_at if open_still else None,
        cells=tuple(cells),
        score=score.points if score else None,
        sent=bool(score and score.sent_revision >= score.revision),
        owes=owes,
        problems=tuple(problems),
    )


def _cell(lease: workload.LeaseView, review: Review | None, called: dict[UUID, str]) -> Cell:
    return Cell(
        reviewer=called.get(lease.person_id, ""),
        state=lease.state,
        until=lease.until,
        saved_at=review.saved_at if review else None,
        submitted_at=review.submitted_at if review else None,
        late=bool(review and review.late),
        points=review.points if review else None,
    )


def _reviews(uow: UnitOfWork, activity_id: UUID) -> dict[tuple[UUID, UUID], Review]:
    rows = uow.session.execute(
        sa.select(Assignment.submission_id, Assignment.reviewer_id, Review)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Assignment.activity_id == activity_id)
    )
    return {(submission, reviewer): review for submission, reviewer, review in rows}


def _disagree(cells: list[Cell], score: Score | None) -> bool:
    """Whether the reviews of a work lie further apart than three tenths of the best score."""
    points = [cell.points for cell in cells if cell.points is not None]
    if score is None or len(points) < 2:
        return False
    return max(points) - min(points) > DISAGREEMENT * score.maximum


def _gravity(row: Row) -> int:
    order = ("overdue", "none", "disagreement", "owes")
    return min((order.index(problem) for problem in row.problems), default=len(order))
