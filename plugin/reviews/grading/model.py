"""PG1, and PG1 with careless graders, fitted by expectation-maximisation.

PG1 (Piech, Huang, Chen, Do, Ng, Koller: "Tuned models of peer assessment in MOOCs", EDM 2013):
a work has true points s ~ N(mean, spread); a grader has a bias b ~ N(0, leaning) and a precision
t ~ Gamma(shape, rate); a grade is y ~ N(s + b, 1/t). The mixture adds graders whose grades have
nothing to do with the work: y ~ N(m, q), with one m and q for all of them.

Whether a grader reads is weighed by what the *other* graders say of the same works: a grader's own
grade is taken out of a work's estimate before it is held against it, otherwise whoever always gives
the same looks precise. Precision and carelessness come from the exact marginal likelihood of a
grader's residuals, with the bias integrated out in closed form and the precision on a grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from plugin.reviews.grading import simple
from plugin.reviews.grading.values import Fitted, Floats, Graders, Grades, Method

ROUNDS = 24
_GRID = np.exp(np.linspace(math.log(0.06), math.log(9.0), 15))
_SHAPES = (1.5, 2.5, 4.0, 8.0, 20.0)
_FEW_CARELESS = 0.08
_SETTLED = 0.01


@dataclass
class _Works:
    points: Floats
    precision: Floats
    mean: float
    spread: float


@dataclass
class _Found:
    """Of each grader: moments of precision and bias if honest, and the two log likelihoods."""

    precision: Floats
    precision_variance: Floats
    bias: Floats
    bias_variance: Floats
    noise: Floats
    honest: Floats


@dataclass
class _Hyper:
    typical: float
    leaning: float
    shape: float
    careless: float


def model(grades: Grades, *, rounds: int = ROUNDS) -> Fitted:
    """Fit PG1."""
    return _fit(grades, rounds, careless=False)


def careful_model(grades: Grades, *, rounds: int = ROUNDS) -> Fitted:
    """Fit PG1 with the careless mixture."""
    return _fit(grades, rounds, careless=True)


def _fit(grades: Grades, rounds: int, *, careless: bool) -> Fitted:
    start = simple.fair_mean(grades)
    given = grades.per_grader()
    noise = 1 / float(start.graders.precision.mean()) if grades.graders else 1.0
    hyper = _Hyper(1 / noise, max(0.25 * noise, 1.0), 2.5, _FEW_CARELESS if careless else 0.0)
    weight = np.full(grades.graders, (1 - hyper.careless) / noise)
    bias = start.graders.bias
    flat, flat_variance = _flat(grades, np.full(grades.graders, hyper.careless))
    lost = np.full(grades.graders, hyper.careless)
    works = _works(grades, weight, bias, start.mean, max(float(np.var(start.points)) / 2, 1.0))
    found = None
    for _ in range(rounds):
        found = _graders(grades, works, weight, bias, given, hyper)
        if careless:
            against = _flat_likelihood(grades, flat, flat_variance)
            odds = found.honest - against + math.log((1 - hyper.careless) / hyper.careless)
            lost = np.where(given > 0, 1 / (1 + np.exp(np.clip(odds, -30, 30))), hyper.careless)
            hyper.careless = float(np.clip(lost[given > 0].mean(), 0.005, 0.5))
            flat, flat_variance = _flat(grades, lost)
        before = works.points
        weight, bias = found.precision * (1 - lost), found.bias
        works = _works(grades, weight, bias, works.mean, works.spread)
        _learn(hyper, found, given, 1 - lost)
        if float(np.abs(works.points - before).max(initial=0.0)) < _SETTLED:
            break
    assert found is not None
    graders = Graders(bias, found.bias_variance, found.precision, lost, flat, flat_variance)
    method = Method.CAREFUL_MODEL if careless else Method.MODEL
    variance = _variance(grades, works, graders, found.precision_variance)
    freedom = _freedom(grades, graders, 2 * hyper.shape + given)
    return Fitted(method, works.points, variance, freedom, graders, works.mean, works.spread)


def _works(grades: Grades, weight: Floats, bias: Floats, mean: float, spread: float) -> _Works:
    """Weigh the grades of each work, and learn how works are spread."""
    each = weight[grades.grader]
    total = grades.per_work(each)
    told = grades.per_work(each * (grades.points - bias[grades.grader]))
    for _ in range(2):
        precision = 1 / spread + total
        points = (mean / spread + told) / precision
        _hold_known(grades, points, precision)
        mean = float(points.mean())
        spread = max(float(np.mean((points - mean) ** 2 + 1 / precision)), 1.0)
    return _Works(points, precision, mean, spread)


def _hold_known(grades: Grades, points: Floats, precision: Floats) -> None:
    for work, value in grades.known.items():
        points[work] = value
        precision[work] = 1e9


def _graders(
    grades: Grades, works: _Works, weight: Floats, bias: Floats, given: Floats, hyper: _Hyper
) -> _Found:
    """Judge each grader by the works as the others see them."""
    own = weight[grades.grader]
    whole = works.precision[grades.work]
    rest = np.maximum(whole - own, 1 / works.spread)
    others = works.points[grades.work] * whole - own * (grades.points - bias[grades.grader])
    known = whole >= 1e9
    seen = np.where(known, works.points[grades.work], others / rest)
    unsure = np.where(known, 0.0, 1 / rest)
    residual = grades.points - seen
    count = np.maximum(given, 1)
    first = grades.per_grader(residual)
    second = grades.per_grader(residual**2)
    blur = grades.per_grader(unsure) / count
    return _on_grid(first, second, blur, given, hyper)


def _on_grid(first: Floats, second: Floats, blur: Floats, given: Floats, hyper: _Hyper) -> _Found:
    """Integrate over bias (closed form) and precision (grid): sums of residuals are enough.

    The residuals of a grader are N(0, D·I + leaning·11ᵀ) with D = 1/precision + blur.
    """
    precision = _GRID[:, None] * hyper.typical
    deviation = 1 / precision + blur
    joint = deviation + given * hyper.leaning
    square = (second - hyper.leaning * first**2 / joint) / deviation
    likelihood = -0.5 * (
        given * math.log(2 * math.pi) + (given - 1) * np.log(deviation) + np.log(joint) + square
    )
    prior = _grid_prior(hyper.shape)[:, None]
    total = likelihood + prior
    top = total.max(axis=0)
    share = np.exp(total - top)
    honest = top + np.log(share.sum(axis=0))
    share /= share.sum(axis=0)
    bias_given = hyper.leaning * first / joint
    spread_given = hyper.leaning * deviation / joint
    bias = (share * bias_given).sum(axis=0)
    mean = (share * precision).sum(axis=0)
    return _Found(
        precision=mean,
        precision_variance=(share * (precision - mean) ** 2).sum(axis=0),
        bias=bias,
        bias_variance=(share * (spread_given + (bias_given - bias) ** 2)).sum(axis=0),
        noise=likelihood,
        honest=honest,
    )


def _grid_prior(shape: float) -> Floats:
    """Log prior of the grid: a gamma density of mean 1, per step of the logarithm."""
    log = shape * np.log(_GRID) - shape * _GRID
    log -= log.max()
    prior: Floats = log - math.log(float(np.exp(log).sum()))
    return prior


def _learn(hyper: _Hyper, found: _Found, given: Floats, honest: Floats) -> None:
    """Set what is common to all graders to what fits best."""
    counted = honest * (given > 0)
    total = max(float(counted.sum()), 1e-9)
    hyper.leaning = max(
        float((counted * (found.bias**2 + found.bias_variance)).sum()) / total, 0.25
    )
    hyper.typical = float((counted * found.precision).sum()) / total
    best = -math.inf
    for shape in _SHAPES:
        value = found.noise + _grid_prior(shape)[:, None]
        top = value.max(axis=0)
        sum_of = float((counted * (top + np.log(np.exp(value - top).sum(axis=0)))).sum())
        if sum_of > best:
            best, hyper.shape = sum_of, shape


def _flat(grades: Grades, lost: Floats) -> tuple[Floats, Floats]:
    """What graders give who do not read: near what all of those give."""
    share = lost[grades.grader]
    total = max(float(share.sum()), 1e-9)
    typical = float((share * grades.points).sum()) / total
    wide = max(float((share * (grades.points - typical) ** 2).sum()) / total, 4.0)
    return np.full(grades.graders, typical), np.full(grades.graders, wide)


def _flat_likelihood(grades: Grades, flat: Floats, wide: Floats) -> Floats:
    each = grades.grader
    log = -0.5 * (np.log(2 * math.pi * wide[each]) + (grades.points - flat[each]) ** 2 / wide[each])
    return grades.per_grader(log)


def _variance(
    grades: Grades, works: _Works, graders: Graders, precision_variance: Floats
) -> Floats:
    """The variance of a work's points: its estimate's, the biases' and the weights' own.

    A variance of the estimate alone takes biases and weights as certain, and its intervals are too
    narrow. The two further terms are the first order of what those may be wrong by.
    """
    honest = 1 - graders.careless
    of_weight = honest * (precision_variance + graders.precision**2) - graders.weight**2
    share = graders.weight[grades.grader] / works.precision[grades.work]
    residual = grades.points - graders.bias[grades.grader] - works.points[grades.work]
    pull = residual / works.precision[grades.work]
    each = share**2 * graders.bias_variance[grades.grader] + of_weight[grades.grader] * pull**2
    variance = 1 / works.precision + grades.per_work(each)
    for work in grades.known:
        variance[work] = 0.0
    return variance


def _freedom(grades: Grades, graders: Graders, known: Floats) -> Floats:
    """From how many grades the precisions of a work's graders are known, on average by weight.

    A precision's posterior is a gamma of half that many; what it makes of a normal estimate is
    Student's t.
    """
    each = graders.weight[grades.grader]
    total = grades.per_work(each)
    counted = grades.per_work(each * known[grades.grader])
    return np.where(total > 0, counted / np.maximum(total, 1e-12), np.inf)
