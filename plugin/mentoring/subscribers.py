"""The worker's part: compute, publish and take back in chunks, mail invitations, tell people.

Every handler may run again. The keys that make it happen once are named in each docstring.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from plugin.events.mentoring import (
    MatchingPublished,
    MatchingRequested,
    MentorInvited,
    PairAccepted,
    PairDeclined,
    PairEnded,
    PairIntroduced,
    PublishRequested,
    ReminderRequested,
    UndoRequested,
)
from plugin.kernel.dispatch import DeliveryFacts, Park, on, on_remote
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import invitation_mail
from plugin.mentoring import matching as engine
from plugin.mentoring.actions import ACTIONS
from plugin.mentoring.queries.programmes import invitation, programme
from plugin.mentoring.services import compute, invite, publish, tell

__all__ = ["ACTIONS", "SUBSCRIPTIONS"]

log = get_logger(__name__)
T = TypeVar("T")
REMINDED_AT_ONCE = 25


def compute_matching(services: Services, delivery: DeliveryFacts, event: MatchingRequested) -> None:
    """Compute a draft outside any transaction. Unique: the matching's state and frozen input."""
    run = _Run(services, delivery.community_id)
    with services.units.reading(delivery.community_id) as uow:
        fresh = compute.read_input(uow, event.matching_id)
    problem = fresh and run.begin(event.matching_id, fresh)
    if problem is None:
        return
    progress = _Noted(run, event.matching_id)
    try:
        proposal, result = _proven(problem, progress)
        progress("storing")
    except _StoppedError:
        log.info("matching stopped by a coordinator")
        return
    except (engine.NotProvenError, engine.TooManyPairsError) as error:
        log.error("matching not proven", reason=str(error))
        reason = error.code if isinstance(error, _RefusedError) else "not_proven"
        run.once(lambda uow: compute.fail(uow, event.matching_id, reason))
        return
    for start in range(0, len(proposal.pairs), compute.CHUNK):
        chunk = proposal.pairs[start : start + compute.CHUNK]
        run.store(event.matching_id, chunk)
    run.once(lambda uow: compute.finish(uow, event.matching_id, proposal, result))


def publish_matching(services: Services, delivery: DeliveryFacts, event: PublishRequested) -> None:
    """Reserve the mentors' time chunk by chunk, then flip. Unique: (matching, pair state)."""
    run = _Run(services, delivery.community_id)
    while run.once(lambda uow: publish.reserve_chunk(uow, event.matching_id)):
        pass
    run.once(lambda uow: publish.flip(uow, event.matching_id))


def introduce_pairs(services: Services, delivery: DeliveryFacts, event: MatchingPublished) -> None:
    """Introduce the pairs of a published matching. Unique: (matching, pair state)."""
    run = _Run(services, delivery.community_id)
    while run.once(lambda uow: publish.introduce_chunk(uow, event.matching_id)):
        pass


def withdraw_pairs(services: Services, delivery: DeliveryFacts, event: UndoRequested) -> None:
    """Withdraw what nobody has accepted. Unique: (matching, pair state)."""
    run = _Run(services, delivery.community_id)
    while run.once(lambda uow: publish.withdraw_chunk(uow, event.matching_id)):
        pass


def invite_mentor(services: Services, delivery: DeliveryFacts, event: MentorInvited) -> None:
    """Mail an invitation. Unique: the invitation's time of sending, and its Message-ID."""
    with services.units.community(delivery.community_id) as uow:
        found = invitation(uow, event.invitation_id)
        if found is None or found.sent:
            return
        about = programme(uow, found.programme_id)
        message = invitation_mail.write(uow, services.settings, found, about)
        uow.commit()
    try:
        services.mailer.send(message)
    except RemoteCallFailed as failure:
        if failure.retryable:
            raise
        raise Park(f"the mail server refuses this address: {failure.reason}") from failure
    _Run(services, delivery.community_id).once(
        lambda uow: invite.note_sent(uow, event.invitation_id)
    )


def remind_all(services: Services, delivery: DeliveryFacts, event: ReminderRequested) -> None:
    """Remind who has not answered. Unique: (person, programme), in the notice's key."""
    run = _Run(services, delivery.community_id)
    ids = run.once(lambda uow: tell.silent(uow, event.programme_id))
    for start in range(0, len(ids), REMINDED_AT_ONCE):
        run.remind(event.programme_id, ids[start : start + REMINDED_AT_ONCE])


def _proven(
    problem: engine.Problem, progress: engine.Progress
) -> tuple[engine.Proposal, dict[str, Any]]:
    """A proposal that a second program has checked, and the claim that is kept of it."""
    proposal = engine.propose(problem, progress)
    progress("checking")
    result = engine.result(proposal)
    faults = engine.check(engine.snapshot(problem), result)
    if faults:
        raise _RefusedError(faults[0].code)
    return proposal, result


class _RefusedError(engine.NotProvenError):
    """The checker found a fault."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"refused by the checker: {fault}")
        self.code = f"checker:{fault}"


class _StoppedError(Exception):
    """The coordinator stopped it, or another matching took its place."""


class _Noted:
    """Notes progress for the page: each step, and in long steps each twentieth part.

    Several threads of the engine may call it; one at a time writes.
    """

    def __init__(self, run: "_Run", matching_id: UUID) -> None:
        self._run, self._matching_id = run, matching_id
        self._at: tuple[str, int] = ("", 0)
        self._lock = Lock()

    def __call__(self, step: str, share: float = 0.0) -> None:
        at = (step, int(20 * share))
        with self._lock:
            if at == self._at:
                return
            self._at = at
            if not self._run.once(
                lambda uow: compute.note_progress(uow, self._matching_id, step, int(100 * share))
            ):
                raise _StoppedError


class _Run:
    """Short units of work of one community, one commit each."""

    def __init__(self, services: Services, community_id: UUID) -> None:
        self._services = services
        self._community_id = community_id

    def once(self, step: Callable[[UnitOfWork], T]) -> T:
        with self._services.units.community(self._community_id) as uow:
            answer = step(uow)
            uow.commit()
        return answer

    def store(self, matching_id: UUID, pairs: tuple[engine.Pair, ...]) -> None:
        self.once(lambda uow: compute.store_pairs(uow, matching_id, pairs))

    def begin(self, matching_id: UUID, fresh: engine.Problem) -> engine.Problem | None:
        return self.once(lambda uow: compute.begin(uow, matching_id, fresh))

    def remind(self, programme_id: UUID, ids: list[UUID]) -> None:
        self.once(lambda uow: tell.remind(uow, programme_id, ids))


SUBSCRIPTIONS = (
    on_remote(MatchingRequested, "mentoring.compute_matching", compute_matching),
    on_remote(PublishRequested, "mentoring.publish_matching", publish_matching),
    on_remote(MatchingPublished, "mentoring.introduce_pairs", introduce_pairs),
    on_remote(UndoRequested, "mentoring.withdraw_pairs", withdraw_pairs),
    on_remote(MentorInvited, "mentoring.invite_mentor", invite_mentor),
    on_remote(ReminderRequested, "mentoring.remind_all", remind_all),
    on(PairIntroduced, "mentoring.tell_introduced", tell.introduced),
    on(PairAccepted, "mentoring.tell_accepted", tell.accepted),
    on(PairDeclined, "mentoring.tell_declined", tell.declined),
    on(PairEnded, "mentoring.tell_ended", tell.ended),
)
