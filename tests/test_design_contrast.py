"""Ink on ground as the stylesheets pair them, measured by WCAG 2.2 contrast from tokens.css itself."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parent.parent / "shop" / "static" / "shop" / "css" / "tokens.css"
COLOURS = dict(re.findall(r"--([a-z]+(?:-[a-z0-9]+)*):\s*(#[0-9a-f]{6});", TOKENS.read_text()))

TEXT = 4.5  # WCAG 1.4.3, text below 24 px
SHAPE = 3.0  # WCAG 1.4.11, edges of controls, icons, the focus ring

PAIRS = [
    *[("ink", ground, TEXT) for ground in ("white", "paper", "paper-deep", "rice-50", "straw-100", "indigo-50")],
    *[("ink", ground, TEXT) for ground in ("alarm-50", "clay-50", "rice-100", "straw-400")],
    *[("ink-soft", ground, TEXT) for ground in ("white", "paper", "paper-deep", "rice-50", "straw-100")],
    *[("rice-700", ground, TEXT) for ground in ("white", "paper", "rice-50", "rice-100")],
    *[("rice-800", ground, TEXT) for ground in ("white", "paper", "rice-50", "rice-100")],
    *[("rice-900", ground, TEXT) for ground in ("white", "paper", "rice-50", "straw-100")],
    *[("white", ground, TEXT) for ground in ("rice-700", "rice-800", "rice-900", "clay-600", "clay-700", "ink")],
    *[("rice-100", ground, TEXT) for ground in ("rice-800", "rice-900")],
    *[("clay-700", ground, TEXT) for ground in ("white", "paper", "paper-deep", "clay-100", "clay-50")],
    ("clay-900", "clay-100", TEXT),
    ("straw-700", "straw-100", TEXT),
    ("straw-700", "white", TEXT),
    *[("indigo-700", ground, TEXT) for ground in ("white", "indigo-50", "indigo-100")],
    *[("alarm-700", ground, TEXT) for ground in ("white", "alarm-50", "alarm-100", "paper")],
    *[("line-strong", ground, SHAPE) for ground in ("white", "paper")],
    *[("rice-500", ground, SHAPE) for ground in ("white", "paper")],
    *[("indigo-700", ground, SHAPE) for ground in ("white", "paper", "rice-100")],
]


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of `#rrggbb`, 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_is_readable_on_its_ground(ink: str, ground: str, least: float) -> None:
    light, dark = sorted((luminance(COLOURS[ink]), luminance(COLOURS[ground])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= least, f"{ink} on {ground}: {(light + 0.05) / (dark + 0.05):.2f}"
