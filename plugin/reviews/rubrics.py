"""A rubric as an activity keeps it: a snapshot, so that a later version changes no past score."""

from dataclasses import asdict, dataclass
from typing import Any, cast

import cattrs


@dataclass(frozen=True)
class Level:
    """One step of a criterion: its number (0 is the lowest), what it is called and its points."""

    level: int
    title: str
    points: float


@dataclass(frozen=True)
class Criterion:
    """One thing that a reviewer looks at, with its levels from lowest to highest.

    ``evidence`` says what to quote or name, so that a level never stands alone.
    """

    key: str
    title: str
    levels: tuple[Level, ...]
    question: str = ""
    evidence: str = ""

    @property
    def maximum(self) -> float:
        """The points of the best level."""
        return max(level.points for level in self.levels)

    def level(self, number: int) -> Level | None:
        """Return the level of that number."""
        return next((level for level in self.levels if level.level == number), None)


@dataclass(frozen=True)
class Rubric:
    """What reviewers judge by."""

    handle: str
    version: str
    title: str
    criteria: tuple[Criterion, ...]
    intro: str = ""

    @property
    def maximum(self) -> float:
        """The points of work that is best in everything."""
        return sum(criterion.maximum for criterion in self.criteria)


def to_json(rubric: Rubric) -> dict[str, Any]:
    """Return the snapshot that an activity stores."""
    return cast("dict[str, Any]", cattrs.unstructure(asdict(rubric)))


def from_json(stored: dict[str, Any]) -> Rubric:
    """Return the rubric of a stored snapshot."""
    return cattrs.structure(stored, Rubric)
