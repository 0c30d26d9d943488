"""How long will it take? Median and 80 % interval from a queue's own history (pure).

Items that still wait are evidence too: an estimate from finished ones alone is too short exactly
when the queue has got stuck. The Kaplan-Meier estimator (1958) counts them as "longer than so
far". A bound that the history cannot yet support is None and is shown as "longer than ...".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

ENOUGH = 5


@dataclass(frozen=True)
class WaitEstimate:
    """Half of the items were done within ``median``, eight in ten between ``low`` and ``high``."""

    median: timedelta | None
    low: timedelta | None
    high: timedelta | None
    finished: int
    still_waiting: int


def estimate_wait(
    finished: Iterable[timedelta], still_waiting: Iterable[timedelta] = ()
) -> WaitEstimate | None:
    """Return the estimate, or None while fewer than five items have ever been finished."""
    done = sorted(finished)
    open_for = sorted(still_waiting)
    if len(done) < ENOUGH:
        return None
    return WaitEstimate(
        median=_quantile(done, open_for, 0.5),
        low=_quantile(done, open_for, 0.1),
        high=_quantile(done, open_for, 0.9),
        finished=len(done),
        still_waiting=len(open_for),
    )


def _quantile(done: list[timedelta], open_for: list[timedelta], share: float) -> timedelta | None:
    """Return the first duration at which the estimated share of finished items reaches ``share``.

    At equal durations an end counts before a censoring, as is the convention.
    """
    marks = sorted([(length, 0) for length in done] + [(length, 1) for length in open_for])
    at_risk = len(marks)
    surviving = 1.0
    for length, censored in marks:
        if not censored:
            surviving *= 1 - 1 / at_risk
            if 1 - surviving >= share - 1e-9:
                return length
        at_risk -= 1
    return None
