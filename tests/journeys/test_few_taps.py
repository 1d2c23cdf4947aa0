"""Taps from the goods to the code on a phone of 360 px, typing not counted; and old addresses found while typing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from shop.address.saved_addresses import SavedPlace, save_address
from shop.order.models import Order
from shop.purchase.models import PolicyVersion, Purchase
from tests.journeys.conftest import Shop
from tests.journeys.walk import Walk, begin
from tests.people import minh_the_buyer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Phone = Callable[..., BrowserContext]


def fill_in(page: Page) -> None:
    page.locator("[name=name]").fill("Lê Quang Minh")
    page.locator("[name=phone]").fill("0912 345 678")
    page.locator("[name=street]").fill("Xóm 4")
    page.locator("[name=commune]").select_option("17605")


def buy_now(walk: Walk, shop: Shop) -> None:
    walk.page.goto(shop.address + shop.honey.get_absolute_url())
    walk.taps.clear()
    walk.tap(walk.page.get_by_role("button", name="Mua ngay"))
    walk.page.wait_for_url("**/thanh-toan/")


def order(walk: Walk) -> None:
    walk.tap(walk.page.get_by_role("button", name="Đặt hàng"))
    walk.page.wait_for_url("**/mua/*/")
    expect(walk.page.locator(".pay-card__code img")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_guest_taps_three_times_from_the_goods_to_the_code(shop: Shop, phone: Phone, scripts: bool) -> None:
    walk = begin(phone, scripts=scripts)
    buy_now(walk, shop)

    fill_in(walk.page)
    walk.tap(walk.page.locator("[name=accept_terms]"))
    order(walk)

    assert walk.taps == ["Mua ngay", "accept_terms", "Đặt hàng · 120.000 ₫"]
    assert walk.faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_member_who_bought_before_taps_twice(shop: Shop, phone: Phone, signed_in_as: Any, scripts: bool) -> None:
    minh = minh_the_buyer()
    terms = PolicyVersion.objects.create(
        kind="terms", number=1, title="Điều khoản", text_html="<p>x</p>", sha256="0" * 64,
        published_at=timezone.now(),
    )  # fmt: skip
    Purchase.objects.create(idempotency_key="x" * 24, user=minh, buyer_name="Minh").accepted_policies.add(terms)
    save_address(user=minh, place=SavedPlace("Lê Quang Minh", "+84912345678", "Xóm 4", "17605"))
    walk = begin(phone, scripts=scripts)
    signed_in_as(walk.page.context, minh)

    buy_now(walk, shop)
    walk.look("checkout of a member")
    order(walk)

    assert walk.taps == ["Mua ngay", "Đặt hàng · 120.000 ₫"]
    address = Order.objects.get().shipping_address
    assert (address.first_name, address.line1, address.commune_code) == ("Lê Quang Minh", "Xóm 4", "17605")
    assert walk.faults == []


def test_a_guest_who_comes_back_finds_her_details_on_her_phone_and_can_make_it_forget(shop: Shop, phone: Phone) -> None:
    walk = begin(phone)
    page = walk.page
    buy_now(walk, shop)
    assert page.locator("[data-kept-details-note]").is_hidden()
    fill_in(page)
    page.locator("[name=accept_terms]").check()
    order(walk)

    buy_now(walk, shop)
    expect(page.get_by_text("Chỉ lưu trên điện thoại này")).to_be_visible()
    assert page.locator("[name=name]").input_value() == "Lê Quang Minh"
    assert page.locator("[name=commune]").input_value() == "17605"
    assert not page.locator("[name=accept_terms]").is_checked()
    walk.look("checkout of a guest who came back")
    walk.tap(page.locator("[name=accept_terms]"))
    order(walk)
    assert walk.taps == ["Mua ngay", "accept_terms", "Đặt hàng · 120.000 ₫"]
    assert Order.objects.count() == 2

    buy_now(walk, shop)
    page.get_by_role("button", name="Quên thông tin này").tap()
    assert [page.locator(f"[name={name}]").input_value() for name in ("name", "phone", "street")] == ["", "", ""]
    page.reload()
    assert page.locator("[name=name]").input_value() == ""
    assert page.locator("[data-kept-details-note]").is_hidden()
    assert walk.faults == []


def test_an_old_address_is_found_while_it_is_typed_and_taken_with_one_tap(shop: Shop, phone: Phone) -> None:
    walk = begin(phone)
    page = walk.page
    buy_now(walk, shop)
    place, offered = page.locator("[name=place]"), page.locator("[data-find-place] [role=option]")
    place.press_sequentially("long tha")
    expect(offered.first).to_contain_text("Long Thành (cũ) → xã Hợp Minh, Nghệ An")
    walk.look("checkout, communes offered")
    place.fill("Xóm 3, xã Long Thành, huyện Yên Thành, Nghệ An")
    expect(offered).to_have_count(1)

    offered.tap()

    expect(page.locator(".found-place")).to_contain_text("Long Thành (cũ) → xã Hợp Minh, Nghệ An")
    assert page.locator("[name=commune]").input_value() == "17605"
    assert page.locator("[name=street]").input_value() == "Xóm 3"
    walk.look("checkout, commune taken")
    page.locator("[name=name]").fill("Lê Quang Minh")
    page.locator("[name=phone]").fill("0912 345 678")
    page.locator("[name=accept_terms]").check()
    order(walk)
    address = Order.objects.get().shipping_address
    assert (address.line1, address.line4, address.commune_code) == ("Xóm 3", "Xã Hợp Minh", "17605")
    assert address.former_address == "Xã Long Thành, Huyện Yên Thành, Nghệ An"
    assert walk.faults == []


def test_who_writes_for_an_invoice_or_a_gift_has_ticked_it(shop: Shop, phone: Phone) -> None:
    walk = begin(phone)
    page = walk.page
    buy_now(walk, shop)
    page.locator("summary", has_text="Xuất hóa đơn VAT").tap()
    page.locator("summary", has_text="Quà tặng").tap()
    assert not page.locator("[name=wants_invoice]").is_checked()

    page.locator("[name=invoice_company]").fill("Công ty Thử")
    page.locator("[name=gift_message]").fill("Chúc bà khỏe!")
    page.locator("[name=gift_message]").blur()

    assert page.locator("[name=wants_invoice]").is_checked()
    assert page.locator("[name=is_gift]").is_checked()
    walk.look("checkout, gift and invoice")
    assert walk.faults == []
