"""When a notice may disturb: pure rules about quiet hours and the daily bundle."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from plugin.kernel.i18n import zone


@dataclass(frozen=True)
class Quiet:
    """Local hours in which nothing is sent; equal hours mean never quiet."""

    begins: int = 21
    ends: int = 8

    def holds(self, local: datetime) -> bool:
        """Whether this local time is quiet."""
        if self.begins == self.ends:
            return False
        if self.begins < self.ends:
            return self.begins <= local.hour < self.ends
        return local.hour >= self.begins or local.hour < self.ends


def due(now: datetime, time_zone: str, quiet: Quiet, *, bundled: bool) -> datetime:
    """Return when a notice may go out: at once, after the quiet hours, or with the next bundle.

    The bundle goes out when the quiet hours end (at 8 where there are none), once a day.
    """
    local = now.astimezone(zone(time_zone))
    morning = quiet.ends if quiet.begins != quiet.ends else 8
    if not bundled and not quiet.holds(local):
        return now
    return _next(local, morning).astimezone(now.tzinfo)


def _next(local: datetime, hour: int) -> datetime:
    """Return the next time the local clock shows that hour, in local wall time."""
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=local.tzinfo)
