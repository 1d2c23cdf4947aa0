"""Basket, checkout and the purchase page, as a visitor's browser uses them."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from merchants.vietqr.payload import decode
from shop.delivery.models import DeliveryOption
from shop.order.models import Fulfilment, Order, Payment
from shop.partner.models import StockRecord
from shop.payments.by_word import sellers_word
from shop.payments.models import PaymentAttempt
from shop.purchase.holds import end_due_holds
from shop.purchase.models import PolicyVersion, Purchase
from shop.purchase.web.basket_views import whole_number
from tests.factories import BankAccountFactory, MerchantFactory, ProductFactory, UserFactory
from tests.people import Producer, lan_the_producer, tam_the_producer

pytestmark = pytest.mark.django_db
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def lan() -> Producer:
    return lan_the_producer()


@pytest.fixture
def tam() -> Producer:
    return tam_the_producer()


@pytest.fixture(autouse=True)
def delivery() -> None:
    DeliveryOption.objects.create(kind="collect")
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000, free_from_vnd=500_000)


def put(client: Client, product: Any, quantity: int | str = 1, **extra: Any) -> Any:
    form = {"product": product.pk, "quantity": quantity}
    return client.post("/gio-hang/them/", form, **{**OURS, **extra})


def checkout_form(client: Client, **changes: str) -> dict[str, str]:
    """The form as the page shows it, filled in as a guest would."""
    page = client.get("/thanh-toan/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(idempotency_key|seen)" value="([^"]*)"', page))
    filled = {
        "name": "Lê Quang Minh",
        "phone": "0912 345 678",
        "province": "40",
        "commune": "17605",
        "street": "Xóm 4",
        "payment": "transfer",
        "accept_terms": "1",
    }
    return {**hidden, **filled, **changes}


def bought(client: Client, **changes: str) -> Purchase:
    response = client.post("/thanh-toan/", checkout_form(client, **changes))
    assert response.status_code == 302, response.content.decode()[:3000]
    return Purchase.objects.get(token=response.headers["Location"].strip("/").split("/")[-1])


class TestBasket:
    def test_goods_of_two_producers_are_shown_in_two_groups_with_delivery(
        self, client: Client, lan: Producer, tam: Producer
    ) -> None:
        put(client, ProductFactory(merchant=lan.merchant, title="Mật ong", price=90_000), 2)
        put(client, ProductFactory(merchant=tam.merchant, title="Gạo nếp", price=50_000))

        page = client.get("/gio-hang/").content.decode()

        assert page.index("Mật ong Lan") < page.index("Gạo sạch Tâm")
        assert "180.000\u00a0₫" in page
        assert "230.000\u00a0₫" in page
        assert "320.000\u00a0₫" in page  # what is missing until delivery is free
        assert page.count("Phí giao 30.000\u00a0₫") == 2
        assert "Đơn giá 90.000\u00a0₫" in page

    def test_the_sum_with_delivery_to_the_door_is_said_before_the_checkout(
        self, client: Client, lan: Producer, tam: Producer
    ) -> None:
        put(client, ProductFactory(merchant=lan.merchant, title="Mật ong", price=90_000), 2)
        put(client, ProductFactory(merchant=tam.merchant, title="Gạo nếp", price=510_000))

        response = client.get("/gio-hang/")

        assert response.context["total_at_the_door"] == 90_000 * 2 + 30_000 + 510_000
        assert response.content.decode().count("720.000\u00a0₫") == 2  # beside the button, and on wide screens

    def test_without_delivery_to_the_door_the_sum_is_that_of_the_goods(self, client: Client, lan: Producer) -> None:
        DeliveryOption.objects.filter(kind="flat_rate").delete()
        put(client, ProductFactory(merchant=lan.merchant, title="Mật ong", price=90_000), 2)

        response = client.get("/gio-hang/")

        assert response.context["total_at_the_door"] is None
        assert "Kể cả giao tận nơi" not in response.content.decode()

    def test_a_form_from_another_site_puts_nothing_in(self, client: Client) -> None:
        product = ProductFactory()

        response = put(client, product, HTTP_SEC_FETCH_SITE="cross-site")

        assert response.status_code == 403
        assert not Client().cookies and "oscar_open_basket" not in client.cookies

    @pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://testserver.evil.example"])
    def test_an_old_browser_needs_our_origin(self, client: Client, origin: str) -> None:
        response = client.post("/gio-hang/them/", {"product": ProductFactory().pk}, HTTP_ORIGIN=origin)

        assert response.status_code == 403

    def test_an_old_browser_with_our_origin_may_buy(self, client: Client) -> None:
        response = client.post("/gio-hang/them/", {"product": ProductFactory().pk}, HTTP_ORIGIN="http://testserver")

        assert response.status_code == 302
        assert "oscar_open_basket" in client.cookies

    @pytest.mark.parametrize("quantity", ["0", "-1", "1000", "99999999999999999999999", "1.5", "", "x", "٣", "1e3"])
    def test_a_quantity_that_is_none_is_refused_and_nothing_is_put_in(self, client: Client, quantity: str) -> None:
        response = put(client, ProductFactory(), quantity)

        assert response.status_code == 302
        assert "oscar_open_basket" not in client.cookies

    @pytest.mark.parametrize("product", ["0", "-5", "999999", "9" * 17, "9" * 40, "x", "", "1' OR 1=1"])
    def test_a_product_that_does_not_exist_is_refused(self, client: Client, product: str) -> None:
        response = client.post("/gio-hang/them/", {"product": product}, **OURS)

        assert response.status_code == 302
        assert "oscar_open_basket" not in client.cookies

    def test_buy_now_leads_to_the_checkout_and_a_refusal_to_the_basket(self, client: Client, lan: Producer) -> None:
        product = ProductFactory(merchant=lan.merchant)
        form = {"product": product.pk, "quantity": 1, "to": "checkout"}

        assert client.post("/gio-hang/them/", form, **OURS).headers["Location"] == "/thanh-toan/"
        assert bought(client).orders.get().lines.get().product == product
        refused = client.post("/gio-hang/them/", {**form, "quantity": 0}, **OURS)
        assert refused.headers["Location"] == "/gio-hang/"

    def test_lines_are_changed_and_taken_out_and_another_visitors_line_is_not(self, client: Client) -> None:
        put(client, ProductFactory(price=10_000))
        put(client, ProductFactory(price=20_000))
        first, second = re.findall(r'action="(/gio-hang/\d+/so-luong/)"', client.get("/gio-hang/").content.decode())

        client.post(first, {"quantity": "3"})
        Client().post(first, {"quantity": "9"})
        client.post(second.replace("so-luong", "bo"))

        page = client.get("/gio-hang/").content.decode()
        assert "30.000\u00a0₫" in page
        assert page.count("/so-luong/") == 1

    def test_the_sellers_name_leads_to_the_sellers_page(self, client: Client) -> None:
        product = ProductFactory()
        put(client, product)

        assert f'<a href="{product.merchant.get_absolute_url()}">' in client.get("/gio-hang/").content.decode()

    def test_the_basket_costs_as_many_queries_at_20_lines_as_at_2(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        for _ in range(2):
            put(client, ProductFactory())
        client.get("/gio-hang/")
        with django_assert_num_queries(5):  # one of them for the frame of the page
            client.get("/gio-hang/")

        for _ in range(18):
            put(client, ProductFactory())
        client.get("/gio-hang/")  # shows the messages of the eighteen, which are gone then

        with django_assert_num_queries(5):
            assert client.get("/gio-hang/").content.decode().count("/so-luong/") == 20


class TestCheckout:
    def test_checkout_and_ordering_cost_as_many_queries_at_20_lines_as_at_2(self, client: Client) -> None:
        def count(lines: int) -> tuple[int, int]:
            visitor, merchant = Client(), MerchantFactory()
            BankAccountFactory(merchant=merchant)
            for _ in range(lines):
                put(visitor, ProductFactory(merchant=merchant))
            visitor.get("/gio-hang/")  # shows the messages, which are gone then
            visitor.get("/thanh-toan/")
            with CaptureQueriesContext(connection) as looking:
                form = checkout_form(visitor)
            with CaptureQueriesContext(connection) as ordering:
                assert visitor.post("/thanh-toan/", form).status_code == 302
            return len(looking), len([query for query in ordering if "SAVEPOINT" not in query["sql"]])

        count(1)  # what the process keeps for good is asked for once

        assert count(2) == count(20) == (6, 25)  # of the 25 placing takes 18, the rest are basket and form

    def test_one_form_makes_an_order_for_each_producer(self, client: Client, lan: Producer, tam: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant, price=90_000), 2)
        put(client, ProductFactory(merchant=tam.merchant, price=50_000))

        purchase = bought(client)

        first, second = purchase.orders.order_by("pk")
        assert (first.merchant, first.total_incl_tax) == (lan.merchant, Decimal(210_000))
        assert (second.merchant, second.total_incl_tax) == (tam.merchant, Decimal(80_000))
        assert purchase.buyer_phone == "+84912345678"
        assert purchase.shipping_address.line4 == "Xã Hợp Minh"

    def test_sending_the_form_twice_buys_once(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant))
        form = checkout_form(client)

        first, second = client.post("/thanh-toan/", form), client.post("/thanh-toan/", form)

        assert first.headers["Location"] == second.headers["Location"]
        assert Order.objects.count() == 1

    def test_collecting_needs_no_address_and_costs_nothing(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant, price=90_000))

        purchase = bought(client, **{f"delivery-{lan.merchant.pk}": "collect", "street": "", "commune": ""})

        assert purchase.orders.get().total_incl_tax == Decimal(90_000)
        assert purchase.shipping_address is None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 121),
            ("phone", "12"),
            ("phone", "không có"),
            ("email", "a@"),
            ("commune", ""),
            ("commune", "00001"),
            ("province", "99"),
            ("street", ""),
            ("payment", "bitcoin"),
            ("accept_terms", ""),
            ("recipient_phone", "abc"),
        ],
    )
    def test_a_field_that_is_wrong_is_said_and_nothing_is_bought(
        self, client: Client, lan: Producer, field: str, value: str
    ) -> None:
        put(client, ProductFactory(merchant=lan.merchant))

        response = client.post("/thanh-toan/", checkout_form(client, **{field: value}))

        assert response.status_code == 422
        assert "field__error" in response.content.decode()
        assert not Purchase.objects.exists()
        assert StockRecord.objects.get().num_allocated == 0

    def test_a_price_that_changed_after_the_page_was_shown_is_said_first(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant, price=90_000))
        form = checkout_form(client)
        StockRecord.objects.update(price=Decimal(95_000))

        response = client.post("/thanh-toan/", form)

        assert response.status_code == 422
        assert "95.000\u00a0₫" in response.content.decode()
        assert not Order.objects.exists()
        assert bought(client).orders.get().total_incl_tax == Decimal(125_000)

    def test_a_tampered_price_in_the_form_changes_nothing(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant, price=90_000))

        purchase = bought(client, total="1", price="1", unit_price="1")

        assert purchase.orders.get().total_incl_tax == Decimal(120_000)

    def test_what_sold_out_meanwhile_is_left_and_the_rest_is_bought(self, client: Client, lan: Producer) -> None:
        kept, gone = ProductFactory(merchant=lan.merchant, price=90_000), ProductFactory(merchant=lan.merchant)
        put(client, kept)
        put(client, gone)
        StockRecord.objects.filter(product=gone).update(num_in_stock=0)

        purchase = bought(client)

        assert [line.product for line in purchase.orders.get().lines.all()] == [kept]
        assert "/so-luong/" in client.get("/gio-hang/").content.decode()

    def test_another_province_shows_its_communes_and_keeps_what_was_typed(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant))
        form = checkout_form(client, province="01", refresh="1")

        page = client.post("/thanh-toan/", form).content.decode()

        assert "Phường Ba Đình" in page
        assert "Xã Hợp Minh" not in page
        assert "Lê Quang Minh" in page
        assert not Purchase.objects.exists()

    def test_the_accepted_policies_are_kept_with_the_purchase_and_can_be_read(
        self, client: Client, lan: Producer
    ) -> None:
        from django.utils import timezone

        version = PolicyVersion.objects.create(
            kind="terms", number=1, title="Điều khoản", text_html="<p>Nội dung</p>", sha256="0" * 64,
            published_at=timezone.now(),
        )  # fmt: skip
        put(client, ProductFactory(merchant=lan.merchant))

        purchase = bought(client)

        assert list(purchase.accepted_policies.all()) == [version]
        assert "<p>Nội dung</p>" in client.get("/chinh-sach/terms/1/").content.decode()
        assert client.get("/chinh-sach/terms/2/").status_code == 404

    def test_an_empty_basket_leads_back_to_it(self, client: Client) -> None:
        assert client.get("/thanh-toan/").headers["Location"] == "/gio-hang/"

    def test_a_producer_without_an_account_is_paid_in_cash(self, client: Client) -> None:
        put(client, ProductFactory(merchant=MerchantFactory(name="Hộ không tài khoản")))

        purchase = bought(client)

        assert purchase.orders.get().payment == Payment.COD_DUE

    def test_the_pages_are_kept_by_nobody(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant))

        for path in ("/gio-hang/", "/thanh-toan/"):
            headers = client.get(path).headers
            assert headers["Cache-Control"] == "no-store, private"
            assert headers["X-Robots-Tag"] == "noindex, nofollow"
            assert headers["Referrer-Policy"] == "same-origin"
        headers = client.get(bought(client).get_absolute_url()).headers
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store, private", "no-referrer")


class TestPurchasePage:
    @pytest.fixture
    def purchase(self, client: Client, lan: Producer) -> Purchase:
        put(client, ProductFactory(merchant=lan.merchant, price=90_000))
        return bought(client)

    def test_the_code_asks_for_the_exact_amount_with_the_order_number(
        self, client: Client, purchase: Purchase, lan: Producer
    ) -> None:
        order = purchase.orders.get()
        picture = client.get(f"/mua/{purchase.token}/{order.number}/ma.png")

        [found] = zxingcpp.read_barcodes(Image.open(BytesIO(picture.content)))

        code = decode(found.text)
        assert (code.account, code.amount, code.memo) == (lan.account.number, 120_000, order.number)
        card = client.get(f"/mua/{purchase.token}/{order.number}/the.png")
        assert zxingcpp.read_barcodes(Image.open(BytesIO(card.content)))[0].text == found.text

    def test_after_a_part_payment_the_code_asks_for_the_rest(self, client: Client, purchase: Purchase) -> None:
        order = purchase.orders.get()
        Order.objects.update(received_vnd=100_000, payment=Payment.PART_PAID)
        PaymentAttempt.objects.update(allocated_vnd=100_000)

        picture = client.get(f"/mua/{purchase.token}/{order.number}/ma.png")

        assert decode(zxingcpp.read_barcodes(Image.open(BytesIO(picture.content)))[0].text).amount == 20_000

    def test_polling_answers_304_until_something_happens(self, client: Client, purchase: Purchase) -> None:
        path = f"/mua/{purchase.token}/trang-thai/"
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304

        Order.objects.update(received_vnd=120_000, payment=Payment.PAID)

        response = client.get(path, headers={"If-None-Match": etag})
        assert response.status_code == 200
        assert "pay-card--paid" in response.content.decode()

    @pytest.mark.parametrize(
        ("fulfilment", "word"), [("packed", "Đã đóng gói"), ("sent", "Đang giao"), ("delivered", "Đã giao")]
    )
    def test_a_paid_order_tells_the_buyer_how_far_the_goods_are(
        self, client: Client, purchase: Purchase, fulfilment: str, word: str
    ) -> None:
        Order.objects.update(payment=Payment.PAID, received_vnd=120_000, fulfilment=fulfilment, status=fulfilment)

        page = client.get(f"/mua/{purchase.token}/trang-thai/").content.decode()

        assert word in page
        assert ("Người bán đang chuẩn bị" in page) is (fulfilment == "packed")

    def test_polling_costs_few_queries(
        self, client: Client, purchase: Purchase, django_assert_num_queries: Any
    ) -> None:
        path = f"/mua/{purchase.token}/trang-thai/"
        etag = client.get(path).headers["ETag"]
        with django_assert_num_queries(4):  # generation, purchase, its orders, their attempts
            client.get(path, headers={"If-None-Match": etag})

    @pytest.mark.parametrize("token", ["x", "a" * 24, "a" * 5000, "%00", "..%2f"])
    def test_a_guessed_address_shows_nothing(self, client: Client, purchase: Purchase, token: str) -> None:
        order = purchase.orders.get()

        assert client.get(f"/mua/{token}/").status_code == 404
        assert client.get(f"/mua/{token}/{order.number}/ma.png").status_code == 404
        assert client.post(f"/mua/{token}/{order.number}/huy/").status_code == 404
        order.refresh_from_db()
        assert order.fulfilment == Fulfilment.PLACED

    def test_another_purchases_order_number_does_not_open_with_this_token(
        self, client: Client, purchase: Purchase, lan: Producer
    ) -> None:
        other = Client()
        put(other, ProductFactory(merchant=lan.merchant))
        theirs = bought(other).orders.get()

        assert client.get(f"/mua/{purchase.token}/{theirs.number}/ma.png").status_code == 404
        assert client.post(f"/mua/{purchase.token}/{theirs.number}/huy/").status_code == 404

    def test_the_buyer_says_she_has_transferred(self, client: Client, purchase: Purchase) -> None:
        order = purchase.orders.get()

        response = client.post(f"/mua/{purchase.token}/{order.number}/da-chuyen/")

        assert response.headers["Location"] == f"/mua/{purchase.token}/"
        assert order.payment_attempts.get().buyer_says_sent_at is not None
        order.refresh_from_db()
        assert order.payment == Payment.AWAITING

    def test_after_saying_so_the_page_says_first_what_happens_next_and_folds_the_code(
        self, client: Client, purchase: Purchase
    ) -> None:
        order = purchase.orders.get()
        address = purchase.get_absolute_url()
        assert "Đã báo cho người bán" not in client.get(address).content.decode()

        page = client.post(f"{address}{order.number}/da-chuyen/", follow=True).content.decode()

        said, folded = page.index("Đã báo cho người bán, đang chờ xác nhận"), page.index(f'id="code-{order.number}"')
        assert said < page.index("bạn báo đã chuyển 120.000\u00a0₫") < folded < page.index("ma.png")
        assert page.index("Đang chờ người bán xác nhận") < said
        assert "Quét mã để trả tiền" not in page

    def test_one_producer_is_one_transfer_and_phones_are_shown_as_people_write_them(
        self, client: Client, purchase: Purchase
    ) -> None:
        page = client.get(purchase.get_absolute_url()).content.decode()

        assert "Chỉ cần chuyển một lần." in page
        assert "mỗi người một mã" not in page
        assert "0912 345 678" in page
        assert "+84912345678" not in page

    def test_three_producers_are_paid_one_after_the_other(self, client: Client, lan: Producer, tam: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant, price=90_000))
        put(client, ProductFactory(merchant=tam.merchant, price=50_000))
        purchase = bought(client)
        first, second = purchase.orders.order_by("pk")
        address = purchase.get_absolute_url()

        before = client.get(address).content.decode()
        after = client.post(f"{address}{first.number}/da-chuyen/", follow=True).content.decode()
        sellers_word(attempt=first.payment_attempts.get(), amount_vnd=Decimal(120_000), actor=lan.user)
        paid = client.get(address).content.decode()

        assert "Đã trả 0/2" in before and "Còn phải trả: 200.000\u00a0₫" in before
        assert before.index(f'<section class="pay-card" id="pay-{first.number}"') < before.index(
            f'<details class="pay-card" id="pay-{second.number}"'
        )
        assert "Đã trả 0/2" in after and "Còn phải trả: 80.000\u00a0₫" in after
        assert after.index(f'<section class="pay-card" id="pay-{second.number}"') < after.index(
            f'<section class="pay-card" id="pay-{first.number}"'
        )
        assert "Đã trả 1/2" in paid
        assert f'<section class="pay-card pay-card--paid" id="pay-{first.number}"' in paid

    def test_a_code_whose_time_has_run_out_is_not_shown_even_before_the_clock_has_come(
        self, client: Client, purchase: Purchase
    ) -> None:
        etag = client.get(f"{purchase.get_absolute_url()}trang-thai/").headers["ETag"]
        Order.objects.update(hold_until=timezone.now() - timedelta(seconds=1))

        state = client.get(f"{purchase.get_absolute_url()}trang-thai/", headers={"If-None-Match": etag})

        assert state.status_code == 200
        assert "ma.png" not in state.content.decode()
        assert "Đã hết giờ trả tiền" in state.content.decode()

    def test_who_said_transferred_in_time_is_told_what_becomes_of_late_money(
        self, client: Client, purchase: Purchase
    ) -> None:
        order = purchase.orders.get()
        client.post(f"{purchase.get_absolute_url()}{order.number}/da-chuyen/")
        end_due_holds(timezone.now() + timedelta(minutes=31))

        page = client.get(purchase.get_absolute_url()).content.decode()

        assert "Xin đừng chuyển lại: khi tiền về, người bán sẽ nhận lại đơn nếu còn hàng" in page

    def test_the_sellers_own_portrait_stands_on_her_card(
        self, client: Client, purchase: Purchase, lan: Producer
    ) -> None:
        assert "portrait-" in client.get(purchase.get_absolute_url()).content.decode()
        lan.merchant.portrait = "portraits/lan-640.webp"
        lan.merchant.save()

        page = client.get(purchase.get_absolute_url())

        assert page.status_code == 200
        assert "portraits/lan" in page.content.decode()

    def test_inside_a_chat_app_the_page_says_how_to_leave_it(self, client: Client, purchase: Purchase) -> None:
        address = purchase.get_absolute_url()

        assert "Mở bằng trình duyệt" in client.get(address, headers={"User-Agent": "X Zalo/1.0"}).content.decode()
        assert "Mở bằng trình duyệt" not in client.get(address).content.decode()

    def test_a_screenshot_that_is_none_is_refused(self, client: Client, purchase: Purchase) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        order = purchase.orders.get()
        upload = SimpleUploadedFile("a.png", b"<script>", content_type="image/png")

        client.post(f"/mua/{purchase.token}/{order.number}/da-chuyen/", {"picture": upload})

        assert order.payment_attempts.get().buyer_says_sent_at is None

    def test_the_hold_is_lengthened_once(self, client: Client, purchase: Purchase) -> None:
        order = purchase.orders.get()
        path = f"/mua/{purchase.token}/{order.number}/them-gio/"

        client.post(path)
        order.refresh_from_db()
        until = order.hold_until
        client.post(path)
        order.refresh_from_db()

        assert order.hold_extended
        assert order.hold_until == until

    def test_what_the_clock_cancelled_says_why_and_what_goes_back(self, client: Client, purchase: Purchase) -> None:
        order = purchase.orders.get()
        sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(20_000), actor=UserFactory())
        assert end_due_holds(timezone.now() + timedelta(minutes=31)) == 1

        page = client.get(purchase.get_absolute_url()).content.decode()

        assert "Đã hết thời gian chờ thanh toán." in page
        assert page.count("20.000\u00a0₫") == 1
        assert "Người bán còn phải hoàn cho bạn 20.000\u00a0₫." in page
        assert "Quét mã để trả tiền" not in page

    @pytest.mark.parametrize("path", ["gio-hang/", "thanh-toan/"])
    def test_english_pages_stay_english(self, client: Client, purchase: Purchase, path: str) -> None:
        put(client, ProductFactory())

        page = client.get(f"/en/{path}")

        assert page.status_code == 200
        assert '<html lang="en">' in page.content.decode()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("007", 7),
        ("0", 0),
        ("-1", None),
        ("٣", None),
        ("1.0", None),
        ("", None),
        (None, None),
        ("9" * 19, None),
    ],
)
def test_only_plain_digits_are_a_number(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number
