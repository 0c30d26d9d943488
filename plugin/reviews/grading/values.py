"""What goes into the grading of a course and what comes out of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HUNDRED = 100.0


class Method(enum.Enum):
    """The rules from which a course's rule is chosen, the plainest first."""

    MEAN = "mean"
    MEDIAN = "median"
    FAIR_MEAN = "fair_mean"
    MODEL = "model"
    CAREFUL_MODEL = "careful_model"


@dataclass(frozen=True)
class Grades:
    """Grades on a scale of 0 to 100: ``points[n]`` was given to ``work[n]`` by ``grader[n]``.

    Works and graders are numbered from 0 without gaps. ``known`` maps a work to the points that
    a teacher gave it; it then serves to measure the graders by.
    """

    work: Ints
    grader: Ints
    points: Floats
    works: int
    graders: int
    known: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not len(self.work) == len(self.grader) == len(self.points):
            raise ValueError("work, grader and points must be equally long")
        if self.points.size and not (
            np.isfinite(self.points).all() and 0 <= self.points.min() <= self.points.max() <= 100
        ):
            raise ValueError("points must lie between 0 and 100")
        for name, numbers, count in (
            ("work", self.work, self.works),
            ("grader", self.grader, self.graders),
        ):
            if numbers.size and not 0 <= numbers.min() <= numbers.max() < count:
                raise ValueError(f"a {name} is out of range")

    def only(self, chosen: NDArray[np.bool_]) -> Grades:
        """Return the same works and graders with some of the grades."""
        return Grades(
            self.work[chosen],
            self.grader[chosen],
            self.points[chosen],
            self.works,
            self.graders,
            self.known,
        )

    def per_work(self, values: Floats | None = None) -> Floats:
        """Sum values (or count grades) by work."""
        return np.bincount(self.work, values, self.works).astype(np.float64)

    def per_grader(self, values: Floats | None = None) -> Floats:
        """Sum values (or count grades) by grader."""
        return np.bincount(self.grader, values, self.graders).astype(np.float64)


@dataclass(frozen=True)
class Graders:
    """What a method holds of each grader.

    ``bias``: points above what others give; ``weight``: precision of one grade (1 / variance) times
    the chance that the grader read the work; ``careless``: the chance that the grades have nothing
    to do with the work. ``bias_variance``: how sure the bias is. ``flat`` and ``flat_variance``:
    what a grader gives who did not read.
    """

    bias: Floats
    bias_variance: Floats
    precision: Floats
    careless: Floats
    flat: Floats
    flat_variance: Floats

    @property
    def weight(self) -> Floats:
        """The precision of one grade less what carelessness takes from it."""
        return self.precision * (1 - self.careless)


@dataclass(frozen=True)
class Fitted:
    """The points of each work by one method, their variance, and what was found of the graders.

    ``freedom`` are the degrees of freedom of Student's t by which the variance makes an interval;
    ``mean`` and ``spread`` (a variance) describe works in general; an infinite spread says that a
    work is judged by its own grades alone.
    """

    method: Method
    points: Floats
    variance: Floats
    freedom: Floats
    graders: Graders
    mean: float
    spread: float
