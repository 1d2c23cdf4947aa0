"""A plain chart of bars, drawn by the server as SVG: its table stands beside it and says the same in figures."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 320  # of the drawing; the page scales it
ROW_HEIGHT = 40
LONGEST_LABEL = 36  # letters that fit beside the per cent


@dataclass(frozen=True)
class Bar:
    """One bar; `length` is None where there are no figures yet."""

    label: str
    percent: int | None
    text_y: int
    bar_y: int
    length: int | None


@dataclass(frozen=True)
class BarChart:
    title: str
    bars: list[Bar]
    width: int
    height: int


def bar_chart(title: str, rows: Iterable[tuple[str, int | None]]) -> BarChart:
    """Draw (label, per cent 0–100 or None) one under the other. Pure."""
    bars = [
        Bar(
            label=label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…",
            percent=percent,
            text_y=place * ROW_HEIGHT + 14,
            bar_y=place * ROW_HEIGHT + 20,
            length=None if percent is None else percent * WIDTH // 100,
        )
        for place, (label, percent) in enumerate(rows)
    ]
    return BarChart(title=title, bars=bars, width=WIDTH, height=max(1, len(bars)) * ROW_HEIGHT)
