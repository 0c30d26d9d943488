"""Integer scores of a few mentees against all mentors, as sums of arrays (facts: matching 1.3).

A block is as large as the processor's cache likes. What many people answered alike is one row made
once; a wish touches only those who offer the skill. Every number is an integer (counts in float32
stay far below 2**24), so every machine finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from plugin.mentoring.matching.sides import FAR, Ints, Row, Side, Small
from plugin.mentoring.matching.values import (
    LEVELS,
    SLOTS,
    WAITED,
    Candidate,
    Factor,
    Policy,
    Problem,
    Wish,
)

FORBIDDEN = -(1 << 27)
"""What one broken rule adds; all of them together, and any price, stay inside 32 bits."""
CHUNK = 256
CELLS = 1 << 18
"""Mentees of a block times mentors: a megabyte of scores."""
PRODUCT = 32
"""From so many mentees in a block on a matrix product counts common hours quicker."""
REMEMBERED = 256
REMEMBERED_CELLS = 20_000_000
T = TypeVar("T")


class Scorer:
    """Scores by the written rule (README.md). Not for several threads at once: `again` for those.

    `block` fills its own buffer; who wants to keep scores copies them.
    """

    def __init__(self, problem: Problem, side: Side | None = None) -> None:
        self.problem = problem
        self.side = side if side is not None else Side.of(problem.mentors)
        self.size = max(1, min(CHUNK, CELLS // max(1, self.side.count)))
        """How many mentees a block takes: what fits into the processor's cache."""
        shape = (self.size, self.side.count)
        self._scores = np.zeros(shape, dtype=np.int32)
        self._more = np.zeros(shape, dtype=np.int32)
        self._count = np.zeros(shape, dtype=np.uint8)
        self._rows: dict[Hashable, Row] = {}
        self._gains: dict[tuple[Wish, int], tuple[Ints, Row, Ints]] = {}
        self._tables: dict[tuple[int, int, int], Row] = {}

    def again(self) -> Scorer:
        """The same with buffers of its own, for another thread."""
        other = Scorer(self.problem, self.side)
        other.__dict__["_pairs"] = self._pairs
        return other

    def only(self, mentors: Ints) -> Scorer:
        """A scorer for some of the mentors; its columns follow the given order."""
        chosen = tuple(self.problem.mentors[number] for number in mentors.tolist())
        return Scorer(replace(self.problem, mentors=chosen))

    def row(self, mentee: Candidate) -> Row:
        """Scores of one mentee with every mentor; below 1 where a rule forbids the pair."""
        found: Row = self.block((mentee,))[0]
        return found

    def block(self, mentees: Sequence[Candidate]) -> Row:
        """(mentees, mentors) of scores, of at most `size` mentees."""
        scores = self._scores[: len(mentees)]
        for row, mentee in zip(scores, mentees, strict=True):
            np.copyto(row, self._base(mentee))
            if mentee.goals and self._policy.goals:
                np.add(row, self._remembered(("goals", mentee.goals), self._goals), out=row)
            for name in ("style", "values"):
                if getattr(mentee, name) and getattr(self._policy, name):
                    key = (name, getattr(mentee, name))
                    np.add(row, self._remembered(key, self._alike), out=row)
            own = [self.side.team[team] for team in mentee.teams if team in self.side.team]
            if own:
                row[np.unique(np.concatenate(own))] += FORBIDDEN
        self._skills(scores, mentees)
        self._hours(scores, mentees)
        for row, mentee in zip(scores, mentees, strict=True):
            if mentee.key in self._pairs:
                self._single(row, self._pairs[mentee.key])
        return scores

    @property
    def _policy(self) -> Policy:
        return self.problem.policy

    def _remembered(self, key: tuple[str, T], make: Callable[[tuple[str, T]], Row]) -> Row:
        """One row for all who gave the same answer, made once while there is room."""
        found = self._rows.get(key)
        if found is None:
            if len(self._rows) >= REMEMBERED:
                self._rows.clear()
            found = self._rows[key] = make(key)
        return found

    def _base(self, mentee: Candidate) -> Row:
        """What many mentees have in common: language, section, stage and time waited."""
        waited = min(mentee.waited, WAITED)
        common = (mentee.languages, mentee.section, mentee.stage, waited)
        return self._remembered(("base", common), self._new_base)

    def _new_base(self, key: tuple[str, tuple[frozenset[str], str, int, int]]) -> Row:
        languages, section, stage, waited = key[1]
        policy, side = self._policy, self.side
        nearness = np.array((*policy.nearness, 0), dtype=np.int64)
        ahead = side.stage - stage
        base = 1 + policy.near_peer * nearness[np.where(ahead < 0, LEVELS, ahead)]
        base += policy.waiting * waited
        spoken = np.zeros(side.count, dtype=bool)
        for language in languages & side.language.keys():
            spoken |= side.language[language]
        base[~spoken] += FORBIDDEN
        if section:
            serves = side.anywhere | side.section.get(section, False)
            base[~serves] += FORBIDDEN
        return base.astype(np.int32)

    def _goals(self, key: tuple[str, frozenset[str]]) -> Row:
        shared = np.zeros(self.side.count, dtype=np.int64)
        for goal in key[1] & self.side.goal.keys():
            shared += self.side.goal[goal]
        points = np.array(shares(self._policy.goals_enough)) * self._policy.goals
        found: Row = np.take(points, shared, mode="clip").astype(np.int32)
        return found

    def _alike(self, key: tuple[str, tuple[int, ...]]) -> Row:
        """Points by squared distance; a mentor without answers is beyond `FAR` and gets none."""
        name, given = key
        distances: Small = getattr(self.side, name)
        if not len(distances):
            return np.zeros(self.side.count, dtype=np.int32)
        farthest = len(given) * (LEVELS - 1) ** 2
        distance = np.zeros(self.side.count, dtype=np.int64)
        for question, answer in enumerate(given):
            distance += distances[question * LEVELS + answer]
        points = np.where(distance > FAR, 0, 1000 - 1000 * distance // farthest)
        weighed: Row = (getattr(self._policy, name) * points).astype(np.int32)
        return weighed

    def _skills(self, scores: Row, mentees: Sequence[Candidate]) -> None:
        """Points for each wish that a mentor can help with; forbidden without one, if so ruled."""
        required = self._policy.require_skill
        lacking = self._more[: len(mentees)]
        if required:
            lacking.fill(FORBIDDEN)
        for number, mentee in enumerate(mentees):
            total = sum(wish.priority for wish in mentee.wants)
            row, without = scores[number], lacking[number]
            for wish in mentee.wants:
                if wish.skill in self.side.skill:
                    columns, points, useful = self._gain(wish, total)
                    row[columns] += points
                    if required:
                        without[useful] = 0
        if required:
            np.add(scores, lacking, out=scores)

    def _gain(self, wish: Wish, total: int) -> tuple[Ints, Row, Ints]:
        """Who offers this skill, the points that are gained there, and where there are any."""
        found = self._gains.get((wish, total))
        if found is None:
            if len(self._gains) * self.side.count > REMEMBERED_CELLS:
                self._gains.clear()
            columns, levels = self.side.skill[wish.skill]
            points = self._steps(wish.level, wish.priority, total)[levels]
            useful = columns[points > 0] if self._policy.require_skill else columns
            found = (columns, points * np.int32(self._policy.skills), useful)
            self._gains[wish, total] = found
        return found

    def _steps(self, level: int, priority: int, total: int) -> Row:
        """Points of one wish by the level of who helps with it."""
        found = self._tables.get((level, priority, total))
        if found is None:
            useful = self._policy.usefulness
            gained = [priority * useful[max(0, step - level)] // total for step in range(LEVELS)]
            found = np.array(gained, dtype=np.int32)
            self._tables[level, priority, total] = found
        return found

    def _hours(self, scores: Row, mentees: Sequence[Candidate]) -> None:
        """Points for half hours in common: by a matrix product, or slot by slot in long rows."""
        count, more = self._count[: len(mentees)], self._more[: len(mentees)]
        if self.size >= PRODUCT:
            row = [number for number, mentee in enumerate(mentees) for _slot in mentee.slots]
            own = np.zeros((len(mentees), SLOTS), dtype=np.float32)
            own[row, [slot for mentee in mentees for slot in mentee.slots]] = 1
            np.copyto(count, own @ self._free, casting="unsafe")
        else:
            for row_of_counts, mentee in zip(count, mentees, strict=True):
                row_of_counts.fill(0)
                for slot in mentee.slots:
                    np.add(row_of_counts, self.side.free[slot], out=row_of_counts)
        np.take(self._points_of_hours, count, mode="clip", out=more)
        np.add(scores, more, out=scores)

    @cached_property
    def _free(self) -> npt.NDArray[np.float32]:
        return self.side.free.astype(np.float32)

    @cached_property
    def _points_of_hours(self) -> Row:
        policy = self._policy
        points = [
            FORBIDDEN if common < policy.minimum_common_slots else policy.hours * share
            for common, share in enumerate(shares(policy.hours_enough, policy.minimum_common_slots))
        ]
        return np.array(points, dtype=np.int32)

    @staticmethod
    def _single(row: Row, known: Sequence[tuple[int, int, bool]]) -> None:
        """What is known of single pairs: kept apart, running, been a pair before."""
        for column, change, forbidden in known:
            if forbidden:
                row[column] += FORBIDDEN
            elif row[column] > 0:
                row[column] = max(1, row[column] + change)

    @cached_property
    def _pairs(self) -> dict[str, list[tuple[int, int, bool]]]:
        return single_pairs(self.problem, self.side.column)


def shares(enough: int, at_least: int = 0) -> list[int]:
    """Points of 0, 1, 2 ... of something of which `enough` are worth 1000."""
    return [1000 * min(count, enough) // enough for count in range(max(enough, at_least) + 1)]


def single_pairs(
    problem: Problem, column: dict[str, int]
) -> dict[str, list[tuple[int, int, bool]]]:
    """For each mentee: (column, what the score changes by, whether it is forbidden)."""
    policy: Policy = problem.policy
    change: dict[tuple[str, str], int] = {}
    for pair in problem.running:
        change[pair] = change.get(pair, 0) + policy.weight(Factor.KEEP)
    for mentee, mentor, times in problem.earlier:
        pair = (mentee, mentor)
        change[pair] = change.get(pair, 0) - policy.weight(Factor.REPEAT) * times
    found: dict[str, list[tuple[int, int, bool]]] = {}
    for mentee, mentor in sorted(change.keys() | problem.apart):
        if mentor in column:
            pair = (mentee, mentor)
            entry = (column[mentor], change.get(pair, 0), pair in problem.apart)
            found.setdefault(mentee, []).append(entry)
    return found
