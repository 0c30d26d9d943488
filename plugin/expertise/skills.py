"""Skill words: the same skill, however it is typed, is one word. Pure."""

import unicodedata
from collections.abc import Iterable

LONGEST = 80


def normalise(label: str) -> str:
    """Fold case, width and spaces: " SQL  Joins" and "sql joins" are the same skill."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(folded.split())[:LONGEST]


def distinct(labels: Iterable[str]) -> dict[str, str]:
    """Normalised word to label as first typed, blanks left out, in the order given."""
    found: dict[str, str] = {}
    for label in labels:
        word = normalise(label)
        if word:
            found.setdefault(word, " ".join(label.split())[:LONGEST])
    return found
