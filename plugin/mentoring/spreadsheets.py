"""Mentees and mentors from spreadsheets: the columns, errors by row and column, pairs back. Pure.

The format is described in ``docs/spreadsheets.md`` of this package; ``sample`` writes one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from plugin.expertise.public import normalise
from plugin.kernel.tables import plain
from plugin.mentoring.availability import WEEK_HOURS, half_hours, is_zone
from plugin.mentoring.matching import LEVELS, Candidate, Offer, Proposal, Unmatched, Wish

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHARED = ("id", "languages", "time_zone", "hours", "goals", "stage", "teams", "style", "values")
MENTEE = (*SHARED, "wants", "section", "waited", "apart", "running", "earlier")
MENTOR = (*SHARED, "offers", "places", "sections")
REQUIRED = ("id", "languages", "hours")
MOST_ROWS = 200_000
MOST_ERRORS = 100
_STRETCH = re.compile(r"^([a-z]{3})[a-z]* +(\d{1,2})(?::00)? *(?:-|–|to) *(\d{1,2})(?::00)?$")
T = TypeVar("T")


@dataclass(frozen=True)
class CellError:
    """What is wrong in one cell; ``row`` counts as spreadsheets do, the header being row 1."""

    table: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.table}, row {self.row}, column {self.column}: {self.text}"


class BadTableError(ValueError):
    """All that is wrong in the tables, so that one can mend it in one go."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


@dataclass
class Table:
    """People of one side, and what their rows say of single pairs."""

    people: list[Candidate] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    running: list[tuple[str, str]] = field(default_factory=list)
    earlier: list[tuple[str, str, int]] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)


def read_table(text: str, name: str, columns: Sequence[str], monday: date) -> Table:
    """Read a table; hours count in the week of ``monday``. Errors are collected in the table."""
    found = Table()
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [title.strip().lower() for title in reader.fieldnames or ()]
        _check_header(found, name, header, columns)
        if found.errors:
            return found
        reader.fieldnames = header
        seen: dict[str, int] = {}
        for cells in reader:
            row = reader.line_num
            if len(found.people) >= MOST_ROWS:
                found.errors.append(CellError(name, row, "id", f"more than {MOST_ROWS} rows"))
            if len(found.errors) >= MOST_ERRORS:
                break
            if any(isinstance(value, str) and value.strip() for value in cells.values()):
                _Row(found, name, row, cells, monday).add(columns is MENTOR, seen)
    except csv.Error as error:
        found.errors.append(CellError(name, reader.line_num, "-", str(error)))
    return found


def _check_header(found: Table, name: str, header: list[str], columns: Sequence[str]) -> None:
    for title in REQUIRED:
        if title not in header:
            found.errors.append(CellError(name, 1, title, "this column is missing"))
    for title in header:
        if title not in columns:
            known = ", ".join(columns)
            found.errors.append(CellError(name, 1, title, f"unknown; the columns are {known}"))
    if len(set(header)) != len(header):
        found.errors.append(CellError(name, 1, "-", "a column is there twice"))


class _Row:
    """One row: each cell read by its own rule, so that each mistake is named."""

    def __init__(
        self, found: Table, name: str, row: int, cells: Mapping[Any, Any], monday: date
    ) -> None:
        self._found, self._name, self._row = found, name, row
        self._cells, self._monday = cells, monday
        self._bad = len(found.errors)

    def add(self, mentor: bool, seen: dict[str, int]) -> None:
        if None in self._cells:
            self._error("-", "there are more cells than columns")
        key = self._text("id")
        if not key or len(key) > 100:
            self._error("id", "every row needs an id of at most 100 characters")
        elif key in seen:
            self._error("id", f"'{key}' stands in row {seen[key]} already")
        seen[key] = self._row
        person = self._person(key, mentor)
        if len(self._found.errors) > self._bad:
            return
        try:
            self._found.people.append(Candidate(**person))
        except ValueError as error:
            self._error("-", str(error).removeprefix(f"{key}: "))
            return
        if not mentor:
            self._found.apart += [(key, other) for other in self._words("apart")]
            self._found.running += [(key, other) for other in self._words("running")]
            for other, times in self._parts("earlier", (1,), 99):
                self._found.earlier.append((key, other, times))

    def _person(self, key: str, mentor: bool) -> dict[str, Any]:
        zone = self._text("time_zone") or "UTC"
        if not is_zone(zone):
            self._error("time_zone", f"'{zone}' is no time zone such as Europe/Berlin")
        languages = [code.lower() for code in self._words("languages")]
        if not languages:
            self._error("languages", "at least one language, such as en; de")
        shared = {
            "key": key,
            "languages": frozenset(languages),
            "slots": half_hours(self._hours(), zone, self._monday),
            "goals": frozenset(self._words("goals")),
            "stage": self._number("stage", 0, LEVELS - 1, 0),
            "teams": frozenset(self._words("teams")),
            "style": self._levels("style"),
            "values": self._levels("values"),
        }
        if mentor:
            return shared | {
                "offers": tuple(Offer(*one) for one in self._parts("offers", (3,), LEVELS - 1)),
                "places": self._number("places", 0, 1000, 1),
                "sections": frozenset(self._words("sections")),
            }
        return shared | {
            "wants": tuple(Wish(*one) for one in self._parts("wants", (0, 1), LEVELS - 1)),
            "section": self._text("section"),
            "waited": self._number("waited", 0, 99, 0),
        }

    def _text(self, column: str) -> str:
        value = self._cells.get(column)
        return value.strip() if isinstance(value, str) else ""

    def _words(self, column: str) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, self._text(column).split(";")))))

    def _number(self, column: str, least: int, most: int, default: int) -> int:
        return self._read(column, self._text(column), lambda x: _whole(x, least, most), default)

    def _levels(self, column: str) -> tuple[int, ...]:
        words = [word.strip() for word in self._text(column).split(";") if word.strip()]
        return tuple(self._read(column, w, lambda x: _whole(x, 0, LEVELS - 1), 0) for w in words)

    def _parts(self, column: str, defaults: tuple[int, ...], most: int) -> list[tuple[Any, ...]]:
        """``name:number:number`` with defaults for numbers that are left out."""
        found: list[tuple[Any, ...]] = []
        for word in self._words(column):
            name, *numbers = (part.strip() for part in word.split(":"))
            if not name or len(numbers) > len(defaults):
                self._error(column, f"'{word}' is not of the form {_form(column)}")
                continue
            read = [self._read(column, x, lambda y: _whole(y, 0, most), 0) for x in numbers]
            if column in ("wants", "offers"):
                name = normalise(name)
            found.append((name, *read, *defaults[len(read) :]))
        return found

    def _hours(self) -> list[int]:
        hours: set[int] = set()
        for word in self._words("hours"):
            hours.update(self._read("hours", word, _stretch, ()))
        return sorted(hours)

    def _read(self, column: str, text: str, reader: Callable[[str], T], default: T) -> T:
        if not text:
            return default
        try:
            return reader(text)
        except ValueError as error:
            self._error(column, f"'{text[:60]}' {error}")
            return default

    def _error(self, column: str, text: str) -> None:
        self._found.errors.append(CellError(self._name, self._row, column, text))


def _form(column: str) -> str:
    return {"wants": "skill:level:priority", "offers": "skill:level"}.get(column, "id:times")


def _whole(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
        raise ValueError(f"is not a whole number from {least} to {most}")
    return int(text)


def _stretch(text: str) -> tuple[int, ...]:
    """Hours of the week for ``Tue 18-20``; 24 ends a day."""
    match = _STRETCH.match(text.lower())
    if match is None or match[1] not in DAYS:
        raise ValueError("is not a stretch of time such as Tue 18-20")
    start, end = int(match[2]), int(match[3])
    if not 0 <= start < end <= 24:
        raise ValueError("does not end after it begins, within one day")
    first = DAYS.index(match[1]) * 24
    return tuple(hour % WEEK_HOURS for hour in range(first + start, first + end))


def check_references(mentees: Table, mentors: Table) -> list[CellError]:
    """Ids that a mentee's row names and that no mentor has; both sides' questionnaires differ."""
    known = {person.key for person in mentors.people}
    wrong = []
    for column in ("apart", "running", "earlier"):
        for pair in getattr(mentees, column):
            if pair[1] not in known:
                text = f"mentee '{pair[0]}': no mentor has the id '{pair[1]}'"
                wrong.append(CellError("mentees", 1, column, text))
    for column in ("style", "values"):
        people = (*mentees.people, *mentors.people)
        if len({len(getattr(one, column)) for one in people} - {0}) > 1:
            text = "everybody who answers must answer the same number of questions"
            wrong.append(CellError("both tables", 1, column, text))
    return wrong


def pairs_table(
    proposal: Proposal,
    reasons: Callable[[Any, str, str], Iterable[str]],
    why_not: Callable[[Unmatched], str],
) -> str:
    """The pairs as CSV, then those left over with an empty mentor; no cell acts as a formula."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["mentee", "mentor", "score", "reason_1", "reason_2", "reason_3", "why_not"])
    for pair in proposal.pairs:
        told = [*reasons(pair.reasons, pair.mentee, pair.mentor), "", "", ""][:3]
        write.writerow([plain(x) for x in (pair.mentee, pair.mentor, pair.score, *told, "")])
    for person in proposal.unmatched:
        write.writerow([plain(x) for x in (person.mentee, "", "", "", "", "", why_not(person))])
    return out.getvalue()
