"""What a teacher sees of scores on their way into the gradebook, and sending them again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from lti.events import ColumnUnwanted
from lti.models import ContextLink, LineItem, Score, ScoreState
from plugin.events.wants import ScoreWanted
from plugin.kernel.pagination import Page
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

PER_PAGE = 50


@dataclass(frozen=True)
class GradeView:
    """One person's score of one activity and where it stands.

    ``differs``: the gradebook was seen to hold something else (``found`` of ``found_of``, None
    where it held nothing), which a teacher's own grade does, or a locked one.
    """

    person: people.PersonView
    score: float
    maximum: float
    state: ScoreState
    reason: str | None
    sent_at: datetime | None
    checked_at: datetime | None
    found: float | None
    found_of: float | None
    differs: bool


@dataclass(frozen=True)
class ColumnView:
    """One activity whose scores go to the gradebook, counted; ``made_here``: Lantern's column."""

    resource: str
    label: str
    to_send: int = 0
    sent: int = 0
    refused: int = 0
    differing: int = 0
    made_here: bool = False


@dataclass
class _Counts:
    label: str = ""
    numbers: dict[ScoreState, int] = field(default_factory=dict)
    differing: int = 0


def _differs() -> sa.ColumnElement[bool]:
    """Seen in the gradebook as something else than what was sent, scales apart."""
    apart = sa.func.abs(Score.found / Score.found_of - Score.score / Score.maximum) >= 1e-4
    return sa.and_(
        Score.state == ScoreState.SENT,
        Score.checked_at.is_not(None),
        sa.or_(
            Score.found.is_(None),
            sa.and_(Score.found_of > 0, Score.maximum > 0, apart),
        ),
    )


def columns(uow: UnitOfWork, context_id: UUID) -> list[ColumnView]:
    """Every activity of a course with scores for the gradebook, by name."""
    rows = uow.session.execute(
        sa.select(
            Score.resource,
            Score.state,
            sa.func.max(Score.label),
            sa.func.count(),
            sa.func.sum(sa.case((_differs(), 1), else_=0)),
        )
        .where(Score.context_id == context_id)
        .group_by(Score.resource, Score.state)
    )
    counted: dict[str, _Counts] = {}
    for resource, state, label, number, differing in rows:
        counts = counted.setdefault(resource, _Counts())
        counts.label = max(counts.label, label or "")
        counts.numbers[state] = number
        counts.differing += differing or 0
    ours = set(
        uow.session.scalars(
            sa.select(LineItem.resource)
            .join(ContextLink, ContextLink.id == LineItem.context_link_id)
            .where(ContextLink.context_id == context_id, LineItem.made_here.is_(True))
        )
    )
    found = [
        ColumnView(
            resource,
            counts.label or resource,
            to_send=counts.numbers.get(ScoreState.TO_SEND, 0),
            sent=counts.numbers.get(ScoreState.SENT, 0),
            refused=counts.numbers.get(ScoreState.REFUSED, 0),
            differing=counts.differing,
            made_here=resource in ours,
        )
        for resource, counts in counted.items()
    ]
    return sorted(found, key=lambda one: (one.label.casefold(), one.resource))


def grades(
    uow: UnitOfWork,
    context_id: UUID,
    resource: str,
    *,
    problems: bool = False,
    after: UUID | None = None,
    limit: int = PER_PAGE,
) -> Page[GradeView]:
    """The scores of an activity in the order of their making, all or those with problems."""
    query = sa.select(Score, _differs()).where(
        Score.context_id == context_id, Score.resource == resource
    )
    if problems:
        query = query.where(sa.or_(Score.state == ScoreState.REFUSED, _differs()))
    if after is not None:
        query = query.where(Score.id > after)
    rows = uow.session.execute(query.order_by(Score.id).limit(limit + 1)).all()
    shown = rows[:limit]
    persons = people.people_by_id(uow, [score.person_id for score, _ in shown])
    items = [
        GradeView(
            person=persons[score.person_id],
            score=score.score,
            maximum=score.maximum,
            state=score.state,
            reason=score.reason,
            sent_at=score.sent_at,
            checked_at=score.checked_at,
            found=score.found,
            found_of=score.found_of,
            differs=bool(differs),
        )
        for score, differs in shown
        if score.person_id in persons
    ]
    more = len(rows) > limit
    return Page(tuple(items), shown[-1][0].id.hex if more else None)


def send_again(
    uow: UnitOfWork, context_id: UUID, resource: str, person_id: UUID | None = None
) -> int:
    """Put scores back in line: one person's, or all that were refused; how many.

    The want keeps its key, so what was on its way already is sent once.
    """
    query = sa.select(Score).where(Score.context_id == context_id, Score.resource == resource)
    if person_id is None:
        query = query.where(Score.state == ScoreState.REFUSED)
    else:
        query = query.where(Score.person_id == person_id, Score.state != ScoreState.TO_SEND)
    rows: Sequence[Score] = uow.session.scalars(query.order_by(Score.id)).all()
    for row in rows:
        row.state, row.reason, row.conflicts, row.failures = ScoreState.TO_SEND, None, 0, 0
        uow.record(
            ScoreWanted(
                key=row.key,
                person_id=row.person_id,
                context_id=row.context_id,
                resource=row.resource,
                label=row.label,
                score=row.score,
                maximum=row.maximum,
                comment=row.comment,
                at=row.wanted_at,
            )
        )
    return len(rows)


def remove_column(uow: UnitOfWork, context_id: UUID, resource: str) -> bool:
    """Have the columns that Lantern made for an activity taken out of the gradebook, soon."""
    rows = uow.session.scalars(
        sa.select(LineItem)
        .join(ContextLink, ContextLink.id == LineItem.context_link_id)
        .where(
            ContextLink.context_id == context_id,
            LineItem.resource == resource,
            LineItem.made_here.is_(True),
        )
    ).all()
    for row in rows:
        uow.record(ColumnUnwanted(line_item_id=row.id))
    return bool(rows)


def refused(uow: UnitOfWork, context_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many scores the gradebooks of these courses did not take."""
    rows = uow.session.execute(
        sa.select(Score.context_id, sa.func.count())
        .where(Score.context_id.in_(context_ids), Score.state == ScoreState.REFUSED)
        .group_by(Score.context_id)
    )
    return {row[0]: row[1] for row in rows}
