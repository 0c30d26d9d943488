"""Who is told what about reviews. Messages name the activity and nothing that names a person."""

from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.i18n import format_datetime, use_locale
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.public import notify
from plugin.people import public as people
from plugin.reviews import allocation
from plugin.reviews.models import Activity, Assignment, Party, Review, Role, Submission
from plugin.reviews.services.score_work import promised
from plugin.reviews.services.take_review import takeable
from plugin.workload import public as workload
from plugin.workload.public import LeaseState, LeaseView


def ask_reviewers(uow: UnitOfWork, activity_id: UUID, newcomer_id: UUID) -> int:
    """Work came in: ask a few of those who owe a review and were not asked yet.

    Few, because one work needs few readers: with every work twice as many people are asked as it
    wants, so in the end all who owe are, and nobody hurries to a page where nothing is left. The
    key of a notice is (activity, person, reviews given), so nobody is asked twice for the same one.
    """
    activity = uow.session.get_one(Activity, activity_id)
    asked = 0
    for party in _unasked(uow, activity, newcomer_id):
        given = _given(uow, activity, party.person_id)
        if given >= activity.reviews_wanted:
            continue
        if not takeable(uow, [activity], party.person_id)[activity.handle]:
            continue
        party.told_at = uow.now()
        asked += notify(
            uow,
            party.person_id,
            kind="review_todo",
            message="reviews.todo",
            params={"activity": activity.title, "minutes": activity.minutes_each},
            url=path(uow, activity),
            key=f"reviews.todo:{activity.handle}:{given}",
        )
        if asked >= 2 * activity.reviews_wanted:
            break
    return asked


def may_be_asked_again(uow: UnitOfWork, activity_id: UUID, person_id: UUID) -> None:
    """A review was given: the next one, if one is still owed, may be asked for."""
    uow.session.execute(
        sa.update(Party)
        .where(
            Party.activity_id == activity_id,
            Party.person_id == person_id,
            Party.role == Role.AUTHOR,
        )
        .values(told_at=None)
    )


def tell_received(uow: UnitOfWork, submission_id: UUID, review_id: UUID) -> None:
    """Tell the author of a review; of the one that completes the work :func:`tell_complete` does.

    The key is the review.
    """
    submission = uow.session.get_one(Submission, submission_id)
    activity = uow.session.get_one(Activity, submission.activity_id)
    received = uow.session.scalars(
        sa.select(sa.func.count())
        .select_from(Review)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Assignment.submission_id == submission_id, Review.submitted_at.is_not(None))
    ).one()
    if received == promised(uow, activity, submission):
        return
    _tell_author(uow, activity, submission, "reviews.received", f"reviews.received:{review_id}")


def tell_complete(uow: UnitOfWork, submission_id: UUID) -> None:
    """Tell the author that the promised reviews are in. The key is the submission."""
    submission = uow.session.get_one(Submission, submission_id)
    activity = uow.session.get_one(Activity, submission.activity_id)
    _tell_author(uow, activity, submission, "reviews.complete", f"reviews.complete:{submission_id}")


def tell_answered(uow: UnitOfWork, review_id: UUID) -> None:
    """Tell the reviewer that the author answered. The key is the review."""
    review = uow.session.get_one(Review, review_id)
    assignment = uow.session.get_one(Assignment, review.assignment_id)
    activity = uow.session.get_one(Activity, assignment.activity_id)
    notify(
        uow,
        assignment.reviewer_id,
        kind="answered",
        message="reviews.answered",
        params={"activity": activity.title},
        url=f"{path(uow, activity)}/review/{assignment.handle}",
        key=f"reviews.answered:{review_id}",
    )


def tell_ending(uow: UnitOfWork, ending: LeaseView) -> None:
    """Tell a reviewer that a reservation ends soon. The key is the assignment and the day."""
    found = uow.session.execute(
        sa.select(Assignment, Activity)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(Activity, Activity.id == Assignment.activity_id)
        .where(Submission.handle == ending.item_key, Assignment.reviewer_id == ending.person_id)
    ).first()
    if found is None:
        return
    assignment, activity = found
    reader = people.person(uow, ending.person_id)
    with use_locale(reader.locale):
        when = format_datetime(ending.until, reader.time_zone)
    notify(
        uow,
        ending.person_id,
        kind="review_due",
        message="reviews.due",
        params={"activity": activity.title, "when": when},
        url=f"{path(uow, activity)}/review/{assignment.handle}",
        key=f"reviews.due:{assignment.handle}:{ending.until.date().isoformat()}",
        waits=True,
    )


def path(uow: UnitOfWork, activity: Activity) -> str:
    """Return the address of an activity's page."""
    return f"/c/{people.context(uow, activity.context_id).handle}/reviews/{activity.handle}"


def _tell_author(
    uow: UnitOfWork, activity: Activity, submission: Submission, message: str, key: str
) -> None:
    notify(
        uow,
        submission.author_id,
        kind="review_received",
        message=message,
        params={"activity": activity.title},
        url=f"{path(uow, activity)}/received",
        key=key,
    )


def _unasked(uow: UnitOfWork, activity: Activity, newcomer_id: UUID) -> list[Party]:
    """Return authors who were not asked yet, those who handed in first at the top."""
    return list(
        uow.session.scalars(
            sa.select(Party)
            .where(
                Party.activity_id == activity.id,
                Party.role == Role.AUTHOR,
                Party.told_at.is_(None),
                Party.person_id != newcomer_id,
            )
            .order_by(Party.id)
            .limit(10 * activity.reviews_wanted)
        )
    )


def _given(uow: UnitOfWork, activity: Activity, person_id: UUID) -> int:
    """Return how many reviews a person has given or has in hand."""
    leases = workload.leases_of(uow, person_id, prefix=allocation.queue_of(activity.handle))
    return sum(1 for one in leases if one.state in (LeaseState.HELD, LeaseState.FINISHED))
