"""The platform's clock: real time plus an offset, so that a demo can replay past weeks.

The offset lives in the store, so that every thread and a restarted process agree on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    return datetime.now(UTC)


class OffsetClock:
    """Aware UTC time; `offset` is read on every call because another process may change it."""

    def __init__(
        self, offset: Callable[[], timedelta], source: Callable[[], datetime] = real_now
    ) -> None:
        self._offset = offset
        self._source = source

    def now(self) -> datetime:
        return self._source() + self._offset()

    def timestamp(self) -> int:
        return int(self.now().timestamp())
