"""The picture of an achievement: well formed, readable, without anything foreign in it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.credentials import badge_image

SVG = "{http://www.w3.org/2000/svg}"
words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=90)


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@given(name=words, issuer=words, description=words)
def test_any_words_give_a_well_formed_picture_with_a_title(
    name: str, issuer: str, description: str
) -> None:
    image = badge_image.render(name=name, issuer=issuer, description=description, community="c")

    root = ElementTree.fromstring(image)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == f"{name} – {issuer}"
    assert root.get("role") == "img"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "path", "circle", "g", "text",
    }  # fmt: skip
    assert len(root.findall(f"{SVG}g/{SVG}text")) <= 4


@pytest.mark.parametrize(("field", "ring"), badge_image.PALETTE)
def test_letters_can_be_read_on_every_colour(field: str, ring: str) -> None:
    assert contrast(field, "#fff7e8") >= 7
    assert contrast(field, ring) >= 4.5


def test_a_community_keeps_its_colours() -> None:
    assert badge_image.colours("oak") == badge_image.colours("oak")
    assert len({badge_image.colours(f"c{n}") for n in range(60)}) == len(badge_image.PALETTE)
