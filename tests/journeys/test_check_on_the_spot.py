"""An officer before a shop: the camera sees another code, the phone gives its place, the alarm is there; also by photo
and without scripts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from merchants.models import CodeAlarm, CodeCheck
from merchants.payment_codes import issue_code
from tests.accessibility import barriers
from tests.browser_waits import wait_until
from tests.journeys.conftest import Shop
from tests.journeys.test_code_on_the_wall import PAYLOAD, seen_by_camera
from tests.journeys.test_code_on_the_wall import camera_browser as camera_browser  # noqa: PLC0414  # the fixtures
from tests.journeys.test_code_on_the_wall import camera_film as camera_film  # noqa: PLC0414
from tests.journeys.test_code_on_the_wall import officer_cookie as officer_cookie  # noqa: PLC0414
from tests.people import quang_of_the_platform

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def before_the_shop(context: BrowserContext, shop: Shop, cookie: Any) -> Page:
    """The way from the list to Lan's, whose verified code is another than the one on the wall."""
    issue_code(account=shop.lan.account, actor=quang_of_the_platform())
    context.add_cookies(cookie)
    page = context.new_page()
    page.goto(shop.address + reverse("merchants:checks"))
    page.get_by_role("link", name=shop.lan.merchant.name).click()
    page.wait_for_url(f"**{reverse('merchants:check', args=[shop.lan.merchant.pk])}")
    return page


def test_camera_sees_another_code_and_the_visit_raises_the_alarm(
    shop: Shop, camera_browser: Browser, officer_cookie: Any, tmp_path: Path
) -> None:
    context = camera_browser.new_context(
        viewport={"width": 360, "height": 740},
        permissions=["camera", "geolocation"],
        geolocation={"latitude": 18.98765, "longitude": 105.4321, "accuracy": 9},
        locale="vi-VN",
    )
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    page = before_the_shop(context, shop, officer_cookie)
    assert barriers(page) == []

    page.get_by_role("button", name="Mở máy ảnh").click()
    expect(page.get_by_text("Tài khoản khác!", exact=False)).to_be_visible(timeout=15_000)
    assert barriers(page) == []
    page.get_by_role("button", name="Lấy vị trí của tôi").click()
    expect(page.get_by_text("sai số 9 m", exact=False)).to_be_visible()
    photo = tmp_path / "tuong.png"
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(photo)
    page.get_by_label("Ảnh chụp mã đang treo").set_input_files(photo)
    wait_until(page, "document.querySelector('[data-scale-photo]').files[0].name === 'anh.jpg'")
    page.get_by_role("button", name="Lưu lần kiểm tra").click()

    expect(page.get_by_text("Đã ghi lần kiểm tra").first).to_be_visible()
    visit = CodeCheck.objects.get()
    assert (visit.verdict, visit.payload) == ("other_account", PAYLOAD)
    assert (str(visit.latitude), str(visit.longitude), visit.accuracy_m) == ("18.987650", "105.432100", 9)
    assert visit.photo
    assert CodeAlarm.objects.get().visit == visit
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []
    context.close()


def test_photo_is_read_on_the_phone_and_goes_along_small(
    shop: Shop, phone: Callable[..., BrowserContext], officer_cookie: Any, complaints: list[str], tmp_path: Path
) -> None:
    photo = tmp_path / "tuong.png"
    seen_by_camera(2400, 1800).save(photo)
    page = before_the_shop(phone(), shop, officer_cookie)

    page.get_by_label("Ảnh chụp mã").set_input_files(photo)

    expect(page.get_by_text("Tài khoản khác!", exact=False)).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Ảnh chụp mã được lưu kèm", exact=False)).to_be_visible()
    page.get_by_role("button", name="Lưu lần kiểm tra").click()
    expect(page.get_by_text("Đã ghi lần kiểm tra").first).to_be_visible()
    assert CodeCheck.objects.get().photo
    assert complaints == []


def test_without_scripts_the_server_reads_the_photo(
    shop: Shop, phone: Callable[..., BrowserContext], officer_cookie: Any, tmp_path: Path
) -> None:
    photo = tmp_path / "tuong.jpg"
    seen_by_camera(1200, 900).save(photo, "JPEG")
    page = before_the_shop(phone(scripts=False), shop, officer_cookie)
    assert not page.get_by_role("button", name="Mở máy ảnh").is_visible()

    page.get_by_label("Ảnh chụp mã").set_input_files(photo)
    page.get_by_role("button", name="Xem là mã gì").click()
    expect(page.get_by_text("Tài khoản khác!", exact=False)).to_be_visible()
    page.get_by_role("button", name="Lưu lần kiểm tra").click()

    expect(page.get_by_text("Đã ghi lần kiểm tra").first).to_be_visible()
    assert (CodeCheck.objects.get().verdict, CodeAlarm.objects.count()) == ("other_account", 1)
