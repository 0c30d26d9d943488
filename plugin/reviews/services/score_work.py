"""A fully reviewed work gets a score; it goes to a gradebook only when the teacher says so."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.events.reviews import WorkReviewed
from plugin.events.wants import ScoreWanted
from plugin.kernel.i18n import ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.reviews import allocation, scoring
from plugin.reviews.models import Activity, Assignment, Review, Score, Submission, Version
from plugin.reviews.rubrics import from_json
from plugin.reviews.services.rows import activity_row
from plugin.reviews.services.write_review import levels_of
from plugin.workload import public as workload


@dataclass(frozen=True)
class _Reviews:
    levels: list[dict[str, int]]
    reviewer_ids: tuple[UUID, ...]
    sha256: str
    last_at: datetime


def score_work(uow: UnitOfWork, submission_id: UUID) -> bool:
    """Compute the score once the promised reviews are there, and anew after each later one.

    Idempotent by (submission, number of reviews): the same reviews are scored once.
    """
    submission = uow.session.get_one(Submission, submission_id)
    activity = uow.session.get_one(Activity, submission.activity_id)
    reviews = _reviews(uow, submission_id)
    if reviews is None or len(reviews.levels) < promised(uow, activity, submission):
        return False
    row = uow.session.scalars(sa.select(Score).where(Score.submission_id == submission_id)).first()
    if row is not None and row.reviews == len(reviews.levels):
        return False
    rubric = from_json(activity.rubric)
    result = scoring.score(rubric, reviews.levels)
    if row is None:
        row = Score(submission_id=submission_id, revision=0, sent_revision=0)
        uow.session.add(row)
    row.points, row.maximum, row.reviews = result.points, result.maximum, result.reviews
    row.revision += 1
    row.computed_at = uow.now()
    uow.record(
        WorkReviewed(
            submission_id=submission.id,
            activity_id=activity.id,
            context_id=activity.context_id,
            person_id=submission.author_id,
            artifact_sha256=reviews.sha256,
            rubric=activity.rubric_handle,
            rubric_version=rubric.version,
            score=result.points,
            maximum=result.maximum,
            reviews=result.reviews,
            mentor_reviews=_by_mentors(uow, activity.context_id, reviews.reviewer_ids),
            levels=result.levels,
            reviewer_ids=reviews.reviewer_ids,
            reviewed_at=reviews.last_at,
        )
    )
    return True


def promised(uow: UnitOfWork, activity: Activity, submission: Submission) -> int:
    """Return how many reviews this work waits for: k, unless a teacher decided otherwise."""
    item = workload.item(uow, allocation.queue_of(activity.handle), submission.handle)
    return item.wanted if item else activity.reviews_wanted


def send_score(uow: UnitOfWork, submission_id: UUID) -> bool:
    """Ask for the present score to stand in the gradebook, when the teacher has switched it on.

    Idempotent by (submission, revision of the score), which is also the want's key.
    """
    submission = uow.session.get_one(Submission, submission_id)
    activity = uow.session.get_one(Activity, submission.activity_id)
    row = uow.session.scalars(sa.select(Score).where(Score.submission_id == submission_id)).first()
    if not activity.score_to_gradebook or row is None or row.sent_revision >= row.revision:
        return False
    row.sent_revision = row.revision
    uow.record(
        ScoreWanted(
            key=f"reviews.score:{submission.handle}:{row.revision}",
            person_id=submission.author_id,
            context_id=activity.context_id,
            resource=activity.handle,
            label=activity.title,
            score=row.points,
            maximum=row.maximum,
            # Nothing here tells who reviewed: a gradebook shows it to others than us.
            comment=ngettext("From %(n)d peer review.", "Mean of %(n)d peer reviews.", row.reviews),
            at=uow.now(),
        )
    )
    return True


def switch_gradebook(uow: UnitOfWork, activity_handle: str, actor_id: UUID, *, on: bool) -> int:
    """Switch scores to the gradebook on or off; on sends those that are there already.

    Returns how many were sent. Off takes nothing back: what stands in a gradebook is the teacher's.
    """
    activity = activity_row(uow, activity_handle)
    if activity.score_to_gradebook != on:
        activity.score_to_gradebook = on
        uow.audit(
            "reviews.gradebook.switched",
            actor=actor_id,
            subject=f"activity:{activity.handle}",
            on=on,
        )
        uow.session.flush()
    if not on:
        return 0
    unsent = uow.session.scalars(
        sa.select(Score.submission_id)
        .join(Submission, Submission.id == Score.submission_id)
        .where(Submission.activity_id == activity.id, Score.sent_revision < Score.revision)
        .order_by(Score.id)
    ).all()
    return sum(send_score(uow, submission_id) for submission_id in unsent)


def _by_mentors(uow: UnitOfWork, context_id: UUID, reviewers: tuple[UUID, ...]) -> int:
    """Count the reviewers who mentor somebody now, or teach or look after this context."""
    return sum(1 for one in reviewers if _mentors(uow, one) or _teaches(uow, context_id, one))


def _mentors(uow: UnitOfWork, person_id: UUID) -> bool:
    others = people.related(uow, "pair", person_id)
    pairs = people.relations(uow, "pair", [person_id, *others]) if others else []
    return any(mentor == person_id for mentor, _mentee in pairs)


def _teaches(uow: UnitOfWork, context_id: UUID, person_id: UUID) -> bool:
    teaching = (people.TEACHER, people.TEACHING_ASSISTANT)
    return any(
        where == context_id and role in teaching
        for where, role in people.memberships_of(uow, person_id)
    ) or people.has_right(uow, person_id, people.COORDINATOR, context_id)


def _reviews(uow: UnitOfWork, submission_id: UUID) -> _Reviews | None:
    rows = uow.session.execute(
        sa.select(Review, Assignment.reviewer_id, Version.sha256)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Version, Version.id == Assignment.version_id)
        .where(Assignment.submission_id == submission_id, Review.submitted_at.is_not(None))
        .order_by(Review.submitted_at, Review.id)
    ).all()
    if not rows:
        return None
    last = rows[-1][0].submitted_at
    assert last is not None
    return _Reviews(
        levels=[levels_of(review) for review, _reviewer, _sha in rows],
        # In the order of ids, so that it does not tell who wrote first.
        reviewer_ids=tuple(sorted(reviewer for _review, reviewer, _sha in rows)),
        sha256=rows[0][2],
        last_at=last,
    )
