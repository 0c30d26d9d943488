"""What a rule can ask for, and the evidence that it is asked of. Pure; see `rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ReviewedWork:
    """One state of one submission: every later review makes another one."""

    id: UUID
    submission: str
    rubric: str
    levels: Mapping[str, int] = field(hash=False)
    reviews: int
    mentor_reviews: int = 0
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """Something that is counted: an accepted answer, a review given, a programme finished."""

    id: UUID
    kind: str
    at: datetime
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A person with the right to do so said yes; `by` is `mentor` or `staff`."""

    id: UUID
    achievement: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Earned:
    """Another achievement that is held."""

    id: UUID
    achievement: str
    at: datetime


Evidence = ReviewedWork | Contribution | Decided | Earned


@dataclass(frozen=True, kw_only=True)
class RubricLevel:
    """At least `level` in every row of the rubric (0: any), agreed by at least `reviews` reviewers,
    `mentor_reviews` of them mentors."""

    level: int
    reviews: int
    mentor_reviews: int = 0
    rubric: str = ""


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """At least `count` contributions of one kind."""

    kind: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A mentor (or staff: both may) decided so for this very achievement."""

    by: str = "mentor"


@dataclass(frozen=True, kw_only=True)
class Holds:
    """Another achievement is held, named by its handle: achievements stack."""

    achievement: str


@dataclass(frozen=True, kw_only=True)
class AllOf:
    """Every part is met."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """At least one part is met; the first that is, in their order, gives the grounds."""

    parts: tuple[Rule, ...]


Rule = RubricLevel | Contributions | Decision | Holds | AllOf | AnyOf
