"""Next actions: at most three, the rest of what one waits for, and what is finished. Pure.

What is due comes first, soonest at the top; then what takes least time. Three, because a list of
ten is a list of none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["next", "waiting", "done"]
AT_ONCE = 3
FINISHED = 5
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class NextAction:
    """One line of the home page: what, why you, how long it takes, until when, where."""

    title: str
    reason: str
    minutes: int | None
    due: datetime | None
    url: str
    kind: Kind = "next"
    urgent: bool = False  # before everything that is due: something is broken or unsafe


@dataclass(frozen=True)
class Home:
    """The home page: ``more`` counts the next actions that wait behind the first three."""

    next: tuple[NextAction, ...]
    more: tuple[NextAction, ...]
    waiting: tuple[NextAction, ...]
    done: tuple[NextAction, ...]

    @property
    def empty(self) -> bool:
        return not (self.next or self.waiting or self.done)


def arrange(actions: Iterable[NextAction], *, within: str = "") -> Home:
    """Sort the lines of all cards; ``within`` keeps those of one context's pages (and no others').

    Lines that belong to no context are kept everywhere.
    """
    shown = [a for a in actions if not within or _belongs(a.url, within)]
    ordered = sorted(shown, key=lambda a: (not a.urgent, a.due or _NEVER, a.minutes or 0, a.title))
    todo = [a for a in ordered if a.kind == "next"]
    return Home(
        next=tuple(todo[:AT_ONCE]),
        more=tuple(todo[AT_ONCE:]),
        waiting=tuple(a for a in ordered if a.kind == "waiting"),
        done=tuple(reversed([a for a in ordered if a.kind == "done"]))[:FINISHED],
    )


def _belongs(url: str, within: str) -> bool:
    return url.startswith(within) or not url.startswith("/c/")
