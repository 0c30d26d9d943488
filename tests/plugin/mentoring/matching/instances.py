"""Random problems for tests and benchmarks: believable, from one seed, any size.

The shape follows the measured instances of the research: 96 skills on five levels, about 85 % share
one language, everybody free for a few evening stretches, and fewer places than people who want one.
"""

from __future__ import annotations

import numpy as np

from plugin.mentoring.matching import SLOTS, Candidate, Offer, Policy, Problem, Wish

SKILLS = tuple(f"skill-{number:02d}" for number in range(96))
GOALS = tuple(f"goal-{number}" for number in range(6))
ZONES = (-16, -10, -6, 0, 2, 4, 6, 11, 16, 18)
"""Offsets from UTC in half hours."""


def instance(
    mentees: int, mentors: int, *, seed: int = 1, require_skill: bool = True, places: int = 5
) -> Problem:
    """A problem of this size; the same arguments give the same problem."""
    random = np.random.default_rng(seed)
    return Problem(
        mentees=tuple(_person(random, f"learner-{n:06d}", True, 1) for n in range(mentees)),
        mentors=tuple(
            _person(random, f"mentor-{n:06d}", False, int(random.integers(1, places + 1)))
            for n in range(mentors)
        ),
        policy=Policy(minimum_common_slots=2, require_skill=require_skill),
        seed=seed,
    )


def _person(random: np.random.Generator, key: str, learns: bool, places: int) -> Candidate:
    count = int(random.integers(2, 6) if learns else random.integers(5, 11))
    skills = [SKILLS[n] for n in random.choice(len(SKILLS), count, replace=False)]
    return Candidate(
        key=key,
        languages=_languages(random),
        slots=_slots(random),
        wants=tuple(
            Wish(skill, int(random.integers(0, 4)), int(random.integers(1, 4))) for skill in skills
        )
        if learns
        else (),
        offers=() if learns else tuple(Offer(s, int(random.integers(1, 5))) for s in skills),
        goals=frozenset(GOALS[n] for n in random.choice(len(GOALS), 2, replace=False)),
        stage=int(random.integers(0, 3) if learns else random.integers(1, 5)),
        places=places,
    )


def _languages(random: np.random.Generator) -> frozenset[str]:
    own = f"l{int(random.integers(0, 12))}"
    return frozenset({own, "en"} if random.random() < 0.85 else {own})


def _slots(random: np.random.Generator) -> frozenset[int]:
    offset = int(random.choice(ZONES))
    starts = [
        int(random.integers(0, 7)) * 48 + 2 * int(random.choice((7, 12, 18, 19, 20, 21)))
        for _stretch in range(int(random.integers(3, 9)))
    ]
    return frozenset((start - offset + step) % SLOTS for start in starts for step in range(4))
