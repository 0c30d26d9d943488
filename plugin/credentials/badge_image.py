"""The picture of an achievement as SVG: readable by screen readers, in the community's colour.

Pure and always the same for the same words, so a reader, a forum and a wallet see one picture.
Presentation attributes only: no style sheet, no script, no outside reference.
"""

from __future__ import annotations

from hashlib import sha256
from math import cos, pi, sin
from textwrap import wrap
from xml.sax.saxutils import escape

SIZE = 480
# Pairs of (field, ring): each field has more than 7:1 contrast to the cream letters on it.
PALETTE = (
    ("#6b3300", "#f3a93c"),
    ("#134b63", "#7cc4e0"),
    ("#1d5135", "#8fd0a5"),
    ("#5a2d6d", "#d5a6e3"),
    ("#7d2334", "#f0a3a5"),
    ("#3a3f6b", "#aab3f0"),
)
_CREAM = "#fff7e8"


def colours(community: str) -> tuple[str, str]:
    """The community's own pair, from its handle."""
    return PALETTE[sha256(community.encode()).digest()[0] % len(PALETTE)]


def swatch(number: int) -> str:
    """A dot in a pair of colours, to choose by."""
    field, ring = PALETTE[number]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28" width="28" height="28">'
        f'<circle cx="14" cy="14" r="13" fill="{ring}"/><circle cx="14" cy="14" r="10" '
        f'fill="{field}"/></svg>'
    )


def render(
    *, name: str, issuer: str, description: str, community: str, colour: int | None = None
) -> str:
    """The badge as an SVG document, in a chosen pair of colours or the community's own."""
    chosen = colour if colour is not None and 0 <= colour < len(PALETTE) else None
    field, ring = colours(community) if chosen is None else PALETTE[chosen]
    lines = _lines(name)
    size = 46 if max(map(len, lines)) <= 11 else 40 - 3 * len(lines)
    top = 300 + size * 0.35 - (len(lines) - 1) * size * 0.58
    text = "".join(
        f'<text x="240" y="{top + number * size * 1.16:.0f}" font-size="{size}" '
        f'font-weight="700">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" '
        f'width="{SIZE}" height="{SIZE}" aria-labelledby="name about">'
        f'<title id="name">{escape(name)} – {escape(issuer)}</title>'
        f'<desc id="about">{escape(description)}</desc>'
        f'<path fill="{ring}" d="{_scallop(232, 24)}"/>'
        f'<circle cx="240" cy="240" r="206" fill="{field}"/>'
        f'<circle cx="240" cy="240" r="192" fill="none" stroke="{ring}" stroke-width="3"/>'
        f"{_lantern(ring)}"
        f'<g fill="{_CREAM}" text-anchor="middle" '
        f'font-family="system-ui, Segoe UI, Noto Sans, sans-serif">{text}'
        f'<text x="240" y="394" font-size="21" fill="{ring}">'
        f"{escape(_shortened(issuer, 20))}</text></g></svg>"
    )


def _lines(name: str) -> list[str]:
    """At most three lines; what does not fit ends in an ellipsis, the title has it all."""
    return wrap(name, width=16, max_lines=3, placeholder=" …", break_long_words=True) or [name]


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _scallop(radius: int, petals: int) -> str:
    """The edge of a seal: a circle of small arcs."""
    points = [
        (
            240 + radius * 0.955 * cos(2 * pi * n / petals),
            240 + radius * 0.955 * sin(2 * pi * n / petals),
        )
        for n in range(petals + 1)
    ]
    bow = radius * pi / petals
    arcs = " ".join(f"A{bow:.1f} {bow:.1f} 0 0 1 {x:.1f} {y:.1f}" for x, y in points[1:])
    return f"M{points[0][0]:.1f} {points[0][1]:.1f} {arcs} Z"


def _lantern(light: str) -> str:
    return (
        f'<g transform="translate(240 152)"><circle r="62" fill="{light}" opacity="0.22"/>'
        f'<g fill="none" stroke="{_CREAM}" stroke-width="7" stroke-linecap="round" '
        'stroke-linejoin="round"><path d="M-18 -40c0-26 36-26 36 0"/>'
        '<path d="M-30 -40h60l7 14h-74z"/><path d="M-31 -26l-6 66h74l-6-66"/>'
        '<path d="M-42 46h84"/></g>'
        f'<path fill="{light}" d="M0 -20 C14 -5 20 5 20 16 A20 20 0 0 1 -20 16 '
        'C-20 9 -17 4 -12 -2 C-11 4 -9 7 -6 8 C-7 -2 -5 -11 0 -20 Z"/></g>'
    )
