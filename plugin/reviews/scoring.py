"""From reviews to a score: arithmetic only, stated so that a teacher can redo it by hand.

* The points of a review are the sum of the points of the levels chosen.
* The score of a work is the plain mean of its reviews' points. On real courses no cleverer rule
  reliably beat the mean (Sajjadi, Alamgir and von Luxburg 2016).
* Rounding happens once, at the end: to two decimals, half up, in decimal arithmetic.
* The level reached in a criterion is the lower median of the levels given: at least half of the
  reviewers saw that level or a higher one. A single generous reviewer lifts nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from plugin.reviews.rubrics import Rubric

Levels = Mapping[str, int]


@dataclass(frozen=True)
class Scored:
    """The score of a work and the level it reached in each criterion."""

    points: float
    maximum: float
    levels: dict[str, int]
    reviews: int


def points_of(rubric: Rubric, levels: Levels) -> float:
    """Return the points of one review; raises KeyError when a criterion was not judged."""
    total = Decimal(0)
    for criterion in rubric.criteria:
        level = criterion.level(levels[criterion.key])
        if level is None:
            raise KeyError(criterion.key)
        total += Decimal(str(level.points))
    return float(total)


def score(rubric: Rubric, reviews: Sequence[Levels]) -> Scored:
    """Return the score of a work from the levels of its reviews; there must be one at least."""
    if not reviews:
        raise ValueError("a score needs a review")
    points = [Decimal(str(points_of(rubric, levels))) for levels in reviews]
    mean = sum(points, Decimal(0)) / len(points)
    return Scored(
        points=float(mean.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)),
        maximum=rubric.maximum,
        levels={
            criterion.key: lower_median([levels[criterion.key] for levels in reviews])
            for criterion in rubric.criteria
        },
        reviews=len(reviews),
    )


def lower_median(values: Sequence[int]) -> int:
    """Return the middle value, the lower of two middle ones."""
    return sorted(values)[(len(values) - 1) // 2]
