"""Events of submissions and reviews."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class WorkSubmitted(Event):
    """A version of somebody's work came in."""

    event_name: ClassVar[str] = "reviews.work.submitted.v1"
    submission_id: UUID
    activity_id: UUID
    context_id: UUID
    person_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class ReviewSubmitted(Event):
    """One review is finished."""

    event_name: ClassVar[str] = "reviews.review.submitted.v1"
    review_id: UUID
    submission_id: UUID
    activity_id: UUID
    context_id: UUID
    reviewer_id: UUID
    author_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkReviewed(Event):
    """A submission has all the reviews it was promised (again after each later one).

    ``levels`` maps a criterion to the level reached; ``mentor_reviews`` counts those by people who
    mentor somebody or teach in this context.
    """

    event_name: ClassVar[str] = "reviews.work.reviewed.v1"
    submission_id: UUID
    activity_id: UUID
    context_id: UUID
    person_id: UUID
    artifact_sha256: str
    rubric: str
    rubric_version: str = ""
    score: float
    maximum: float
    reviews: int
    mentor_reviews: int = 0
    levels: dict[str, int] = field(default_factory=dict)
    reviewer_ids: tuple[UUID, ...] = ()
    reviewed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    """The author answered a review."""

    event_name: ClassVar[str] = "reviews.review.answered.v1"
    review_id: UUID
    submission_id: UUID
    activity_id: UUID
    reviewer_id: UUID
    author_id: UUID
