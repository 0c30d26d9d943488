"""What runs by itself: the inbox and the reading in every sweep, the rest by the clock."""

from __future__ import annotations

from datetime import timedelta

from discourse_hooks import processing, reading, reconciliation, retention
from plugin.kernel.dispatch import Pump, every

PUMPS = (
    Pump("discourse_hooks.inbox", processing.process_inbox),
    Pump("discourse_hooks.reading", reading.read_touched),
)
SCHEDULES = (
    every(timedelta(minutes=5), "discourse_hooks.reconcile", reconciliation.run),
    every(timedelta(hours=6), "discourse_hooks.badges", reconciliation.look_after_badges),
    every(timedelta(days=1), "discourse_hooks.forget_old", retention.forget_old),
)
