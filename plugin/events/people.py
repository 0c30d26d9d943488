"""Events about persons."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class MemberAdmitted(Event):
    """A person came through a door for the first time."""

    event_name: ClassVar[str] = "people.member.admitted.v1"
    person_id: UUID
    door: str


@dataclass(frozen=True, kw_only=True)
class IdentityLinked(Event):
    """An account outside (forum, LMS) turned out to be this person's."""

    event_name: ClassVar[str] = "people.identity.linked.v1"
    identity_id: UUID
    person_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class IdentityUnlinked(Event):
    """An account outside is nobody's any more: its person took it back, or it is gone there."""

    event_name: ClassVar[str] = "people.identity.unlinked.v1"
    identity_id: UUID
    person_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    """A person is no longer on the roster of a context."""

    event_name: ClassVar[str] = "people.member.left.v1"
    person_id: UUID
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(Event):
    """Two persons turned out to be one; ``source_id`` is a tombstone from now on."""

    event_name: ClassVar[str] = "people.persons.merged.v1"
    source_id: UUID
    target_id: UUID
