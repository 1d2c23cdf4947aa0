"""The main job once through in a real browser: find, buy from two producers, pay each by its code, pack, send."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from merchants.vietqr.payload import DecodedCode, decode
from shop.order.models import Fulfilment, Order, Payment
from tests.journeys.conftest import SECRET, Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Phone = Callable[..., BrowserContext]


def bank_reports(shop: Shop, code: DecodedCode, number: int) -> httpx.Response:
    """What SePay would post, signed by the documentation's rule (developer.sepay.vn, 2026-11), not by our code."""
    body = json.dumps(
        {
            "id": number,
            "gateway": "Vietcombank",
            "transactionDate": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 7 * 3600)),
            "accountNumber": code.account,
            "content": f"MBVCB.{number}.{code.memo} CT tu 0351000646393",
            "transferType": "in",
            "transferAmount": int(code.amount or 0),
            "referenceCode": f"FT{number}",
        }
    ).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "X-SePay-Timestamp": stamp,
        "X-SePay-Signature": f"sha256={signature}",
        "Content-Type": "application/json",
    }
    return httpx.post(f"{shop.address}/webhooks/sepay/", content=body, headers=headers, timeout=20)


def codes_on(page: Page) -> list[DecodedCode]:
    """The codes of the page, read from their pictures as a bank app would."""
    found = []
    for picture in page.locator(".pay-card__code img").all():
        answer = page.request.get(
            page.evaluate("src => new URL(src, document.baseURI).href", picture.get_attribute("src"))
        )

        [read] = zxingcpp.read_barcodes(Image.open(BytesIO(answer.body())))
        found.append(decode(read.text))
    return found


def put_in_basket(page: Page, shop: Shop, words: str, title: str) -> None:
    page.goto(f"{shop.address}/san-pham/?q={words}")
    page.get_by_role("link", name=title).first.click()
    page.locator("button:visible", has_text="Thêm vào giỏ").first.click()  # on a phone: in the bar at the thumb
    page.wait_for_url("**/gio-hang/")


def order_as_guest(page: Page) -> None:
    page.goto(page.url.replace("/gio-hang/", "/thanh-toan/"))
    page.fill("[name=name]", "Lê Quang Minh")
    page.fill("[name=phone]", "0912 345 678")
    page.select_option("[name=commune]", "17605")
    page.fill("[name=street]", "Xóm 4")
    page.check("[name=accept_terms]")
    page.locator("form button[type=submit]:not([name=refresh])").last.click()
    page.wait_for_url("**/mua/*/")


def test_two_producers_are_paid_by_their_codes_and_the_page_turns_to_paid_by_itself(
    shop: Shop, phone: Phone, complaints: list[str], signed_in_as: Any
) -> None:
    page = phone().new_page()
    put_in_basket(page, shop, "mat ong", "Mật ong hoa rừng")
    put_in_basket(page, shop, "gao nep", "Gạo nếp cái hoa vàng")

    order_as_guest(page)

    codes = codes_on(page)
    assert {(code.account, code.amount) for code in codes} == {
        (shop.lan.account.number, 120_000),
        (shop.tam.account.number, 80_000),
    }
    for number, code in enumerate(codes, start=1):
        assert bank_reports(shop, code, number).json() == {"success": True}
    expect(page.locator(".pay-card--paid")).to_have_count(2, timeout=20_000)
    assert list(Order.objects.values_list("payment", flat=True)) == [Payment.PAID, Payment.PAID]

    order = Order.objects.get(merchant=shop.lan.merchant)
    at_work = phone()
    signed_in_as(at_work, shop.lan.user)
    hers = at_work.new_page()
    for state in (Fulfilment.CONFIRMED, Fulfilment.PACKED, Fulfilment.SENT):
        hers.goto(f"{shop.address}/quan-ly/don-hang/{order.number}/")
        form = hers.locator(f"form:has(input[name=to][value={state}]):visible").first
        for sure in form.locator("input[name=sure]").all():
            sure.check()
        with hers.expect_navigation():
            form.locator("button[type=submit]").click()
        order.refresh_from_db()
        assert order.fulfilment == state
    assert complaints == []


def test_the_same_purchase_without_scripts(shop: Shop, phone: Phone) -> None:
    page = phone(scripts=False).new_page()
    put_in_basket(page, shop, "mat ong", "Mật ong hoa rừng")

    order_as_guest(page)

    assert page.locator(".pay-card__code img").count() == 1
    order = Order.objects.get()
    page.locator("summary", has_text="Tôi đã chuyển").click()
    page.locator("form[action$='/da-chuyen/'] button").click()
    page.wait_for_load_state()
    assert order.payment_attempts.get().buyer_says_sent_at is not None


def test_no_public_page_scrolls_sideways_at_320_px(shop: Shop, phone: Phone, complaints: list[str]) -> None:
    page = phone(width=320).new_page()
    put_in_basket(page, shop, "mat ong", "Mật ong hoa rừng")
    paths = [
        "/", "/san-pham/", shop.honey.get_absolute_url(), shop.lan.merchant.get_absolute_url(), "/gio-hang/",
        "/thanh-toan/", "/tai-khoan/login/", "/en/san-pham/", "/api/v1/docs",
    ]  # fmt: skip

    widths = {}
    for path in paths:
        page.goto(shop.address + path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: width for path, width in widths.items() if width > 320} == {}
    assert complaints == []


def test_an_empty_checkout_says_in_the_pages_language_what_is_missing_and_leads_there(
    shop: Shop, phone: Phone, complaints: list[str]
) -> None:
    page = phone().new_page()
    put_in_basket(page, shop, "mat ong", "Mật ong hoa rừng")
    page.goto(f"{shop.address}/thanh-toan/")

    page.locator("form button[type=submit]:not([name=refresh])").last.click()

    said = page.locator("[data-error-summary]:visible a")
    expect(said).to_have_text(
        [
            "Vui lòng điền họ tên của bạn.",
            "Vui lòng điền số điện thoại.",
            "Vui lòng chọn xã, phường.",
            "Vui lòng ghi số nhà, đường hoặc thôn xóm.",
            "Vui lòng đọc và đồng ý với điều khoản để đặt hàng.",
        ]
    )
    expect(page.locator("[name=name]")).to_be_focused()
    expect(page.locator("#id_phone_own_error")).to_have_text("Vui lòng điền số điện thoại.")
    page.fill("[name=name]", "Lê Quang Minh")
    expect(page.locator("#id_name_own_error")).to_have_count(0)
    assert Order.objects.count() == 0
    assert complaints == []


def test_without_scripts_the_server_names_the_field_and_leads_there(shop: Shop, phone: Phone) -> None:
    page = phone(scripts=False).new_page()
    put_in_basket(page, shop, "mat ong", "Mật ong hoa rừng")
    page.goto(f"{shop.address}/thanh-toan/")
    page.fill("[name=name]", "Lê Quang Minh")
    page.fill("[name=phone]", "12")
    page.select_option("[name=commune]", "17605")
    page.fill("[name=street]", "Xóm 4")
    page.check("[name=accept_terms]")

    page.locator("form button[type=submit]:not([name=refresh])").last.click()

    expect(page.locator("[role=alert] a[href='#id_phone']")).to_have_text("Đây không phải là số điện thoại Việt Nam.")
    expect(page.locator("[name=phone]")).to_be_focused()
    assert page.locator("[name=name]").input_value() == "Lê Quang Minh"
    assert Order.objects.count() == 0
