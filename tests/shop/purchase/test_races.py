"""Two at once: the last item, the same key, opposite baskets, several clocks. Threads with real transactions."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from shop.locks import LockedRows
from shop.order.models import Order
from shop.partner import stock
from shop.partner.models import StockMovement, StockRecord
from shop.partner.stock import check_stock
from shop.payments.by_word import sellers_word
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.ledger import check_ledger
from shop.payments.models import PaymentAttempt
from shop.purchase import place_purchase as checkout
from shop.purchase import states
from shop.purchase.basket import Basket
from shop.purchase.doctor_checks import check_holds, check_money, check_orders, check_stories
from shop.purchase.holds import HoldRefused, end_due_holds, extend_holds
from shop.purchase.models import Purchase
from shop.purchase.place_purchase import PurchaseRefused
from shop.purchase.states import TransitionRefused, advance_fulfilment
from shop.workspace.goods_form import Offer
from shop.workspace.goods_writing import correct_product
from tests.factories import ProductFactory, UserFactory
from tests.factories.purchases import basket_with, new_key, place, placed_order, sellable_product

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run the steps in threads that start together; return what each returned or raised, in their order."""
    ends: list[Any] = [None] * len(steps)
    start = threading.Barrier(len(steps))

    def run(index: int, step: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            ends[index] = step()
        except Exception as error:  # noqa: BLE001  # the test looks at every end
            ends[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a step still waits for a lock"
    return ends


def breaches() -> list[str]:
    checks = (check_stock, check_orders, check_holds, check_money, check_stories, check_ledger)
    return [breach for check in checks for breach in check()]


@contextmanager
def everyone_has_looked(monkeypatch: pytest.MonkeyPatch, count: int) -> Iterator[None]:
    """Let nobody write before all have read that the goods are there: the worst moment, every time."""
    everyone, real = threading.Barrier(count), checkout._write

    def write(**arguments: Any) -> Any:
        everyone.wait(timeout=20)
        return real(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(checkout, "_write", write)
        yield


def without_condition_lock_and_constraint(patch: pytest.MonkeyPatch) -> None:
    """Stock as a shop has it that trusts what it read: no condition in the UPDATE, no lock, no constraint."""

    def look(stockrecord_ids: Iterable[int]) -> Any:
        rows = StockRecord.objects.filter(pk__in=stockrecord_ids)
        return {row.pk: stock._Counters(row.product_id, row.num_in_stock, row.num_allocated) for row in rows}

    patch.setattr(stock, "_lock", look)
    patch.setattr(stock, "_still_possible", lambda *_arguments: Q())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partner_stockrecord DROP CONSTRAINT stock_promised_within_what_is_there")


@pytest.mark.postgres
def test_two_shoppers_and_one_last_item_the_fault_first_then_none(monkeypatch: pytest.MonkeyPatch) -> None:
    honey = sellable_product(in_stock=1)
    baskets = [basket_with({honey: 1}), basket_with({honey: 1})]
    with everyone_has_looked(monkeypatch, 2), monkeypatch.context() as patch:
        without_condition_lock_and_constraint(patch)
        sold = at_once(*(lambda b=basket: place(b) for basket in baskets))
    assert [type(end).__name__ for end in sold] == ["PlacedPurchase", "PlacedPurchase"]
    assert honey.stockrecords.get().num_allocated == 2  # one jar, promised twice

    tea = sellable_product(in_stock=1)
    baskets = [basket_with({tea: 1}), basket_with({tea: 1})]
    with everyone_has_looked(monkeypatch, 2):
        ends = at_once(*(lambda b=basket: place(b) for basket in baskets))

    refused = [end for end in ends if isinstance(end, PurchaseRefused)]
    assert len(refused) == 1
    assert [(problem.notice.code, problem.notice.available) for problem in refused[0].lines] == [("sold_out", 0)]
    assert tea.stockrecords.get().num_allocated == 1
    assert StockMovement.objects.filter(stockrecord__product=tea, reason="held").count() == 1
    kept = Basket.objects.get(pk=baskets[ends.index(refused[0])].pk)
    assert (kept.status, kept.lines.count()) == (Basket.OPEN, 1)


def test_ten_shoppers_and_three_jars_make_three_orders() -> None:
    honey = sellable_product(in_stock=3)
    baskets = [basket_with({honey: 1}) for _ in range(10)]

    ends = at_once(*(lambda b=basket: place(b) for basket in baskets))

    assert sum(not isinstance(end, Exception) for end in ends) == 3
    assert {end.code for end in ends if isinstance(end, Exception)} == {"lines"}
    assert honey.stockrecords.get().num_allocated == 3
    assert (Order.objects.count(), Purchase.objects.count()) == (3, 3)
    assert breaches() == []


def test_pressing_many_times_at_once_buys_once() -> None:
    honey = sellable_product(in_stock=10)
    basket, key = basket_with({honey: 1}), new_key()

    ends = at_once(*(lambda: place(Basket.objects.get(pk=basket.pk), idempotency_key=key) for _ in range(6)))

    assert len({end.purchase.pk for end in ends}) == 1
    assert sorted(end.is_new for end in ends) == [False] * 5 + [True]
    assert (Purchase.objects.count(), honey.stockrecords.get().num_allocated) == (1, 1)
    assert breaches() == []


def test_same_key_from_two_baskets_at_once_buys_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    honey, key = sellable_product(in_stock=10), new_key()
    baskets = [basket_with({honey: 1}), basket_with({honey: 2})]

    ends = at_once(*(lambda b=basket: place(b, idempotency_key=key) for basket in baskets))

    assert len({end.purchase.pk for end in ends}) == 1
    assert Purchase.objects.count() == 1
    assert honey.stockrecords.get().num_allocated in {1, 2}
    assert breaches() == []


@pytest.mark.postgres
def test_opposite_baskets_would_deadlock_without_the_order_of_locks_and_do_not_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merchant = sellable_product(in_stock=100).merchant
    goods = [ProductFactory(merchant=merchant, in_stock=100) for _ in range(2)]
    records = [product.stockrecords.get().pk for product in goods]

    def hold_in_turn(ids: list[int]) -> None:
        with transaction.atomic():
            for pk in ids:
                StockRecord.objects.select_for_update().get(pk=pk)
                time.sleep(0.3)

    ends = at_once(lambda: hold_in_turn(records), lambda: hold_in_turn(records[::-1]))
    assert [type(end) for end in ends if end is not None] == [OperationalError]  # "deadlock detected"

    for _round in range(5):
        forth = basket_with({goods[0]: 1, goods[1]: 1})
        back = basket_with({goods[1]: 1, goods[0]: 1})
        with everyone_has_looked(monkeypatch, 2):
            ends = at_once(lambda b=forth: place(b), lambda b=back: place(b))
        assert [type(end).__name__ for end in ends] == ["PlacedPurchase", "PlacedPurchase"]

    assert [record.num_allocated for record in StockRecord.objects.filter(pk__in=records)] == [10, 10]
    assert breaches() == []


@pytest.mark.postgres
def test_a_seller_who_corrects_her_goods_does_not_deadlock_with_a_hold_that_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = placed_order(quantity=2, in_stock=2)
    product, seller = order.lines.get().product, UserFactory()
    real = stock.refresh_availability

    def refresh_slowly(product_ids: Iterable[int]) -> None:
        time.sleep(0.5)  # the stock is locked, the product's page is not yet
        real(product_ids)

    def correct() -> None:
        time.sleep(0.2)
        correct_product(
            product=product,
            offers=[Offer(product_id=None, price=Decimal(60_000), stock=2, seen_stock=2)],
            photos=[],
            removed_photos=[],
            main_photo=None,
            who={"actor": seller, "on_behalf_of": None, "request": None},
        )

    monkeypatch.setattr(stock, "refresh_availability", refresh_slowly)
    ends = at_once(lambda: end_due_holds(timezone.now() + timedelta(minutes=31)), correct)

    assert ends == [1, None]
    assert StockRecord.objects.get(product=product).price == 60_000
    assert breaches() == []


def test_several_clocks_end_each_hold_once() -> None:
    orders = [placed_order() for _ in range(6)]
    late = timezone.now() + timedelta(minutes=31)

    ended = at_once(*(lambda: end_due_holds(late) for _ in range(3)))

    assert sum(ended) == 6
    for order in orders:
        assert list(order.transitions.filter(axis="fulfilment").values_list("to_state", flat=True)) == [
            "placed",
            "cancelled",
        ]
    assert breaches() == []


def test_money_and_the_end_of_the_hold_at_the_same_moment_leave_one_story() -> None:
    orders = [placed_order() for _ in range(4)]
    seller, late = UserFactory(), timezone.now() + timedelta(minutes=31)

    def pay(order: Order) -> None:
        attempt = order.payment_attempts.get()
        sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=seller)

    ends = at_once(lambda: end_due_holds(late), *(lambda o=order: pay(o) for order in orders))

    assert all(end is None or isinstance(end, int | CannotAccept | PaymentRefused) for end in ends), ends
    for order in orders:
        order.refresh_from_db()
        assert (order.fulfilment, order.payment) == ("placed", "paid")  # late money brings back what was cancelled
    assert breaches() == []


def without_the_orders_lock(patch: pytest.MonkeyPatch) -> None:
    """Steps that trust the order they read before: nobody waits for anybody."""

    @contextmanager
    def read_only(*, order_ids: Any, **_options: Any) -> Iterator[LockedRows]:
        with transaction.atomic():
            attempts = PaymentAttempt.objects.filter(order_id__in=order_ids)
            yield LockedRows(
                orders={order.pk: order for order in Order.objects.filter(pk__in=order_ids)},
                attempts={attempt.pk: attempt for attempt in attempts},
            )

    patch.setattr(states, "locked_orders", read_only)


@contextmanager
def both_have_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The worst moment: each step reads the order before the other has written."""
    both, real = threading.Barrier(2), states.check_listed

    def check(*, axis: str, **arguments: Any) -> None:
        real(axis=axis, **arguments)
        if axis == "fulfilment":
            with suppress(threading.BrokenBarrierError):  # with the lock the second cannot come this far
                both.wait(timeout=1)

    with monkeypatch.context() as patch:
        patch.setattr(states, "check_listed", check)
        yield


def take_step(order: Order, to: str, by: str) -> Callable[[], Any]:
    return lambda: advance_fulfilment(order=order, to=to, by=by, reason="thử", confirm_unpaid=True)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("other_to", "other_by"), [("cancelled", "buyer"), ("packed", "seller")], ids=["cancels-again", "packs"]
)
def test_a_buyer_who_cancels_and_another_step_at_the_same_moment_the_fault_first_then_none(
    monkeypatch: pytest.MonkeyPatch, other_to: str, other_by: str
) -> None:
    order = placed_order(quantity=2, in_stock=10)
    product = order.lines.get().product
    place(basket_with({product: 2}))  # somebody else's two, which a second release would give away
    with both_have_read(monkeypatch), monkeypatch.context() as patch:
        without_the_orders_lock(patch)
        at_once(take_step(order, "cancelled", "buyer"), take_step(order, other_to, other_by))
    assert order.transitions.filter(axis="fulfilment", from_state="placed").count() == 2  # two truths
    assert breaches() != []

    order = placed_order(quantity=2, in_stock=10)
    product = order.lines.get().product
    place(basket_with({product: 2}))
    known = breaches()
    with both_have_read(monkeypatch):
        ends = at_once(take_step(order, "cancelled", "buyer"), take_step(order, other_to, other_by))

    order.refresh_from_db()
    steps = list(order.transitions.filter(axis="fulfilment").values_list("to_state", flat=True))
    refused = [end.code for end in ends if isinstance(end, TransitionRefused)]
    if other_to == "cancelled":
        assert (steps, refused) == (["placed", "cancelled"], ["not_listed"])
    else:  # whoever comes first; what is packed may still be cancelled, what is cancelled is not packed
        assert (steps, refused) in [
            (["placed", "cancelled"], ["not_listed"]),
            (["placed", "packed", "cancelled"], []),
        ]
    record = StockRecord.objects.get(product=product)
    assert (order.fulfilment, record.num_in_stock, record.num_allocated) == ("cancelled", 10, 2)
    assert breaches() == known


def test_sending_and_cancelling_at_the_same_moment_leave_one_of_them() -> None:
    orders = [placed_order(quantity=2, in_stock=10) for _ in range(4)]
    Order.objects.update(shipping_code="flat_rate")
    for order in orders:
        advance_fulfilment(order=order, to="packed", by="seller", confirm_unpaid=True)

    ends = [
        end
        for order in orders
        for end in at_once(take_step(order, "cancelled", "buyer"), take_step(order, "sent", "seller"))
    ]

    refused = [end.code for end in ends if isinstance(end, Exception)]
    for order in orders:
        order.refresh_from_db()
    late = {"sent": "not_yours", "cancelled": "not_listed"}  # what the one who comes second is told
    assert refused == [late[order.fulfilment] for order in orders]
    for order in orders:
        in_stock = {"cancelled": 10, "sent": 8}[order.fulfilment]
        record = StockRecord.objects.get(line__order=order)
        assert (record.num_in_stock, record.num_allocated) == (in_stock, 0)
    assert breaches() == []


def test_a_hold_is_lengthened_once_however_many_press_at_once() -> None:
    order = placed_order()
    assert order.purchase_id is not None and order.hold_until is not None
    purchase_id, now = order.purchase_id, timezone.now()

    ends = at_once(*(lambda: extend_holds(purchase_id=purchase_id, now=now) for _ in range(5)))

    sixty = order.date_placed + timedelta(minutes=60)
    assert [end for end in ends if not isinstance(end, HoldRefused)] == [sixty]
    assert {end.code for end in ends if isinstance(end, HoldRefused)} == {"already_extended"}
    order.refresh_from_db()
    assert order.hold_until == order.payment_attempts.get().expires_at == sixty
    assert breaches() == []


def test_lengthening_in_the_last_second_and_the_clock_leave_one_story() -> None:
    orders = [placed_order() for _ in range(4)]
    end_of_hold = max(order.hold_until for order in orders if order.hold_until)
    last_second = min(order.hold_until for order in orders if order.hold_until) - timedelta(seconds=1)

    ends = at_once(
        lambda: end_due_holds(end_of_hold),
        *(lambda pk=order.purchase_id: extend_holds(purchase_id=pk, now=last_second) for order in orders),
    )

    for order, end in zip(orders, ends[1:], strict=True):
        order.refresh_from_db()
        if isinstance(end, HoldRefused):
            assert (end.code, order.fulfilment, order.hold_extended) == ("no_hold", "cancelled", False)
        else:
            assert (order.fulfilment, order.hold_until) == ("placed", end)
    assert sum(isinstance(end, HoldRefused) for end in ends[1:]) == ends[0]
    assert breaches() == []
