"""What the search field offers while one types: goods with pictures, kinds, producers; for everyone the same."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser

from catalogue.listed_product import refresh_listed_products
from tests.factories import MerchantFactory, ProductFactory, VillageFactory, listed_product
from tests.shop.storefront.sites import site_of
from tests.shop.storefront.test_in_a_browser import opened


def offered(client: Client, typed: str, path: str = "/san-pham/goi-y/") -> list[str]:
    """The names offered, in their order."""
    response = client.get(f"{path}?q={quote(typed)}")
    assert response.status_code == 200
    context = response.context
    return [
        *(card.name for card in context["goods"]),
        *(found.name for found in context["sets"]),
        *(producer.name for producer in context["producers"]),
    ]


@pytest.mark.django_db
def test_goods_are_offered_by_the_beginning_of_a_word_names_first(client: Client) -> None:
    listed_product(title="Cà pháo", summary="chấm tương", ocop_set=8)
    listed_product(title="Tương nếp", ocop_set=9)

    assert offered(client, "tuo") == ["Tương nếp", "Cà pháo", "Tương, nước mắm, gia vị dạng lỏng khác"]
    text = client.get("/san-pham/goi-y/?q=tuo").content.decode()
    assert "<mark>Tương</mark> nếp" in text
    assert text.count('role="option"') == 4  # the last one searches for all


@pytest.mark.django_db
def test_producers_are_offered_by_their_name_and_only_public_ones(client: Client) -> None:
    MerchantFactory(name="Hợp tác xã Đồng Sen")
    MerchantFactory(name="Hợp tác xã Đồng Kín", is_public=False)

    assert offered(client, "dong") == ["Hợp tác xã Đồng Sen"]
    assert offered(client, "hop dong se") == ["Hợp tác xã Đồng Sen"]
    assert offered(client, "ong") == []


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", " ", "t", "!!", "🍯", "\x00", "' OR 1=1 --", "\u202e", "%", "a" * 5_000, "ع"])
def test_what_cannot_be_meant_offers_nothing_calmly(client: Client, typed: str) -> None:
    listed_product(title="Tương nếp")

    assert offered(client, typed) == []


@pytest.mark.django_db
def test_another_communes_goods_and_producers_are_not_offered(client: Client) -> None:
    here, there = VillageFactory(), VillageFactory()
    listed_product(title="Tương nhà", merchant=MerchantFactory(name="Tương Nhà", village=here))
    listed_product(title="Tương xa", merchant=MerchantFactory(name="Tương Xa", village=there))
    site_of(here.commune, host="nha.example.test")

    response = client.get("/san-pham/goi-y/?q=tuong", headers={"host": "nha.example.test"})

    assert [card.name for card in response.context["goods"]] == ["Tương nhà"]
    assert [producer.name for producer in response.context["producers"]] == ["Tương Nhà"]


@pytest.mark.django_db
def test_a_suggestion_costs_at_most_three_queries_however_many_goods_there_are(client: Client) -> None:
    merchant = MerchantFactory(name="Bánh Bà Hai")

    def queries() -> int:
        client.get("/san-pham/goi-y/?q=x")  # which commune the host shows is known after the first
        with CaptureQueriesContext(connection) as captured:
            client.get("/san-pham/goi-y/?q=banh")
        return len(captured)

    counts = []
    for number in range(20):
        ProductFactory(merchant=merchant, title=f"Bánh đa {number}")
        if number in {1, 19}:
            refresh_listed_products()
            counts.append(queries())

    assert counts[0] == counts[1] <= 3


@pytest.mark.django_db
def test_it_is_not_for_search_engines_and_speaks_the_pages_language(client: Client) -> None:
    listed_product(title="Tương nếp", title_en="Soy sauce", ocop_set=9)
    response = client.get("/en/san-pham/goi-y/?q=soy")

    assert response["X-Robots-Tag"] == "noindex"
    assert [card.name for card in response.context["goods"]] == ["Soy sauce"]
    assert 'href="/en/san-pham/?q=soy"' in response.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_one_chooses_by_keyboard_and_the_field_keeps_the_focus(browser: Browser, live_server: Any) -> None:
    listed_product(title="Tương nếp")
    listed_product(title="Tương ớt")
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")
    field = page.get_by_role("combobox", name="Tìm hàng quê")
    field.focus()
    page.keyboard.type("tuo", delay=20)
    page.locator(".suggest:not([hidden])").wait_for()

    assert field.get_attribute("aria-expanded") == "true"
    assert page.locator(".suggest [role=option]").count() == 3
    assert "2 gợi ý" in (page.locator("form.search [role=status]").text_content() or "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert page.evaluate("document.activeElement.id") == "site-search"
    page.keyboard.press("Escape")
    assert page.locator(".suggest").is_hidden()
    assert field.input_value() == "tuo"
    page.keyboard.press("ArrowDown")
    page.locator(".suggest:not([hidden])").wait_for()
    page.keyboard.press("ArrowDown")
    first = page.locator(".suggest [role=option]").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(first or "?")))
    assert complaints == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_enter_without_a_choice_searches_and_a_tap_opens(browser: Browser, live_server: Any) -> None:
    listed_product(title="Tương nếp")
    page, complaints = opened(browser, width=320)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")
    page.locator("#site-search").type("tuo", delay=20)
    page.locator(".suggest:not([hidden])").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Enter")
    page.wait_for_url("**/san-pham/?q=tuo")

    page.locator("#site-search").fill("tuon")
    page.locator(".suggest:not([hidden])").wait_for()
    page.locator(".suggest [role=option]").first.click()
    page.wait_for_url(re.compile(r"/san-pham/tuong-nep-\d+/$"))
    assert complaints == []
