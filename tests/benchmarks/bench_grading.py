"""How near the grading of a course comes to somebody who knows every grader, and how fast it is.

Twenty published seeds (0 to 19) of the simulated courses in tests/plugin/reviews/grading. The
courses follow the model's assumptions; what it does on real ones is another question, which is why
a course's rule is chosen by grades that it has not seen.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np

from plugin.reviews.grading import Grades, grade, simple
from plugin.reviews.grading.choosing import FITS, choose, log_likelihood
from tests.plugin.reviews.grading.simulated import course, rmse

SEEDS = range(20)
MODELS = ((4, 6, 0.0), (4, 6, 0.1), (4, 6, 0.25), (4, 1, 0.1), (3, 1, 0.1))
LEARNERS = 1_000
FAST = (10_000, 4, 10)
SECONDS = 3.0


def run() -> Iterable[dict[str, Any]]:
    """Error, coverage and held-out grades for each model; then the speed."""
    for k, assignments, careless in MODELS:
        yield from _model(k, assignments, careless)
    yield _speed()


def _model(k: int, assignments: int, careless: float) -> Iterator[dict[str, Any]]:
    ours, oracle, plain, covered, gain, chosen = [], [], [], [], [], []
    for seed in SEEDS:
        one = course(seed, learners=LEARNERS, k=k, assignments=assignments, careless=careless)
        graded = grade(one.grades)
        ours.append(rmse(graded.fitted.points, one.truth))
        oracle.append(rmse(one.oracle(), one.truth))
        plain.append(rmse(simple.mean(one.grades).points, one.truth))
        covered.append(np.mean((graded.low <= one.truth) & (one.truth <= graded.high)))
        gain.append(_held_out_gain(one.grades, seed))
        chosen.append(graded.choice.method.value)
    name = f"grading.k{k}.assignments{assignments}.careless{round(100 * careless)}"
    sizes = {"seeds": len(SEEDS), "learners": LEARNERS, "grades": LEARNERS * k * assignments}
    yield _line(
        f"{name}.rmse",
        _mean(ours),
        _mean(oracle),
        "somebody who knows each grader's bias, noise and carelessness",
        "points of 100",
        sizes | {"mean_rule": round(_mean(plain), 3), "chosen": _counted(chosen)},
    )
    yield _line(f"{name}.interval", _mean(covered), 0.9, "90 % promised", "share covered", sizes)
    yield _line(
        f"{name}.held_out",
        1 + _mean(gain),
        1.0,
        "the mean's log likelihood of grades neither choice nor fit has seen (1 + the gain)",
        "1 + nats a grade",
        sizes | {"worst_seed": round(min(gain), 4)},
    )


def _held_out_gain(grades: Grades, seed: int) -> float:
    """What the chosen rule foretells better than the mean, on a tenth that nothing has seen."""
    chance = np.random.default_rng(1_000 + seed)
    held = chance.random(len(grades.points)) < 0.1
    rest, hidden = grades.only(~held), grades.only(held)
    chosen = FITS[choose(rest).method](rest)
    better = log_likelihood(chosen, hidden) - log_likelihood(simple.mean(rest), hidden)
    return float(better.mean())


def _speed() -> dict[str, Any]:
    learners, k, assignments = FAST
    one = course(1, learners=learners, k=k, assignments=assignments)
    author = np.tile(np.arange(learners), assignments)
    began = time.perf_counter()
    grade(one.grades, author)
    seconds = time.perf_counter() - began
    return _line(
        "grading.speed",
        seconds,
        SECONDS,
        "limit; choice, fit, intervals and hints together",
        "seconds",
        {"grades": learners * k * assignments},
    )


def _mean(values: list[Any]) -> float:
    return float(np.mean(values))


def _counted(names: list[str]) -> dict[str, int]:
    return {name: names.count(name) for name in sorted(set(names))}


def _line(
    name: str, ours: float, peer: float, what: str, unit: str, sizes: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 4),
        "peer": round(peer, 4),
        "peer_is": what,
        "ratio": round(ours / peer, 4),
        "unit": unit,
        "sizes": sizes,
        "versions": {"python": platform.python_version(), "numpy": version("numpy")},
    }
