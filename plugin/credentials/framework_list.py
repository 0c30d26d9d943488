"""Competencies as CSV: code, name, description, url. What is wrong is said by line and column.
Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from urllib.parse import urlsplit

from plugin.credentials.giving_list import MOST_BYTES, Problem
from plugin.credentials.jsonld import signable
from plugin.kernel.i18n import _

MOST = 2_000
LENGTHS = {"code": 80, "name": 300, "description": 2_000, "url": 500}


@dataclass(frozen=True)
class Entry:
    """One competency."""

    code: str
    name: str
    description: str = ""
    url: str = ""


def read(data: bytes) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Read a list; `name` is needed, a missing `code` is its number in the list."""
    try:
        text = data.decode("utf-8-sig") if len(data) <= MOST_BYTES else "\0"
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return (), (Problem(0, "", _("Please send a CSV file in UTF-8 of at most 1 MB.")),)
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if "name" not in header:
        said = _("The first line has to name the columns; “name” is needed.")
        return (), (Problem(0, "", said),)
    if len(rows) > MOST:
        return (), (Problem(0, "", _("More than %(n)d lines. Split the file.", n=MOST)),)
    return _entries(rows, header)


def _entries(
    rows: list[list[str]], header: list[str]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        cells["code"] = cells.get("code") or str(number - 1)
        found = _wrong(number, cells, seen)
        problems += found
        seen.add(cells["code"].lower())
        if not found:
            entries.append(Entry(**{name: cells.get(name, "") for name in LENGTHS}))
    if not entries and not problems:
        problems.append(Problem(1, "", _("There is nothing on the list.")))
    return tuple(entries), tuple(problems)


def _wrong(number: int, cells: dict[str, str], seen: set[str]) -> list[Problem]:
    found = []
    if not cells.get("name"):
        found.append(Problem(number, "name", _("Nothing is named.")))
    if cells["code"].lower() in seen:
        found.append(Problem(number, "code", _("This code stands on the list already.")))
    for name, most in LENGTHS.items():
        if len(cells.get(name, "")) > most:
            found.append(Problem(number, name, _("At most %(n)d characters.", n=most)))
        if not signable(cells.get(name, "")):
            said = _("Please use letters, spaces and punctuation only.")
            found.append(Problem(number, name, said))
    if cells.get("url") and not web_address(cells["url"]):
        said = _("This does not look like a web address (https://…).")
        found.append(Problem(number, "url", said))
    return found


def web_address(text: str) -> bool:
    """Whether a text may stand behind a link and in a signed document."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)
