"""What a handler gets and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from discourse_hooks.connections import Forum
from discourse_hooks.payloads import Facts
from discourse_hooks.touched import Touch
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Event:
    """One delivery, read: its name as sent, and the facts of its body."""

    name: str
    facts: Facts


@dataclass(frozen=True)
class Outcome:
    """What to read again, and a word for the operator's list. ``ignored`` rows are counted."""

    touches: tuple[Touch, ...] = field(default=())
    note: str = ""
    ignored: bool = False


NOTED = Outcome(note="noted")
OURS = Outcome(note="caused by Lantern", ignored=True)

Handler = Callable[[UnitOfWork, Forum, Event], Outcome]


def topic(topic_id: int) -> Touch:
    """The topic is the unit of reading: one read shows its posts and accepted answers."""
    return Touch("topic", str(topic_id))


def space(forum: Forum, topic_id: int, user_id: int | None) -> Outcome:
    """Somebody did something in a place that Lantern made: only when, and only if it was not us."""
    if forum.bot_user_id is None or user_id == forum.bot_user_id:
        return OURS
    return Outcome((Touch("space", str(topic_id)),), "a sign of life")
