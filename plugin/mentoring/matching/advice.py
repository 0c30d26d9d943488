"""What would bring somebody a mentor who was left over: tried out against the prices, not guessed.

The greatest prices say what the others lose by giving up one place. So a change of one person's
answers gets them a mentor in every best overall matching when, with it, some pair is worth more
than the mentor's price: the same answer as computing everything again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from plugin.mentoring.matching.scoring import Scorer
from plugin.mentoring.matching.sides import Ints
from plugin.mentoring.matching.values import SLOTS, Candidate, Problem, Wish

STRETCH = 4
"""Half hours of one further stretch of time."""
TOLD = 3
TRIED = 4
"""How many languages, stretches and skills are tried, the commonest among mentors first."""
MOST_PEOPLE = 2000
"""For more people left over than this the advice is general: their answers are not the cause."""

Name = TypeVar("Name", str, int)


class Advice:
    """Tries changes for one person after the other; keeps what it learnt of the mentors."""

    def __init__(self, problem: Problem, price: Ints) -> None:
        self._problem = problem
        self._price = price
        self._asked = 0

    def for_person(self, mentee: Candidate) -> tuple[str, dict[str, Any]] | None:
        """A kind of change with what helps of it, each alone; None when none of ours does.

        Keys: ``add_language``, ``add_hours``, ``add_two_hours`` (both stretches together) and
        ``add_skill``. ``proven`` says that it was tried.
        """
        self._asked += 1
        if self._asked > MOST_PEOPLE or not self._open:
            return None
        for key, name, options in (
            ("add_language", "languages", self._more_languages(mentee)),
            ("add_hours", "slots", self._more_hours(mentee, 1)),
            ("add_two_hours", "slots", self._more_hours(mentee, 2)),
            ("add_skill", "skills", self._more_skills(mentee)),
        ):
            helpful = [what for what, changed in options if self.helps(changed)]
            if helpful:
                several = helpful[:1] if key == "add_two_hours" else helpful[:TOLD]
                told = sorted(one for what in several for one in what)
                return key, {name: told, "proven": True}
        return None

    def helps(self, changed: Candidate) -> bool:
        """Whether with these answers the best overall matching has a mentor for this person."""
        row = self._scorer.row(changed)
        return bool(np.any((row > 0) & (row > self._price) & self._with_place))

    def _more_languages(self, mentee: Candidate) -> Iterator[tuple[list[Any], Candidate]]:
        for language in [x for x in self._languages if x not in mentee.languages][:TRIED]:
            yield [language], replace(mentee, languages=mentee.languages | {language})

    def _more_hours(self, mentee: Candidate, count: int) -> Iterator[tuple[list[Any], Candidate]]:
        starts = [slot for slot in self._stretches if slot not in mentee.slots][:TRIED]
        for first in range(0, len(starts) - count + 1, count):
            chosen = starts[first : first + count]
            more = {(start + step) % SLOTS for start in chosen for step in range(STRETCH)}
            yield chosen, replace(mentee, slots=mentee.slots | more)

    def _more_skills(self, mentee: Candidate) -> Iterator[tuple[list[Any], Candidate]]:
        wanted = {wish.skill for wish in mentee.wants}
        for skill in [x for x in self._skills if x not in wanted][:TRIED]:
            yield [skill], replace(mentee, wants=(*mentee.wants, Wish(skill, mentee.stage)))

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self._problem)

    @cached_property
    def _with_place(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([mentor.places > 0 for mentor in self._problem.mentors], dtype=bool)

    @cached_property
    def _languages(self) -> list[str]:
        return _commonest(Counter(x for m in self._open for x in m.languages))

    @cached_property
    def _skills(self) -> list[str]:
        return _commonest(Counter(offer.skill for m in self._open for offer in m.offers))

    @cached_property
    def _stretches(self) -> list[int]:
        """Starts of stretches in which many mentors are free, none overlapping another."""
        free = Counter(slot for m in self._open for slot in m.slots)
        count = Counter(
            {start: sum(free[(start + step) % SLOTS] for step in range(STRETCH)) for start in free}
        )
        found: list[int] = []
        for start in _commonest(count):
            if all(min((start - x) % SLOTS, (x - start) % SLOTS) >= STRETCH for x in found):
                found.append(start)
            if len(found) == 3 * TRIED:
                break
        return found

    @cached_property
    def _open(self) -> list[Candidate]:
        return [mentor for mentor in self._problem.mentors if mentor.places]


def _commonest(counted: Counter[Name]) -> list[Name]:
    """The commonest first; equals in their own order, so that advice never depends on chance."""
    return [name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
