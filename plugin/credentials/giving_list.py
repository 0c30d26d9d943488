"""A list of people to give something to, as CSV: what is wrong is said by line and column. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.credentials.jsonld import signable
from plugin.kernel.i18n import _

MOST_BYTES = 1_000_000
MOST_LINES = 5_000
LONGEST_REASON = 400
SHORTEST_REASON = 10
PERSON = frozenset({"person", "email", "e-mail", "mail", "username", "mitglied"})
REASON = frozenset({"reason", "why", "grund", "begründung"})


@dataclass(frozen=True)
class Line:
    """One person to give it to, and why. `number` is the line of the file, the header is 1."""

    number: int
    person: str
    words: str


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where; `column` is empty when it is the whole line."""

    line: int
    column: str
    text: str


@dataclass(frozen=True)
class Read:
    """What a file says."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read(data: bytes) -> Read:
    """Read a file with the columns `person` and `reason`; commas, semicolons or tabs between."""
    if len(data) > MOST_BYTES:
        return _refused(_("The file is larger than 1 MB. Split it."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(_("The file is not in UTF-8. Save it as “CSV UTF-8”."))
    if "\0" in text:
        return _refused(_("This is no text file. Save the table as CSV."))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    if not rows:
        return _refused(_("The file is empty."))
    header = [cell.strip().lower() for cell in rows[0]]
    who, why = _column(header, PERSON), _column(header, REASON)
    if who is None or why is None:
        return _refused(_("The first line has to name the columns “person” and “reason”."))
    if len(rows) - 1 > MOST_LINES:
        return _refused(_("More than %(n)d lines. Split the file.", n=MOST_LINES))
    return _lines(rows, header, who, why)


def _lines(rows: Sequence[Sequence[str]], header: Sequence[str], who: int, why: int) -> Read:
    lines: list[Line] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    number = 1
    for row in rows[1:]:
        number += 1
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            text = _("%(has)d columns instead of %(needs)d.", has=len(row), needs=len(header))
            problems.append(Problem(number, "", text))
            continue
        line = Line(number, row[who].strip(), " ".join(row[why].split()))
        found = _wrong(line, header[who], header[why], seen)
        if found:
            problems += found
        else:
            lines.append(line)
        seen.setdefault(line.person.lower(), number)
    if not lines and not problems:
        problems.append(Problem(1, "", _("There is nobody on the list.")))
    return Read(tuple(lines), tuple(problems))


def _wrong(line: Line, who: str, why: str, seen: dict[str, int]) -> list[Problem]:
    found = []
    if not line.person:
        found.append(Problem(line.number, who, _("Nobody is named.")))
    elif line.person.lower() in seen:
        first = seen[line.person.lower()]
        found.append(Problem(line.number, who, _("Named in line %(n)d already.", n=first)))
    if not signable(line.person) or len(line.person) > 200:
        found.append(Problem(line.number, who, _("This is no address and no name.")))
    if len(line.words) < SHORTEST_REASON:
        text = _("At least %(n)d characters: it stands in the credential.", n=SHORTEST_REASON)
        found.append(Problem(line.number, why, text))
    elif len(line.words) > LONGEST_REASON:
        found.append(Problem(line.number, why, _("At most %(n)d characters.", n=LONGEST_REASON)))
    if not signable(line.words):
        found.append(
            Problem(line.number, why, _("Please use letters, spaces and punctuation only."))
        )
    return found


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=first.count)


def _column(header: Sequence[str], names: frozenset[str]) -> int | None:
    return next((number for number, name in enumerate(header) if name in names), None)


def _refused(text: str) -> Read:
    return Read((), (Problem(0, "", text),))
