"""What axe-core finds wrong on a page: WCAG 2.2, levels A and AA."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# `target-size` (WCAG 2.5.8, AA) is switched off in axe unless asked for by name.
OPTIONS = {
    "runOnly": {"type": "tag", "values": WCAG_22_AA},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def barriers(page: Page) -> list[str]:
    """Each broken rule with the places and what is wrong there; empty when axe finds nothing.

    Asks the browser, not the page, so that no content policy forbids it; the page's scripts must be on, though. Looks
    at the whole page at once: axe would call too small what lies under a bar that stays in sight.
    """
    seen = page.viewport_size or {"width": 360, "height": 740}
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": seen["width"], "height": max(height, seen["height"])})
    found: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    page.set_viewport_size(seen)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
