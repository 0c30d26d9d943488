"""Our badge pictures as PNG, for places that take no SVG (wallets, LinkedIn, link previews).

Only pictures that `badge_image` drew come here: the renderer would read files that a picture names.
Letters outside the packaged font are drawn with the fonts of the machine, where it has any. This is
the only module that imports resvg_py.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import resvg_py

_FONT = "DejaVu Sans Condensed"
_PACKAGED = re.compile("[\\x00-\\u024f\\u0370-\\u052f\\u1e00-\\u1eff\\u2010-\\u203a]*")


@lru_cache(maxsize=256)
def png(svg: str, size: int = 600) -> bytes:
    """The picture as PNG, `size` pixels wide. Kept: drawing takes some tens of milliseconds."""
    with resources.as_file(
        resources.files("plugin.credentials") / "data" / "badge-font.ttf"
    ) as font:
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            width=size,
            skip_system_fonts=_PACKAGED.fullmatch(svg) is not None,
            font_files=[str(font)],
            font_family=_FONT,
            sans_serif_family=_FONT,
        )
