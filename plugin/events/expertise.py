"""Events of contributions: what somebody did for others, with its source."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class ContributionRecorded(Event):
    """A contribution of an account outside; ``person_id`` is None while nobody is linked to it."""

    event_name: ClassVar[str] = "expertise.contribution.recorded.v1"
    contribution_id: UUID
    identity_id: UUID
    person_id: UUID | None
    kind: str
    source_url: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ContributionWithdrawn(Event):
    """The source took it back (an answer is no longer the accepted one)."""

    event_name: ClassVar[str] = "expertise.contribution.withdrawn.v1"
    contribution_id: UUID
    identity_id: UUID
    person_id: UUID | None
