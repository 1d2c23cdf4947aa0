"""An officer finds a bank by a few letters; without scripts a plain list in Vietnamese order does the same."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import Shop
from tests.people import hoa_the_officer
from tests.sign_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(shop: Shop, phone: Callable[..., BrowserContext]) -> Callable[..., Page]:
    officer = sign_in(Client(), hoa_the_officer(shop.lan.merchant.commune), second_factor=True)

    def opened(*, scripts: bool = True) -> Page:
        context = phone(scripts=scripts)
        context.add_cookies([{"name": "sessionid", "value": officer.cookies["sessionid"].value, "url": shop.address}])
        page = context.new_page()
        page.goto(shop.address + reverse("merchants:account_add", args=[shop.lan.merchant.pk]))
        page.get_by_label("Số tài khoản").fill("0123456789")
        page.get_by_label("Chủ tài khoản").fill("Nguyễn Thị Lan")
        return page

    return opened


def accounts(shop: Shop) -> set[tuple[str, str]]:
    new = shop.lan.merchant.bank_accounts.exclude(pk=shop.lan.account.pk)
    return set(new.values_list("bank_code", "holder_name"))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("nong nghiep", "AGRIBANK"),
        ("agri", "AGRIBANK"),
        ("vcb", "VCB"),
        ("970436", "VCB"),
        ("Á Châu", "ACB"),
        ("mb", "MB"),
    ],
)
def test_a_few_letters_find_the_bank(
    shop: Shop, form: Callable[..., Page], complaints: list[str], typed: str, code: str
) -> None:
    page = form()
    field = page.get_by_role("combobox", name="Ngân hàng")

    field.fill(typed)
    field.press("Enter")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url(f"**{reverse('merchants:business', args=[shop.lan.merchant.pk])}")

    assert accounts(shop) == {(code, "NGUYEN THI LAN")}
    assert complaints == []


def test_what_is_no_bank_is_said_beside_the_field_and_nothing_is_sent(shop: Shop, form: Callable[..., Page]) -> None:
    page = form()
    address = page.url

    page.get_by_role("combobox", name="Ngân hàng").fill("xyz")
    page.get_by_role("button", name="Lưu").click()

    assert page.locator(".field__error").inner_text() == "Không có ngân hàng này; hãy chọn trong danh sách."
    assert page.url == address
    assert accounts(shop) == set()


def test_without_scripts_it_is_a_plain_list(shop: Shop, form: Callable[..., Page]) -> None:
    page = form(scripts=False)

    page.get_by_label("Ngân hàng").select_option("VCB")
    page.get_by_role("button", name="Lưu").click()

    assert accounts(shop) == {("VCB", "NGUYEN THI LAN")}


def test_a_tap_opens_all_and_leaving_keeps_what_was_chosen(shop: Shop, form: Callable[..., Any]) -> None:
    page = form()
    field = page.get_by_role("combobox", name="Ngân hàng")
    field.click()
    page.get_by_role("option", name="Vietcombank").click()

    field.click()
    assert page.get_by_role("option").count() > 50
    field.press("Escape")
    field.press("Tab")

    assert field.input_value().startswith("Vietcombank – ")
    assert page.locator("select").first.input_value() == "VCB"
