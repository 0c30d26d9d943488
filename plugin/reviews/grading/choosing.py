"""Which rule a course is graded by: the one that best foretells grades it has not seen.

A part of the grades is held out, every method is fitted to the rest and asked how likely the held
out ones are. The mean is kept unless another one is better by more than the standard error of the
difference: on real courses no cleverer rule reliably beat the mean (Sajjadi, Alamgir and von
Luxburg, L@S 2016), so the burden of proof is with the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.reviews.grading import model, simple
from plugin.reviews.grading.values import Fitted, Floats, Grades, Method

FOLDS = 5
LEAST_HELD_OUT = 60
# From so many grades on, one part held out in five says enough.
_ONE_FOLD_FROM = 4_000
_MANY = 100_000
_SEED = 20161

FITS: dict[Method, Callable[[Grades], Fitted]] = {
    Method.MEAN: simple.mean,
    Method.MEDIAN: simple.median,
    Method.FAIR_MEAN: simple.fair_mean,
    Method.MODEL: model.model,
    Method.CAREFUL_MODEL: model.careful_model,
}
_ROUGH: dict[Method, Callable[[Grades], Fitted]] = FITS | {
    Method.MODEL: lambda grades: model.model(grades, rounds=8),
    Method.CAREFUL_MODEL: lambda grades: model.careful_model(grades, rounds=8),
}


@dataclass(frozen=True)
class Choice:
    """The method chosen, on how many held-out grades, and each method's mean log likelihood."""

    method: Method
    held_out: int
    likelihood: dict[Method, float]


def choose(grades: Grades) -> Choice:
    """Return the method for a course; the mean where too little is known to judge."""
    told: dict[Method, list[Floats]] = {method: [] for method in FITS}
    fits = _ROUGH if grades.points.size >= _MANY else FITS
    for held in parts(grades):
        rest = grades.only(~held)
        hidden = grades.only(held)
        for method, fit in fits.items():
            told[method].append(log_likelihood(fit(rest), hidden))
    found = {method: np.concatenate(values) for method, values in told.items() if values}
    count = len(found[Method.MEAN]) if found else 0
    if count < LEAST_HELD_OUT:
        return Choice(Method.MEAN, count, {})
    likelihood = {method: float(values.mean()) for method, values in found.items()}
    best = max(likelihood, key=lambda method: likelihood[method])
    gain = found[best] - found[Method.MEAN]
    error = float(gain.std()) / math.sqrt(count)
    chosen = best if float(gain.mean()) > error else Method.MEAN
    return Choice(chosen, count, likelihood)


def parts(grades: Grades) -> list[NDArray[np.bool_]]:
    """Return which grades are held out in turn; every work keeps one grade at least.

    The parts depend on the number of grades alone, so that a course is judged alike each time.
    """
    if not grades.points.size:
        return []
    chance = np.random.default_rng(_SEED)
    part = chance.integers(0, FOLDS, len(grades.points))
    order = np.argsort(chance.random(len(grades.points)))
    first = np.zeros(len(grades.points), dtype=np.bool_)
    first[order[np.unique(grades.work[order], return_index=True)[1]]] = True
    folds = 1 if len(grades.points) >= _ONE_FOLD_FROM else FOLDS
    return [(part == fold) & ~first for fold in range(folds)]


def log_likelihood(fitted: Fitted, grades: Grades) -> Floats:
    """Return how likely each grade is under what was fitted without it, as a logarithm."""
    graders = fitted.graders
    who = grades.grader
    expected = fitted.points[grades.work] + graders.bias[who]
    variance = (
        fitted.variance[grades.work] + graders.bias_variance[who] + 1 / graders.precision[who]
    )
    honest = _log_normal(grades.points, expected, variance)
    lost = graders.careless[who]
    flat = _log_normal(grades.points, graders.flat[who], graders.flat_variance[who])
    with np.errstate(divide="ignore"):
        both: Floats = np.logaddexp(np.log1p(-lost) + honest, np.log(lost) + flat)
    return both


def _log_normal(value: Floats, mean: Floats, variance: Floats) -> Floats:
    log: Floats = -0.5 * (np.log(2 * math.pi * variance) + (value - mean) ** 2 / variance)
    return log
