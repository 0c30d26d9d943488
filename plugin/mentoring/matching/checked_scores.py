"""The checker's own reading of the written rule (README.md): all scores of one mentee, from JSON.

Only ``checker`` uses it, and it imports nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]
WORD = 64
BEHIND = 99


@dataclass(frozen=True)
class Mentors:
    """All mentors of a snapshot as columns."""

    keys: list[str]
    column: dict[str, int]
    hours: Masks
    languages: Masks
    level: dict[str, Longs]
    goals: Masks
    stage: Longs
    rows: list[Mapping[str, Any]]
    policy: Mapping[str, Any]
    bit: dict[str, int]
    single: dict[str, list[tuple[str, str, int]]]

    @classmethod
    def of(cls, snapshot: Mapping[str, Any]) -> Mentors:
        rows = snapshot["mentors"]
        names = sorted({x for row in rows for x in (*row["languages"], *row["goals"])})
        bit = {name: number for number, name in enumerate(names)}
        level: dict[str, Longs] = {}
        for number, row in enumerate(rows):
            for skill, step in row["offers"]:
                level.setdefault(skill, np.full(len(rows), -1, dtype=np.int64))[number] = step
        single: dict[str, list[tuple[str, str, int]]] = {}
        for a, b in snapshot["apart"]:
            single.setdefault(a, []).append(("apart", b, 0))
        for a, b in snapshot.get("running", ()):
            single.setdefault(a, []).append(("running", b, 1))
        for a, b, times in snapshot.get("earlier", ()):
            single.setdefault(a, []).append(("earlier", b, times))
        return cls(
            keys=[row["key"] for row in rows],
            column={row["key"]: number for number, row in enumerate(rows)},
            hours=_masks([row["slots"] for row in rows], 336),
            languages=_masks([[bit[x] for x in row["languages"]] for row in rows], len(bit)),
            level=level,
            goals=_masks([[bit[x] for x in row["goals"]] for row in rows], len(bit)),
            stage=np.array([row["stage"] for row in rows], dtype=np.int64),
            rows=list(rows),
            policy=snapshot["policy"],
            bit=bit,
            single=single,
        )

    def numbers(self, by_key: Mapping[str, int]) -> Longs:
        return np.array([by_key.get(key, 0) for key in self.keys], dtype=np.int64)

    def scores(self, mentee: Mapping[str, Any]) -> Longs:
        """The score with each mentor; 0 where a hard rule forbids the pair."""
        policy = self.policy
        common = self._shared(self.hours, mentee["slots"])
        skills = self._skills(mentee)
        ok = self._shared(self.languages, self._bits(mentee["languages"])) > 0
        ok &= common >= policy["minimum_common_slots"]
        if policy["require_skill"]:
            ok &= skills > 0
        enough = policy["hours_enough"]
        score = 1 + policy["skills"] * skills
        score += policy["hours"] * (1000 * np.minimum(common, enough) // enough)
        enough = policy["goals_enough"]
        shared = self._shared(self.goals, self._bits(mentee["goals"]))
        score += policy["goals"] * (1000 * np.minimum(shared, enough) // enough)
        step = self.stage - mentee["stage"]
        near = np.array([*policy["nearness"], 0], dtype=np.int64)
        score += policy["near_peer"] * near[np.where(step < 0, len(near) - 1, step)]
        score += policy.get("waiting", 0) * min(mentee.get("waited", 0), 5)
        for name in ("style", "values"):
            if policy.get(name, 0) and mentee.get(name):
                score += policy[name] * self._alike(name, mentee[name])
        self._rules(mentee, ok)
        for what, b, count in self.single.get(mentee["key"], ()):
            self._one(score, ok, what, self.column.get(b), count)
        return np.where(ok, np.maximum(score, 1), 0)

    def _one(self, score: Longs, ok: Any, what: str, column: int | None, count: int) -> None:
        if column is None:
            return
        if what == "apart":
            ok[column] = False
        elif what == "running":
            score[column] += self.policy.get("keep", 0)
        else:
            score[column] -= self.policy.get("repeat", 0) * count

    def _rules(self, mentee: Mapping[str, Any], ok: Any) -> None:
        teams, section = set(mentee.get("teams", ())), mentee.get("section", "")
        if not teams and not section:
            return
        for number, row in enumerate(self.rows):
            where = row.get("sections", ())
            if not teams.isdisjoint(row.get("teams", ())) or (
                section and where and section not in where
            ):
                ok[number] = False

    def _bits(self, names: list[str]) -> list[int]:
        return [self.bit[name] for name in names if name in self.bit]

    def _shared(self, masks: Masks, bits: list[int]) -> Longs:
        """How many of these bits each mentor has too."""
        own = _masks([bits], masks.shape[1] * WORD)[0]
        total = np.zeros(len(masks), dtype=np.int64)
        for word in np.flatnonzero(own):
            total += np.bitwise_count(masks[:, word] & own[word])
        return total

    def _skills(self, mentee: Mapping[str, Any]) -> Longs:
        useful = np.array(self.policy["usefulness"], dtype=np.int64)
        whole = sum(priority for _skill, _level, priority in mentee["wants"])
        points = np.zeros(len(self.keys), dtype=np.int64)
        for skill, start, priority in mentee["wants"]:
            if skill in self.level:
                offered = self.level[skill]
                gain = priority * useful[np.maximum(offered - start, 0)] // whole
                points += np.where(offered < 0, 0, gain)
        return points

    def _alike(self, name: str, asked: list[int]) -> Longs:
        points = np.zeros(len(self.keys), dtype=np.int64)
        farthest = 16 * len(asked)
        for number, row in enumerate(self.rows):
            given = row.get(name)
            if given:
                distance = sum((a - b) * (a - b) for a, b in zip(asked, given, strict=True))
                points[number] = 1000 - 1000 * distance // farthest
        return points


def _masks(rows: list[list[int]], bits: int) -> Masks:
    """(rows, words) of 64 bits each, at least one word."""
    found = np.zeros((len(rows), max(1, -(-bits // WORD))), dtype=np.uint64)
    for number, row in enumerate(rows):
        for one in row:
            found[number, one // WORD] |= np.uint64(1 << (one % WORD))
    return found
