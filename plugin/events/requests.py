"""Requests that were made outside (a topic in a forum), for the features that answer them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class RequestOpened(Event):
    """Somebody asks in public for help or a review. ``request`` names it in later events.

    ``title`` is the one that the place itself shows; the words of the request stay there.
    ``person_id`` is None while nobody is linked to the account.
    """

    event_name: ClassVar[str] = "requests.request.opened.v1"
    request: str
    kind: str  # help | review
    context_id: UUID
    identity_id: UUID
    person_id: UUID | None
    title: str
    source_url: str
    tags: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestChanged(Event):
    """The place shows another state of it: open again, answered, closed, or withdrawn."""

    event_name: ClassVar[str] = "requests.request.changed.v1"
    request: str
    state: str  # open | answered | closed | withdrawn
