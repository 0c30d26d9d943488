"""Who can help with what: a Beta posterior for each person and tag, from answers of the past. Pure.

An outcome is one answer: 1 when it was accepted, else its share of the likes of its thread (the
share, because a popular thread makes every answer look good). For a tag the prior is that tag's
mean plus how far the person stands above everybody over all tags; it weighs as much as
``PRIOR_ANSWERS`` answers. An answer counts less as it ages (``half_life``). People are compared by
mean minus one standard deviation, so that one lucky answer does not beat forty good ones. Method,
weights and the measurements behind them: facts on matching, section 3.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PRIOR_ANSWERS = 6.0
PERSON_PRIOR_ANSWERS = 12.0
NOT_ACCEPTED = 0.35  # of a whole answer, at most: somebody else's was the one that helped
SMOOTHING = 0.3
HALF_LIFE_SHARE = 0.6  # of the length of the record
SHORTEST_HALF_LIFE = timedelta(days=30)
_LEAST, _MOST = 0.02, 0.98


@dataclass(frozen=True)
class Outcome:
    """One answer: by whom, to what, when, and how it went (0 to 1)."""

    who: Hashable
    tags: tuple[str, ...]
    at: datetime
    value: float
    accepted: bool = False


@dataclass(frozen=True)
class Estimate:
    """How surely somebody helps with a tag. ``lower`` is mean minus deviation; it ranks."""

    tag: str
    mean: float
    deviation: float
    answers: int
    accepted: int
    last_at: datetime

    @property
    def lower(self) -> float:
        return self.mean - self.deviation


def value_of(*, accepted: bool, likes: int, thread_likes: int, answers: int) -> float:
    """What one answer of a solved thread with so many answers and likes is worth, 0 to 1."""
    if accepted:
        return 1.0
    share = (likes + SMOOTHING) / (thread_likes + SMOOTHING * max(answers, 1))
    return NOT_ACCEPTED * min(share, 1.0)


def half_life_of(outcomes: Sequence[Outcome]) -> timedelta:
    """The default half-life: a share of the time that the record covers."""
    if not outcomes:
        return SHORTEST_HALF_LIFE
    times = [one.at for one in outcomes]
    return max((max(times) - min(times)) * HALF_LIFE_SHARE, SHORTEST_HALF_LIFE)


def estimates(
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    half_life: timedelta | None = None,
    people: Iterable[Hashable] | None = None,
) -> dict[Hashable, tuple[Estimate, ...]]:
    """Estimates by person, best first; only tags in which somebody has answered.

    ``people`` limits whose are returned; everybody's answers make the means all the same.
    """
    life = half_life or half_life_of(outcomes)
    sums = _Sums.of(outcomes, now, life)
    wanted = None if people is None else set(people)
    found: dict[Hashable, list[Estimate]] = defaultdict(list)
    for (who, tag), seen in sums.seen.items():
        if wanted is None or who in wanted:
            found[who].append(_estimate(sums, who, tag, seen))
    return {
        who: tuple(sorted(each, key=lambda one: (-one.lower, one.tag)))
        for who, each in found.items()
    }


@dataclass
class _Seen:
    """What somebody did in one tag; weights are aged, counts are not."""

    weight: float = 0.0
    good: float = 0.0
    answers: int = 0
    accepted: int = 0
    last_at: datetime | None = None


@dataclass
class _Sums:
    """Weighted sums over everybody (``all``), by tag, by person, by both."""

    all: tuple[float, float]
    tags: dict[str, tuple[float, float]]
    people: dict[Hashable, tuple[float, float]]
    seen: dict[tuple[Hashable, str], _Seen]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome], now: datetime, life: timedelta) -> _Sums:
        tags: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        people: dict[Hashable, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        seen: dict[tuple[Hashable, str], _Seen] = defaultdict(_Seen)
        weight_all = good_all = 0.0
        for one in outcomes:
            weight = 0.5 ** max((now - one.at) / life, 0.0)
            for tag in one.tags:
                good = weight * one.value
                weight_all, good_all = weight_all + weight, good_all + good
                tags[tag] = (tags[tag][0] + weight, tags[tag][1] + good)
                people[one.who] = (people[one.who][0] + weight, people[one.who][1] + good)
                _add(seen[one.who, tag], one, weight)
        return cls((weight_all, good_all), dict(tags), dict(people), dict(seen))


def _add(seen: _Seen, one: Outcome, weight: float) -> None:
    seen.weight += weight
    seen.good += weight * one.value
    seen.answers += 1
    seen.accepted += one.accepted
    seen.last_at = one.at if seen.last_at is None else max(seen.last_at, one.at)


def _estimate(sums: _Sums, who: Hashable, tag: str, seen: _Seen) -> Estimate:
    everybody = sums.all[1] / max(sums.all[0], 1e-9)
    of_tag = sums.tags[tag][1] / max(sums.tags[tag][0], 1e-9)
    weight, good = sums.people[who]
    person = (good + PERSON_PRIOR_ANSWERS * everybody) / (weight + PERSON_PRIOR_ANSWERS)
    prior = min(max(of_tag + person - everybody, _LEAST), _MOST)
    pseudo = seen.weight + PRIOR_ANSWERS
    mean = (seen.good + PRIOR_ANSWERS * prior) / pseudo
    # A Beta posterior with these pseudo-counts has variance mean (1 - mean) / (count + 1).
    deviation = math.sqrt(mean * (1.0 - mean) / (pseudo + 1.0))
    assert seen.last_at is not None
    return Estimate(tag, mean, deviation, seen.answers, seen.accepted, seen.last_at)


def choose_half_life(
    outcomes: Sequence[Outcome], shares: Sequence[float] = (0.12, 0.3, 0.6, 1.5)
) -> timedelta:
    """The half-life that foretells the last fifth of the record best (mean log loss).

    With fewer than 50 answers there is nothing to choose by; the default is taken.
    """
    ordered = sorted(outcomes, key=lambda one: one.at)
    if len(ordered) < 50:
        return half_life_of(ordered)
    cut = len(ordered) * 4 // 5
    past, future = ordered[:cut], ordered[cut:]
    span = past[-1].at - past[0].at
    lives = [max(span * share, SHORTEST_HALF_LIFE) for share in shares]
    return min(lives, key=lambda life: _loss(past, future, life))


def _loss(past: Sequence[Outcome], future: Sequence[Outcome], life: timedelta) -> float:
    known = {
        (who, one.tag): one.mean
        for who, each in estimates(past, now=past[-1].at, half_life=life).items()
        for one in each
    }
    total, count = 0.0, 0
    for one in future:
        for tag in one.tags:
            mean = known.get((one.who, tag))
            if mean is not None:
                total -= one.value * math.log(mean) + (1 - one.value) * math.log(1 - mean)
                count += 1
    return total / count if count else math.inf
