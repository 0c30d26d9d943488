"""The forum's clock: aware UTC with an offset, so that a demo can replay past weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def stamp(moment: datetime) -> str:
    """Discourse's form of a time: UTC, milliseconds, Z. Sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _wall() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Now, shifted. Tests hand in a source of their own and move it by hand."""

    def __init__(self, source: Callable[[], datetime] | None = None, offset: float = 0) -> None:
        self._source = source or _wall
        self.offset = timedelta(seconds=offset)

    def now(self) -> datetime:
        return self._source() + self.offset

    def stamp(self, after: float = 0) -> str:
        return stamp(self.now() + timedelta(seconds=after))

    def seconds(self) -> float:
        return self.now().timestamp()
