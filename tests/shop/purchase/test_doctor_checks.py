"""The doctor is silent about what the shop's own functions did, and names what was bent by hand."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from shop.order.models import Order, OrderTransition
from shop.partner.stock import check_stock
from shop.payments.by_word import sellers_word
from shop.payments.models import PaymentAttempt
from shop.purchase.doctor_checks import check_holds, check_money, check_orders, check_stories
from shop.purchase.models import Purchase
from shop.purchase.states import advance_fulfilment
from tests.factories import ProductFactory, UserFactory
from tests.factories.purchases import COLLECT_AND_CASH, placed_order

pytestmark = pytest.mark.django_db


def breaches() -> list[str]:
    checks: list[Callable[[], Iterator[str]]] = [check_orders, check_holds, check_money, check_stories, check_stock]
    return [breach for check in checks for breach in check()]


@pytest.fixture
def order() -> Order:
    """A paid one, beside a cancelled and a delivered one."""
    placed_order(choice=COLLECT_AND_CASH)
    over = placed_order()
    advance_fulfilment(order=over, to="cancelled", by="buyer", reason="Đổi ý")
    gone = placed_order()
    for step in ("packed", "delivered"):
        advance_fulfilment(order=gone, to=step, by="seller", confirm_unpaid=True)
    order = placed_order(price=50_000, quantity=2)
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    order.refresh_from_db()
    assert breaches() == []
    return order


@pytest.mark.parametrize(
    ("bend", "told"),
    [
        (lambda o: Order.objects.filter(pk=o.pk).update(total_incl_tax=99_000), "total 99000"),
        (lambda o: Order.objects.filter(pk=o.pk).update(status="packed"), "does not repeat fulfilment"),
        (lambda o: Order.objects.filter(pk=o.pk).update(payment="awaiting"), "the money says paid"),
        (lambda o: Order.objects.filter(pk=o.pk).update(excess_vnd=1), "do not follow from allocations"),
        (lambda o: Order.objects.filter(pk=o.pk).update(hold_until=now()), "and yet on hold"),
        (lambda o: o.lines.update(num_allocated=1), "placed with 1 of 2 promised"),
        (lambda o: o.lines.update(line_price_incl_tax=1), "≠ 1"),
        (lambda o: o.lines.update(product=ProductFactory()), "goods of another merchant"),
        (lambda o: o.lines.all().delete(), "has no lines"),
        (lambda o: o.payment_attempts.update(amount_vnd=5), "asks 5"),
        (lambda o: o.transitions.last().delete(), "its story does not end there"),
        (lambda o: OrderTransition.objects.filter(order=o, to_state="paid").update(by="buyer"), "is not listed"),
        (lambda o: OrderTransition.objects.filter(order=o, to_state="paid").update(from_state="x"), "but it was"),
        (lambda o: Purchase.objects.create(idempotency_key="x" * 20), "has no orders"),
    ],
)
def test_doctor_names_what_was_bent(order: Order, bend: Callable[[Order], object], told: str) -> None:
    bend(order)

    assert any(told in breach for breach in breaches()), breaches()


def test_doctor_names_a_hold_that_the_clock_forgot(order: Order) -> None:
    waiting = placed_order()
    Order.objects.filter(pk=waiting.pk).update(hold_until=now() - timedelta(minutes=5))
    assert breaches() == []

    Order.objects.filter(pk=waiting.pk).update(hold_until=now() - timedelta(minutes=11))
    assert len(breaches()) == 1
    assert "it is still placed" in breaches()[0]


def test_doctor_names_an_order_for_which_nobody_is_asked_to_pay(order: Order) -> None:
    waiting = placed_order()
    waiting.payment_attempts.update(state="expired")

    assert "nobody is asked to pay" in breaches()[0]


def test_doctor_names_money_that_nobody_notes_as_due_back(order: Order) -> None:
    advance_fulfilment(order=order, to="cancelled", by="seller", reason="Hết hàng")
    assert breaches() == []

    attempt: PaymentAttempt = order.payment_attempts.get()
    attempt.refunds.all().delete()
    assert "cancelled, holds 100000 of the buyer's, 0 noted as due back" in breaches()[0]
