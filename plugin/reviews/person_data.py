"""What peer review keeps about a person, and how it is erased, exported and merged.

Erasing empties the person's own words and files and takes their waiting work out of the queue. A
review that they gave stays with the author to whom it was promised, under the emptied person; its
words are replaced, its levels stay, so that no score changes behind anybody's back.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.reviews import allocation
from plugin.reviews.models import (
    Activity,
    Answer,
    Assignment,
    Party,
    Review,
    Score,
    Submission,
    Version,
)
from plugin.workload import public as workload

GONE = "(removed)"


def erase(uow: UnitOfWork, person_id: UUID) -> None:
    """Empty what the person wrote and handed in."""
    mine = uow.session.execute(
        sa.select(Submission.id, Submission.handle, Activity.handle)
        .join(Activity, Activity.id == Submission.activity_id)
        .where(Submission.author_id == person_id)
    )
    for submission_id, handle, activity in mine.all():
        workload.withdraw(uow, allocation.queue_of(activity), handle)
        for version in uow.session.scalars(
            sa.select(Version).where(Version.submission_id == submission_id)
        ):
            version.text, version.link, version.file_name = GONE, "", ""
            version.sha256, version.size = "", 0
        for answer in uow.session.scalars(
            sa.select(Answer)
            .join(Review, Review.id == Answer.review_id)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Assignment.submission_id == submission_id)
        ):
            answer.text = GONE
    for review in _reviews_by(uow, person_id):
        if review.submitted_at is None:
            uow.session.delete(review)
            continue
        review.comment = ""
        review.ratings = {
            key: {"level": rating["level"], "evidence": GONE}
            for key, rating in review.ratings.items()
        }
    uow.session.flush()


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Return the person's own work, reviews and scores; nothing that names others."""
    work = uow.session.execute(
        sa.select(Activity.title, Version)
        .join(Submission, Submission.activity_id == Activity.id)
        .join(Version, Version.submission_id == Submission.id)
        .where(Submission.author_id == person_id)
        .order_by(Version.id)
    )
    scores = uow.session.execute(
        sa.select(Activity.title, Score.points, Score.maximum)
        .join(Submission, Submission.activity_id == Activity.id)
        .join(Score, Score.submission_id == Submission.id)
        .where(Submission.author_id == person_id)
        .order_by(Score.id)
    )
    return {
        "work": [
            {
                "activity": title,
                "version": version.number,
                "handed_in": version.created_at.isoformat(),
                "text": version.text,
                "link": version.link,
                "file": version.file_name,
                "sha256": version.sha256,
            }
            for title, version in work
        ],
        "reviews_given": [
            {
                "saved": review.saved_at.isoformat(),
                "ratings": review.ratings,
                "comment": review.comment,
            }
            for review in _reviews_by(uow, person_id)
        ],
        "scores": [
            {"activity": title, "score": points, "of": maximum} for title, points, maximum in scores
        ],
    }


def merge(uow: UnitOfWork, source: UUID, target: UUID) -> None:
    """Move everything to ``target``; where both took part, the target's own row stands."""
    _move(uow, Submission, Submission.author_id, (Submission.activity_id,), source, target)
    _move(uow, Assignment, Assignment.reviewer_id, (Assignment.submission_id,), source, target)
    _move(uow, Party, Party.person_id, (Party.activity_id, Party.role), source, target)
    uow.session.execute(
        sa.update(Activity).where(Activity.created_by_id == source).values(created_by_id=target)
    )


def _move(
    uow: UnitOfWork, model: Any, person: Any, unique: tuple[Any, ...], source: UUID, target: UUID
) -> None:
    """Rows that would collide stay with the merged person, whose page still leads to the target."""
    taken = {
        tuple(getattr(row, column.key) for column in unique)
        for row in uow.session.scalars(sa.select(model).where(person == target))
    }
    for row in uow.session.scalars(sa.select(model).where(person == source)):
        if tuple(getattr(row, column.key) for column in unique) not in taken:
            setattr(row, person.key, target)
    uow.session.flush()


def _reviews_by(uow: UnitOfWork, person_id: UUID) -> list[Review]:
    return list(
        uow.session.scalars(
            sa.select(Review)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Assignment.reviewer_id == person_id)
            .order_by(Review.id)
        )
    )


PERSON_DATA = PersonData(
    package="reviews",
    tables=("reviews_activity", "reviews_party", "reviews_submission", "reviews_assignment"),
    erase=erase,
    export=export,
    merge=merge,
)
