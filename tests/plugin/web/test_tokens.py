"""The colours, light and dark, keep the contrast that WCAG 2.2 AA asks for (1.4.3 and 1.4.11)."""

import re
from importlib.resources import files

import pytest

CSS = (files("plugin.web") / "static" / "lantern.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
)
THEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["surface", "raised", "sunken"])
@pytest.mark.parametrize("ink", ["text", "muted", "link", "info", "good", "warn", "bad"])
def test_words_can_be_read(theme: str, ground: str, ink: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["surface", "raised"])
@pytest.mark.parametrize("edge", ["edge", "focus"])
def test_edges_of_fields_and_the_focus_can_be_seen(theme: str, ground: str, edge: str) -> None:
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_buttons_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours["on-accent"], colours["accent"]) >= 7
    assert contrast(colours["on-accent"], colours["accent-strong"]) >= 4.5


def test_nothing_sticks_floats_or_names_a_side() -> None:
    assert not re.search(r"position:\s*(fixed|sticky)", CSS)
    assert not re.search(r"(margin|padding|border)-(left|right)\b", CSS)
    assert "@import" not in CSS
    assert "url(" not in CSS
