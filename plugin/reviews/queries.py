"""What pages and other packages read of activities: frozen values, a fixed number of selects."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.reviews.errors import no_activity, no_work
from plugin.reviews.models import Activity, Anonymity, Party, Role, Submission, Version, WorkKind
from plugin.reviews.rubrics import Rubric, from_json


@dataclass(frozen=True)
class ActivityView:
    """An activity as pages show it. ``handle`` also names it to a gradebook."""

    id: UUID
    handle: str
    context_id: UUID
    title: str
    instructions: str
    rubric: Rubric
    reviews_wanted: int
    minutes_each: int
    due_at: datetime | None
    review_days: int
    anonymity: Anonymity
    score_to_gradebook: bool
    is_open: bool

    @property
    def resource(self) -> str:
        """The key of the gradebook column that this activity fills."""
        return self.handle

    @property
    def maximum(self) -> float:
        """The best score."""
        return self.rubric.maximum


@dataclass(frozen=True)
class VersionView:
    """One version of a work, as its reader may see it."""

    handle: str
    number: int
    kind: WorkKind
    text: str
    link: str
    file_name: str
    size: int
    sha256: str
    created_at: datetime


def activities(uow: UnitOfWork, context_id: UUID) -> list[ActivityView]:
    """Return the activities of a course or forum, newest first."""
    rows = uow.session.scalars(
        sa.select(Activity).where(Activity.context_id == context_id).order_by(Activity.id.desc())
    )
    return [_view(row) for row in rows]


def activity(uow: UnitOfWork, handle: str, context_id: UUID | None = None) -> ActivityView:
    """Return one activity; with ``context_id`` only when it belongs there."""
    row = uow.session.scalars(sa.select(Activity).where(Activity.handle == handle)).first()
    if row is None or (context_id is not None and row.context_id != context_id):
        raise no_activity()
    return _view(row)


def work_of(uow: UnitOfWork, activity_id: UUID, author_id: UUID) -> str | None:
    """Return the handle of somebody's work in an activity, None before they handed any in."""
    return uow.session.scalars(
        sa.select(Submission.handle).where(
            Submission.activity_id == activity_id, Submission.author_id == author_id
        )
    ).first()


def activities_by_id(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, ActivityView]:
    """Return activities by id."""
    rows = uow.session.scalars(sa.select(Activity).where(Activity.id.in_(ids)))
    return {row.id: _view(row) for row in rows}


def names(
    uow: UnitOfWork, shown: ActivityView, role: Role, ids: set[UUID], *, to_staff: bool = False
) -> dict[UUID, str]:
    """Return what people in a role are called in an activity.

    Names only where the activity's anonymity, or the reader's right, allows them; otherwise the
    mark of the random name that the person has in this role of this activity and nowhere else.
    """
    hidden = {
        Anonymity.NONE: frozenset[Role](),
        Anonymity.SINGLE: frozenset({Role.REVIEWER}),
        Anonymity.DOUBLE: frozenset({Role.AUTHOR, Role.REVIEWER}),
    }[shown.anonymity]
    if to_staff or role not in hidden:
        return {key: person.name for key, person in people.people_by_id(uow, ids).items()}
    rows = uow.session.execute(
        sa.select(Party.person_id, Party.handle).where(
            Party.activity_id == shown.id, Party.role == role, Party.person_id.in_(ids)
        )
    )
    if role is Role.AUTHOR:
        return {key: _("Author %(mark)s", mark=mark_of(handle)) for key, handle in rows}
    return {key: _("Reviewer %(mark)s", mark=mark_of(handle)) for key, handle in rows}


def mark_of(handle: str) -> str:
    """Return the few letters of a random name that people can tell apart."""
    return handle[:5].upper()


def _view(row: Activity) -> ActivityView:
    return ActivityView(
        id=row.id,
        handle=row.handle,
        context_id=row.context_id,
        title=row.title,
        instructions=row.instructions,
        rubric=from_json(row.rubric),
        reviews_wanted=row.reviews_wanted,
        minutes_each=row.minutes_each,
        due_at=row.due_at,
        review_days=row.review_days,
        anonymity=row.anonymity,
        score_to_gradebook=row.score_to_gradebook,
        is_open=row.is_open,
    )


def latest_version(uow: UnitOfWork, submission: str) -> VersionView:
    """Return the newest version of a submission, by the submission's handle."""
    row = uow.session.scalars(
        sa.select(Version)
        .join(Submission, Submission.id == Version.submission_id)
        .where(Submission.handle == submission, Version.number == Submission.versions)
    ).first()
    if row is None:
        raise no_work()
    return version_view(row)


def version_view(row: Version) -> VersionView:
    """Turn a row into its read model."""
    return VersionView(
        handle=row.handle,
        number=row.number,
        kind=row.kind,
        text=row.text,
        link=row.link,
        file_name=row.file_name,
        size=row.size,
        sha256=row.sha256,
        created_at=row.created_at,
    )
