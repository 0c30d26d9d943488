"""Events of the adapter itself; nobody else hears them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class RosterWanted(Event):
    """The roster of a course should be read: at its first launch, or because somebody asked."""

    event_name: ClassVar[str] = "lti.roster.wanted.v1"
    context_link_id: UUID


@dataclass(frozen=True, kw_only=True)
class NoticesWanted(Event):
    """A platform can tell of copied courses; it should be asked to."""

    event_name: ClassVar[str] = "lti.notices.wanted.v1"
    deployment_id: UUID
    url: str


@dataclass(frozen=True, kw_only=True)
class ResultsWanted(Event):
    """Scores were sent: what the gradebook holds for this activity is to be read and compared."""

    event_name: ClassVar[str] = "lti.results.wanted.v1"
    context_id: UUID
    resource: str


@dataclass(frozen=True, kw_only=True)
class ColumnUnwanted(Event):
    """A teacher wants a column that Lantern made out of the gradebook."""

    event_name: ClassVar[str] = "lti.column.unwanted.v1"
    line_item_id: UUID
