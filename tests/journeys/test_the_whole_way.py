"""From the first page to a complaint that is answered: a guest on a slow phone, with scripts and without."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from merchants.photos import keep_photo, prepare_photo
from merchants.vietqr.payload import DecodedCode, decode
from shop.order.models import Fulfilment, Order, Payment
from shop.purchase.complaints.models import Complaint, ComplaintPhoto
from tests.factories.catalogue import give_picture
from tests.journeys.conftest import Shop
from tests.journeys.test_buying import bank_reports
from tests.journeys.walk import Walk, begin
from tests.shop.workspace.scene import photo_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Phone = Callable[..., BrowserContext]
BROKEN = "Hai lọ bị vỡ khi mở hộp, mật chảy hết ra ngoài."


@pytest.fixture
def pictured(shop: Shop, settings: Any, tmp_path: Any) -> Shop:
    """The two goods with photos that are there in all sizes."""
    settings.MEDIA_ROOT = str(tmp_path)
    for product in (shop.honey, shop.rice):
        photo = prepare_photo(photo_file(size=(1200, 900)).read())
        give_picture(product, name=keep_photo(photo, today=timezone.localdate()))
    return shop


def code_of(page: Page, order: Order) -> DecodedCode:
    """The order's code, read from its picture as a bank app would."""
    picture = page.locator(f"#pay-{order.number} .pay-card__code img")
    assert picture.is_visible()
    address = page.evaluate("src => new URL(src, document.baseURI).href", picture.get_attribute("src"))
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(page.request.get(address).body())))
    return decode(read.text)


def put_in_basket(walk: Walk, name: str) -> None:
    """From the page of the goods."""
    walk.look(f"goods: {name}")
    walk.tap(walk.page.locator("button:visible", has_text="Thêm vào giỏ").first)
    walk.page.wait_for_url("**/gio-hang/")
    expect(walk.page.get_by_role("link", name=name)).to_be_visible()


def fill_in(page: Page) -> None:
    page.locator("[name=name]").fill("Lê Quang Minh")
    page.locator("[name=phone]").fill("0912 345 678")
    page.locator("[name=commune]").select_option("17605")
    page.locator("[name=street]").fill("Xóm 4")


def hand_over(phone: Phone, shop: Shop, signed_in_as: Any, order: Order) -> Page:
    """Lan confirms, packs and sends; returns her browser."""
    at_work = phone()
    signed_in_as(at_work, shop.lan.user)
    hers = at_work.new_page()
    hers.set_default_timeout(12_000)
    for state in (Fulfilment.CONFIRMED, Fulfilment.PACKED, Fulfilment.SENT):
        hers.goto(f"{shop.address}/quan-ly/don-hang/{order.number}/")
        form = hers.locator(f"form:has(input[name=to][value={state}]):visible").first
        for sure in form.locator("[name=sure]").all():
            sure.check()
        with hers.expect_navigation():
            form.locator("button[type=submit]").click()
    order.refresh_from_db()
    assert order.fulfilment == Fulfilment.SENT
    return hers


def complain(walk: Walk, order: Order) -> Complaint:
    """The goods have come broken: say so, with a photo."""
    page = walk.page
    card = page.locator(f"#pay-{order.number}")
    walk.look("purchase, on its way")
    card.get_by_role("button", name="Tôi đã nhận hàng").tap()
    card.get_by_role("link", name="Khiếu nại hoặc trả hàng").tap()
    page.wait_for_url("**/khieu-nai/")
    page.locator("[name=topic][value=damaged]").check()
    page.locator("[name=wish][value=part_refund]").check()
    page.locator("[name=text]").fill(BROKEN)
    photo = {"name": "vo.jpg", "mimeType": "image/jpeg", "buffer": photo_file(size=(1600, 1200)).read()}
    page.locator("[name=photos]").set_input_files([photo])
    walk.look("complaint, filled in")
    page.get_by_role("button", name="Gửi khiếu nại").tap()
    page.wait_for_url("**/khieu-nai/KN*/")
    case = Complaint.objects.get()
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.number)
    expect(page.get_by_text(BROKEN)).to_be_visible()
    expect(page.locator(".thread__photos img")).to_have_count(1)
    page.locator(".thread__photos img").scroll_into_view_if_needed()
    walk.look("complaint, sent")
    assert (case.order, case.topic, case.wish) == (order, "damaged", "part_refund")
    assert ComplaintPhoto.objects.count() == 1
    return case


def answer(hers: Page, shop: Shop, case: Complaint) -> None:
    """Lan looks at the photo and offers 30.000 ₫ back."""
    hers.goto(f"{shop.address}/quan-ly/khieu-nai/{case.number}/")
    photo = hers.locator(".thread__photos img").get_attribute("src")
    shown = hers.request.get(f"{shop.address}{photo}")
    assert Image.open(BytesIO(shown.body())).size == (1200, 900)
    hers.locator("[name=kind][value=part_refund]").check()
    hers.locator("#amount").fill("30.000")
    with hers.expect_navigation():
        hers.get_by_role("button", name="Gửi đề nghị").click()


def reads_the_answer(walk: Walk, shop: Shop) -> None:
    walk.page.reload()
    expect(walk.page.get_by_role("heading", name=f"{shop.lan.merchant.name} đề nghị")).to_be_visible()
    expect(walk.page.locator("section[aria-labelledby=offer] .lead")).to_contain_text("30.000\xa0₫")
    walk.look("complaint, answered")


def test_a_guest_finds_buys_pays_and_complains_on_a_slow_phone(
    pictured: Shop, phone: Phone, signed_in_as: Any, complaints: list[str]
) -> None:
    shop, walk = pictured, begin(phone)
    page = walk.page

    # the first by a suggestion, the second by the list of what was found
    page.goto(f"{shop.address}/")
    walk.look("home")
    page.get_by_role("combobox").press_sequentially("mat on")
    offered = page.get_by_role("option").filter(has_text="Mật ong hoa rừng")
    expect(offered).to_be_visible()
    walk.look("home, suggestions")
    walk.tap(offered)
    page.wait_for_url("**/san-pham/mat-ong-hoa-rung-*/")
    put_in_basket(walk, "Mật ong hoa rừng")
    walk.look("basket of one")
    page.get_by_role("combobox").fill("gao nep")
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/san-pham/?q=gao+nep")
    assert page.locator(".product-card__name").all_inner_texts() == ["Gạo nếp cái hoa vàng"]
    walk.look("found")
    walk.tap(page.get_by_role("link", name="Gạo nếp cái hoa vàng").first)
    page.wait_for_url("**/san-pham/gao-nep-*/")
    put_in_basket(walk, "Gạo nếp cái hoa vàng")
    expect(page.locator(".action-bar .price")).to_have_text("200.000\xa0₫")  # at the door
    walk.look("basket of two")

    # three taps to the code
    walk.taps.clear()
    walk.tap(page.locator(".action-bar a"))
    page.wait_for_url("**/thanh-toan/")
    fill_in(page)
    walk.tap(page.locator("[name=accept_terms]"))
    walk.look("checkout")
    walk.tap(page.get_by_role("button", name="Đặt hàng"))
    page.wait_for_url("**/mua/*/")
    first, second = Order.objects.order_by("pk")
    codes = [code_of(page, first)]
    assert walk.taps == ["Đặt hàng", "accept_terms", "Đặt hàng · 200.000 ₫"]

    # paid one after the other; nobody touches the page
    expect(page.get_by_text("Đã trả 0/2")).to_be_visible()
    walk.look("purchase, to pay")
    assert bank_reports(shop, codes[0], 1).json() == {"success": True}
    expect(page.get_by_text("Đã trả 1/2")).to_be_visible(timeout=15_000)
    codes.append(code_of(page, second))
    assert bank_reports(shop, codes[1], 2).json() == {"success": True}
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn bạn! Đã trả xong cả rồi.", timeout=15_000)
    assert len(walk.taps) == 3
    assert [(code.account, code.amount, code.memo) for code in codes] == [
        (shop.lan.account.number, 120_000, first.number),
        (shop.tam.account.number, 80_000, second.number),
    ]
    walk.look("purchase, paid")
    paid = Order.objects.order_by("pk").values_list("merchant", "total_incl_tax", "payment")
    assert list(paid) == [
        (shop.lan.merchant.pk, Decimal(120_000), Payment.PAID),
        (shop.tam.merchant.pk, Decimal(80_000), Payment.PAID),
    ]

    hers = hand_over(phone, shop, signed_in_as, first)
    page.reload()
    case = complain(walk, first)
    answer(hers, shop, case)
    reads_the_answer(walk, shop)

    assert walk.faults == []
    assert complaints == []
    assert len(walk.seen) == 14, walk.seen


def test_the_same_way_without_scripts(pictured: Shop, phone: Phone, signed_in_as: Any) -> None:
    shop, walk = pictured, begin(phone, scripts=False)
    page = walk.page

    page.goto(f"{shop.address}/")
    walk.look("home")
    assert page.locator("html.has-js").count() == 0
    page.get_by_role("searchbox").fill("mat ong")
    walk.tap(page.get_by_role("search").get_by_role("button"))
    page.wait_for_url("**/san-pham/?q=mat+ong")
    assert page.locator(".product-card__name").all_inner_texts() == ["Mật ong hoa rừng"]
    walk.look("found")
    walk.tap(page.get_by_role("link", name="Mật ong hoa rừng").first)
    page.wait_for_url("**/san-pham/mat-ong-hoa-rung-*/")
    put_in_basket(walk, "Mật ong hoa rừng")
    page.get_by_role("searchbox").fill("gao nep")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/san-pham/?q=gao+nep")
    walk.tap(page.get_by_role("link", name="Gạo nếp cái hoa vàng").first)
    page.wait_for_url("**/san-pham/gao-nep-*/")
    put_in_basket(walk, "Gạo nếp cái hoa vàng")
    walk.look("basket of two")

    walk.taps.clear()
    walk.tap(page.locator(".action-bar a"))
    page.wait_for_url("**/thanh-toan/")
    fill_in(page)
    walk.tap(page.locator("[name=accept_terms]"))
    walk.look("checkout")
    walk.tap(page.get_by_role("button", name="Đặt hàng · 200.000\xa0₫"))
    page.wait_for_url("**/mua/*/")
    first, second = Order.objects.order_by("pk")
    assert walk.taps == ["Đặt hàng", "accept_terms", "Đặt hàng · 200.000 ₫"]
    walk.look("purchase, to pay")

    # each time she looks, the page says what has come and shows the next code
    look_again = page.get_by_role("link", name="Xem tiền đã về chưa")
    codes = [code_of(page, first)]
    assert bank_reports(shop, codes[0], 1).json() == {"success": True}
    walk.tap(look_again)
    expect(page.get_by_text("Đã trả 1/2")).to_be_visible()
    codes.append(code_of(page, second))
    assert bank_reports(shop, codes[1], 2).json() == {"success": True}
    walk.tap(look_again)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn bạn! Đã trả xong cả rồi.")
    assert [(code.account, code.amount, code.memo) for code in codes] == [
        (shop.lan.account.number, 120_000, first.number),
        (shop.tam.account.number, 80_000, second.number),
    ]
    assert list(Order.objects.values_list("payment", flat=True)) == [Payment.PAID, Payment.PAID]
    walk.look("purchase, paid")

    hers = hand_over(phone, shop, signed_in_as, first)
    page.reload()
    case = complain(walk, first)
    answer(hers, shop, case)
    reads_the_answer(walk, shop)

    assert walk.faults == []
    assert len(walk.seen) == 12, walk.seen
