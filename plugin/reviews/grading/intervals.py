"""Intervals that hold the true points in nine cases of ten."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from plugin.reviews.grading.values import HUNDRED, Fitted, Floats

COVER = 0.9
_Z = NormalDist().inv_cdf((1 + COVER) / 2)
# Below this the expansion is not good enough, and t is wide anyway.
_LEAST_FREEDOM = 2.0


def interval(fitted: Fitted) -> tuple[Floats, Floats]:
    """Return the lower and upper end of the 90 % interval of each work, within 0 to 100."""
    half = _t(fitted.freedom) * np.sqrt(fitted.variance)
    return (
        np.clip(fitted.points - half, 0, HUNDRED),
        np.clip(fitted.points + half, 0, HUNDRED),
    )


def _t(freedom: Floats) -> Floats:
    """Student's t by the Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5)."""
    n = np.maximum(freedom, _LEAST_FREEDOM)
    value: Floats = (
        _Z
        + (_Z**3 + _Z) / (4 * n)
        + (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / (96 * n**2)
        + (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / (384 * n**3)
    )
    return value
