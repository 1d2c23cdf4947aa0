"""Paying on the very phone that shows the code: keep or share it, leave for the bank app, come back, next code."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from shop.order.models import Order
from shop.payments.by_word import sellers_word
from tests.journeys.conftest import Shop
from tests.journeys.test_buying import order_as_guest, put_in_basket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Phone = Callable[..., BrowserContext]

# What a phone offers and a desktop's browser does not: the share sheet, which here notes what it was given.
SHARE_SHEET = """
  window.shared = [];
  navigator.canShare = () => true;
  navigator.share = async (data) => { window.shared.push({
    text: data.text || "", url: data.url || "", files: (data.files || []).map((f) => [f.name, f.type, f.size]) }); };
"""
# What a browser does when another app comes to the front, and when one comes back.
HIDE = "Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true})"


def go_away(page: Page, *, away: bool) -> None:
    page.evaluate(f"window.away = {str(away).lower()}; {HIDE}; document.dispatchEvent(new Event('visibilitychange'))")


def wait_for_shares(page: Page, count: int) -> list[dict[str, Any]]:
    """What the share sheet was given; the page's policy forbids Playwright's own way to wait for an expression."""
    for _ in range(50):
        if len(shared := page.evaluate("window.shared")) >= count:
            return list(shared)
        page.wait_for_timeout(100)
    raise AssertionError(f"shared {len(shared)} times, not {count}")


def buy_from_both(page: Page, shop: Shop) -> tuple[Order, Order]:
    put_in_basket(page, shop, "mat ong", "Mật ong hoa rừng")
    put_in_basket(page, shop, "gao nep", "Gạo nếp cái hoa vàng")
    order_as_guest(page)
    first, second = Order.objects.order_by("pk")
    return first, second


def pay(order: Order, actor: Any) -> None:
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(order.total_incl_tax), actor=actor)


def test_coming_back_from_the_bank_app_shows_at_once_what_is_paid_and_the_next_code(
    shop: Shop, phone: Phone, complaints: list[str]
) -> None:
    page = phone().new_page()
    first, second = buy_from_both(page, shop)
    expect(page.locator(f"#pay-{first.number} .pay-card__code")).to_be_visible()
    expect(page.locator(f"#pay-{second.number} .pay-card__code")).to_be_hidden()

    go_away(page, away=True)
    pay(first, shop.lan.user)
    page.wait_for_timeout(5_000)
    expect(page.get_by_text("Đã trả 0/2")).to_be_visible()  # a page that nobody sees asks nothing
    go_away(page, away=False)

    expect(page.get_by_text("Đã trả 1/2")).to_be_visible(timeout=3_000)
    expect(page.locator(f"#pay-{second.number} .pay-card__code")).to_be_visible()
    assert complaints == []


def test_a_page_that_the_browser_put_to_sleep_asks_when_it_wakes(shop: Shop, phone: Phone) -> None:
    page = phone().new_page()
    first, _second = buy_from_both(page, shop)
    go_away(page, away=True)
    pay(first, shop.lan.user)

    page.evaluate(
        f"window.away = false; {HIDE}; dispatchEvent(new PageTransitionEvent('pageshow', {{persisted: true}}))"
    )

    expect(page.get_by_text("Đã trả 1/2")).to_be_visible(timeout=3_000)


def test_the_code_goes_to_another_app_with_its_amount_and_reference(shop: Shop, phone: Phone) -> None:
    context = phone()
    context.add_init_script(SHARE_SHEET)
    page = context.new_page()
    first, _second = buy_from_both(page, shop)

    page.locator(f"#pay-{first.number} [data-share-image]").click()
    wait_for_shares(page, 1)
    page.locator("[data-share-link]").click()

    [code, link] = wait_for_shares(page, 2)
    [[name, kind, size]] = code["files"]
    assert (name, kind) == (f"vietqr-{first.number}.png", "image/png")
    assert size > 5_000
    assert code["text"] == f"{shop.lan.merchant.name} · 120.000\u00a0₫ · {first.number}"
    assert link["url"].endswith(f"/mua/{first.purchase.token}/")  # type: ignore[union-attr]


def test_the_code_is_saved_as_a_picture(shop: Shop, phone: Phone) -> None:
    page = phone().new_page()
    first, _second = buy_from_both(page, shop)

    with page.expect_download() as saved:
        page.locator(f"#pay-{first.number} [data-save-image]").click()

    assert saved.value.suggested_filename == f"vietqr-{first.number}.png"
    assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_without_a_network_the_page_says_so_and_goes_on_by_itself(shop: Shop, phone: Phone) -> None:
    context = phone()
    page = context.new_page()
    first, _second = buy_from_both(page, shop)

    context.set_offline(True)
    expect(page.locator("[data-poll-offline]")).to_be_visible(timeout=8_000)
    pay(first, shop.lan.user)
    context.set_offline(False)

    expect(page.get_by_text("Đã trả 1/2")).to_be_visible(timeout=8_000)


def test_a_link_to_a_folded_code_opens_it(shop: Shop, phone: Phone) -> None:
    page = phone().new_page()
    _first, second = buy_from_both(page, shop)

    page.locator(".pay-way__link").nth(1).click()

    expect(page.locator(f"#pay-{second.number} .pay-card__code")).to_be_visible()
