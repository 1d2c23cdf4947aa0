"""Every page that is somebody's to see: no barrier (WCAG 2.2 AA), nothing sideways at 320 px, no fault in the console.

One browser for all of them, because starting one costs more than a page does. What a page lacks is said with its name.
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from merchants.photos import keep_photo, prepare_photo
from shop.order.models import Order
from shop.payments.by_word import sellers_word
from shop.purchase.states import advance_fulfilment
from tests.accessibility import barriers
from tests.factories import listed_product
from tests.factories.catalogue import give_picture
from tests.factories.complaints import in_state
from tests.factories.pages import guide_page, home_page, policy_page, story_index, story_page
from tests.shop.workspace.scene import DELIVER_AND_CASH, DELIVER_AND_TRANSFER, photo_file
from tests.test_access import ACCESS, World
from tests.test_access import world as world  # noqa: PLC0414  # the fixture
from tests.test_markup import ROLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH_PX = 320
# Files and fragments; pages draw what is in them.
NO_PAGES = {"healthz", "readyz", "favicon", "storefront:suggestions", "storefront:me", "purchase:purchase_state"}


class Visitor:
    """One browser; a page for each role, all of them noted in `faults`."""

    def __init__(self, browser: Browser, world: World, address: str) -> None:
        self.browser, self.world, self.address = browser, world, address
        self.pages: dict[str, Page] = {}
        self.faults: list[str] = []
        self.seen: list[str] = []

    def page(self, role: str) -> Page:
        if role not in self.pages:
            context = self.browser.new_context(viewport={"width": WIDTH_PX, "height": 700}, locale="vi-VN")
            if role != "anonymous":
                session = self.world.client(role).cookies["sessionid"].value
                context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("console", lambda said: self.note(page, said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.note(page, str(error)))
            self.pages[role] = page
        return self.pages[role]

    def note(self, page: Page, fault: str) -> None:
        self.faults.append(f"{page.url.removeprefix(self.address)}: {fault}")

    def visit(self, path: str, *, role: str = "anonymous") -> Page:
        page = self.page(role)
        answer = page.goto(self.address + path)
        assert answer is not None
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            self.faults.append(f"{path}: {answer.status}, {answer.headers.get('content-type')}")
        else:
            self.look(page, path)
        return page

    def look(self, page: Page, name: str) -> None:
        self.seen.append(name)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > WIDTH_PX:
            self.faults.append(f"{name}: {width} px wide")
        self.faults += [f"{name}: {barrier}" for barrier in barriers(page)]


@pytest.fixture
def visitor(browser: Browser, world: World, live_server: Any, settings: Any, tmp_path: Any) -> Visitor:
    settings.MEDIA_ROOT = str(tmp_path)
    photo = keep_photo(prepare_photo(photo_file(size=(900, 700)).read()), today=timezone.localdate())
    give_picture(world.scene.product, name=photo)
    world.scene.merchant.portrait = photo
    world.scene.merchant.save()
    return Visitor(browser, world, live_server.url)


def is_html(client: Client, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


def test_no_address_of_the_shop_or_of_work_has_a_barrier(visitor: Visitor) -> None:
    world = visitor.world
    for name, access in sorted(ACCESS.items()):
        if access.method != "get" or name in NO_PAGES:
            continue
        role = next((role for role in ROLES if role in access.allowed), sorted(access.allowed)[0])
        path = reverse(name, kwargs=access.key(world))
        if is_html(world.client(role), path):
            visitor.visit(path, role=role)

    assert visitor.faults == []
    assert len(visitor.seen) >= 39, visitor.seen


def paid(order: Order, world: World) -> Order:
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=order.total_incl_tax, actor=world.people["owner"])
    return order


def test_no_state_of_a_purchase_or_a_case_has_a_barrier(visitor: Visitor) -> None:
    world = visitor.world
    scene = world.scene
    world.policy.delete()  # no order here accepts it
    orders = {
        "told": world.order,
        "awaiting": scene.order(DELIVER_AND_TRANSFER),
        "cash": scene.order(DELIVER_AND_CASH),
        "paid": paid(scene.order(), world),
        "cancelled": scene.order(),
    }
    advance_fulfilment(order=orders["cancelled"], to="cancelled", by="buyer", reason="đổi ý")
    for order in orders.values():
        visitor.visit(order.purchase.get_absolute_url())
        visitor.visit(reverse("workspace:order", args=[order.number]), role="owner")
    for state in ("offered", "returning", "carried_out", "refused", "advised", "resolved"):
        kind = "return_refund" if state == "returning" else "part_refund"
        case = in_state(state, kind=kind, order=None)
        keys = {"token": case.order.purchase.token, "number": case.order.number, "case": case.number}
        visitor.visit(reverse("purchase:complaint", kwargs=keys))
    form = visitor.visit(
        reverse(
            "purchase:complaint_new", kwargs={"token": orders["paid"].purchase.token, "number": orders["paid"].number}
        )
    )
    with form.expect_navigation():
        form.evaluate("document.querySelector('main form').submit()")
    visitor.look(form, "complaint with errors")

    assert visitor.faults == []


def test_no_page_on_the_way_to_an_order_has_a_barrier(visitor: Visitor) -> None:
    world = visitor.world
    jars = listed_product(merchant=world.scene.merchant, labels={"250 ml": 90_000, "500 ml": 170_000}, stars=5)
    gone = listed_product(merchant=world.scene.merchant, title="Gạo nếp hết hàng", in_stock=0)

    visitor.visit("/san-pham/?q=khong-co-gi-nhu-the")
    visitor.visit("/san-pham/?q=mat+ong&sao=5&gia_tu=1000&con_hang=1")
    visitor.visit(gone.get_absolute_url())
    visitor.visit("/tim-don/")
    page = visitor.visit(jars.get_absolute_url())
    page.locator("button:visible", has_text="Thêm vào giỏ").first.click()
    page.wait_for_url("**/gio-hang/")
    visitor.look(page, "basket")
    visitor.visit("/thanh-toan/")
    page.get_by_role("button", name="Đặt hàng").click()
    page.locator("[data-error-summary]:visible").wait_for()
    visitor.look(page, "checkout, what the browser misses")
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form').submit()")  # past our own script, to the server
    assert page.locator("[role=alert]").count() > 0
    visitor.look(page, "checkout, what the server misses")

    [refused] = visitor.faults
    assert refused.endswith("the server responded with a status of 422 (Unprocessable Entity)")


def test_no_page_that_is_told_or_signs_in_has_a_barrier(visitor: Visitor) -> None:
    home = home_page()
    index = story_index()
    pages = [
        home, index, story_page(index), guide_page(),
        policy_page(title="Riêng tư", slug="rieng-tu", kind="privacy"),
    ]  # fmt: skip

    for page in pages:
        visitor.visit(page.get_url())
    for path in ("login/", "signup/", "password/reset/", "login/code/"):
        visitor.visit(f"/tai-khoan/{path}")
    for path in ("password/change/", "email/", "2fa/", "2fa/totp/activate/", "reauthenticate/"):
        visitor.visit(f"/tai-khoan/{path}", role="buyer")
    for path in ("", "them/"):
        visitor.visit(f"/tai-khoan/dia-chi/{path}", role="buyer")
    visitor.visit("/en/")
    visitor.visit("/en/san-pham/")

    assert visitor.faults == []


def test_a_barrier_would_be_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html><body><main><input><p style="color:#ccc">mờ</p></main></body></html>')

    rules = {barrier.split(":")[0] for barrier in barriers(page)}
    assert rules >= {"html-has-lang", "label", "color-contrast"}
