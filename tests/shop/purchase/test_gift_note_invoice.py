"""A gift without prices, words to each producer, what is to stand on a VAT invoice."""

from typing import Any

import pytest
from django.test import Client

from shop.delivery.models import DeliveryOption
from shop.order.models import Order
from shop.purchase.models import InvoiceRequest, Purchase
from tests.factories import MerchantFactory, ProductFactory
from tests.people import Producer, lan_the_producer, tam_the_producer
from tests.shop.purchase.test_buying_pages import bought, checkout_form, put
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

GIFT = {
    "is_gift": "on",
    "recipient_name": "Bà Nội",
    "recipient_phone": "0987 654 321",
    "gift_message": "Chúc bà khỏe!",
}
# The tax code of a company that publishes it (Viettel, viettel.com.vn, 2026-11): its check digit is right.
INVOICE = {
    "wants_invoice": "on",
    "invoice_company": "Công ty Thử",
    "invoice_tax_code": "0100 109 106",
    "invoice_address": "Số 1, Vinh",
    "invoice_email": "ketoan@example.test",
}


@pytest.fixture(autouse=True)
def delivery() -> None:
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)


@pytest.fixture
def lan() -> Producer:
    return lan_the_producer()


@pytest.fixture
def full(client: Client, lan: Producer) -> Client:
    put(client, ProductFactory(merchant=lan.merchant, title="Mật ong", price=90_000))
    return client


def page_of(producer: Producer, order: Order, path: str = "/quan-ly/don-hang/{}/") -> str:
    return sign_in(Client(), producer.user).get(path.format(order.number)).content.decode()


def test_a_gift_goes_to_the_recipient_and_the_parcels_note_says_no_prices(full: Client, lan: Producer) -> None:
    purchase = bought(full, **GIFT)

    assert (purchase.is_gift, purchase.gift_message, purchase.recipient_name) == (True, "Chúc bà khỏe!", "Bà Nội")
    order = purchase.orders.get()
    assert "Chúc bà khỏe!" in page_of(lan, order)
    sheet = page_of(lan, order, "/quan-ly/don-hang/dong-goi/?don={}")
    assert "Chúc bà khỏe!" in sheet and "Bà Nội" in sheet
    assert "₫" not in sheet
    assert "Chúc bà khỏe!" in full.get(purchase.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipient_name": ""}, "Vui lòng điền tên người nhận quà."),
        ({"recipient_phone": ""}, "Vui lòng điền số điện thoại người nhận"),
        ({"payment": "cod"}, "Quà tặng cần trả trước bằng chuyển khoản"),
        ({"gift_message": "x" * 301}, "300"),
    ],
)
def test_a_gift_that_would_trouble_its_recipient_is_not_placed(
    full: Client, changes: dict[str, str], said: str
) -> None:
    answer = full.post("/thanh-toan/", checkout_form(full, **{**GIFT, **changes}))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Purchase.objects.exists()


def test_a_gift_from_a_producer_who_takes_cash_only_is_not_placed(client: Client) -> None:
    put(client, ProductFactory(merchant=MerchantFactory()))

    answer = client.post("/thanh-toan/", checkout_form(client, **GIFT))

    assert answer.status_code == 422
    assert not Purchase.objects.exists()


def test_where_everybody_takes_cash_only_no_transfer_is_offered(client: Client) -> None:
    put(client, ProductFactory(merchant=MerchantFactory()))

    page = client.get("/thanh-toan/").content.decode()

    assert 'value="transfer"' not in page
    assert 'value="cod" checked' in page


def test_each_producer_reads_only_the_words_meant_for_her(full: Client, lan: Producer) -> None:
    tam = tam_the_producer()
    put(full, ProductFactory(merchant=tam.merchant, price=50_000))

    purchase = bought(
        full, **{f"note-{lan.merchant.pk}": " Gói kỹ giúp chị\x00 ", f"note-{tam.merchant.pk}": "Gạo mới nhé"}
    )

    notes = dict(purchase.orders.values_list("merchant__name", "buyer_note"))
    assert notes == {lan.merchant.name: "Gói kỹ giúp chị", tam.merchant.name: "Gạo mới nhé"}
    hers = page_of(lan, purchase.orders.get(merchant=lan.merchant))
    assert "Gói kỹ giúp chị" in hers
    assert "Gạo mới nhé" not in hers


def test_a_note_stays_in_the_form_when_something_else_is_wrong(full: Client, lan: Producer) -> None:
    field = f"note-{lan.merchant.pk}"

    answer = full.post("/thanh-toan/", checkout_form(full, **{field: "Gói kỹ", "name": ""}))

    assert 'value="Gói kỹ"' in answer.content.decode()


def test_what_is_to_stand_on_the_invoice_is_kept_and_shown_to_the_producer(full: Client, lan: Producer) -> None:
    purchase = bought(full, **INVOICE)

    wish = InvoiceRequest.objects.get(purchase=purchase)
    assert (wish.company_name, wish.tax_code, wish.address, wish.email) == (
        "Công ty Thử", "0100109106", "Số 1, Vinh", "ketoan@example.test",
    )  # fmt: skip
    page = page_of(lan, purchase.orders.get())
    assert all(text in page for text in ("Công ty Thử", "0100109106", "ketoan@example.test"))


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_tax_code": "0100109107"},  # wrong check digit
        {"invoice_tax_code": "001099012345"},  # twelve digits: a person's ID number
        {"invoice_tax_code": "MST"},
        {"invoice_tax_code": ""},
        {"invoice_company": ""},
        {"invoice_address": ""},
        {"invoice_email": "x"},
    ],
)
def test_an_invoice_that_could_not_be_written_is_not_asked_for(full: Client, changes: dict[str, Any]) -> None:
    answer = full.post("/thanh-toan/", checkout_form(full, **{**INVOICE, **changes}))

    assert answer.status_code == 422
    assert not Purchase.objects.exists()


def test_without_the_tick_nothing_of_it_is_kept(full: Client) -> None:
    bought(full, **{name: value for name, value in INVOICE.items() if name != "wants_invoice"})

    assert not InvoiceRequest.objects.exists()
