"""Oscar's dashboard in a real browser: every link of it, and its filters, without a complaint of any kind."""

from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import resolve, reverse
from oscar.core.loading import get_model
from PIL import Image
from playwright.sync_api import Browser, Page, Response

from shop.oscar_dashboard import READABLE
from tests.factories import MembershipFactory, UserFactory
from tests.factories.purchases import basket_with, place, sellable_product
from tests.people import quang_of_the_platform
from tests.sign_in import sign_in

ProductImage = get_model("catalogue", "ProductImage")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop_with_orders() -> Any:
    """Two sellers, more goods than a page of the list holds, three orders in three states; returns one order."""
    goods = [sellable_product(title=f"Chum sành {number}") for number in range(2)]
    for product in goods:
        drawn = BytesIO()
        Image.new("RGB", (90, 60), "#c60").save(drawn, "PNG")
        ProductImage.objects.create(product=product, original=ContentFile(drawn.getvalue(), "chum-sanh.png"))
        MembershipFactory(merchant=product.merchant, user=UserFactory())
    for number in range(20):
        sellable_product(title=f"Gạo {number}", merchant=goods[0].merchant)
    orders = [place(basket_with({product: 1})).orders[0] for product in (*goods, goods[0])]
    orders[0].notes.create(message="Đã gọi điện hỏi lại.")
    return orders[0]


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, live_server: Any, complaints: list[str]) -> Page:
    """A page of a member of the platform's staff who has passed the second factor."""
    cookie = sign_in(Client(), quang_of_the_platform(), second_factor=True).cookies["sessionid"]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()

    def note_answer(answer: Response) -> None:
        if answer.status >= 400:
            complaints.append(f"{answer.status} {answer.url} on {page.url}")

    page.on("response", note_answer)
    page.on("requestfailed", lambda request: complaints.append(f"{request.failure} {request.url} on {page.url}"))
    page.on("pageerror", lambda error: complaints.append(f"{error} on {page.url}"))
    page.on(
        "console",
        lambda said: complaints.append(f"{said.text} on {page.url}") if said.type in {"error", "warning"} else None,
    )
    return page


def links_below(page: Page, prefix: str) -> set[str]:
    """Addresses of the page's links below the prefix, without what follows a #; files are not opened."""
    found = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
    )
    addresses = {urljoin(page.url, href).partition("#")[0] for href in found}
    return {address for address in addresses if urlsplit(address).path.startswith(prefix)}


def kind_of(address: str) -> tuple[str, ...]:
    """One row of a list stands for the others, one list sorted by a column for the same list further on."""
    parts = urlsplit(address)
    name = resolve(parts.path).url_name or ""
    return (name, *(parts.query.split("&") if name in READABLE else ()))[:2]


def test_every_link_of_the_dashboard_opens_without_a_complaint(
    page: Page, live_server: Any, shop_with_orders: Any, complaints: list[str]
) -> None:
    opened: set[tuple[str, ...]] = set()
    waiting = [live_server.url + "/dashboard/"]

    while waiting:
        address = waiting.pop()
        if (kind := kind_of(address)) in opened:
            continue
        opened.add(kind)
        page.goto(address)
        assert page.title().endswith("| OCOP"), address
        waiting += sorted(links_below(page, "/dashboard/"))

    assert READABLE - {"order-detail-note", "order-line-detail"} <= {kind[0] for kind in opened}
    assert ("catalogue-product-list", "page=2") in opened
    assert complaints == []


def test_filters_and_day_pickers_of_the_dashboard_work(
    page: Page, live_server: Any, shop_with_orders: Any, complaints: list[str]
) -> None:
    page.goto(live_server.url + "/dashboard/orders/")
    page.get_by_label("Người mua hoặc số điện thoại").fill("le quang minh")
    page.locator("#id_status").select_option("placed", force=True)
    page.locator("#id_date_from ~ .input-group-append, .input-group:has(#id_date_from) .input-group-append").click()
    page.locator(".bootstrap-datetimepicker-widget .day.today").click()
    chosen = page.get_by_label("Từ ngày").input_value()
    page.get_by_role("button", name="Tìm").click()
    assert page.locator("tbody tr").count() == 3
    assert page.get_by_label("Từ ngày").input_value() == chosen
    assert len(chosen) == len("24/11/2026")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các đơn này").click()
    assert download.value.suggested_filename == "orders.csv"

    page.goto(live_server.url + "/dashboard/catalogue/")
    page.get_by_label("Sản phẩm hoặc cơ sở").fill("chum sanh 1")
    page.get_by_role("button", name="Tìm").click()
    assert page.locator("tbody tr").count() == 1
    page.locator("a.sub-image").click()
    page.locator("#product-image-modal img").wait_for(state="visible")
    page.get_by_role("button", name="Đóng").click()

    page.goto(live_server.url + "/dashboard/users/")
    page.get_by_label("Tên, số điện thoại").fill("pham quang")
    page.get_by_role("button", name="Tìm").click()
    assert page.locator("tbody tr").count() == 1

    page.goto(live_server.url + "/dashboard/reports/")
    page.get_by_role("button", name="Xem báo cáo").click()
    assert page.locator("tbody tr").count() == 3

    page.goto(live_server.url + "/dashboard/orders/statistics/")
    page.get_by_role("button", name="Đếm").click()
    page.get_by_role("link", name="Đã đặt").click()
    assert page.locator("tbody tr").count() == 3
    assert complaints == []


@pytest.mark.parametrize("width", [360, 768])
def test_the_dashboard_fits_a_phone(page: Page, live_server: Any, shop_with_orders: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    person = UserFactory()

    for path in (
        "/dashboard/",
        "/dashboard/catalogue/",
        "/dashboard/orders/",
        reverse("dashboard:order-detail", args=[shop_with_orders.number]),
        reverse("dashboard:user-detail", args=[person.pk]),
        "/dashboard/users/",
        "/dashboard/partners/",
        "/dashboard/reports/?report_type=order_report",
        "/dashboard/offers/",
    ):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
