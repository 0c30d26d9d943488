"""Who is asked first: our estimate of who can help, next to what forums show today.

A model forum: people with a strength in each tag that drifts, questions of different difficulty,
answers by those who feel able to, likes that a popular thread gives to everybody, an accepted
answer in some threads; people come and leave. The estimators see answers, likes and acceptance of
the first four fifths and name one person, active lately, for each later question. Measured is the
model's own probability that this person solves it. Peers in the same run: the counts of accepted
answers and of likes received, and somebody active at random; the limit is the best person by the
model's truth.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plugin.expertise.estimator import Outcome, choose_half_life, estimates, value_of

PEOPLE, TAGS, QUESTIONS, SEEDS = 600, 24, 16_000, (1, 2, 3)
BEGIN, YEARS = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=730)
TRAINED = 0.8
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """One answer of the record."""

    at: float
    tag: int
    who: int
    likes: int
    accepted: bool
    value: float


class Forum:
    """The model; ``skill(t)`` is the truth that estimators never see."""

    def __init__(self, seed: int) -> None:
        r = self.random = np.random.default_rng(seed)
        base = r.normal(0, 0.6, PEOPLE)
        self.special = r.random((PEOPLE, TAGS)) < 0.12
        strong, weak = r.normal(1.6, 0.6, (PEOPLE, TAGS)), r.normal(-1.2, 0.5, (PEOPLE, TAGS))
        self.base = base[:, None] + np.where(self.special, strong, weak)
        self.drift = r.normal(0, 0.8, (PEOPLE, TAGS)) * self.special
        self.activity = r.pareto(1.3, PEOPLE) + 0.05
        self.came = np.maximum(r.random(PEOPLE) * 0.8 - 0.3, 0)
        stays = self.came + r.random(PEOPLE) * (1 - self.came)
        self.left = np.where(r.random(PEOPLE) < 0.25, stays, 1.01)
        self.tags = r.choice(TAGS, QUESTIONS, p=r.dirichlet(np.full(TAGS, 0.6)))
        self.hard = r.normal(0.2, 0.9, QUESTIONS)
        self.asker = r.integers(0, PEOPLE, QUESTIONS)
        self.at = np.sort(r.random(QUESTIONS))

    def skill(self, at: float) -> Scores:
        return np.asarray(self.base + self.drift * (at - 0.5), dtype=np.float64)

    def record(self) -> list[Answer]:
        """Everything that was answered, thread by thread."""
        return [one for number in range(QUESTIONS) for one in self._thread(number)]

    def _thread(self, number: int) -> Iterable[Answer]:
        r, at, tag = self.random, float(self.at[number]), int(self.tags[number])
        weight = self.activity * _sigmoid(self.base[:, tag])
        weight = weight * ((self.came <= at) & (self.left > at))
        weight[self.asker[number]] = 0
        who = r.choice(PEOPLE, min(1 + r.poisson(1.3), 5), replace=False, p=weight / weight.sum())
        good = r.random(len(who)) < _sigmoid(self.skill(at)[who, tag] - self.hard[number])
        likes = r.poisson(np.where(good, 2.0, 0.5) * np.exp(r.normal(0, 0.5)))
        chosen = r.choice(who[good]) if good.any() and r.random() < 0.6 else None
        if chosen is None:
            return  # as in the product: nobody said what helped, so nothing is known
        for one, liked in zip(who, likes, strict=True):
            accepted = bool(one == chosen)
            worth = value_of(
                accepted=accepted,
                likes=int(liked),
                thread_likes=int(likes.sum()),
                answers=len(who),
            )
            yield Answer(at, tag, int(one), int(liked), accepted, worth)


def _sigmoid(x: Scores) -> Scores:
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float64)


def ours(record: list[Answer]) -> Scores:
    """The product's estimate: mean minus one standard deviation."""
    outcomes = [
        Outcome(one.who, (str(one.tag),), BEGIN + YEARS * one.at, one.value, one.accepted)
        for one in record
    ]
    scores = np.full((PEOPLE, TAGS), -1.0)
    life = choose_half_life(outcomes)
    for who, each in estimates(outcomes, now=BEGIN + YEARS * TRAINED, half_life=life).items():
        for estimate in each:
            scores[who, int(estimate.tag)] = estimate.lower  # type: ignore[index]
    return scores


def counted(worth: Callable[[Answer], float]) -> Callable[[list[Answer]], Scores]:
    """What forums show: a sum."""

    def scores(record: list[Answer]) -> Scores:
        found = np.zeros((PEOPLE, TAGS))
        for one in record:
            found[one.who, one.tag] += worth(one)
        return found

    return scores


PEERS: dict[str, Callable[[list[Answer]], Scores]] = {
    "accepted answers counted": counted(lambda one: float(one.accepted)),
    "likes counted": counted(lambda one: float(one.likes)),
    "anybody active": lambda _record: np.random.default_rng(1).random((PEOPLE, TAGS)),
}


def _solved(forum: Forum, record: list[Answer], scores: Scores) -> float:
    """Mean probability that the first one named solves a later question."""
    lately = {one.who for one in record if one.at > TRAINED - 0.1}
    active = np.isin(np.arange(PEOPLE), list(lately))
    found = []
    for number in np.flatnonzero(forum.at > TRAINED)[:1500]:
        may = active.copy()
        may[forum.asker[number]] = False
        tag = forum.tags[number]
        first = int(np.argmax(np.where(may, scores[:, tag], -np.inf)))
        truth = forum.skill(0.9)[first, tag] - forum.hard[number]
        found.append(float(_sigmoid(np.asarray(truth))))
    return fmean(found)


def run() -> Iterable[dict[str, Any]]:
    """One line: P(solve) of the first one named, ours and each peer's, over three models."""
    results: dict[str, list[float]] = defaultdict(list)
    seconds = []
    for seed in SEEDS:
        forum = Forum(seed)
        record = [one for one in forum.record() if one.at <= TRAINED]
        begun = time.perf_counter()
        mine = ours(record)
        seconds.append(time.perf_counter() - begun)
        results["ours"].append(_solved(forum, record, mine))
        results["limit"].append(_solved(forum, record, forum.skill(0.9)))
        for name, peer in PEERS.items():
            results[name].append(_solved(forum, record, peer(record)))
    means = {name: round(fmean(values), 3) for name, values in results.items()}
    best_peer = means["accepted answers counted"]
    yield {
        "name": "estimator: P(solve) of the first one named",
        "ours": means["ours"],
        "peer": best_peer,
        "ratio": round(means["ours"] / best_peer, 3),
        "all": means,
        "seconds": round(fmean(seconds), 2),
        "size": {"people": PEOPLE, "tags": TAGS, "questions": QUESTIONS, "seeds": len(SEEDS)},
    }
