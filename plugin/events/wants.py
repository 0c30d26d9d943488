"""Generic wants: what a feature wants done outside, without knowing any forum or LMS.

``key`` is stable: the same key is fulfilled once in effect, whatever is retried. Whoever fulfils
it reports :class:`WantFulfilled` or :class:`WantRefused` with the same key.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class SpaceWanted(Event):
    """A common place for some people: one message, a group, or a private topic of a group.

    Whoever emits it has asked ``notifications.public.wishes`` first: it is a message, too.
    """

    event_name: ClassVar[str] = "wants.space.v1"
    key: str
    kind: str  # message | topic | group
    person_ids: tuple[UUID, ...]
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberWanted(Event):
    """Somebody should be in (or out of) a space made by :class:`SpaceWanted`."""

    event_name: ClassVar[str] = "wants.member.v1"
    key: str
    space_key: str
    person_id: UUID
    present: bool = True


@dataclass(frozen=True, kw_only=True)
class MessageWanted(Event):
    """One person is to be told something on one channel. Emitted by ``notifications`` alone."""

    event_name: ClassVar[str] = "wants.message.v1"
    key: str
    person_id: UUID
    channel: str  # forum
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    locale: str = "en"
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class BadgeWanted(Event):
    """A badge in the forum follows a credential: granted, or taken back."""

    event_name: ClassVar[str] = "wants.badge.v1"
    key: str
    person_id: UUID
    badge_name: str
    description: str
    image_url: str = ""
    reason_url: str = ""
    granted: bool = True


@dataclass(frozen=True, kw_only=True)
class StateWanted(Event):
    """Where a request from outside stands, to be shown where it was made.

    ``request`` is the key of :class:`plugin.events.requests.RequestOpened`.
    """

    event_name: ClassVar[str] = "wants.state.v1"
    key: str
    request: str
    state: str  # waiting | taken | answered | closed


@dataclass(frozen=True, kw_only=True)
class ScoreWanted(Event):
    """A score should stand in the course's gradebook. ``resource`` is the activity's handle."""

    event_name: ClassVar[str] = "wants.score.v1"
    key: str
    person_id: UUID
    context_id: UUID
    resource: str
    label: str
    score: float
    maximum: float
    comment: str = ""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WantFulfilled(Event):
    """It is done; ``reference`` names the result outside (a topic, a badge, a line item)."""

    event_name: ClassVar[str] = "wants.fulfilled.v1"
    key: str
    want: str
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class WantRefused(Event):
    """The other side will not do it; ``reason`` is for people."""

    event_name: ClassVar[str] = "wants.refused.v1"
    key: str
    want: str
    reason: str
