"""Discourse's length limits, met before it refuses: a clear cut that says so. Pure."""

from __future__ import annotations

LONGEST_TITLE = 255
LONGEST_BADGE_NAME = 100
LONGEST_RAW = 32_000
SHORTEST_RAW = 20


def cut(text: str, limit: int, ending: str = "…") -> str:
    """At most ``limit`` characters, cut at a word where one is near, with a visible end."""
    text = text.strip()
    if len(text) <= limit:
        return text
    kept = text[: limit - len(ending)]
    space = kept.rfind(" ")
    if space > limit * 0.8:
        kept = kept[:space]
    return kept.rstrip() + ending


def title(text: str) -> str:
    """A topic title: one line."""
    return cut(" ".join(text.split()), LONGEST_TITLE)


def raw(text: str, *, more_at: str = "") -> str:
    """A post; when it must be cut, its end names the page where the whole text stands."""
    if len(text.strip()) <= LONGEST_RAW:
        return text.strip()
    return cut(text, LONGEST_RAW, f"…\n\n{more_at}".rstrip() if more_at else "…")
