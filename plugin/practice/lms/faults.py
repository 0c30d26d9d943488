"""Switchable faults of the services: what a real platform does on a bad day.

`lost` is the cruel one: the call has its effect and the answer never arrives, so that the tool
cannot know and must ask again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from plugin.practice.lms.store import Store


class Area(StrEnum):
    KEY_SET = "key_set"
    TOKEN = "token"  # noqa: S105 - the name of a service
    ROSTER = "roster"
    GRADES = "grades"


class Mode(StrEnum):
    ERROR = "500"
    UNAVAILABLE = "503"
    TOO_MANY = "429"
    HANG = "hang"
    LOST = "lost"


@dataclass(frozen=True)
class Fault:
    area: Area
    mode: Mode
    remaining: int | None


def set_fault(store: Store, area: Area, mode: Mode, *, count: int | None = None) -> None:
    """Break one area for the next `count` calls, or until it is cleared."""
    with store.writing() as db:
        db.execute(
            "INSERT INTO fault VALUES (?, ?, ?) ON CONFLICT (area)"
            " DO UPDATE SET mode = excluded.mode, remaining = excluded.remaining",
            (Area(area).value, Mode(mode).value, count),
        )


def clear_faults(store: Store, area: Area | None = None) -> None:
    with store.writing() as db:
        db.execute("DELETE FROM fault WHERE ? IS NULL OR area = ?", (area, area))


def faults(store: Store) -> dict[Area, Fault]:
    with store.reading() as db:
        rows = db.execute("SELECT * FROM fault").fetchall()
    found = [Fault(Area(r["area"]), Mode(r["mode"]), r["remaining"]) for r in rows]
    return {fault.area: fault for fault in found}


def take_fault(store: Store, area: Area) -> Mode | None:
    """The fault that this call meets; counts it down in the same transaction."""
    if area not in faults(store):
        return None
    with store.writing() as db:
        row = db.execute("SELECT * FROM fault WHERE area = ?", (area.value,)).fetchone()
        if row is None:
            return None
        if row["remaining"] is not None:
            if row["remaining"] <= 1:
                db.execute("DELETE FROM fault WHERE area = ?", (area.value,))
            else:
                db.execute(
                    "UPDATE fault SET remaining = remaining - 1 WHERE area = ?", (area.value,)
                )
        return Mode(row["mode"])
