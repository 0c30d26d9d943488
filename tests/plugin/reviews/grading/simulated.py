"""Courses whose true points are known, for tests and benchmarks.

Works N(70, 12); a grader's bias N(0, 5); noise of standard deviation about 9 that differs between
graders (inverse gamma); careless graders give N(78, 6) whatever the work. Each learner grades the
k works after their own in a random circle, in every assignment anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.reviews.grading.values import Floats, Grades

_SHAPE = 2.5


@dataclass(frozen=True)
class Course:
    """Grades with the truth behind them."""

    grades: Grades
    truth: Floats
    bias: Floats
    deviation: Floats
    careless: NDArray[np.bool_]

    def oracle(self) -> Floats:
        """The best estimate for somebody who knows everything of the graders."""
        grades = self.grades
        weight = np.where(self.careless, 0.0, 1 / self.deviation**2)[grades.grader]
        told = grades.per_work(weight * (grades.points - self.bias[grades.grader]))
        known = 1 / 144
        estimate: Floats = (known * 70 + told) / (known + grades.per_work(weight))
        return estimate


def course(
    seed: int, *, learners: int = 1_000, k: int = 4, assignments: int = 6, careless: float = 0.1
) -> Course:
    """Simulate a course."""
    chance = np.random.default_rng(seed)
    truth = np.clip(chance.normal(70, 12, (assignments, learners)), 0, 100)
    bias = chance.normal(0, 5, learners)
    deviation = np.sqrt(81 * (_SHAPE - 1) / chance.gamma(_SHAPE, 1, learners))
    absent = chance.random(learners) < careless
    works, graders, points = [], [], []
    for number in range(assignments):
        circle = chance.permutation(learners)
        for step in range(1, k + 1):
            work = np.roll(circle, -step)
            honest = truth[number, work] + bias[circle]
            honest = honest + chance.normal(0, 1, learners) * deviation[circle]
            given = np.where(absent[circle], chance.normal(78, 6, learners), honest)
            works.append(number * learners + work)
            graders.append(circle)
            points.append(np.clip(np.round(given), 0, 100))
    grades = Grades(
        np.concatenate(works),
        np.concatenate(graders),
        np.concatenate(points),
        works=learners * assignments,
        graders=learners,
    )
    return Course(grades, truth.ravel(), bias, deviation, absent)


def rmse(one: Floats, other: Floats) -> float:
    """Root mean square error."""
    return float(np.sqrt(np.mean((one - other) ** 2)))
