"""The words of a rubric: what its rows and levels are called, from the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library


@dataclass(frozen=True)
class Row:
    """One row: its key and title, and the name of each level by its number."""

    key: str
    title: str
    levels: Mapping[int, str]

    def named(self, level: int) -> str:
        return self.levels.get(level) or _("level %(n)d", n=level)


@dataclass(frozen=True)
class Scale:
    """What was assessed, in words."""

    handle: str
    title: str
    rows: tuple[Row, ...]

    @property
    def highest(self) -> int:
        return min((max(row.levels) for row in self.rows), default=0)

    def least(self, level: int) -> list[str]:
        """`Purpose: “the aim is met”` for each row: the level that it has to reach."""
        return [
            _("%(row)s: “%(level)s”", row=row.title, level=row.named(level)) for row in self.rows
        ]


def scale_of(uow: UnitOfWork, handle: str, levels: Mapping[str, int]) -> Scale:
    """The rubric of that handle; rows that it does not name (any more) keep their keys."""
    try:
        known = _scale(library.rubric(uow, handle))
    except NotFound:
        known = Scale(handle, "", ())
    named = {row.key for row in known.rows}
    bare = tuple(Row(key, key, {level: ""}) for key, level in levels.items() if key not in named)
    return Scale(known.handle, known.title, tuple(r for r in known.rows if r.key in levels) + bare)


def offered(uow: UnitOfWork) -> list[Scale]:
    """Every rubric that a rule may name."""
    return [_scale(found) for found in library.rubrics(uow)]


def _scale(found: library.Rubric) -> Scale:
    return Scale(
        found.handle,
        found.title,
        tuple(
            Row(criterion.handle, criterion.title, dict(enumerate(criterion.levels)))
            for criterion in found.criteria
        ),
    )
