"""What must be reached, as agreed for the project; a target that holds for other numbers of goods is only shown."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`goods` None: at any number. `at_least`: a ratio that must be reached; `at_most`: a figure not to be passed."""

    figure: str
    text: str
    at_least: float | None = None
    at_most: float | None = None
    goods: int | None = None

    def verdict(self, value: float) -> str:
        if self.at_least is not None:
            return "reached" if value >= self.at_least else "MISSED"
        return "reached" if self.at_most is None or value <= self.at_most else "MISSED"

    @property
    def bound(self) -> str:
        return f"≥ {self.at_least:g}×" if self.at_least is not None else f"≤ {self.at_most:g}"


TARGETS = (
    Target("list, uncached: times stock", "list with facet counts, p50", at_least=20, goods=1_000),
    Target("list, uncached: times stock", "list with facet counts, p50", at_least=50, goods=10_000),
    Target("list, uncached: times stock", "list with facet counts, p50", at_least=250, goods=100_000),
    Target("list, cached: times stock", "list, kept, requests a second", at_least=150, goods=1_000),
    Target("list, cached: of the 30 kB string", "list, kept", at_least=0.5),
    Target("product, uncached: times stock", "product, p50", at_least=4),
    Target("product, cached: times stock", "product, kept, requests a second", at_least=18),
    Target("product, cached: of the 30 kB string", "product, kept", at_least=0.5),
    Target("search, uncached: times stock", "search, p50", at_least=8, goods=1_000),
    Target("search, uncached: times stock", "search, p50", at_least=100, goods=100_000),
    Target("list, uncached: p95 against 1000 goods", "list, p95", at_most=2, goods=100_000),
    Target("search, ms of p50 beyond 1.5 × engine", "search page beside the engine alone", at_most=8, goods=100_000),
    Target("search, p95 against the engine's", "search page beside the engine alone", at_most=1.5, goods=100_000),
    Target("guest purchase: times stock", "the whole journey", at_least=3.5),
    Target("place order: times stock", "placing the order", at_least=1.8),
    Target("SePay notice, p50 ms", "notice to “paid”, client's time", at_most=20),
    Target("feed, first byte ms", "Google feed", at_most=300),
    Target("memory of ours, MiB", "two workers after the load, PSS", at_most=300),
)


def judged(figures: Mapping[str, float], goods: int) -> list[tuple[Target, float, str]]:
    """The targets of this number of goods with what was measured."""
    return [
        (target, figures[target.figure], target.verdict(figures[target.figure]))
        for target in TARGETS
        if target.figure in figures and target.goods in {None, goods}
    ]
