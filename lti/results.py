"""Scores that were sent are read back and compared: a locked grade or a teacher's own one shows.

One read serves all scores of an activity: it waits until nothing more was sent for a while, then
asks the gradebook for the whole column. A difference is shown to the teacher and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from lti.advantage import ags
from lti.advantage.ags import ResultView
from lti.advantage.client import ServiceClient, pause
from lti.events import ResultsWanted
from lti.line_items import NoColumn, Place, place_of
from lti.models import Score, ScoreState
from plugin.kernel.dispatch import DeliveryFacts, Later
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork

QUIET = timedelta(seconds=20)
_AT_LATEST = timedelta(minutes=5)
_GIVE_UP = timedelta(hours=6)
_CHUNK = 100

log = get_logger(__name__)


@dataclass(frozen=True)
class _Column:
    """A column to be read, and whose scores in it are unread."""

    place: Place
    url: str
    people: dict[str, UUID]  # score ids by subject


def same(result: ResultView, score: float, maximum: float) -> bool:
    """Whether a result says the same as a score, whatever their scales (to a ten-thousandth)."""
    if result.score is None or not result.maximum or not maximum:
        return False
    return abs(result.score / result.maximum - score / maximum) < 1e-4


def ask(uow: UnitOfWork, row: Score) -> None:
    """Have results read some time after a score was sent; one wish for many scores."""
    waiting = sa.select(Score.id).where(
        Score.context_id == row.context_id,
        Score.resource == row.resource,
        Score.id != row.id,
        Score.state == ScoreState.SENT,
        Score.checked_at.is_(None),
        Score.sent_at > uow.now() - _AT_LATEST,
    )
    if uow.session.scalars(waiting.limit(1)).first() is None:
        uow.record(ResultsWanted(context_id=row.context_id, resource=row.resource))


def read(services: Services, delivery: DeliveryFacts, event: ResultsWanted) -> None:
    """Compare what was sent with what stands there (unique: score); again is harmless."""
    with services.units.reading(delivery.community_id) as uow:
        now = uow.now()
        latest = uow.session.scalar(_unread(event).with_only_columns(sa.func.max(Score.sent_at)))
        if latest is None:
            return
        if now - latest < QUIET and now - delivery.created_at < _AT_LATEST:
            raise Later(QUIET, "scores are still being sent")
        columns = _columns(uow, uow.session.scalars(_unread(event)).all())
    for column in columns:
        client = ServiceClient(services, column.place.deployment.registration, (ags.RESULT_SCOPE,))
        try:
            found = ags.results(client, column.url)
        except RemoteCallFailed as failure:
            if failure.retryable and now - delivery.created_at < _GIVE_UP:
                raise Later(pause(5, failure), str(failure)) from failure
            log.warning("lti.results_unread", reason=str(failure))
            continue
        _note(services, delivery.community_id, column, found, now)


def _unread(event: ResultsWanted) -> sa.Select[Score]:
    return sa.select(Score).where(
        Score.context_id == event.context_id,
        Score.resource == event.resource,
        Score.state == ScoreState.SENT,
        Score.checked_at.is_(None),
    )


def _columns(uow: UnitOfWork, scores: Sequence[Score]) -> list[_Column]:
    """Where these scores stand, as far as the platform lets results be read."""
    found: dict[str, _Column] = {}
    for row in scores:
        place = place_of(uow, row.person_id, row.context_id, row.resource)
        if isinstance(place, NoColumn) or not place.column:
            continue
        if ags.RESULT_SCOPE not in place.scopes:
            continue
        column = found.setdefault(place.column, _Column(place, place.column, {}))
        column.people[place.subject] = row.id
    return list(found.values())


def _note(
    services: Services,
    community_id: UUID,
    column: _Column,
    found: Sequence[ResultView],
    read_at: datetime,
) -> None:
    """Note what was found, some at a time; a score that was sent meanwhile is read again later."""
    results = {result.user: result for result in found}
    subjects = list(column.people)
    for start in range(0, len(subjects), _CHUNK):
        with services.units.community(community_id) as uow:
            for subject in subjects[start : start + _CHUNK]:
                row = uow.session.get(Score, column.people[subject])
                if row is None or row.sent_at is None or row.sent_at > read_at:
                    continue
                result = results.get(subject)
                row.checked_at = uow.now()
                row.found = result.score if result else None
                row.found_of = result.maximum if result else None
            uow.commit()
