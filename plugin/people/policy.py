"""Who acts, and what the rights of people mean. Pure."""

from dataclasses import dataclass, field
from uuid import UUID

ADMINISTRATOR = "administrator"
COORDINATOR = "coordinator"
ASSISTANT = "assistant"
SAFETY_CONTACT = "safety_contact"
RIGHTS = (ADMINISTRATOR, COORDINATOR, ASSISTANT, SAFETY_CONTACT)

LEARNER = "learner"
TEACHER = "teacher"
TEACHING_ASSISTANT = "assistant"
OBSERVER = "observer"
ROLES = (LEARNER, TEACHER, TEACHING_ASSISTANT, OBSERVER)


@dataclass(frozen=True)
class Actor:
    """The signed-in person with rights (given here) and roles (of this session's launches).

    ``rights`` holds (right, context id or None for everywhere); ``roles`` holds (context id, role).
    """

    person_id: UUID
    community_id: UUID
    rights: frozenset[tuple[str, UUID | None]] = field(default_factory=frozenset)
    roles: frozenset[tuple[UUID, str]] = field(default_factory=frozenset)
    locale: str = "en"
    time_zone: str = "UTC"

    def has(self, right: str, context_id: UUID | None = None) -> bool:
        """Whether the right was given for this context, or everywhere."""
        return (right, None) in self.rights or (
            context_id is not None and (right, context_id) in self.rights
        )

    def administers(self) -> bool:
        return (ADMINISTRATOR, None) in self.rights

    def coordinates(self, context_id: UUID) -> bool:
        return self.administers() or self.has(COORDINATOR, context_id)

    def assists(self, context_id: UUID) -> bool:
        return self.coordinates(context_id) or self.has(ASSISTANT, context_id)

    def teaches(self, context_id: UUID) -> bool:
        """Whether a launch said teacher here: enough to start things, no more."""
        return (context_id, TEACHER) in self.roles

    def in_context(self, context_id: UUID) -> bool:
        """Whether the person may open pages of this context at all."""
        return (
            any(known == context_id for known, _role in self.roles)
            or any(known == context_id for _right, known in self.rights)
            or self.administers()
        )
