"""One basket becomes one purchase with one order per merchant, whole or not at all, once per key."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product
from merchants.models import BankAccount
from shop.delivery.models import DeliveryOption
from shop.order.models import Line, Order, OrderTransition, ShippingAddress
from shop.outbox.models import OutboxMessage
from shop.partner.models import StockMovement, StockRecord
from shop.partner.stock import check_stock
from shop.payments.models import PaymentAttempt
from shop.purchase import place_purchase as module
from shop.purchase.basket import Basket
from shop.purchase.choices import MerchantChoice
from shop.purchase.models import PolicyVersion, Purchase
from shop.purchase.place_purchase import PurchaseRefused
from tests.factories import MerchantFactory, ProductFactory, UserFactory
from tests.factories.purchases import (
    BUYER,
    COLLECT_AND_CASH,
    basket_with,
    choices_for,
    new_key,
    place,
    sellable_product,
)

pytestmark = pytest.mark.django_db

WRITTEN: tuple[type[Model], ...] = (
    Purchase, Order, Line, OrderTransition, PaymentAttempt, OutboxMessage, ShippingAddress,
)  # fmt: skip


def written() -> list[int]:
    """How many rows each table has that a purchase writes, and how much stock is promised."""
    held = StockMovement.objects.filter(reason=StockMovement.Reason.HELD).count()
    return [model._default_manager.count() for model in WRITTEN] + [held]


@pytest.fixture
def honey() -> Product:
    return sellable_product(title="Mật ong rừng", price=120_000, in_stock=5)


@pytest.fixture
def rice() -> Product:
    """Of another merchant."""
    return sellable_product(title="Gạo nếp", price=35_000, in_stock=50)


def test_two_merchants_give_two_orders_with_their_own_sums_holds_and_attempts(honey: Product, rice: Product) -> None:
    basket = basket_with({honey: 2, rice: 3})
    now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    placed = place(basket, now=now, expected_total_vnd=Decimal(345_000))

    first, second = placed.orders
    assert placed.is_new
    assert [first.merchant, second.merchant] == [honey.merchant, rice.merchant]
    assert [first.total_incl_tax, second.total_incl_tax] == [240_000, 105_000]
    assert first.number != second.number
    assert {order.hold_until for order in placed.orders} == {datetime(2026, 11, 23, 8, 30, tzinfo=UTC)}
    assert {(order.payment, order.fulfilment, order.status) for order in placed.orders} == {
        ("awaiting", "placed", "placed")
    }
    attempts = PaymentAttempt.objects.order_by("pk")
    assert [(attempt.reference, attempt.amount_vnd, attempt.state) for attempt in attempts] == [
        (first.number, 240_000, "open"),
        (second.number, 105_000, "open"),
    ]
    assert [attempt.account.merchant for attempt in attempts] == [honey.merchant, rice.merchant]
    assert honey.stockrecords.get().num_allocated == 2
    assert list(check_stock()) == []
    basket.refresh_from_db()
    assert basket.status == Basket.SUBMITTED
    assert OutboxMessage.objects.get().payload == {"purchase_id": placed.purchase.pk}


def test_line_keeps_title_and_price_of_the_day(honey: Product) -> None:
    order = place(basket_with({honey: 2})).orders[0]

    line = order.lines.get()
    assert (line.title, line.quantity, line.num_allocated) == ("Mật ong rừng", 2, 2)
    assert (line.unit_price_incl_tax, line.line_price_incl_tax) == (120_000, 240_000)
    assert (line.partner_name, line.stockrecord) == (honey.merchant.name, honey.stockrecords.get())
    assert order.line_prices.get().price_incl_tax == 120_000


def test_delivery_is_charged_per_merchant_and_written_into_the_order(honey: Product, rice: Product) -> None:
    DeliveryOption.objects.create(merchant=None, kind="flat_rate", price_vnd=30_000)
    DeliveryOption.objects.create(merchant=rice.merchant, kind="flat_rate", price_vnd=20_000, free_from_vnd=100_000)
    basket = basket_with({honey: 1, rice: 3})
    bring = MerchantChoice(payment="cod", delivery="flat_rate")

    placed = place(basket, choices={honey.merchant_id: bring, rice.merchant_id: bring})

    assert [(order.shipping_incl_tax, order.total_incl_tax) for order in placed.orders] == [
        (30_000, 150_000),
        (0, 105_000),
    ]
    address = placed.purchase.shipping_address
    assert {order.shipping_address for order in placed.orders} == {address}
    assert (address.first_name, address.line1, address.line4, address.commune_code) == (
        "Lê Quang Minh", "Số 1, Xóm Thử", "xã Hợp Minh", "17605",
    )  # fmt: skip


def test_cash_on_delivery_has_no_hold_end_and_a_cash_attempt(honey: Product) -> None:
    order = place(basket_with({honey: 1}), COLLECT_AND_CASH).orders[0]

    assert (order.payment, order.hold_until) == ("cod_due", None)
    attempt = order.payment_attempts.get()
    assert (attempt.method, attempt.account_number, attempt.expires_at) == ("cash", "", None)


def test_recipient_may_be_someone_else(honey: Product) -> None:
    DeliveryOption.objects.create(merchant=None, kind="flat_rate", price_vnd=30_000)
    buyer = replace(BUYER, recipient_name="Bà Nội", recipient_phone="+84987654321")

    placed = place(basket_with({honey: 1}), MerchantChoice("transfer", "flat_rate"), buyer=buyer)

    assert placed.purchase.buyer_name == "Lê Quang Minh"
    address = placed.purchase.shipping_address
    assert (address.first_name, str(address.phone_number)) == ("Bà Nội", "+84987654321")


def test_same_key_again_gives_the_same_purchase_and_writes_nothing(honey: Product) -> None:
    basket, key = basket_with({honey: 1}), new_key()
    first = place(basket, idempotency_key=key)
    before = written()

    again = place(Basket(), choices={}, idempotency_key=key)

    assert (again.purchase, again.orders, again.is_new) == (first.purchase, first.orders, False)
    assert written() == before


def test_key_of_a_member_is_no_good_to_anyone_else(honey: Product) -> None:
    key = new_key()
    place(basket_with({honey: 1}), idempotency_key=key, user=UserFactory())

    with pytest.raises(PurchaseRefused, match="key_used"):
        place(basket_with({honey: 1}), idempotency_key=key, user=UserFactory())

    assert Purchase.objects.count() == 1


def test_every_line_that_fails_is_named_and_the_rest_can_be_bought(honey: Product, rice: Product) -> None:
    tea, salt = sellable_product(title="Chè", in_stock=4), sellable_product(title="Muối", in_stock=4)
    basket = basket_with({honey: 3, rice: 1, tea: 2, salt: 2})
    StockRecord.objects.filter(product=honey).update(num_in_stock=1)
    StockRecord.objects.filter(product=tea).update(num_in_stock=0)
    Product.objects.filter(pk=salt.pk).update(is_public=False)
    before = written()

    with pytest.raises(PurchaseRefused) as refusal:
        place(basket)

    assert refusal.value.code == "lines"
    assert [(p.title, p.notice.code, p.notice.available) for p in refusal.value.lines] == [
        ("Mật ong rừng", "not_enough", 1),
        ("Chè", "sold_out", 0),
        ("Muối", "withdrawn", 0),
    ]
    assert written() == before
    basket.refresh_from_db()
    assert (basket.status, basket.lines.count()) == (Basket.OPEN, 4)

    failed = {problem.line_id for problem in refusal.value.lines}
    rest = [line.pk for line in basket.lines.all() if line.pk not in failed]
    placed = place(basket, line_ids=rest)

    assert [line.product for order in placed.orders for line in order.lines.all()] == [rice]
    basket.refresh_from_db()
    assert (basket.status, set(basket.lines.values_list("pk", flat=True))) == (Basket.OPEN, failed)


def test_stock_that_went_between_look_and_hold_is_named_too(honey: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = basket_with({honey: 3})
    real = module.notice_of

    def look_then_lose(line: Any, *, is_sellable: bool) -> Any:
        notice = real(line, is_sellable=is_sellable)
        StockRecord.objects.filter(product=honey).update(num_in_stock=2)
        return notice

    monkeypatch.setattr(module, "notice_of", look_then_lose)
    before = written()

    with pytest.raises(PurchaseRefused) as refusal:
        place(basket)

    assert [(p.notice.code, p.notice.available) for p in refusal.value.lines] == [("not_enough", 2)]
    assert written() == before


def test_price_comes_from_the_database_and_a_change_is_not_charged_unseen(honey: Product) -> None:
    basket = basket_with({honey: 1})
    basket.lines.update(price_incl_tax=1, price_excl_tax=1)  # tampered, or simply old
    StockRecord.objects.filter(product=honey).update(price=130_000)
    before = written()

    with pytest.raises(PurchaseRefused, match="price_changed"):
        place(basket, expected_total_vnd=Decimal(120_000))
    assert written() == before

    assert place(basket, expected_total_vnd=Decimal(130_000)).orders[0].total_incl_tax == 130_000


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"idempotency_key": "short"}, "key"),
        ({"idempotency_key": "x" * 65}, "key"),
        ({"line_ids": []}, "empty"),
        ({"line_ids": [-1, 10**30]}, "empty"),
        ({"choices": {}}, "choices"),
        ({"expected_total_vnd": Decimal(1)}, "price_changed"),
        ({"buyer": replace(BUYER, phone="0912")}, "buyer"),
        ({"buyer": replace(BUYER, name="  ")}, "buyer"),
        ({"buyer": replace(BUYER, recipient_phone="x")}, "buyer"),
    ],
)
def test_what_is_wrong_is_refused_by_code_and_nothing_is_written(
    honey: Product, changes: dict[str, Any], code: str
) -> None:
    basket = basket_with({honey: 1})
    before = written()

    with pytest.raises(PurchaseRefused) as refusal:
        place(basket, **({"choices": choices_for(basket)} | changes))

    assert refusal.value.code == code
    assert written() == before


def test_no_basket_at_all_is_empty() -> None:
    with pytest.raises(PurchaseRefused, match="empty"):
        place(Basket(), choices={})

    assert Purchase.objects.count() == 0


@pytest.mark.parametrize(
    "choice", [MerchantChoice("card", "collect"), MerchantChoice("transfer", "by_drone"), MerchantChoice("", "")]
)
def test_a_way_that_is_not_offered_is_refused_with_its_merchant(honey: Product, choice: MerchantChoice) -> None:
    with pytest.raises(PurchaseRefused) as refusal:
        place(basket_with({honey: 1}), choice)

    assert (refusal.value.code, refusal.value.merchant_ids) == ("choices", (honey.merchant_id,))


def test_merchant_without_an_account_cannot_be_paid_by_transfer() -> None:
    product = ProductFactory(merchant=MerchantFactory())

    with pytest.raises(PurchaseRefused, match="choices"):
        place(basket_with({product: 1}))

    assert place(basket_with({product: 1}), COLLECT_AND_CASH).orders[0].payment == "cod_due"


def test_delivery_without_an_address_is_refused(honey: Product) -> None:
    DeliveryOption.objects.create(merchant=None, kind="flat_rate", price_vnd=30_000)

    with pytest.raises(PurchaseRefused, match="address_missing"):
        place(
            basket_with({honey: 1}),
            MerchantChoice("transfer", "flat_rate"),
            buyer=replace(BUYER, address=None),
        )

    assert Purchase.objects.count() == 0


def test_basket_bought_in_another_tab_is_closed(honey: Product) -> None:
    basket = basket_with({honey: 1})
    place(basket)

    with pytest.raises(PurchaseRefused, match="closed"):
        place(basket)

    assert Purchase.objects.count() == 1


def test_current_policies_must_be_accepted_and_are_kept_with_the_purchase(honey: Product) -> None:
    def publish(kind: str, number: int) -> PolicyVersion:
        return PolicyVersion.objects.create(
            kind=kind, number=number, title=kind, text_html="", sha256="0" * 64, published_at="2026-11-01T00:00:00Z"
        )

    PolicyVersion.objects.all().delete()
    old, terms, privacy = publish("terms", 1), publish("terms", 2), publish("privacy", 1)
    basket = basket_with({honey: 1})

    with pytest.raises(PurchaseRefused, match="policies"):
        place(basket, accepted_policy_ids=[old.pk, privacy.pk])

    placed = place(basket, accepted_policy_ids=[terms.pk, privacy.pk])
    assert set(placed.purchase.accepted_policies.all()) == {terms, privacy}


def test_goods_of_another_commune_are_withdrawn_on_this_site(honey: Product, rice: Product) -> None:
    with pytest.raises(PurchaseRefused) as refusal:
        place(basket_with({honey: 1, rice: 1}), commune=honey.merchant.commune)

    assert [(problem.title, problem.notice.code) for problem in refusal.value.lines] == [("Gạo nếp", "withdrawn")]


def test_reference_that_exists_is_drawn_again(honey: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = place(basket_with({honey: 1})).orders[0].number
    fresh = module.new_reference()
    draws = iter([taken, fresh])
    monkeypatch.setattr(module, "new_reference", lambda: next(draws))

    assert place(basket_with({honey: 1})).orders[0].number == fresh


def test_account_is_copied_as_shown(honey: Product) -> None:
    attempt = place(basket_with({honey: 1})).orders[0].payment_attempts.get()
    shown = attempt.account_number

    BankAccount.objects.filter(merchant=honey.merchant).update(status="ended", number="KHAC1")

    attempt.refresh_from_db()
    assert attempt.account_number == shown != "KHAC1"


def queries_for(*, lines: int, merchants: int = 1) -> int:
    goods = [sellable_product() for _ in range(merchants)]
    goods += [ProductFactory(merchant=goods[0].merchant) for _ in range(lines - merchants)]
    basket = basket_with(dict.fromkeys(goods, 1))
    choices = choices_for(basket)
    with CaptureQueriesContext(connection) as captured:
        place(basket, choices=choices)
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_twenty_lines_take_as_many_queries_as_two_and_a_merchant_adds_one() -> None:
    assert queries_for(lines=2) == queries_for(lines=20) == 18
    assert queries_for(lines=20, merchants=5) == 22
