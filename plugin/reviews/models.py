"""Tables of peer review.

An activity hangs on a Context. Whether a submission still waits and who holds it is the queue's
knowledge (``workload``); these tables hold the work and what was written about it. A party is one
person in one role of one activity under a random name, so that names in one activity or role lead
to no other.
"""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed


class Anonymity(enum.Enum):
    """NONE: all see names. SINGLE: authors do not see reviewers. DOUBLE: neither sees the other."""

    NONE = "none"
    SINGLE = "single"
    DOUBLE = "double"


class Activity(Tenant, Timed, Base):
    """One task with reviews: what to do, by which rubric, how many reviews each work gets."""

    __tablename__ = "reviews_activity"
    __table_args__ = (sa.UniqueConstraint("handle"),)

    handle: Mapped[str] = mapped_column(sa.String(40))
    context_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_context.id"), index=True)
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    instructions: Mapped[str] = mapped_column(sa.Text)
    rubric_handle: Mapped[str] = mapped_column(sa.String(100))
    rubric: Mapped[dict[str, Any]]
    reviews_wanted: Mapped[int] = mapped_column(default=2)
    minutes_each: Mapped[int] = mapped_column(default=20)
    due_at: Mapped[datetime | None]
    review_days: Mapped[int] = mapped_column(default=7)
    anonymity: Mapped[Anonymity] = mapped_column(default=Anonymity.DOUBLE)
    score_to_gradebook: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=True)


class Role(enum.Enum):
    """In which role a person is a party of an activity."""

    AUTHOR = "author"
    REVIEWER = "reviewer"


class Party(Tenant, Base):
    """A person in one role of one activity, and their name there. ``told_at``: asked to review."""

    __tablename__ = "reviews_party"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "person_id", "role"),
        sa.UniqueConstraint("handle"),
    )

    activity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_activity.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    role: Mapped[Role]
    handle: Mapped[str] = mapped_column(sa.String(40))
    told_at: Mapped[datetime | None]


class Submission(Tenant, Timed, Base):
    """Somebody's work in an activity; ``version_id`` is the one that reviewers get."""

    __tablename__ = "reviews_submission"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "author_id"),
        sa.UniqueConstraint("handle"),
    )

    handle: Mapped[str] = mapped_column(sa.String(40))
    activity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_activity.id"))
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    versions: Mapped[int] = mapped_column(default=0)


class WorkKind(enum.Enum):
    """In which form work is handed in."""

    TEXT = "text"
    LINK = "link"
    FILE = "file"


class Version(Tenant, Timed, Base):
    """One version of a work, never changed. ``sha256`` is of the text, the address or the bytes."""

    __tablename__ = "reviews_version"
    __table_args__ = (sa.UniqueConstraint("submission_id", "number"), sa.UniqueConstraint("handle"))

    handle: Mapped[str] = mapped_column(sa.String(40))
    submission_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_submission.id"))
    number: Mapped[int]
    kind: Mapped[WorkKind]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    link: Mapped[str] = mapped_column(sa.String(2000), default="")
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64))


class Assignment(Tenant, Timed, Base):
    """A submission that a person took to review, in the version it had then."""

    __tablename__ = "reviews_assignment"
    __table_args__ = (
        sa.UniqueConstraint("submission_id", "reviewer_id"),
        sa.UniqueConstraint("handle"),
    )

    handle: Mapped[str] = mapped_column(sa.String(40))
    activity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_activity.id"), index=True)
    submission_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_submission.id"))
    version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_version.id"))
    reviewer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)


class Review(Tenant, Base):
    """What a reviewer wrote: a draft until ``submitted_at``. ``ratings`` maps a criterion's key to
    ``{"level": number or None, "evidence": text}``."""

    __tablename__ = "reviews_review"
    __table_args__ = (sa.UniqueConstraint("assignment_id"), sa.UniqueConstraint("handle"))

    handle: Mapped[str] = mapped_column(sa.String(40))
    assignment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_assignment.id"))
    ratings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    points: Mapped[float | None]


class Answer(Tenant, Base):
    """What the author says to a review."""

    __tablename__ = "reviews_answer"
    __table_args__ = (sa.UniqueConstraint("review_id"),)

    review_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_review.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    answered_at: Mapped[datetime]


class Score(Tenant, Base):
    """The score of a submission; ``revision`` counts how often it was computed anew."""

    __tablename__ = "reviews_score"
    __table_args__ = (sa.UniqueConstraint("submission_id"),)

    submission_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reviews_submission.id"))
    points: Mapped[float]
    maximum: Mapped[float]
    reviews: Mapped[int]
    revision: Mapped[int]
    computed_at: Mapped[datetime]
    sent_revision: Mapped[int] = mapped_column(default=0)
