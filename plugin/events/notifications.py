"""Events of notices."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class NoticeWritten(Event):
    """A notice waits to be sent."""

    event_name: ClassVar[str] = "notifications.notice.written.v1"
    notice_id: UUID
    person_id: UUID
