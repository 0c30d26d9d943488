"""Who becomes a newcomer's contact: the simplest fair rule. Pure.

Whoever speaks the newcomer's language comes first, then whoever has fewest newcomers now, then who
has waited longest for one. Better rules belong to mentoring (decision 0017).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Candidate:
    """A contact who could take somebody. ``last_at``: when they were last given one."""

    person_id: UUID
    locale: str
    newcomers: int
    last_at: datetime | None


def in_order(
    candidates: Iterable[Candidate], *, locale: str, most_each: int, barred: Iterable[UUID] = ()
) -> list[Candidate]:
    """Those who have room and are not barred, the best first."""
    closed = set(barred)
    free = [one for one in candidates if one.newcomers < most_each and one.person_id not in closed]
    return sorted(
        free,
        key=lambda one: (
            one.locale != locale,
            one.newcomers,
            one.last_at.timestamp() if one.last_at else 0.0,
            str(one.person_id),
        ),
    )
