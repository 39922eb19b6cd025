"""The colours of the coverage bands: the palette, its order, and ink that can be read on each of them."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

CSS = (Path(__file__).resolve().parents[2] / "static" / "dukcapil" / "portal.css").read_text(encoding="utf-8")
# 0–19, 20–39, 40–59, 60–79, 80–99 and from 100 per cent on: light to dark.
PALETTE = ["#e8f1fa", "#b5d2ec", "#74a9d8", "#3477b5", "#0b4a85", "#06264a"]
DARK_INK, LIGHT_INK = "#06264a", "#ffffff"
INKS = [DARK_INK, DARK_INK, DARK_INK, LIGHT_INK, LIGHT_INK, LIGHT_INK]
READABLE = 4.5  # WCAG 2.2 AA


def variable(name: str) -> str:
    """The colour of a custom property; every place that sets it sets the same, in light and dark."""
    (colour,) = set(re.findall(rf"--{name}: (#\w+);", CSS))
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def painted(selector: str, attribute: str) -> str:
    """The colour that a rule for this very selector gives, its custom property resolved."""
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        colour = re.search(rf"(?<![\w-]){attribute}: var\(--([\w-]+)\)", rules)
        if colour and selector in listed(selectors):
            return variable(colour[1])
    raise AssertionError(f"no rule paints {attribute} of {selector}")


def listed(selectors: str) -> list[str]:
    """Each selector of a list; `:is(.a, .b) text` is two of them."""
    if match := re.search(r":is\(([^)]*)\)(.*)", selectors):
        return [f"{part.strip()}{match[2].rstrip()}" for part in match[1].split(",")]
    return [part.strip() for part in selectors.split(",")]


def luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("band", range(6))
def test_tile_and_legend_have_their_bands_colour(band: int) -> None:
    assert painted(f".tile-{band} rect", "fill") == PALETTE[band]
    assert painted(f".band-{band}", "background") == PALETTE[band]


@pytest.mark.parametrize("band", range(6))
def test_the_ink_on_a_band_can_be_read(band: int) -> None:
    ink = painted(f".tile-{band} text", "fill")
    assert ink == painted(f".band-{band}", "color") == INKS[band]
    lighter, darker = sorted([luminance(ink), luminance(PALETTE[band])], reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= READABLE


def test_more_is_darker() -> None:
    assert sorted(PALETTE, key=luminance, reverse=True) == PALETTE
