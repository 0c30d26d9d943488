"""Events about people who are new in a place outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from plugin.kernel.messages import Event


@dataclass(frozen=True, kw_only=True)
class SignOfLife(Event):
    """Somebody new did something that others can see, for the first time each.

    ``what``: topic (began one), reply, like, thanked (accepted somebody's answer), answered
    (their answer was accepted). ``joined_at`` is when their account was made.
    """

    event_name: ClassVar[str] = "newcomers.sign_of_life.v1"
    context_id: UUID
    identity_id: UUID
    what: str
    joined_at: datetime
    at: datetime
    source_url: str


@dataclass(frozen=True, kw_only=True)
class NewcomerAccompanied(Event):
    """A newcomer has a contact by name now."""

    event_name: ClassVar[str] = "newcomers.newcomer.accompanied.v1"
    newcomer_id: UUID
    context_id: UUID
    person_id: UUID
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class NewcomerGraduated(Event):
    """A newcomer found their feet: the steps are done, or their first weeks are over."""

    event_name: ClassVar[str] = "newcomers.newcomer.graduated.v1"
    newcomer_id: UUID
    context_id: UUID
    person_id: UUID
    steps: int
