from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from merchants.models import Merchant
from shop.order.models import Line, Order, OrderTransition, Payment, PaymentMethod
from shop.purchase.models import Purchase
from tests.people import Producer, lan_the_producer, tam_the_producer


@pytest.fixture(autouse=True)
def address_of_the_site(settings: Any) -> None:
    settings.SITE_URL = "https://cho.example.test"


@pytest.fixture
def lan(db: None) -> Producer:
    return lan_the_producer()


@pytest.fixture
def tam(db: None) -> Producer:
    return tam_the_producer()


@pytest.fixture
def purchase(lan: Producer, tam: Producer) -> Purchase:
    """Minh buys honey from Lan by transfer and rice from Tâm in cash on delivery."""
    purchase = Purchase.objects.create(
        idempotency_key="k", token="bi-mat", buyer_name="Lê Quang Minh", buyer_phone="+84912345678",
        buyer_email="minh@example.test",
    )  # fmt: skip
    place(purchase, lan.merchant, number="OC7K3M9QD", goods={"Mật ong rừng 500 ml": (2, 90_000)}, delivery=25_000)
    place(
        purchase, tam.merchant, number="OC2V5TXA1", goods={"Gạo nếp 5 kg": (1, 150_000)},
        payment=Payment.COD_DUE, payment_method=PaymentMethod.CASH_ON_DELIVERY,
    )  # fmt: skip
    return purchase


def place(
    purchase: Purchase,
    merchant: Merchant,
    *,
    number: str,
    goods: dict[str, tuple[int, int]],
    delivery: int = 0,
    **fields: Any,
) -> Order:
    total = Decimal(sum(quantity * price for quantity, price in goods.values()) + delivery)
    order = Order.objects.create(
        purchase=purchase, merchant=merchant, number=number, currency="VND",
        total_incl_tax=total, total_excl_tax=total, shipping_incl_tax=delivery, shipping_excl_tax=delivery, **fields,
    )  # fmt: skip
    for title, (quantity, price) in goods.items():
        sums = dict.fromkeys(
            ("line_price_incl_tax", "line_price_excl_tax", "line_price_before_discounts_incl_tax",
             "line_price_before_discounts_excl_tax"),
            Decimal(quantity * price),
        )  # fmt: skip
        Line.objects.create(
            order=order, title=title, quantity=quantity, num_allocated=quantity, partner_name=str(merchant), **sums
        )
    return order


@pytest.fixture
def step() -> Callable[..., OrderTransition]:
    """Bring an order into a state as shop.purchase.states does, and log the step."""

    def bring(order: Order, *, axis: str, to: str, by: str, **fields: Any) -> OrderTransition:
        before = getattr(order, axis)
        for name, value in {axis: to, **fields}.items():
            setattr(order, name, value)
        order.save()
        return OrderTransition.objects.create(order=order, axis=axis, from_state=before, to_state=to, by=by)

    return bring
