"""The grading of a course: choose the rule, apply it, say how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plugin.reviews.grading.choosing import FITS, Choice, choose
from plugin.reviews.grading.hints import Careless, Favour, careless, favours
from plugin.reviews.grading.intervals import interval
from plugin.reviews.grading.values import Fitted, Floats, Grades, Ints, Method


@dataclass(frozen=True)
class Graded:
    """Points of 0 to 100 and their 90 % interval by work, with the rule and why it was chosen."""

    choice: Choice
    fitted: Fitted
    low: Floats
    high: Floats
    careless: list[Careless]
    favours: list[Favour]

    @property
    def widest_first(self) -> Ints:
        """Works in the order in which a teacher should look: the least certain first."""
        width = self.high - self.low
        order: Ints = np.lexsort((np.arange(len(width)), -width)).astype(np.int64)
        return order


def grade(grades: Grades, author: Ints | None = None) -> Graded:
    """Grade all works of a course at once.

    ``author[work]`` is the author's number among the graders (-1: none); without it nobody can be
    said to favour anybody. Equal grades give equal results.
    """
    choice = choose(grades)
    fitted = FITS[choice.method](grades)
    low, high = interval(fitted)
    return Graded(
        choice=choice,
        fitted=fitted,
        low=low,
        high=high,
        careless=careless(grades, fitted) if choice.method is Method.CAREFUL_MODEL else [],
        favours=favours(grades, fitted, author) if author is not None else [],
    )
