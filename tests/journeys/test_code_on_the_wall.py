"""An officer takes the code on a wall onto the register: by camera, photo or keyboard; the camera may be refused."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from merchants.models import PaymentCode
from merchants.vietqr.image import draw_png
from merchants.vietqr.payload import encode
from tests.accessibility import barriers
from tests.conftest import CHROMIUM_FLAGS
from tests.journeys.conftest import Shop
from tests.people import hoa_the_officer
from tests.sign_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYLOAD = encode(bin="970405", account="DEMO7654321")


def seen_by_camera(width: int = 640, height: int = 480) -> Image.Image:
    """A wall with the code on it, a little askew and grey, as a phone sees it."""
    code = Image.open(io.BytesIO(draw_png(PAYLOAD, module_px=6))).convert("RGB")
    wall = Image.new("RGB", (width, height), (168, 160, 144))
    wall.paste(code, ((width - code.width) // 2, (height - code.height) // 2))
    return wall.rotate(7, fillcolor=(168, 160, 144), resample=Image.Resampling.BICUBIC)


@pytest.fixture
def camera_film(tmp_path: Path) -> Path:
    """A film in the one format that Chromium's fake camera takes: MJPEG, the same picture again and again."""
    film = tmp_path / "wall.mjpeg"
    frame = io.BytesIO()
    seen_by_camera().save(frame, "JPEG", quality=85)
    film.write_bytes(frame.getvalue() * 30)
    return film


@pytest.fixture
def camera_browser(browser: Browser, chromium_path: str, camera_film: Path) -> Iterator[Browser]:
    """A second Chromium beside the usual one, with that film for a camera."""
    film = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera_film}"]
    second = browser.browser_type.launch(executable_path=chromium_path, args=[*CHROMIUM_FLAGS, *film])
    yield second
    second.close()


@pytest.fixture
def officer_cookie(shop: Shop) -> list[dict[str, str]]:
    client = sign_in(Client(), hoa_the_officer(shop.lan.merchant.commune), second_factor=True)
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": shop.address}]


def scan_page(context: BrowserContext, shop: Shop, cookie: Any) -> Page:
    context.add_cookies(cookie)
    page = context.new_page()
    page.goto(shop.address + reverse("merchants:adopt") + f"?co-so={shop.lan.merchant.pk}")
    return page


def save(page: Page, shop: Shop) -> None:
    page.get_by_label("Chủ tài khoản").fill("Nguyễn Thị Lan")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.wait_for_url(f"**{reverse('merchants:business', args=[shop.lan.merchant.pk])}")


def test_camera_reads_the_code_and_the_account_comes_onto_the_register(
    shop: Shop, camera_browser: Browser, officer_cookie: Any
) -> None:
    context = camera_browser.new_context(
        viewport={"width": 360, "height": 740}, permissions=["camera"], locale="vi-VN", base_url=shop.address
    )
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.add_init_script("delete window.BarcodeDetector")
    page = scan_page(context, shop, officer_cookie)

    page.get_by_role("button", name="Mở máy ảnh").click()

    expect(page.get_by_role("heading", name="Mã VietQR")).to_be_visible(timeout=15_000)
    expect(page.locator("dd", has_text="DEMO7654321")).to_be_visible()
    save(page, shop)
    code = PaymentCode.objects.get()
    assert (code.origin, code.payload, code.account.number) == ("adopted", PAYLOAD, "DEMO7654321")
    assert complaints == []
    context.close()


def test_photo_does_the_same(
    shop: Shop, phone: Callable[..., BrowserContext], officer_cookie: Any, complaints: list[str], tmp_path: Path
) -> None:
    photo = tmp_path / "tuong.jpg"
    seen_by_camera(2400, 1800).save(photo, "JPEG")
    page = scan_page(phone(), shop, officer_cookie)

    page.get_by_label("Hoặc chọn ảnh chụp mã").set_input_files(photo)

    expect(page.get_by_role("heading", name="Mã VietQR")).to_be_visible(timeout=15_000)
    assert complaints == []


def test_photo_without_a_code_is_said_so(
    shop: Shop, phone: Callable[..., BrowserContext], officer_cookie: Any, tmp_path: Path
) -> None:
    photo = tmp_path / "troi.jpg"
    Image.new("RGB", (600, 600), "skyblue").save(photo, "JPEG")
    page = scan_page(phone(), shop, officer_cookie)

    page.get_by_label("Hoặc chọn ảnh chụp mã").set_input_files(photo)

    expect(page.get_by_role("status").filter(has_text="Không thấy mã trong ảnh")).to_be_visible(timeout=15_000)
    assert barriers(page) == []


def test_refused_camera_leaves_photo_and_keyboard(
    shop: Shop, phone: Callable[..., BrowserContext], officer_cookie: Any
) -> None:
    page = scan_page(phone(), shop, officer_cookie)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') } }"
    )

    page.get_by_role("button", name="Mở máy ảnh").click()

    expect(page.get_by_text("Trang này chưa được phép dùng máy ảnh", exact=False)).to_be_visible()
    page.get_by_label("Nội dung mã").fill(PAYLOAD)
    page.get_by_role("button", name="Xem là mã gì").click()
    expect(page.get_by_role("heading", name="Mã VietQR")).to_be_visible()
    assert barriers(page) == []
    save(page, shop)


def test_typing_works_without_scripts(shop: Shop, phone: Callable[..., BrowserContext], officer_cookie: Any) -> None:
    page = scan_page(phone(scripts=False), shop, officer_cookie)
    assert not page.get_by_role("button", name="Mở máy ảnh").is_visible()

    page.get_by_label("Nội dung mã").fill(PAYLOAD)
    page.get_by_role("button", name="Xem là mã gì").click()
    save(page, shop)

    assert PaymentCode.objects.get().origin == "adopted"
