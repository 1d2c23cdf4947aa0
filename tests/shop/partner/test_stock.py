"""The two counters, what explains them, and what is refused."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from catalogue.listed_product import listing_breaches, refresh_listed_products
from catalogue.models import ListedProduct
from shop.partner import stock
from shop.partner.models import StockMovement, StockRecord
from shop.partner.signals import stock_changed
from shop.partner.stock import StockChange, StockPart, StockRefused, StockShort
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def honey() -> StockRecord:
    """Ten jars on the shelf, three of them promised."""
    record = ProductFactory(in_stock=10).stockrecords.get()
    stock.hold(stockrecord_id=record.pk, quantity=3)
    return record


def counters(record: StockRecord) -> tuple[int, int]:
    record.refresh_from_db()
    return record.num_in_stock, record.num_allocated


@pytest.mark.parametrize(
    ("operation", "after", "movement"),
    [
        (lambda pk: stock.hold(stockrecord_id=pk, quantity=7), (10, 10), ("held", 0, 7)),
        (lambda pk: stock.release(stockrecord_id=pk, quantity=2), (10, 1), ("released", 0, -2)),
        (lambda pk: stock.hand_over(stockrecord_id=pk, quantity=3), (7, 0), ("sold", -3, -3)),
        (lambda pk: stock.take_back(stockrecord_id=pk, quantity=1), (11, 3), ("returned", 1, 0)),
        (lambda pk: stock.restock(stockrecord_id=pk, quantity=5), (15, 3), ("restocked", 5, 0)),
        (lambda pk: stock.spoil(stockrecord_id=pk, quantity=7), (3, 3), ("spoiled", -7, 0)),
        (lambda pk: stock.set_counted(stockrecord_id=pk, counted=4), (4, 3), ("counted", -6, 0)),
        (lambda pk: stock.set_counted(stockrecord_id=pk, counted=10), (10, 3), ("counted", 0, 0)),
    ],
)
def test_each_operation_moves_the_counters_and_leaves_one_movement(
    honey: StockRecord, operation: Callable[[int], None], after: tuple[int, int], movement: tuple[str, int, int]
) -> None:
    operation(honey.pk)

    assert counters(honey) == after
    last = honey.movements.last()
    assert (last.reason, last.in_stock_change, last.allocated_change) == movement
    assert honey.movements.count() == 3


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (lambda pk: stock.hold(stockrecord_id=pk, quantity=8), "short"),
        (lambda pk: stock.spoil(stockrecord_id=pk, quantity=8), "short"),
        (lambda pk: stock.release(stockrecord_id=pk, quantity=4), "not_held"),
        (lambda pk: stock.hand_over(stockrecord_id=pk, quantity=4), "not_held"),
        (lambda pk: stock.set_counted(stockrecord_id=pk, counted=2), "below_promised"),
        (lambda pk: stock.set_counted(stockrecord_id=pk, counted=-1), "quantity_out_of_bounds"),
        (lambda pk: stock.set_counted(stockrecord_id=pk, counted=10**9), "quantity_out_of_bounds"),
        (lambda pk: stock.hold(stockrecord_id=pk, quantity=0), "quantity_out_of_bounds"),
        (lambda pk: stock.restock(stockrecord_id=pk, quantity=-5), "quantity_out_of_bounds"),
        (lambda pk: stock.restock(stockrecord_id=pk, quantity=10**9), "quantity_out_of_bounds"),
        (lambda pk: stock.hold(stockrecord_id=pk + 999, quantity=1), "unknown"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    honey: StockRecord, operation: Callable[[int], None], code: str
) -> None:
    with pytest.raises(StockRefused) as refusal:
        operation(honey.pk)

    assert refusal.value.code == code
    assert counters(honey) == (10, 3)
    assert honey.movements.count() == 2


def test_a_pile_above_the_bound_is_refused(honey: StockRecord) -> None:
    stock.set_counted(stockrecord_id=honey.pk, counted=stock.MOST_IN_STOCK)

    with pytest.raises(StockRefused, match="too_many"):
        stock.restock(stockrecord_id=honey.pk, quantity=1)

    assert counters(honey) == (stock.MOST_IN_STOCK, 3)


def test_short_goods_are_named_with_what_is_free_and_the_others_are_not_held(honey: StockRecord) -> None:
    tea = ProductFactory(in_stock=5).stockrecords.get()
    rice = ProductFactory(in_stock=0).stockrecords.get()

    with pytest.raises(StockShort) as refusal:
        stock.hold_all(parts=[StockPart(honey.pk, 8), StockPart(tea.pk, 5), StockPart(rice.pk, 1)])

    assert refusal.value.shortages == {honey.pk: 7, rice.pk: 0}
    assert refusal.value.available == 0
    assert counters(tea) == (5, 0)


def test_two_parts_of_one_good_are_counted_together(honey: StockRecord) -> None:
    with pytest.raises(StockShort):
        stock.hold_all(parts=[StockPart(honey.pk, 4), StockPart(honey.pk, 4)])

    stock.hold_all(parts=[StockPart(honey.pk, 4), StockPart(honey.pk, 3)])

    assert counters(honey) == (10, 10)
    assert list(stock.check_stock()) == [f"stockrecord {honey.pk}: 10 allocated, open orders hold 0"]


def test_twenty_goods_take_as_many_queries_as_two(django_assert_num_queries: Callable) -> None:
    records = [ProductFactory().stockrecords.get() for _ in range(20)]

    with django_assert_num_queries(5):  # savepoint, lock, update, movements, release
        stock.hold_all(parts=[StockPart(record.pk, 1) for record in records[:2]])
    with django_assert_num_queries(5):
        stock.hold_all(parts=[StockPart(record.pk, 1) for record in records])


def test_the_change_is_announced_with_what_was_free_before_and_after(honey: StockRecord) -> None:
    heard: list[StockChange] = []

    def listen(changes: list[StockChange], **_kwargs: object) -> None:
        heard.extend(changes)

    stock_changed.connect(listen)
    try:
        stock.hold(stockrecord_id=honey.pk, quantity=7)
        stock.restock(stockrecord_id=honey.pk, quantity=2)
        stock.hand_over(stockrecord_id=honey.pk, quantity=10)
    finally:
        stock_changed.disconnect(listen)

    pairs = [(change.available_before, change.available_after) for change in heard]
    assert pairs == [(7, 0), (0, 2), (2, 2)]
    assert {change.product_id for change in heard} == {honey.product_id}


def test_doctor_sees_a_counter_that_no_movement_explains(honey: StockRecord) -> None:
    StockRecord.objects.filter(pk=honey.pk).update(num_in_stock=11)

    assert f"stockrecord {honey.pk}: counters 11/3, movements say 10/3" in list(stock.check_stock())


def test_bulk_inserted_records_are_explained_by_one_opening_movement_each() -> None:
    records = [ProductFactory(in_stock=0).stockrecords.get() for _ in range(2)]
    StockRecord.objects.filter(pk=records[0].pk).update(num_in_stock=40)
    records[0].refresh_from_db()

    stock.record_opening(stockrecords=records)

    assert list(stock.check_stock()) == []
    assert StockMovement.objects.filter(stockrecord__in=records).count() == 1


def test_the_database_itself_refuses_to_promise_more_than_there_is(honey: StockRecord) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StockRecord.objects.filter(pk=honey.pk).update(num_allocated=11)

    assert counters(honey) == (10, 3)


def test_lists_follow_where_goods_run_out_and_come_back(honey: StockRecord) -> None:
    refresh_listed_products()
    listed = ListedProduct.objects.get(pk=honey.product_id)

    stock.hold(stockrecord_id=honey.pk, quantity=7)
    listed.refresh_from_db()
    assert not listed.in_stock

    stock.release(stockrecord_id=honey.pk, quantity=1)
    listed.refresh_from_db()
    assert listed.in_stock
    assert list(listing_breaches()) == []
