"""What a matching is computed from: frozen values with one canonical reading.

Architecture section 3, "Matching is auditable".
A problem carries no names, only keys. ``snapshots`` writes it to plain JSON and reads it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

SLOTS = 336
"""Half hours of a week in UTC. Half hours, because India and parts of Australia live on them."""
LEVELS = 5
"""Steps of a skill and of a stage, 0 (new) to 4 (could teach a class), and of an answer."""
TRAITS = 8
"""The most questions about style, and about values, that a form may ask."""
WAITED = 5
"""Matchings in which somebody was left over count up to here."""


class Factor(StrEnum):
    """What makes a pair good, beyond being allowed."""

    SKILLS = "skills"
    GOALS = "goals"
    HOURS = "hours"
    NEAR_PEER = "near_peer"
    STYLE = "style"
    VALUES = "values"
    KEEP = "keep"
    WAITED = "waited"
    REPEAT = "repeat"


class Rule(StrEnum):
    """What forbids a pair whatever else speaks for it, in the order in which it is told."""

    APART = "apart"
    TEAM = "team"
    SECTION = "section"
    LANGUAGE = "language"
    HOURS = "hours"
    SKILL = "skill"


class Aim(StrEnum):
    """What the best overall matching is best at."""

    TOTAL = "total"
    FLOOR = "floor"
    LOAD = "load"


@dataclass(frozen=True, order=True)
class Wish:
    """A skill somebody wants to learn, from which level, and how much."""

    skill: str
    level: int = 0
    priority: int = 1


@dataclass(frozen=True, order=True)
class Offer:
    """A skill somebody can help with, and how well."""

    skill: str
    level: int = 3


@dataclass(frozen=True)
class Candidate:
    """One person on one side; `places` is how many pairs fit into the time they gave.

    `teams` are circles within which nobody mentors anybody (own team, supervisor, teacher of
    record). `section` is where a mentee belongs (a section of the course, an age band), `sections`
    where a mentor may help; none means everywhere. `style` and `values` are answers 0..4, the same
    questions for all. `waited` counts the matchings that left a mentee over.
    """

    key: str
    languages: frozenset[str]
    slots: frozenset[int]
    wants: tuple[Wish, ...] = ()
    offers: tuple[Offer, ...] = ()
    goals: frozenset[str] = frozenset()
    stage: int = 0
    places: int = 1
    teams: frozenset[str] = frozenset()
    section: str = ""
    sections: frozenset[str] = frozenset()
    style: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    waited: int = 0

    def __post_init__(self) -> None:
        if len({wish.skill for wish in self.wants}) != len(self.wants):
            raise ValueError(f"{self.key}: a skill is wanted twice")
        if len({offer.skill for offer in self.offers}) != len(self.offers):
            raise ValueError(f"{self.key}: a skill is offered twice")
        levels = [self.stage, *(w.level for w in self.wants), *(o.level for o in self.offers)]
        if any(not 0 <= level < LEVELS for level in [*levels, *self.style, *self.values]):
            raise ValueError(f"{self.key}: a level is outside 0..{LEVELS - 1}")
        if len(self.style) > TRAITS or len(self.values) > TRAITS:
            raise ValueError(f"{self.key}: more than {TRAITS} answers")
        if any(wish.priority < 1 for wish in self.wants) or self.places < 0 or self.waited < 0:
            raise ValueError(f"{self.key}: a priority or the number of places is too small")
        if any(not 0 <= slot < SLOTS for slot in self.slots):
            raise ValueError(f"{self.key}: an hour is outside the week")


@dataclass(frozen=True)
class Policy:
    """Hard rules and integer weights. Points of a factor run 0..1000; weights say what counts.

    `keep` is added to a pair that runs already, `repeat` is taken off for each time two people were
    a pair before, `waiting` is added for each matching that left the mentee over; all three in
    score. `balance` is what each further pair of the same mentor costs, where the aim is load.
    """

    minimum_common_slots: int = 1
    require_skill: bool = False
    skills: int = 50
    goals: int = 15
    hours: int = 20
    near_peer: int = 15
    style: int = 0
    values: int = 0
    keep: int = 0
    repeat: int = 0
    waiting: int = 0
    aim: Aim = Aim.TOTAL
    balance: int = 0
    hours_enough: int = 6
    goals_enough: int = 2
    usefulness: tuple[int, ...] = (0, 800, 1000, 900, 700)
    """Points of a skill by how far the mentor is ahead: 0 (or behind), 1, 2, 3, 4 steps."""
    nearness: tuple[int, ...] = (300, 1000, 700, 400, 200)
    """Points of being 0, 1, 2 ... stages ahead; a mentor who is behind gets none."""

    def weight(self, factor: Factor) -> int:
        """What one point of a factor counts; `waiting` is the weight of the time waited."""
        return int(getattr(self, "waiting" if factor is Factor.WAITED else factor.value))

    @property
    def cost_of_load(self) -> int:
        return self.balance if self.aim is Aim.LOAD else 0


Keys = tuple[str, str]
"""The keys of a mentee and of a mentor."""


@dataclass(frozen=True)
class Problem:
    """Everything the solver may know.

    `apart` holds pairs that must not meet, `running` pairs that exist, `earlier` how often two were
    a pair before.
    """

    mentees: tuple[Candidate, ...]
    mentors: tuple[Candidate, ...]
    policy: Policy = field(default_factory=Policy)
    apart: frozenset[Keys] = frozenset()
    seed: int = 0
    running: frozenset[Keys] = frozenset()
    earlier: tuple[tuple[str, str, int], ...] = ()

    def __post_init__(self) -> None:
        for side in (self.mentees, self.mentors):
            if len({candidate.key for candidate in side}) != len(side):
                raise ValueError("a key occurs twice on one side")
        everybody = (*self.mentees, *self.mentors)
        for answers in ({len(c.style) for c in everybody}, {len(c.values) for c in everybody}):
            if len(answers - {0}) > 1:
                raise ValueError("not everybody answered the same questions")
        if len({(a, b) for a, b, _times in self.earlier}) != len(self.earlier):
            raise ValueError("two people are named twice among the earlier pairs")

    @cached_property
    def times(self) -> Mapping[Keys, int]:
        """How often two people were a pair before."""
        return {(mentee, mentor): times for mentee, mentor, times in self.earlier}

    def canonical(self) -> Problem:
        """The same problem in the order that the seed gives, whatever order it came in."""
        return replace(
            self,
            mentees=tuple(sorted(self.mentees, key=self._rank)),
            mentors=tuple(sorted(self.mentors, key=self._rank)),
        )

    def _rank(self, candidate: Candidate) -> bytes:
        return hashlib.sha256(f"{self.seed}\x00{candidate.key}".encode()).digest()
