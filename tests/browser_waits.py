"""Waiting in a browser's page under our strict policy, where Playwright's own `wait_for_function` may not poll."""

from playwright.sync_api import Page

TURN_MS, TURNS = 100, 100


def wait_until(page: Page, expression: str) -> None:
    """Ask the page until the expression is true; AssertionError after ten seconds."""
    for _turn in range(TURNS):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(TURN_MS)
    raise AssertionError(f"not true after {TURN_MS * TURNS / 1_000:.0f} s: {expression}")
