"""`ScoreWanted` -> a score in the course's gradebook, in order for each person and activity.

What is learned from real platforms (AGS 2.0, 3.4): a score in the same second as the stored one is
answered 409, so posts for one person and column are a second apart and always say "now"; 400 means
that the person cannot be graded there; a post that is not final erases a grade, so every post is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from lti import line_items, results
from lti._pylti import score_body
from lti.advantage import ags
from lti.advantage.client import ServiceClient, pause
from lti.line_items import NoColumn, Place
from lti.models import Score, ScoreState
from lti.platforms import platform
from lti.results import same
from plugin.events.wants import ScoreWanted, WantFulfilled, WantRefused
from plugin.kernel.dispatch import DeliveryFacts, Later, report
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

GAP = timedelta(seconds=1)
_CLAIM = timedelta(minutes=2)
_MAX_CONFLICTS = 5
_GIVE_UP = timedelta(days=3)


@dataclass(frozen=True)
class _Ready:
    """A score in our hand: where it goes and under which name."""

    score_id: UUID
    place: Place
    stamp: datetime


def send(services: Services, delivery: DeliveryFacts, event: ScoreWanted) -> None:
    """Put one score into the gradebook (unique: person, context, resource; the newest one wins).

    Sending the same score again has no further effect there, so at least once is once in effect.
    """
    community_id = delivery.community_id
    with services.units.community(community_id) as uow:
        locale = people.community(uow).locale
        with use_locale(locale):  # reasons are read by the people of this community
            ready = _take(uow, delivery, event)
        uow.commit()
    if ready is not None:
        with use_locale(locale):
            _send(services, delivery, event, ready)


def _send(services: Services, delivery: DeliveryFacts, event: ScoreWanted, ready: _Ready) -> None:
    """Find the column and post; every way out of here lets the person's score go again."""
    client = ServiceClient(services, ready.place.deployment.registration, ready.place.scopes)
    try:
        column = line_items.find_or_create(
            services, delivery.community_id, client, ready.place, event
        )
        answer = ags.post_score(client, column, _body(ready, event))
        _settle(services, delivery, ready, event, column, answer.status, client)
    except NoColumn as refusal:
        _finish(services, delivery, ready.score_id, event, refused=refusal.reason)
    except Later:
        _release(services, delivery.community_id, ready.score_id)
        raise
    except RemoteCallFailed as failure:
        _after_failure(services, delivery, ready.score_id, event, failure)


def _take(uow: UnitOfWork, delivery: DeliveryFacts, event: ScoreWanted) -> _Ready | None:
    """Claim the person's score for this activity, or find that there is nothing to do."""
    row = uow.session.scalars(
        sa.select(Score).where(
            Score.person_id == event.person_id,
            Score.context_id == event.context_id,
            Score.resource == event.resource,
        )
    ).first()
    now = uow.now()
    if row is None:
        row = Score(
            person_id=event.person_id,
            context_id=event.context_id,
            resource=event.resource,
            key=event.key,
            wanted_at=event.at,
            state=ScoreState.TO_SEND,
            conflicts=0,
        )
        uow.session.add(row)
    elif row.key == event.key and row.state is not ScoreState.TO_SEND:
        return None  # settled and reported before
    elif row.wanted_at > event.at and row.key != event.key:
        report(
            uow,
            delivery,
            WantFulfilled(key=event.key, want=event.event_name, reference="superseded"),
        )
        return None
    if row.claimed_until is not None and row.claimed_until > now:
        raise Later(row.claimed_until - now, "another score of this person is on its way")
    last = max((at for at in (row.sent_at, row.stamped_at) if at is not None), default=None)
    if last is not None and timedelta(0) <= now - last < GAP:
        raise Later(GAP - (now - last), "gradebooks take one score a second")
    if row.key != event.key:
        row.conflicts = 0
    row.key, row.wanted_at, row.reason = event.key, event.at, None
    row.state = ScoreState.TO_SEND
    row.label, row.comment = event.label[:300], event.comment[:500]
    row.score, row.maximum = event.score, event.maximum
    place = line_items.place_of(uow, event.person_id, event.context_id, event.resource)
    if isinstance(place, NoColumn):
        _mark(uow, delivery, row, event, refused=place.reason)
        return None
    row.claimed_until = now + _CLAIM
    # Later than the last one in any case: a clock that was set back must not lock a person out.
    row.stamped_at = now if row.stamped_at is None else max(now, row.stamped_at + GAP)
    uow.session.flush()
    return _Ready(row.id, place, row.stamped_at)


def _body(ready: _Ready, event: ScoreWanted) -> dict[str, object]:
    stamp = ready.stamp.astimezone(UTC).replace(tzinfo=None)
    return score_body(
        user=ready.place.subject,
        score=event.score,
        maximum=event.maximum,
        comment=event.comment,
        timestamp=stamp.isoformat(timespec="milliseconds") + "Z",
        extras=platform(ready.place.deployment.registration.family).score_extras(),
    )


def _settle(
    services: Services,
    delivery: DeliveryFacts,
    ready: _Ready,
    event: ScoreWanted,
    column: str,
    status: int,
    client: ServiceClient,
) -> None:
    """Understand the platform's answer to a score."""
    if 200 <= status < 300:
        _finish(services, delivery, ready.score_id, event, reference=column)
    elif status in platform(ready.place.deployment.registration.family).late_scores:
        _conflict(services, delivery, ready, event, column, client)
    elif status in (404, 410):
        line_items.forget(services, delivery.community_id, ready.place, event.resource, column)
        _again(services, delivery, ready.score_id, event, _("The column is gone."))
    elif status in (400, 422):
        reason = _("The gradebook takes scores only for people who are learners there now.")
        _finish(services, delivery, ready.score_id, event, refused=reason)
    elif status in (401, 403):
        reason = _("The learning platform does not let Lantern write scores in this course.")
        _finish(services, delivery, ready.score_id, event, refused=reason)
    else:
        reason = _("The gradebook answered with status %(status)d.", status=status)
        _finish(services, delivery, ready.score_id, event, refused=reason)


def _conflict(
    services: Services,
    delivery: DeliveryFacts,
    ready: _Ready,
    event: ScoreWanted,
    column: str,
    client: ServiceClient,
) -> None:
    """The gradebook holds something at least as new: ours already, or one to come after."""
    if ags.RESULT_SCOPE in ready.place.scopes:
        for result in ags.results(client, column, ready.place.subject):
            if same(result, event.score, event.maximum):
                _finish(services, delivery, ready.score_id, event, reference=column)
                return
    reason = _("The gradebook holds a newer grade.")
    _again(services, delivery, ready.score_id, event, reason)


def _again(
    services: Services, delivery: DeliveryFacts, score_id: UUID, event: ScoreWanted, reason: str
) -> None:
    """Come back with a fresh time; after some conflicts the platform has the last word."""
    with services.units.community(delivery.community_id) as uow:
        row = uow.session.get_one(Score, score_id)
        row.claimed_until, row.conflicts = None, row.conflicts + 1
        over = row.conflicts >= _MAX_CONFLICTS
        if over:
            _mark(uow, delivery, row, event, refused=reason)
        tries = row.conflicts
        uow.commit()
    if not over:
        raise Later(GAP * 2 * tries, reason)


def _after_failure(
    services: Services,
    delivery: DeliveryFacts,
    score_id: UUID,
    event: ScoreWanted,
    failure: RemoteCallFailed,
) -> None:
    """A platform that is down gets the score later; one that says no has said it."""
    if failure.retryable and services.clock.now() - delivery.created_at < _GIVE_UP:
        failures = _release(services, delivery.community_id, score_id, failure.reason)
        raise Later(pause(failures, failure), str(failure)) from failure
    reason = _("The learning platform could not be asked: %(reason)s", reason=failure.reason)
    _finish(services, delivery, score_id, event, refused=reason)


def _release(services: Services, community_id: UUID, score_id: UUID, reason: str = "") -> int:
    """Let the score go again; how often the platform has failed for it by now."""
    with services.units.community(community_id) as uow:
        row = uow.session.get_one(Score, score_id)
        row.claimed_until = None
        if reason:
            row.failures, row.reason = row.failures + 1, reason[:300]
        failures = row.failures
        uow.commit()
    return failures


def _finish(
    services: Services,
    delivery: DeliveryFacts,
    score_id: UUID,
    event: ScoreWanted,
    *,
    reference: str = "",
    refused: str = "",
) -> None:
    with services.units.community(delivery.community_id) as uow:
        row = uow.session.get_one(Score, score_id)
        _mark(uow, delivery, row, event, reference=reference, refused=refused)
        uow.commit()


def _mark(
    uow: UnitOfWork,
    delivery: DeliveryFacts,
    row: Score,
    event: ScoreWanted,
    *,
    reference: str = "",
    refused: str = "",
) -> None:
    """Note the end of a score and report it, in one commit."""
    row.claimed_until = None
    if refused:
        row.state, row.reason = ScoreState.REFUSED, refused[:300]
        report(
            uow, delivery, WantRefused(key=event.key, want=event.event_name, reason=refused[:300])
        )
    else:
        row.state, row.reason, row.sent_at = ScoreState.SENT, None, uow.now()
        row.failures, row.checked_at = 0, None
        results.ask(uow, row)
        report(
            uow, delivery, WantFulfilled(key=event.key, want=event.event_name, reference=reference)
        )
