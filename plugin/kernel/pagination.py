"""Keyset paging: a page begins after the last key of the one before; deep pages cost the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows and the mark at which the next page begins; None at the end."""

    items: tuple[T, ...]
    next_mark: str | None


def mark_to_id(mark: str | None) -> UUID | None:
    """Return the id in a mark, None for a missing or a made-up one (then the first page shows)."""
    try:
        return UUID(hex=mark) if mark else None
    except ValueError:
        return None


def cut(rows: Sequence[T], limit: int, last_id: UUID | None) -> Page[T]:
    """Make a page of ``limit + 1`` selected rows; ``last_id`` is the id of row ``limit``."""
    more = len(rows) > limit and last_id is not None
    return Page(tuple(rows[:limit]), last_id.hex if more and last_id else None)
