"""One side of a matching as arrays: what the scores of many mentees are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from plugin.mentoring.matching.values import LEVELS, SLOTS, TRAITS, Candidate

Ints = npt.NDArray[np.int64]
Row = npt.NDArray[np.int32]
Small = npt.NDArray[np.uint8]
FAR = 1 << 7
"""A distance that no two answered questionnaires can have: a mentor who did not answer."""
T = TypeVar("T")


@dataclass(frozen=True)
class Side:
    """The mentors as arrays; columns follow their order in the problem (or a choice of them)."""

    free: Small
    """(SLOTS, mentors): 1 where a mentor is free."""
    skill: dict[str, tuple[Ints, Ints]]
    """For each skill the columns of those who offer it, and their levels."""
    language: dict[str, npt.NDArray[np.bool_]]
    goal: dict[str, Small]
    team: dict[str, Ints]
    section: dict[str, npt.NDArray[np.bool_]]
    anywhere: npt.NDArray[np.bool_]
    stage: Ints
    style: Small
    values: Small
    """(questions × LEVELS, mentors): squared distance of each answer to each mentor's."""
    column: dict[str, int]

    @classmethod
    def of(cls, mentors: Sequence[Candidate]) -> Side:
        free = np.zeros((SLOTS, len(mentors)), dtype=np.uint8)
        skills: dict[str, list[tuple[int, int]]] = {}
        for column, mentor in enumerate(mentors):
            free[list(mentor.slots), column] = 1
            for offer in mentor.offers:
                skills.setdefault(offer.skill, []).append((column, offer.level))
        teams = _where(mentors, lambda c: c.teams)
        return cls(
            free=free,
            skill={
                name: (np.array([c for c, _ in at]), np.array([level for _, level in at]))
                for name, at in skills.items()
            },
            language=_masks(mentors, lambda c: c.languages),
            goal={k: v.astype(np.uint8) for k, v in _masks(mentors, lambda c: c.goals).items()},
            team=teams,
            section=_masks(mentors, lambda c: c.sections),
            anywhere=np.array([not c.sections for c in mentors], dtype=bool),
            stage=np.array([c.stage for c in mentors], dtype=np.int64),
            style=_distances([c.style for c in mentors]),
            values=_distances([c.values for c in mentors]),
            column={c.key: number for number, c in enumerate(mentors)},
        )

    @property
    def count(self) -> int:
        return len(self.stage)


def _where(people: Sequence[Candidate], of: Callable[[Candidate], Iterable[T]]) -> dict[T, Ints]:
    found: dict[T, list[int]] = {}
    for number, person in enumerate(people):
        for name in of(person):
            found.setdefault(name, []).append(number)
    return {name: np.array(at, dtype=np.int64) for name, at in found.items()}


def _masks(
    people: Sequence[Candidate], of: Callable[[Candidate], Iterable[str]]
) -> dict[str, npt.NDArray[np.bool_]]:
    found = {}
    for name, at in _where(people, of).items():
        found[name] = np.zeros(len(people), dtype=bool)
        found[name][at] = True
    return found


def _distances(answers: Sequence[tuple[int, ...]]) -> Small:
    questions = max((len(given) for given in answers), default=0)
    table = np.zeros((questions * LEVELS, len(answers)), dtype=np.uint8)
    for column, given in enumerate(answers):
        for question, answer in enumerate(given):
            for level in range(LEVELS):
                table[question * LEVELS + level, column] = (level - answer) ** 2
        if questions and not given:
            table[:LEVELS, column] = FAR + 1
    return table


assert TRAITS * (LEVELS - 1) ** 2 <= FAR, "a distance could be taken for no answer"
