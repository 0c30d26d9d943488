"""Three rules that anybody can redo by hand: mean, median, and the mean less each grader's bias.

The bias-corrected mean is the additive two-way model with shrunken grader effects (a grader's bias
counts as if two more grades without any bias had been given).
"""

from __future__ import annotations

import math

import numpy as np

from plugin.reviews.grading.values import Fitted, Floats, Graders, Grades, Method

SHRINK = 2.0
_ROUNDS = 40
_SETTLED = 0.01
# Sampling variance of a median of normal values, next to that of their mean.
_MEDIAN_COSTS = math.pi / 2
# One grade alone says nothing of the noise: then this variance (points out of 100) is assumed.
_UNKNOWN_NOISE = 15.0**2


def mean(grades: Grades) -> Fitted:
    """Return the mean of each work's grades."""
    points = _mean_of(grades, grades.points)
    return _plain(Method.MEAN, grades, points, np.zeros(grades.graders), 1.0)


def median(grades: Grades) -> Fitted:
    """Return the median of each work's grades, between the two middle ones where there are two."""
    order = np.lexsort((grades.points, grades.work))
    ordered = grades.points[order]
    count = np.bincount(grades.work, minlength=grades.works)
    first = np.cumsum(count) - count
    points = np.full(grades.works, np.nan)
    some = count > 0
    low = ordered[first[some] + (count[some] - 1) // 2]
    high = ordered[first[some] + count[some] // 2]
    points[some] = (low + high) / 2
    points[~some] = _anything(grades)
    return _plain(
        Method.MEDIAN, grades, _with_known(grades, points), np.zeros(grades.graders), _MEDIAN_COSTS
    )


def fair_mean(grades: Grades) -> Fitted:
    """Return the mean after each grader's leaning to high or low grades is taken off."""
    bias = np.zeros(grades.graders)
    given = grades.per_grader()
    points = _mean_of(grades, grades.points)
    for _ in range(_ROUNDS):
        bias = grades.per_grader(grades.points - points[grades.work]) / (given + SHRINK)
        before = points
        points = _mean_of(grades, grades.points - bias[grades.grader])
        if float(np.abs(points - before).max(initial=0.0)) < _SETTLED:
            break
    return _plain(Method.FAIR_MEAN, grades, points, bias, 1.0)


def _mean_of(grades: Grades, values: Floats) -> Floats:
    count = grades.per_work()
    points = grades.per_work(values) / np.maximum(count, 1)
    points[count == 0] = _anything(grades)
    return _with_known(grades, points)


def _with_known(grades: Grades, points: Floats) -> Floats:
    for work, value in grades.known.items():
        points[work] = value
    return points


def _anything(grades: Grades) -> float:
    return float(grades.points.mean()) if grades.points.size else 50.0


def _plain(method: Method, grades: Grades, points: Floats, bias: Floats, costs: float) -> Fitted:
    """Complete a rule by the noise that its residuals show: the same for every grader."""
    count = grades.per_work()
    residual = grades.points - bias[grades.grader] - points[grades.work]
    freedom = float(count.sum() - (count > 0).sum() - (bias != 0).sum())
    noise = float((residual**2).sum() / freedom) if freedom >= 1 else _UNKNOWN_NOISE
    noise = max(noise, 1.0)
    spread = float(np.var(points)) if len(points) > 1 else _UNKNOWN_NOISE
    variance = np.where(count > 0, costs * noise / np.maximum(count, 1), spread + noise)
    for work in grades.known:
        variance[work] = 0.0
    given = grades.per_grader()
    leaning = noise / (given + SHRINK) if method is Method.FAIR_MEAN else np.zeros(grades.graders)
    graders = Graders(
        bias=bias,
        bias_variance=leaning,
        precision=np.full(grades.graders, 1 / noise),
        careless=np.zeros(grades.graders),
        flat=np.zeros(grades.graders),
        flat_variance=np.ones(grades.graders),
    )
    known_from = np.full(grades.works, max(freedom, 1.0))
    return Fitted(method, points, variance, known_from, graders, _anything(grades), math.inf)
