"""What follows from work and reviews: scores, the gradebook where it is wanted, and notices.

Each handler runs in the commit that settles its delivery, so its effect happens once.
"""

from plugin.events.reviews import ReviewAnswered, ReviewSubmitted, WorkReviewed, WorkSubmitted
from plugin.kernel.dispatch import on
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews.services import tell
from plugin.reviews.services.score_work import score_work, send_score


def score_after_review(uow: UnitOfWork, event: ReviewSubmitted) -> None:
    """Score the work once it has its reviews. Unique key: (submission, number of reviews)."""
    score_work(uow, event.submission_id)


def send_after_scoring(uow: UnitOfWork, event: WorkReviewed) -> None:
    """Send the score when the teacher wants it. Unique key: (submission, score's revision)."""
    send_score(uow, event.submission_id)


def ask_reviewers(uow: UnitOfWork, event: WorkSubmitted) -> None:
    """Ask some of those who owe. Unique key: (activity, person, reviews given)."""
    tell.ask_reviewers(uow, event.activity_id, event.person_id)


def tell_received(uow: UnitOfWork, event: ReviewSubmitted) -> None:
    """Tell the author. Unique key: the review."""
    tell.may_be_asked_again(uow, event.activity_id, event.reviewer_id)
    tell.tell_received(uow, event.submission_id, event.review_id)


def tell_complete(uow: UnitOfWork, event: WorkReviewed) -> None:
    """Tell the author that all reviews are in. Unique key: the submission."""
    tell.tell_complete(uow, event.submission_id)


def tell_answered(uow: UnitOfWork, event: ReviewAnswered) -> None:
    """Tell the reviewer. Unique key: the review."""
    tell.tell_answered(uow, event.review_id)


SUBSCRIPTIONS = (
    on(ReviewSubmitted, "reviews.score_after_review", score_after_review),
    on(WorkReviewed, "reviews.send_after_scoring", send_after_scoring),
    on(WorkSubmitted, "reviews.ask_reviewers", ask_reviewers),
    on(ReviewSubmitted, "reviews.tell_received", tell_received),
    on(WorkReviewed, "reviews.tell_complete", tell_complete),
    on(ReviewAnswered, "reviews.tell_answered", tell_answered),
)
