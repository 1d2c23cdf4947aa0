"""The shop in a real browser: keeps the content policy, fits a small phone, works without scripts."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_waits import wait_until
from tests.factories import MerchantFactory, listed_product
from tests.factories.catalogue import give_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(browser: Browser, *, width: int, scripts: bool = True) -> tuple[Page, list[str]]:
    """A page of that width, and what its console complains about."""
    page = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=scripts).new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def test_pages_fit_a_small_phone_and_break_no_content_policy(browser: Browser, live_server: Any) -> None:
    merchant = MerchantFactory(name="Hợp tác xã Nông nghiệp Dịch vụ Tổng hợp Long Thành")
    product = listed_product(title="Mật ong hoa vườn nhãn quay một lần trong năm", merchant=merchant, stars=5)
    paths = [
        "/san-pham/", "/san-pham/?q=mat+ong&nhom=so-che&sao=5&gia_tu=1000&con_hang=1", "/san-pham/?q=xyzzy",
        product.get_absolute_url(), merchant.get_absolute_url(), product.certificates.get().get_absolute_url(),
    ]  # fmt: skip
    page, complaints = opened(browser, width=320)

    for path in paths:
        page.goto(live_server.url + path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert complaints == []


def test_the_data_for_search_engines_is_in_the_document(browser: Browser, live_server: Any) -> None:
    product = listed_product(title='Mật </script><img src=x onerror="window.broken=1">')
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + product.get_absolute_url(), wait_until="networkidle")
    data = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")

    assert data["@graph"][0]["name"] == product.title
    assert page.evaluate("window.broken") is None
    assert complaints == []


def test_one_finds_narrows_and_buys_without_scripts(browser: Browser, live_server: Any) -> None:
    listed_product(title="Mật ong rừng", price=120_000, stars=4)
    listed_product(title="Mật ong nhà", price=90_000)
    listed_product(title="Gạo nếp", price=30_000, ocop_set=3)
    page, _complaints = opened(browser, width=360, scripts=False)
    page.goto(live_server.url + "/san-pham/")

    page.get_by_role("searchbox").fill("mat ong")
    page.get_by_role("search").get_by_role("button").click()
    assert page.locator(".product-card").count() == 2

    page.locator(".filters > summary").click()
    page.get_by_text("Số sao").click()
    page.get_by_label("OCOP 4 sao").check()
    page.get_by_role("button", name="Xem hàng").click()
    assert page.locator(".product-card").count() == 1
    assert "q=mat+ong" in page.url
    assert "sao=4" in page.url

    page.get_by_role("link", name="Mật ong rừng").click()
    page.get_by_role("button", name="Thêm vào giỏ").first.click()
    page.wait_for_url("**/gio-hang/")
    assert "Mật ong rừng" in (page.text_content("main") or "")


def test_pictures_open_large_and_are_turned_by_the_keyboard(browser: Browser, live_server: Any) -> None:
    product = listed_product(title="Mật ong")
    for _ in range(3):
        give_picture(product)
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + product.get_absolute_url(), wait_until="networkidle")
    strip = "document.querySelector('.lightbox__strip')"

    page.locator("[data-gallery-picture]").first.click()
    assert page.locator("dialog.lightbox").is_visible()
    page.keyboard.press("ArrowRight")
    page.get_by_text("2 / 3").wait_for()
    page.get_by_role("button", name="Phóng to").click()
    assert page.evaluate(f"{strip}.children[1].scrollWidth") > 2 * 360
    page.get_by_role("button", name="Ảnh sau").click()
    page.get_by_text("3 / 3").wait_for()
    page.keyboard.press("Escape")

    assert page.locator("dialog.lightbox").is_hidden()
    assert page.evaluate("document.activeElement.href").endswith("anh-minh-hoa.webp")
    assert [text for text in complaints if "404" not in text] == []  # the test's picture has no file


def test_goods_looked_at_are_remembered_by_the_browser_alone(browser: Browser, live_server: Any) -> None:
    first, second = listed_product(title="Mật ong", price=50_000), listed_product(title="Gạo nếp")
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + first.get_absolute_url(), wait_until="networkidle")
    assert page.locator("[data-last-seen]").is_hidden()

    page.goto(live_server.url + second.get_absolute_url(), wait_until="networkidle")
    seen = page.locator("[data-last-seen] .last-seen__link")
    assert seen.all_inner_texts() == ["Mật ong\n50.000\xa0₫"]
    assert seen.get_attribute("href") == first.get_absolute_url()

    page.evaluate(
        """localStorage.setItem('last-seen', '[{"id":"1","path":"javascript:alert(1)","name":"x"}, 7, null]')"""
    )
    page.reload(wait_until="networkidle")
    assert seen.count() == 0

    page.goto(live_server.url + first.get_absolute_url(), wait_until="networkidle")
    page.get_by_role("button", name="Xóa hết").click()
    assert page.evaluate("localStorage.getItem('last-seen')") == "[]"
    assert page.locator("[data-last-seen]").is_hidden()
    assert complaints == []


def test_the_price_follows_the_chosen_variant(browser: Browser, live_server: Any) -> None:
    product = listed_product(labels={"250 ml": 90_000, "500 ml": 170_000}, in_stock=3)
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + product.get_absolute_url(), wait_until="networkidle")

    page.get_by_text("500 ml").last.click()

    assert page.locator(".product__price .price").inner_text() == "170.000\xa0₫"
    assert page.locator(".action-bar [data-variant-price]").inner_text() == "170.000\xa0₫"
    assert page.locator(".action-bar [data-variant-label]").inner_text() == "500 ml"
    assert complaints == []


@pytest.mark.parametrize("kept_page", [True, False])
def test_coming_back_from_the_basket_price_and_choice_agree(
    browser: Browser, live_server: Any, *, kept_page: bool
) -> None:
    product = listed_product(labels={"250 ml": 98_000, "500 ml": 185_000}, in_stock=3)
    page, complaints = opened(browser, width=360)
    if not kept_page:
        page.add_init_script("addEventListener('unload', () => {})")  # such a page is read anew on Back
    page.goto(live_server.url + product.get_absolute_url(), wait_until="networkidle")
    page.get_by_text("500 ml").last.click()
    page.locator(".action-bar button").click()
    page.wait_for_url("**/gio-hang/")

    page.go_back(wait_until="networkidle")

    assert page.locator("[data-variants] input:checked").get_attribute("data-label") == "500 ml"
    expect(page.locator(".action-bar .price:visible")).to_have_text("185.000\xa0₫")
    expect(page.locator(".product__price .price")).to_have_text("185.000\xa0₫")
    expect(page.locator(".action-bar [data-variant-label]")).to_have_text("500 ml")
    assert complaints == []


def test_without_scripts_the_bar_names_no_price_of_one_variant(browser: Browser, live_server: Any) -> None:
    product = listed_product(labels={"250 ml": 98_000, "500 ml": 185_000}, in_stock=3)
    page, _complaints = opened(browser, width=360, scripts=False)
    page.goto(live_server.url + product.get_absolute_url())

    assert page.locator(".action-bar__sum").inner_text().strip() == "từ 98.000\xa0₫"


def test_back_closes_the_large_picture_and_leaves_the_page_as_it_was(browser: Browser, live_server: Any) -> None:
    product = listed_product(title="Mật ong")
    give_picture(product)
    page, _complaints = opened(browser, width=360)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")
    page.goto(live_server.url + product.get_absolute_url(), wait_until="networkidle")

    for close in (page.go_back, lambda: page.keyboard.press("Escape")):
        page.locator("[data-gallery-picture]").first.click()
        assert page.locator("dialog.lightbox").is_visible()
        close()
        expect(page.locator("dialog.lightbox")).to_be_hidden()
        wait_until(page, "history.state === null")
        assert page.url.endswith(product.get_absolute_url())

    page.go_back(wait_until="networkidle")
    assert page.url.endswith("/san-pham/")


def test_the_sheet_of_filters_has_its_buttons_at_the_bottom_folded_and_unfolded(
    browser: Browser, live_server: Any
) -> None:
    for number in (1, 2, 3):
        listed_product(title=f"Gạo {number}", price=number * 10_000, ocop_set=number, stars=3)
    page, _complaints = opened(browser, width=360)
    bottom = "document.querySelector('.filters__foot').getBoundingClientRect().bottom"

    for query in ("", "?sao=3&con_hang=1"):
        page.goto(live_server.url + "/san-pham/" + query, wait_until="networkidle")
        page.locator(".filters > summary").click()
        for fold in (True, False):
            page.evaluate("open => document.querySelectorAll('.facet').forEach(one => (one.open = open))", not fold)
            assert page.evaluate(bottom) == 740, (query, fold)


def test_the_list_under_the_search_field_ends_with_a_whole_row(browser: Browser, live_server: Any) -> None:
    for number in range(8):
        listed_product(title=f"Mật ong hoa vườn nhãn quay một lần trong năm, loại {number}")
    page, _complaints = opened(browser, width=360)
    page.set_viewport_size({"width": 360, "height": 500})
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")

    page.get_by_role("combobox").first.type("mat ong")
    page.locator(".suggest__option--all").first.wait_for()

    panel, last = page.locator(".suggest").first, page.locator(".suggest__option--all").first
    assert panel.evaluate("one => one.scrollHeight <= one.clientHeight")
    assert last.evaluate("one => one.getBoundingClientRect().bottom") <= 500
    assert 2 <= panel.locator("[role=group]").first.locator("[role=option]").count() < 6


def test_a_sort_order_sends_itself_where_scripts_run(browser: Browser, live_server: Any) -> None:
    for title, price in (("Rẻ", 10_000), ("Đắt", 90_000)):
        listed_product(title=title, price=price)
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")

    page.get_by_label("Thứ tự").select_option("gia")
    page.wait_for_url("**sap_xep=gia**")

    assert page.locator(".product-card__name").all_inner_texts() == ["Rẻ", "Đắt"]
    assert complaints == []


def test_choices_on_a_phone_change_the_list_in_place_and_the_back_button_undoes_them(
    browser: Browser, live_server: Any
) -> None:
    listed_product(title="Tương nếp", ocop_set=9, stars=4)
    listed_product(title="Tỏi", ocop_set=10)
    listed_product(title="Mật ong", ocop_set=4)
    page, complaints = opened(browser, width=360)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")
    page.locator("#filters > summary").click()
    page.locator("#facet-nhom > summary").click()

    page.get_by_label("Gia vị").check()
    page.wait_for_url("**/san-pham/?nhom=gia-vi")
    page.locator("[data-catalogue-status]", has_text="2 món hàng").wait_for(state="attached")

    assert page.evaluate("document.activeElement.id") == "facet-nhom-gia-vi"
    assert page.locator("#filters[open] #facet-nhom[open]").count() == 1
    assert page.locator("h1").inner_text() == "Gia vị"
    assert page.locator(".product-card").count() == 2
    page.get_by_role("button", name="Xem hàng").click()
    assert page.locator("#filters[open]").count() == 0

    page.get_by_role("link", name="Tương nếp").click()
    page.wait_for_url("**/san-pham/tuong-nep-*/")
    page.go_back()
    page.wait_for_url("**/san-pham/?nhom=gia-vi")
    assert page.locator(".product-card").count() == 2
    page.go_back()
    page.wait_for_url("**/san-pham/")
    page.locator(".product-card").nth(2).wait_for()
    assert page.locator("h1").inner_text() == "Tất cả hàng quê"
    assert complaints == []


def test_the_link_to_the_other_language_follows_the_choices_there_and_back(browser: Browser, live_server: Any) -> None:
    listed_product(title="Tương nếp", ocop_set=9)
    listed_product(title="Mật ong", ocop_set=4)
    page, complaints = opened(browser, width=1280)
    page.goto(live_server.url + "/san-pham/?sap_xep=gia", wait_until="networkidle")

    page.locator("#sort").select_option("gia-giam")
    page.locator(".language-switch a[href='/en/san-pham/?sap_xep=gia-giam']").wait_for()
    page.go_back()
    page.locator(".language-switch a[href='/en/san-pham/?sap_xep=gia']").wait_for()

    page.locator(".language-switch a").click()
    page.wait_for_url("**/en/san-pham/?sap_xep=gia")
    assert complaints == []


@pytest.mark.parametrize("trouble", ["answers with an error", "is out of reach"])
def test_where_the_server_fails_the_list_says_so_and_asks_again_at_a_press(
    browser: Browser, live_server: Any, trouble: str
) -> None:
    listed_product(title="Tương nếp", ocop_set=9)
    listed_product(title="Mật ong", ocop_set=4)
    page, _complaints = opened(browser, width=360)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")
    page.locator("#filters > summary").click()
    page.locator("#facet-nhom > summary").click()
    choice = "**/san-pham/?nhom=gia-vi"
    page.route(choice, lambda route: route.fulfill(status=502) if "error" in trouble else route.abort())

    page.get_by_label("Gia vị").check()

    fault = page.locator("[data-catalogue-fault]")
    fault.get_by_text("Chưa lấy được danh sách mới").wait_for()
    assert page.url == live_server.url + "/san-pham/"
    assert page.locator(".product-card").count() == 2
    page.unroute(choice)
    fault.get_by_role("button", name="Lấy lại").click()
    page.wait_for_url(choice)
    assert page.locator(".product-card").count() == 1
    assert fault.is_hidden()


def test_a_list_that_is_slow_to_come_says_that_it_is_on_its_way(browser: Browser, live_server: Any) -> None:
    listed_product(title="Tương nếp", ocop_set=9)
    page, _complaints = opened(browser, width=360)
    page.goto(live_server.url + "/san-pham/", wait_until="networkidle")
    held: list[Any] = []
    page.route("**/san-pham/?sap_xep=gia", lambda route: held.append(route))

    page.locator("#sort").select_option("gia")

    page.locator("[data-catalogue-wait]").get_by_text("Đang lấy hàng").wait_for()
    held[0].continue_()
    page.wait_for_url("**/san-pham/?sap_xep=gia")
    page.locator("[data-catalogue-wait]").wait_for(state="hidden")
