"""The author answers a review, in words that the reviewer gets to read."""

from uuid import UUID

import sqlalchemy as sa

from plugin.events.reviews import ReviewAnswered
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews.errors import no_review
from plugin.reviews.models import Answer, Assignment, Review, Submission

ANSWER_MOST = 5_000


def answer_review(uow: UnitOfWork, review_handle: str, author_id: UUID, text: str) -> None:
    """Keep the author's answer; a later one replaces it. Only the author of the work can."""
    kept = text.strip()[:ANSWER_MOST]
    if not kept:
        raise Invalid(
            "reviews.empty_answer", _("Write an answer."), {"text": _("Write an answer.")}
        )
    found = uow.session.execute(
        sa.select(Review, Assignment, Submission)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Review.handle == review_handle,
            Review.submitted_at.is_not(None),
            Submission.author_id == author_id,
        )
    ).first()
    if found is None:
        raise no_review()
    review, assignment, submission = found
    answer = uow.session.scalars(sa.select(Answer).where(Answer.review_id == review.id)).first()
    if answer is None:
        answer = Answer(review_id=review.id)
        uow.session.add(answer)
    answer.text = kept
    answer.answered_at = uow.now()
    uow.record(
        ReviewAnswered(
            review_id=review.id,
            submission_id=submission.id,
            activity_id=assignment.activity_id,
            reviewer_id=assignment.reviewer_id,
            author_id=author_id,
        )
    )
