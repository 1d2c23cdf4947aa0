"""The one order in which rows of a sale are locked, so that no two transactions can wait for each other.

Purchase, stock by id, order by id, attempt by id, receipt by id; a product only after its stock. Find candidates
without locks, lock here, and check again what was found. Models are fetched by name: this module stands below the
packages that own them. SQLite has no row locks; its transactions begin IMMEDIATE (settings), which lets one writer in
at a time.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model


class RowsAreBusy(Exception):
    """Another worker holds one of the purchases; only with `skip_locked`. Nothing is locked."""


@dataclass(frozen=True)
class LockedRows:
    """Fresh copies of the locked rows by id, each dict in the order of the ids."""

    purchases: dict[int, Any] = field(default_factory=dict)
    stockrecords: dict[int, Any] = field(default_factory=dict)
    orders: dict[int, Any] = field(default_factory=dict)
    attempts: dict[int, Any] = field(default_factory=dict)
    receipts: dict[int, Any] = field(default_factory=dict)


def _lock(label: str, ids: Iterable[int | None], *, skip_locked: bool = False) -> dict[int, Any]:
    wanted = sorted({pk for pk in ids if pk is not None})
    if not wanted:
        return {}
    model: type[Model] = apps.get_model(label)
    rows = model._default_manager.select_for_update(skip_locked=skip_locked).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if skip_locked and len(found) != len(wanted):
        raise RowsAreBusy(label)
    return found


@contextmanager
def locked_rows(
    *,
    purchase_ids: Collection[int | None] = (),
    stockrecord_ids: Collection[int | None] = (),
    order_ids: Collection[int] = (),
    attempt_ids: Collection[int] = (),
    receipt_ids: Collection[int] = (),
    skip_locked: bool = False,
) -> Iterator[LockedRows]:
    """Open a transaction (or join the caller's) and lock exactly these rows in the house's order.

    With `skip_locked` a busy purchase raises RowsAreBusy at once instead of waiting. Ids that no longer exist
    are simply missing in the answer. May be nested for rows that are locked already.
    """
    with transaction.atomic():
        yield LockedRows(
            purchases=_lock("purchase.Purchase", purchase_ids, skip_locked=skip_locked),
            stockrecords=_lock("partner.StockRecord", stockrecord_ids),
            orders=_lock("order.Order", order_ids),
            attempts=_lock("payments.PaymentAttempt", attempt_ids),
            receipts=_lock("payments.Receipt", receipt_ids),
        )


@contextmanager
def locked_orders(
    *, order_ids: Collection[int], receipt_ids: Collection[int] = (), with_stock: bool = True, skip_locked: bool = False
) -> Iterator[LockedRows]:
    """Lock orders with everything that changes with them: purchase, stock of their lines, attempts; and receipts.

    `with_stock=False` leaves the stock alone: only for work that can never move goods (a seen mark, a note);
    a later hold or release in the same transaction would then break the order of locks.
    """
    wanted = sorted(set(order_ids))
    order = apps.get_model("order.Order")
    line = apps.get_model("order.Line")
    attempt = apps.get_model("payments.PaymentAttempt")
    with transaction.atomic():
        purchase_ids = set(order._default_manager.filter(pk__in=wanted).values_list("purchase_id", flat=True))
        stock_ids = (
            set(line._default_manager.filter(order_id__in=wanted).values_list("stockrecord_id", flat=True))
            if with_stock
            else set()
        )
        purchases = _lock("purchase.Purchase", purchase_ids, skip_locked=skip_locked)
        stockrecords = _lock("partner.StockRecord", stock_ids)
        orders = _lock("order.Order", wanted)
        # Read after the orders are locked: an attempt is opened only by someone who holds its order.
        attempts = attempt._default_manager.select_for_update().filter(order_id__in=wanted).order_by("pk")
        yield LockedRows(
            purchases=purchases,
            stockrecords=stockrecords,
            orders=orders,
            attempts={row.pk: row for row in attempts},
            receipts=_lock("payments.Receipt", receipt_ids),
        )


@contextmanager
def locked_purchase(*, purchase_id: int, skip_locked: bool = False) -> Iterator[LockedRows]:
    """Lock one purchase with all its orders, their stock and attempts."""
    order = apps.get_model("order.Order")
    with locked_rows(purchase_ids=[purchase_id], skip_locked=skip_locked) as outer:
        # Orders are added to a purchase only in the transaction that makes it, so this list is final.
        order_ids = list(order._default_manager.filter(purchase_id=purchase_id).values_list("pk", flat=True))
        with locked_orders(order_ids=order_ids) as rows:
            yield LockedRows(outer.purchases, rows.stockrecords, rows.orders, rows.attempts)
