"""Titles to slugs, raw text to safe HTML, colours of avatars. Pure."""

from __future__ import annotations

import re
import unicodedata
import zlib
from html import escape

_COLOURS = ("a4c791", "ecb155", "9dc877", "e480cc", "8edcd7", "b5a1f2", "f0a79d", "7ab8e0")
_INLINE = (
    (re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)\"'<]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"(?<![\"=>])(https?://[^\s<\"']*[^\s<.,;:!?)\"'])"), r'<a href="\1">\1</a>'),
    (re.compile(r"\*\*([^*\n]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*([^*\n]+)\*(?!\w)"), r"<em>\1</em>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
)


def slugify(title: str, empty: str = "topic") -> str:
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-") or empty


def cook(raw: str) -> str:
    """A small part of Markdown: paragraphs, links, emphasis, code. Everything is escaped first."""
    html = []
    for paragraph in re.split(r"\n\s*\n", raw.strip()):
        text = escape(paragraph.strip(), quote=False)
        for pattern, replacement in _INLINE:
            text = pattern.sub(replacement, text)
        lines = text.split("\n")
        if all(line.startswith(("- ", "* ")) for line in lines):
            items = "".join(f"<li>{line[2:]}</li>" for line in lines)
            html.append(f"<ul>{items}</ul>")
        else:
            html.append("<p>" + "<br>\n".join(lines) + "</p>")
    return "\n".join(html)


def avatar_number(username: str) -> int:
    return zlib.crc32(username.lower().encode()) % len(_COLOURS)


def avatar_template(username: str) -> str:
    letter = username[:1].lower() or "x"
    colour = _COLOURS[avatar_number(username)]
    return f"/letter_avatar_proxy/v4/letter/{letter}/{colour}/{{size}}.png"


def entropy(text: str) -> int:
    return len(set(text))
