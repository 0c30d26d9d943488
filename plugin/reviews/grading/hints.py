"""Hints for a teacher: who may not have read, who may favour whom. Never a punishment.

A hint names its evidence in numbers, so that a person can look and decide. Nothing here changes a
score; that a careless grader's grades weigh less is a property of the method.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from plugin.reviews.grading.values import Fitted, Floats, Grades, Ints

CARELESS_FROM = 0.9
LEAST_GRADES = 3
LEAST_MEETINGS = 2
# In standard errors: each way, and both together (chance alone: one pair in four thousand).
EACH_WAY = 1.5
TOGETHER = 3.5


@dataclass(frozen=True)
class Careless:
    """A grader whose grades do not follow the works.

    ``follows``: correlation of the grades with the points of the works; ``own_spread`` and
    ``works_spread``: standard deviations of both, in points of 100.
    """

    grader: int
    chance: float
    grades: int
    follows: float
    own_spread: float
    works_spread: float


@dataclass(frozen=True)
class Favour:
    """Two people who both gave each other more than their works got otherwise.

    ``first_gave`` and ``second_gave``: points of 100 above what was expected, on average;
    ``grades``: how many grades that are.
    """

    first: int
    second: int
    first_gave: float
    second_gave: float
    grades: int


def careless(grades: Grades, fitted: Fitted) -> list[Careless]:
    """Return graders who probably did not read, the most probable first."""
    given = grades.per_grader()
    chance = fitted.graders.careless
    found = np.flatnonzero((chance >= CARELESS_FROM) & (given >= LEAST_GRADES))
    order = found[np.lexsort((found, -chance[found]))]
    follows, own, seen = _spreads(grades, fitted, given)
    return [
        Careless(
            grader=int(one),
            chance=float(chance[one]),
            grades=int(given[one]),
            follows=float(follows[one]),
            own_spread=float(own[one]),
            works_spread=float(seen[one]),
        )
        for one in order
    ]


def favours(grades: Grades, fitted: Fitted, author: Ints) -> list[Favour]:
    """Return pairs who favour each other, the strongest first.

    ``author[work]`` is the number of the work's author among the graders, -1 where unknown. What a
    pair gave is held against what the *other* graders of the same works say.
    """
    whose = author[grades.work]
    usable = whose >= 0
    excess, error = _excess(grades, fitted)
    key = grades.grader * grades.graders + whose
    pairs, place, count = np.unique(key[usable], return_inverse=True, return_counts=True)
    mean = np.bincount(place, excess[usable], len(pairs)) / np.maximum(count, 1)
    spread = np.sqrt(np.bincount(place, error[usable], len(pairs))) / np.maximum(count, 1)
    strong = np.flatnonzero((count >= LEAST_MEETINGS) & (mean > EACH_WAY * spread))
    at = {divmod(int(pairs[one]), grades.graders): one for one in strong}
    both = [
        Favour(first, second, float(mean[one]), float(mean[back]), int(count[one] + count[back]))
        for (first, second), one in at.items()
        if first < second
        and (back := at.get((second, first))) is not None
        and mean[one] / spread[one] + mean[back] / spread[back] > TOGETHER * math.sqrt(2)
    ]
    return sorted(both, key=lambda hint: -min(hint.first_gave, hint.second_gave))


def _spreads(grades: Grades, fitted: Fitted, given: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each grader: correlation of grades with works, and the standard deviations of both."""
    count = np.maximum(given, 1)
    seen = fitted.points[grades.work]
    own_part = grades.points - (grades.per_grader(grades.points) / count)[grades.grader]
    seen_part = seen - (grades.per_grader(seen) / count)[grades.grader]
    own = np.sqrt(grades.per_grader(own_part**2) / count)
    works = np.sqrt(grades.per_grader(seen_part**2) / count)
    scale = own * works
    together = grades.per_grader(own_part * seen_part) / count
    follows = np.where(scale > 1e-9, together / np.where(scale > 1e-9, scale, 1.0), 0.0)
    return follows, own, works


def _excess(grades: Grades, fitted: Fitted) -> tuple[Floats, Floats]:
    """What each grade is above the others' view of the work, and the variance of that difference.

    A grader's bias is taken off only as far as a fair grader might have it: somebody whose grades
    all go to friends would otherwise have the favour explained away.
    """
    graders = fitted.graders
    weight = graders.weight[grades.grader]
    told = grades.points - graders.bias[grades.grader]
    prior = 0.0 if math.isinf(fitted.spread) else 1 / fitted.spread
    rest = prior + grades.per_work(weight)[grades.work] - weight
    others = prior * fitted.mean + grades.per_work(weight * told)[grades.work] - weight * told
    alone = rest <= 1e-12
    seen = np.where(alone, grades.points, others / np.where(alone, 1.0, rest))
    error = np.where(alone, np.inf, 1 / np.where(alone, 1.0, rest))
    error = error + 1 / graders.precision[grades.grader]
    return told - seen, error
