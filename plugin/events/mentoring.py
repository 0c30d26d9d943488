"""Events of programmes, matchings and pairs."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class MatchingRequested(Event):
    """A coordinator asked for a matching; a worker computes it."""

    event_name: ClassVar[str] = "mentoring.matching.requested.v1"
    matching_id: UUID


@dataclass(frozen=True, kw_only=True)
class MatchingPublished(Event):
    """A draft became visible, all at once."""

    event_name: ClassVar[str] = "mentoring.matching.published.v1"
    matching_id: UUID
    programme_id: UUID
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class PairIntroduced(Event):
    """Two people are told of each other."""

    event_name: ClassVar[str] = "mentoring.pair.introduced.v1"
    pair_id: UUID
    programme_id: UUID
    context_id: UUID
    mentor_id: UUID
    mentee_id: UUID


@dataclass(frozen=True, kw_only=True)
class PairAccepted(Event):
    """The mentor said yes."""

    event_name: ClassVar[str] = "mentoring.pair.accepted.v1"
    pair_id: UUID
    context_id: UUID
    mentor_id: UUID
    mentee_id: UUID


@dataclass(frozen=True, kw_only=True)
class PairDeclined(Event):
    """One of the two said no; ``by_id`` is who."""

    event_name: ClassVar[str] = "mentoring.pair.declined.v1"
    pair_id: UUID
    context_id: UUID
    mentor_id: UUID
    mentee_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PairEnded(Event):
    """A pair finished, or was undone by the coordinator."""

    event_name: ClassVar[str] = "mentoring.pair.ended.v1"
    pair_id: UUID
    context_id: UUID
    mentor_id: UUID
    mentee_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class PublishRequested(Event):
    """A coordinator wants a draft published; a worker reserves the time chunk by chunk."""

    event_name: ClassVar[str] = "mentoring.matching.publish_requested.v1"
    matching_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReminderRequested(Event):
    """Staff asked that everybody who has not answered yet is reminded once."""

    event_name: ClassVar[str] = "mentoring.reminder.requested.v1"
    programme_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class UndoRequested(Event):
    """A published matching is taken back, as far as nobody has accepted yet."""

    event_name: ClassVar[str] = "mentoring.matching.undo_requested.v1"
    matching_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorInvited(Event):
    """Staff invited somebody by e-mail; a worker makes the link and mails it."""

    event_name: ClassVar[str] = "mentoring.mentor.invited.v1"
    invitation_id: UUID
