"""What is shipped with the product: read once from ``data/*.toml``, checked while reading."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from plugin.kernel.i18n import LANGUAGES, SOURCE, choose

FILES = {
    "form": "forms.toml",
    "agreement": "agreements.toml",
    "rubric": "rubrics.toml",
    "agenda": "agendas.toml",
    "cards": "cards.toml",
}


@lru_cache
def items(kind: str) -> tuple[dict[str, Any], ...]:
    """Return every shipped item of a kind; raises ValueError when one lacks a language."""
    text = (files("plugin.library") / "data" / FILES[kind]).read_text(encoding="utf-8")
    found = tuple(tomllib.loads(text)["item"])
    for item in found:
        missing = [language for language in LANGUAGES if language not in item]
        if missing:
            raise ValueError(f"{FILES[kind]}: {item['handle']} is missing {', '.join(missing)}")
    return found


def item(kind: str, handle: str, version: str | None = None) -> dict[str, Any] | None:
    """Return a shipped item, the newest version unless one is named."""
    found = [
        entry
        for entry in items(kind)
        if entry["handle"] == handle and version in (None, entry["version"])
    ]
    return found[-1] if found else None


def in_language(entry: dict[str, Any], locale: str | None) -> dict[str, Any]:
    """Return the part of an item in a language, in the source language if there is none."""
    part: dict[str, Any] = entry.get(choose(locale)) or entry[SOURCE]
    return part
