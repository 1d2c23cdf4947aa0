"""Every step of the tables, everything that follows from it, and every step that is not listed."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from merchants.models import AuditEntry
from shop.order.models import Fulfilment, Line, Order, OrderTransition, Payment
from shop.outbox.models import OutboxMessage
from shop.partner.models import StockMovement, StockRecord
from shop.partner.stock import check_stock
from shop.payments.by_word import cash_collected, sellers_word
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.refunds import mark_refund_sent, refund_due
from shop.purchase.states import (
    FULFILMENT_TABLE,
    PAYMENT_TABLE,
    MoneyOfOrder,
    TransitionRefused,
    advance_fulfilment,
    check_listed,
    next_steps,
    payment_state_of,
    recompute_payment,
)
from tests.factories import UserFactory
from tests.factories.purchases import COLLECT_AND_CASH, placed_order

pytestmark = pytest.mark.django_db

By = OrderTransition.By
BROUGHT, COLLECTED = "flat_rate", "collect"


def in_state(fulfilment: str, *, payment: str = Payment.AWAITING, delivery: str = BROUGHT) -> Order:
    """An order taken to a state by its own steps, then given the payment state without any money."""
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(shipping_code=delivery)
    path = {
        Fulfilment.PLACED: [],
        Fulfilment.CONFIRMED: [Fulfilment.CONFIRMED],
        Fulfilment.PACKED: [Fulfilment.PACKED],
        Fulfilment.SENT: [Fulfilment.PACKED, Fulfilment.SENT],
        Fulfilment.DELIVERED: [Fulfilment.PACKED, Fulfilment.SENT, Fulfilment.DELIVERED],
        Fulfilment.CANCELLED: [Fulfilment.CANCELLED],
    }[Fulfilment(fulfilment)]
    for step in path:
        advance_fulfilment(order=order, to=step, by=By.SELLER, reason="thử", confirm_unpaid=True)
    Order.objects.filter(pk=order.pk).update(payment=payment)
    order.refresh_from_db()
    return order


def picture(order: Order) -> tuple[Any, ...]:
    """Everything a step may change."""
    order.refresh_from_db()
    stock = StockRecord.objects.values_list("num_in_stock", "num_allocated").get(line__order=order)
    attempts = tuple(order.payment_attempts.values_list("state", "expires_at"))
    logged = (OrderTransition.objects.count(), OutboxMessage.objects.count(), StockMovement.objects.count())
    states = (order.fulfilment, order.payment, order.status, order.hold_until, order.cancel_reason)
    return states + (stock, attempts, logged, Refund.objects.count())


def pay(order: Order, amount: int) -> None:
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(amount), actor=UserFactory())
    order.refresh_from_db()


@pytest.mark.parametrize("from_state", Fulfilment.values)
def test_fulfilment_steps_not_listed_for_an_actor_raise_and_change_nothing(from_state: str) -> None:
    order = in_state(from_state)
    before = picture(order)

    for to_state, by in product(Fulfilment.values, By.values):
        if by in FULFILMENT_TABLE.get((from_state, to_state), ()):
            continue
        with pytest.raises(TransitionRefused) as refusal:
            advance_fulfilment(order=order, to=to_state, by=by, reason="thử", confirm_unpaid=True)
        listed = (from_state, to_state) in FULFILMENT_TABLE
        assert refusal.value.code == ("not_yours" if listed else "not_listed")

    assert picture(order) == before


def test_payment_steps_not_listed_raise() -> None:
    allowed = 0
    for from_state, to_state, by in product(Payment.values, Payment.values, By.values):
        if by in PAYMENT_TABLE.get((from_state, to_state), ()):
            check_listed(axis="payment", from_state=from_state, to_state=to_state, by=by)
            allowed += 1
            continue
        with pytest.raises(TransitionRefused):
            check_listed(axis="payment", from_state=from_state, to_state=to_state, by=by)

    assert allowed == sum(len(actors) for actors in PAYMENT_TABLE.values())


def test_recomputing_to_a_state_not_listed_for_the_actor_changes_nothing() -> None:
    order = in_state(Fulfilment.PLACED, payment=Payment.PAID)  # no money says so
    before = picture(order)

    with pytest.raises(TransitionRefused, match="not_yours"):
        recompute_payment(order=order, by=By.BUYER)

    assert picture(order) == before


def test_the_way_of_a_parcel_moves_goods_and_tells_everyone() -> None:
    order = placed_order(quantity=2, in_stock=10)
    pay(order, 100_000)
    told = OutboxMessage.objects.filter(kind="order.changed").count()

    for step in (Fulfilment.CONFIRMED, Fulfilment.PACKED, Fulfilment.SENT, Fulfilment.DELIVERED):
        Order.objects.filter(pk=order.pk).update(shipping_code=BROUGHT)
        order = advance_fulfilment(order=order, to=step, by=By.SELLER)
        assert (order.fulfilment, order.status) == (step, step)

    record = StockRecord.objects.get(line__order=order)
    assert (record.num_in_stock, record.num_allocated) == (8, 0)
    assert order.lines.get().num_allocated == 0
    assert OutboxMessage.objects.filter(kind="order.changed").count() == told + 4
    assert list(check_stock()) == []


def test_collected_goods_go_from_packed_to_delivered_and_are_never_sent() -> None:
    order = in_state(Fulfilment.PACKED, delivery=COLLECTED)

    with pytest.raises(TransitionRefused, match="is_collected"):
        advance_fulfilment(order=order, to=Fulfilment.SENT, by=By.SELLER)
    assert next_steps(order=order, by=By.SELLER) == ["delivered", "cancelled"]
    assert next_steps(order=order, by=By.BUYER) == ["delivered", "cancelled"]

    order = advance_fulfilment(order=order, to=Fulfilment.DELIVERED, by=By.SELLER)
    assert StockRecord.objects.get(line__order=order).num_in_stock == 8


def test_a_parcel_is_not_delivered_before_it_is_sent() -> None:
    order = in_state(Fulfilment.PACKED)

    with pytest.raises(TransitionRefused, match="not_collected"):
        advance_fulfilment(order=order, to=Fulfilment.DELIVERED, by=By.SELLER)

    assert next_steps(order=order, by=By.SELLER) == ["sent", "cancelled"]
    assert next_steps(order=order, by=By.BUYER) == ["cancelled"]


def test_packing_an_unpaid_transfer_asks_once_and_is_logged() -> None:
    order, seller = placed_order(), UserFactory()
    before = picture(order)

    with pytest.raises(TransitionRefused, match="unpaid"):
        advance_fulfilment(order=order, to=Fulfilment.PACKED, by=By.SELLER, actor=seller)
    assert picture(order) == before

    advance_fulfilment(order=order, to=Fulfilment.PACKED, by=By.SELLER, actor=seller, confirm_unpaid=True)
    entry = AuditEntry.objects.get(action="order.packed_unpaid")
    assert (entry.actor, entry.object_id) == (seller, str(order.pk))
    assert order.transitions.last().reason == "Packed before the money came."


def test_packing_a_paid_or_a_cash_order_asks_nothing() -> None:
    paid, cash = placed_order(), placed_order(choice=COLLECT_AND_CASH)
    pay(paid, 100_000)

    for order in (paid, cash):
        assert advance_fulfilment(order=order, to=Fulfilment.PACKED, by=By.SELLER).fulfilment == "packed"

    assert not AuditEntry.objects.filter(action="order.packed_unpaid").exists()


def test_confirming_ends_the_hold_and_the_attempt_waits_without_an_end() -> None:
    order = placed_order()

    order = advance_fulfilment(order=order, to=Fulfilment.CONFIRMED, by=By.SELLER)

    assert order.hold_until is None
    assert order.payment_attempts.get().expires_at is None


def test_cancelling_needs_a_reason() -> None:
    order = placed_order()
    before = picture(order)

    with pytest.raises(TransitionRefused, match="reason_missing"):
        advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by=By.SELLER, reason="  ")

    assert picture(order) == before


def test_cancelling_frees_the_goods_and_closes_the_attempt() -> None:
    order = placed_order(quantity=2, in_stock=10)

    order = advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by=By.BUYER, reason="Đổi ý")

    record = StockRecord.objects.get(line__order=order)
    assert (record.num_in_stock, record.num_allocated) == (10, 0)
    line: Line = order.lines.get()
    assert (line.num_allocated, line.allocation_cancelled) == (0, True)
    assert order.payment_attempts.get().state == PaymentAttempt.State.CANCELLED
    assert (order.payment, order.cancel_reason, order.hold_until) == ("awaiting", "Đổi ý", None)
    assert list(check_stock()) == []


def test_cancelling_a_paid_order_owes_the_money_back_until_it_is_sent() -> None:
    order = placed_order()
    pay(order, 120_000)
    assert (order.payment, order.excess_vnd) == ("paid", 20_000)

    order = advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by=By.BUYER, reason="Đổi ý")
    assert (order.payment, order.received_vnd, order.excess_vnd) == ("refund_due", 120_000, 0)
    refund = Refund.objects.get()
    assert (refund.amount_vnd, refund.state) == (120_000, "due")

    mark_refund_sent(refund=refund, actor=UserFactory())
    order.refresh_from_db()
    assert (order.payment, order.refunded_vnd) == ("refunded", 120_000)


def test_goods_refused_at_the_door_come_back_only_when_they_did() -> None:
    lost, returned = in_state(Fulfilment.SENT), in_state(Fulfilment.SENT)

    advance_fulfilment(order=lost, to=Fulfilment.CANCELLED, by=By.SELLER, reason="Thất lạc")
    advance_fulfilment(order=returned, to=Fulfilment.CANCELLED, by=By.SELLER, reason="Trả", goods_came_back=True)

    assert StockRecord.objects.get(line__order=lost).num_in_stock == 8
    assert StockRecord.objects.get(line__order=returned).num_in_stock == 10
    assert list(check_stock()) == []


def test_cash_collected_pays_the_order() -> None:
    order = placed_order(choice=COLLECT_AND_CASH)

    cash_collected(order=order, actor=UserFactory())

    order.refresh_from_db()
    assert (order.payment, order.received_vnd) == ("paid", 100_000)


def test_payment_follows_the_parts_that_come_and_paid_orders_lose_their_hold() -> None:
    order = placed_order()

    pay(order, 40_000)
    assert (order.payment, order.received_vnd, order.hold_until is None) == ("part_paid", 40_000, False)
    sellers_word(
        attempt=order.payment_attempts.get(),
        amount_vnd=Decimal(60_000),
        actor=UserFactory(),
        seen_allocated_vnd=Decimal(40_000),
    )

    order.refresh_from_db()
    assert (order.payment, order.received_vnd, order.hold_until) == ("paid", 100_000, None)
    steps = order.transitions.filter(axis="payment").values_list("from_state", "to_state")
    assert list(steps) == [("", "awaiting"), ("awaiting", "part_paid"), ("part_paid", "paid")]


@pytest.mark.parametrize(
    ("received", "refunded", "due", "is_cancelled", "is_cash", "state", "excess"),
    [
        (0, 0, 0, False, False, "awaiting", 0),
        (0, 0, 0, False, True, "cod_due", 0),
        (0, 0, 0, True, False, "awaiting", 0),
        (99, 0, 0, False, False, "part_paid", 0),
        (100, 0, 0, False, False, "paid", 0),
        (130, 0, 0, False, False, "paid", 30),
        (130, 0, 30, False, False, "paid", 30),  # only the excess goes back
        (130, 30, 0, False, False, "paid", 0),
        (130, 0, 40, False, False, "refund_due", 30),
        (100, 0, 20, False, False, "refund_due", 0),
        (100, 20, 0, False, False, "part_refunded", 0),
        (100, 100, 0, False, False, "refunded", 0),
        (100, 0, 100, True, False, "refund_due", 0),
        (100, 40, 60, True, True, "part_refunded", 0),
        (100, 100, 0, True, False, "refunded", 0),
    ],
)
def test_payment_state_is_computed_from_the_sums(
    received: int, refunded: int, due: int, is_cancelled: bool, is_cash: bool, state: str, excess: int
) -> None:
    money = MoneyOfOrder(
        Decimal(100), Decimal(received), Decimal(refunded), Decimal(due), is_cancelled=is_cancelled, is_cash=is_cash
    )

    assert (payment_state_of(money), money.excess_vnd) == (state, excess)


Sums = tuple[int, int, int, bool, bool]  # received, refunded, due back, is cancelled, is cash


def steps_one_event_can_bring_about() -> set[tuple[str, str]]:
    """Every pair of payment states before and after one event, over all small sums; the order costs 3."""
    found: set[tuple[str, str]] = set()

    def happens(before: Sums, *after: Sums) -> None:
        found.update((state(before), state(each)) for each in after if state(before) != state(each))

    def state(sums: Sums) -> str:
        received, refunded, due, is_cancelled, is_cash = sums
        money = map(Decimal, (3, received, refunded, due))
        return payment_state_of(MoneyOfOrder(*money, is_cancelled=is_cancelled, is_cash=is_cash))

    for received, refunded, due, is_cash in product(range(6), range(6), range(6), (False, True)):
        if refunded + due > received:
            continue
        alive, over = (received, refunded, due, False, is_cash), (received, refunded, due, True, is_cash)
        all_due = (received, refunded, received - refunded, True, is_cash)
        for sums in (alive, *([over] if over == all_due else [])):
            is_cancelled = sums[3]
            for some in range(1, due + 1):
                happens(sums, (received, refunded + some, due - some, is_cancelled, is_cash))
            for some in range(1, refunded + 1):
                happens(sums, (received, refunded - some, due + some, is_cancelled, is_cash))
        happens(alive, all_due)
        for some in range(6):
            if some >= refunded + due:
                happens(alive, (some, refunded, due, False, is_cash))
            if some <= received - refunded:
                happens(alive, (received, refunded, some, False, is_cash))
            if some > received and over == all_due:
                happens(over, (some, refunded, some - refunded, True, is_cash))
                happens(over, *((some, refunded, kept, False, is_cash) for kept in range(due + 1)))
    return found


def test_payment_table_lists_exactly_what_one_event_can_bring_about() -> None:
    assert set(PAYMENT_TABLE) == steps_one_event_can_bring_about()


def test_cancelling_after_the_excess_went_back_owes_the_rest() -> None:
    order = placed_order()
    pay(order, 130_000)
    attempt = order.payment_attempts.get()
    mark_refund_sent(
        refund=refund_due(attempt=attempt, amount_vnd=Decimal(30_000), reason="thừa", by=By.SELLER), actor=UserFactory()
    )

    order = advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by=By.BUYER, reason="Đổi ý")

    assert (order.payment, order.refunded_vnd) == ("part_refunded", 30_000)
    assert [(refund.amount_vnd, refund.state) for refund in attempt.refunds.all()] == [
        (30_000, "sent"),
        (100_000, "due"),
    ]
