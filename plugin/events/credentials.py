"""Events of credentials."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class AchievementAwarded(Event):
    """Evidence met the rule of an achievement (or a person decided so); signing comes next."""

    event_name: ClassVar[str] = "credentials.achievement.awarded.v1"
    award_id: UUID
    person_id: UUID
    achievement_id: UUID


@dataclass(frozen=True, kw_only=True)
class CredentialIssued(Event):
    """A credential was signed for a person."""

    event_name: ClassVar[str] = "credentials.credential.issued.v1"
    credential_id: UUID
    person_id: UUID
    achievement_id: UUID


@dataclass(frozen=True, kw_only=True)
class CredentialRevoked(Event):
    """A credential no longer counts."""

    event_name: ClassVar[str] = "credentials.credential.revoked.v1"
    credential_id: UUID
    person_id: UUID
    achievement_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CredentialSuspended(Event):
    """A credential does not count for now."""

    event_name: ClassVar[str] = "credentials.credential.suspended.v1"
    credential_id: UUID
    person_id: UUID
    achievement_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CredentialRestored(Event):
    """A credential that was suspended counts again."""

    event_name: ClassVar[str] = "credentials.credential.restored.v1"
    credential_id: UUID
    person_id: UUID
    achievement_id: UUID


@dataclass(frozen=True, kw_only=True)
class StatusRunStarted(Event):
    """Many credentials are to be taken back, suspended or restored."""

    event_name: ClassVar[str] = "credentials.run.started.v1"
    run_id: UUID


@dataclass(frozen=True, kw_only=True)
class AchievementPublished(Event):
    """Something new can be earned; evidence from before counts too."""

    event_name: ClassVar[str] = "credentials.achievement.published.v1"
    achievement_id: UUID


@dataclass(frozen=True, kw_only=True)
class AchievementChanged(Event):
    """An achievement has another name, other words or another picture; badges elsewhere follow."""

    event_name: ClassVar[str] = "credentials.achievement.changed.v1"
    achievement_id: UUID
    name_before: str


@dataclass(frozen=True, kw_only=True)
class GivingConfirmed(Event):
    """A checked list of people is to be given an achievement; a worker does it in chunks."""

    event_name: ClassVar[str] = "credentials.giving.confirmed.v1"
    run_id: UUID
