"""Goods are kept for a while; late money brings an order back only while they are still there."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shop.order.models import Fulfilment, Order, OrderTransition
from shop.partner import stock
from shop.partner.models import StockRecord
from shop.partner.stock import check_stock
from shop.payments.by_word import sellers_word
from shop.payments.errors import CannotAccept
from shop.payments.models import Receipt, Refund
from shop.purchase.holds import HoldRefused, end_due_holds, extend_hold, extend_holds, may_extend
from shop.purchase.states import TransitionRefused, advance_fulfilment
from tests.factories import UserFactory
from tests.factories.purchases import COLLECT_AND_CASH, basket_with, place, sellable_product

pytestmark = pytest.mark.django_db

PLACED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
By = OrderTransition.By


def minutes(count: int) -> datetime:
    return PLACED_AT + timedelta(minutes=count)


@pytest.fixture
def order() -> Order:
    """Two of two jars, 100,000 dong, placed at 8:00 UTC."""
    return place(basket_with({sellable_product(price=50_000, in_stock=2): 2}), now=PLACED_AT).orders[0]


def pay(order: Order, amount: int) -> Receipt:
    attempt = order.payment_attempts.get()
    seen = attempt.allocated_vnd
    return sellers_word(attempt=attempt, amount_vnd=Decimal(amount), actor=UserFactory(), seen_allocated_vnd=seen)


def allocated(order: Order) -> int:
    return StockRecord.objects.get(line__order=order).num_allocated


def test_hold_ends_by_itself_and_frees_the_goods(order: Order) -> None:
    assert end_due_holds(minutes(29)) == 0
    assert end_due_holds(minutes(30)) == 1
    assert end_due_holds(minutes(30)) == 0

    order.refresh_from_db()
    assert (order.fulfilment, order.payment, order.hold_until) == ("cancelled", "awaiting", None)
    assert order.cancel_reason == "The time for paying ran out."
    assert order.payment_attempts.get().state == "expired"
    assert allocated(order) == 0
    assert order.transitions.last().by == By.SYSTEM
    assert list(check_stock()) == []


def test_paid_confirmed_and_cash_orders_are_not_cancelled(order: Order) -> None:
    pay(order, 100_000)
    confirmed, cash = (
        place(basket_with({sellable_product(): 1}), *choice, now=PLACED_AT).orders[0]
        for choice in [(), (COLLECT_AND_CASH,)]
    )
    advance_fulfilment(order=confirmed, to=Fulfilment.CONFIRMED, by=By.SELLER)

    assert end_due_holds(minutes(24 * 60)) == 0

    assert set(Order.objects.values_list("fulfilment", flat=True)) == {"placed", "confirmed"}
    assert cash.hold_until is None


def test_extending_gives_half_an_hour_once_and_never_more_than_an_hour(order: Order) -> None:
    assert may_extend(order=order, now=minutes(20))
    order = extend_hold(order=order, now=minutes(20))
    assert order.hold_until == minutes(60)
    assert order.payment_attempts.get().expires_at == minutes(60)

    with pytest.raises(HoldRefused, match="already_extended"):
        extend_hold(order=order, now=minutes(40))
    assert end_due_holds(minutes(59)) == 0
    assert end_due_holds(minutes(60)) == 1


def test_extension_stops_at_the_longest(order: Order, settings: pytest.FixtureRequest) -> None:
    settings.HOLD_MINUTES_LONGEST = 45  # type: ignore[attr-defined]

    assert extend_hold(order=order, now=minutes(10)).hold_until == minutes(45)


@pytest.mark.parametrize(("at", "code"), [(30, "ended"), (45, "ended")])
def test_a_hold_that_has_run_out_cannot_be_extended(order: Order, at: int, code: str) -> None:
    with pytest.raises(HoldRefused, match=code):
        extend_hold(order=order, now=minutes(at))

    order.refresh_from_db()
    assert (order.hold_until, order.hold_extended) == (minutes(30), False)


def test_an_order_without_a_hold_cannot_be_extended(order: Order) -> None:
    pay(order, 100_000)

    with pytest.raises(HoldRefused, match="no_hold"):
        extend_hold(order=order, now=minutes(5))


def test_late_money_brings_the_order_back_while_the_goods_are_there(order: Order) -> None:
    end_due_holds(minutes(31))

    pay(order, 100_000)

    order.refresh_from_db()
    assert (order.fulfilment, order.payment, order.cancel_reason, order.hold_until) == ("placed", "paid", "", None)
    assert allocated(order) == 2
    assert order.lines.get().num_allocated == 2
    assert order.payment_attempts.get().state == "settled"
    assert list(check_stock()) == []


def test_late_part_of_the_money_brings_it_back_too_and_the_rest_is_awaited(order: Order) -> None:
    end_due_holds(minutes(31))

    pay(order, 40_000)

    order.refresh_from_db()
    assert (order.fulfilment, order.payment, order.hold_until) == ("placed", "part_paid", None)
    assert order.payment_attempts.get().state == "open"
    assert end_due_holds(minutes(600)) == 0


def test_nobody_revives_an_order_without_money(order: Order) -> None:
    end_due_holds(minutes(31))

    with pytest.raises(TransitionRefused, match="not_revivable"):
        advance_fulfilment(order=order, to=Fulfilment.PLACED, by=By.SELLER, actor=UserFactory())

    order.refresh_from_db()
    assert (order.fulfilment, allocated(order)) == ("cancelled", 0)


def test_late_money_for_goods_that_are_gone_is_not_accepted(order: Order) -> None:
    end_due_holds(minutes(31))
    stock.spoil(stockrecord_id=order.lines.get().stockrecord_id, quantity=1)

    with pytest.raises(CannotAccept, match="out_of_stock"):
        pay(order, 100_000)

    order.refresh_from_db()
    assert (order.fulfilment, order.payment, order.received_vnd) == ("cancelled", "awaiting", 0)
    assert order.payment_attempts.get().state == "expired"
    assert not Receipt.objects.exists()
    assert allocated(order) == 0


def test_part_paid_order_whose_time_runs_out_owes_the_part_until_the_rest_revives_it(order: Order) -> None:
    pay(order, 40_000)
    end_due_holds(minutes(31))
    order.refresh_from_db()
    assert (order.fulfilment, order.payment) == ("cancelled", "refund_due")
    refund = Refund.objects.get()
    assert (refund.amount_vnd, refund.state) == (40_000, "due")

    pay(order, 60_000)

    order.refresh_from_db()
    refund.refresh_from_db()
    assert (order.fulfilment, order.payment, order.received_vnd) == ("placed", "paid", 100_000)
    assert refund.state == "withdrawn"


def test_money_for_an_order_that_a_person_cancelled_is_owed_back(order: Order) -> None:
    advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by=By.BUYER, reason="Đổi ý")

    pay(order, 100_000)

    order.refresh_from_db()
    assert (order.fulfilment, order.payment, order.received_vnd) == ("cancelled", "refund_due", 100_000)
    assert Refund.objects.get().amount_vnd == 100_000
    assert allocated(order) == 0


def test_extending_a_purchase_lengthens_every_hold_that_waits_and_leaves_the_others(order: Order) -> None:
    placed = place(basket_with({sellable_product(price=1_000): 1 for _ in range(3)}), now=PLACED_AT)
    first, second, paid = placed.orders
    pay(paid, 1_000)
    extend_hold(order=first, now=minutes(5))

    until = extend_holds(purchase_id=placed.purchase.pk, now=minutes(20))

    assert until == minutes(60)
    ends = dict(placed.purchase.orders.values_list("pk", "hold_until"))
    assert ends == {first.pk: minutes(60), second.pk: minutes(60), paid.pk: None}
    assert second.payment_attempts.get().expires_at == minutes(60)
    order.refresh_from_db()
    assert order.hold_until == minutes(30)  # another purchase


@pytest.mark.parametrize(("at", "code"), [(20, "already_extended"), (60, "ended")])
def test_extending_a_purchase_again_changes_nothing(order: Order, at: int, code: str) -> None:
    assert order.purchase_id is not None
    extend_holds(purchase_id=order.purchase_id, now=minutes(5))

    with pytest.raises(HoldRefused, match=code):
        extend_holds(purchase_id=order.purchase_id, now=minutes(at))

    order.refresh_from_db()
    assert (order.hold_until, order.hold_extended) == (minutes(60), True)


def test_a_purchase_that_waits_for_no_money_has_nothing_to_extend(order: Order) -> None:
    pay(order, 100_000)
    assert order.purchase_id is not None

    with pytest.raises(HoldRefused, match="no_hold"):
        extend_holds(purchase_id=order.purchase_id, now=minutes(5))
    with pytest.raises(HoldRefused, match="no_hold"):
        extend_holds(purchase_id=0, now=minutes(5))
