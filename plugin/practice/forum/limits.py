"""One bucket for the whole site: 60 API calls a minute, whoever makes them (facts 2.3)."""

from __future__ import annotations

import math
import threading
from collections import deque

from plugin.practice.forum.clock import Clock


class Bucket:
    """A sliding minute. `per_minute` None switches it off."""

    def __init__(self, clock: Clock, per_minute: int | None) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._calls: deque[float] = deque()
        self._lock = threading.Lock()

    def wait_seconds(self) -> int:
        """0 when the call may pass (and is counted), else the seconds to wait."""
        if self.per_minute is None:
            return 0
        with self._lock:
            now = self._clock.seconds()
            # A clock that was moved back would otherwise block calls for weeks.
            while self._calls and not now - 60 < self._calls[0] <= now:
                self._calls.popleft()
            if len(self._calls) < self.per_minute:
                self._calls.append(now)
                return 0
            return max(1, math.ceil(self._calls[0] + 60 - now))

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
