"""A reviewer writes: drafts are kept, each save renews the reservation, late work counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plugin.events.reviews import ReviewSubmitted
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _
from plugin.kernel.ids import new_handle
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews import allocation, scoring
from plugin.reviews.models import Activity, Assignment, Review, Submission
from plugin.reviews.rubrics import Rubric, from_json
from plugin.reviews.services.rows import assignment_row, review_of
from plugin.workload import public as workload

EVIDENCE_LEAST = 15
EVIDENCE_MOST = 5_000


@dataclass(frozen=True)
class Rating:
    """One criterion in a reviewer's words: the level (None while undecided) and the evidence."""

    level: int | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Written:
    """What a reviewer has on the page."""

    ratings: Mapping[str, Rating]
    comment: str = ""


@dataclass(frozen=True)
class Saved:
    """When it was saved, and until when the work stays reserved (None: somebody else has it)."""

    at: datetime
    until: datetime | None


def save_draft(uow: UnitOfWork, assignment: str, reviewer_id: UUID, written: Written) -> Saved:
    """Keep what is on the page, complete or not, and renew the reservation."""
    row = assignment_row(uow, assignment, reviewer_id)
    activity, submission = _places(uow, row)
    review = _draft(uow, row)
    _fill(review, from_json(activity.rubric), written)
    review.saved_at = uow.now()
    until = workload.renew(
        uow,
        allocation.queue_of(activity.handle),
        submission.handle,
        reviewer_id,
        reservation=allocation.RESERVATION,
    )
    return Saved(review.saved_at, until)


def submit_review(uow: UnitOfWork, assignment: str, reviewer_id: UUID, written: Written) -> bool:
    """Hand the review in; True when its reservation had ended before (it counts all the same).

    Sent twice, the first one stands.
    """
    row = assignment_row(uow, assignment, reviewer_id)
    activity, submission = _places(uow, row)
    earlier = review_of(uow, row.id)
    if earlier is not None and earlier.submitted_at is not None:
        return earlier.late
    rubric = from_json(activity.rubric)
    _require_complete(rubric, written)
    review = _draft(uow, row)
    _fill(review, rubric, written)
    finished = workload.finish(
        uow, allocation.queue_of(activity.handle), submission.handle, reviewer_id
    )
    review.saved_at = review.submitted_at = uow.now()
    review.late = finished.late
    review.points = scoring.points_of(rubric, levels_of(review))
    uow.session.flush()
    uow.record(
        ReviewSubmitted(
            review_id=review.id,
            submission_id=submission.id,
            activity_id=activity.id,
            context_id=activity.context_id,
            reviewer_id=reviewer_id,
            author_id=submission.author_id,
        )
    )
    return finished.late


def hand_back(uow: UnitOfWork, assignment: str, reviewer_id: UUID) -> bool:
    """Give the work back to its old place in the queue; the draft goes, the reviewer is free."""
    row = assignment_row(uow, assignment, reviewer_id)
    activity, submission = _places(uow, row)
    given = workload.hand_back(
        uow, allocation.queue_of(activity.handle), submission.handle, reviewer_id
    )
    draft = review_of(uow, row.id)
    if given and draft is not None and draft.submitted_at is None:
        uow.session.delete(draft)
    return given


def levels_of(review: Review) -> dict[str, int]:
    """Return the levels of a complete review by criterion."""
    return {key: int(rating["level"]) for key, rating in review.ratings.items()}


def _places(uow: UnitOfWork, row: Assignment) -> tuple[Activity, Submission]:
    return (
        uow.session.get_one(Activity, row.activity_id),
        uow.session.get_one(Submission, row.submission_id),
    )


def _draft(uow: UnitOfWork, row: Assignment) -> Review:
    known = review_of(uow, row.id)
    if known is not None:
        if known.submitted_at is not None:
            raise Conflict("reviews.sent", _("This review was sent already."))
        return known
    new = Review(handle=new_handle(), assignment_id=row.id, saved_at=uow.now(), ratings={})
    uow.session.add(new)
    return new


def _fill(review: Review, rubric: Rubric, written: Written) -> None:
    """Copy what belongs to the rubric; levels that it does not have count as undecided."""
    kept: dict[str, dict[str, object]] = {}
    for criterion in rubric.criteria:
        rating = written.ratings.get(criterion.key, Rating())
        known = rating.level is not None and criterion.level(rating.level) is not None
        kept[criterion.key] = {
            "level": rating.level if known else None,
            "evidence": rating.evidence.strip()[:EVIDENCE_MOST],
        }
    review.ratings = kept
    review.comment = written.comment.strip()[:EVIDENCE_MOST]


def _require_complete(rubric: Rubric, written: Written) -> None:
    """Every criterion needs a level and the evidence for it, in words."""
    fields: dict[str, str] = {}
    for criterion in rubric.criteria:
        rating = written.ratings.get(criterion.key, Rating())
        if rating.level is None or criterion.level(rating.level) is None:
            fields[f"level_{criterion.key}"] = _("Choose a level.")
        if len(rating.evidence.strip()) < EVIDENCE_LEAST:
            fields[f"evidence_{criterion.key}"] = _(
                "Say what in the work shows this, in a sentence (at least %(least)d characters).",
                least=EVIDENCE_LEAST,
            )
    if fields:
        raise Invalid(
            "reviews.incomplete",
            _("Your draft is saved. Before it is sent, please complete what is marked below."),
            fields,
        )
