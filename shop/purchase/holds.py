"""How long goods are kept for an order that waits for its transfer, and how late money revives one."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.utils.timezone import now as current_time

from shop.locks import RowsAreBusy, locked_orders
from shop.order.models import Fulfilment, Order, OrderTransition, PaymentMethod
from shop.partner.stock import StockShort
from shop.payments.attempts import extend_attempt
from shop.payments.errors import CannotAccept
from shop.payments.models import PaymentAttempt
from shop.payments.signals import attempt_changed
from shop.purchase.states import (
    FULFILMENT_TABLE,
    HOLD_RAN_OUT,
    MONEY_CAME_LATE,
    TransitionRefused,
    advance_fulfilment,
    owe_back,
    recompute_payment,
    was_cancelled_by_clock,
)
from shop.users.models import User

log = logging.getLogger(__name__)

EXTENSION = timedelta(minutes=30)
ENDED_AT_ONCE = 200  # orders per run of the clock; the next run takes the rest

CLOSING = {"expired", "cancelled", "refund"}  # reasons of attempt_changed that follow from the order itself

By = OrderTransition.By


_REFUSALS = ("already_extended", "at_longest", "ended", "no_hold")  # the one that tells the buyer most comes first


class HoldRefused(Exception):
    """The hold stays as it is. Codes: "no_hold", "ended", "already_extended", "at_longest"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def hold_end(*, method: str, placed_at: datetime) -> datetime | None:
    """Until when a fresh order keeps its goods; None (no end) for cash on delivery."""
    if method == PaymentMethod.CASH_ON_DELIVERY:
        return None
    return placed_at + timedelta(minutes=settings.HOLD_MINUTES_TRANSFER)


def may_extend(*, order: Order, now: datetime) -> bool:
    """Whether the buyer may press “extend” now."""
    return _why_not_extend(order, now) is None


def minutes_to_gain(*, order: Order, now: datetime) -> int:
    """How many minutes “extend” would add; 0 when it cannot be pressed."""
    if order.hold_until is None or _why_not_extend(order, now):
        return 0
    return int((min(order.hold_until + EXTENSION, _longest(order)) - order.hold_until).total_seconds() // 60)


def extend_hold(*, order: Order, now: datetime | None = None) -> Order:
    """Give the buyer 30 more minutes, once, and never past 60 minutes from placing (DESIGN §7).

    The open attempt ends with the hold. Raises HoldRefused and changes nothing; a second call is refused.
    """
    return _extend([order.pk], now or current_time())[0]


def extend_holds(*, purchase_id: int, now: datetime | None = None) -> datetime:
    """Lengthen, by the same rule, every hold of a purchase that can be; returns when the first of them ends.

    One transaction. Raises HoldRefused and changes nothing when none can be lengthened.
    """
    order_ids = list(Order.objects.filter(purchase_id=purchase_id).values_list("pk", flat=True))
    ends = [order.hold_until for order in _extend(order_ids, now or current_time()) if order.hold_until is not None]
    return min(ends)


def _extend(order_ids: Collection[int], now: datetime) -> list[Order]:
    with locked_orders(order_ids=order_ids, with_stock=False) as rows:
        codes = {pk: _why_not_extend(order, now) for pk, order in rows.orders.items()}
        chosen: list[Order] = [order for pk, order in rows.orders.items() if codes[pk] is None]
        if not chosen:
            raise HoldRefused(next(code for code in _REFUSALS if code in {*codes.values(), "no_hold"}))
        for order in chosen:
            assert order.hold_until is not None  # noqa: S101  # _why_not_extend has seen to it
            order.hold_until = min(order.hold_until + EXTENSION, _longest(order))
            order.hold_extended = True
            order.save(update_fields=["hold_until", "hold_extended"])
        ends = {order.pk: order.hold_until for order in chosen}
        for attempt in rows.attempts.values():
            if attempt.state == PaymentAttempt.State.OPEN and attempt.order_id in ends:
                extend_attempt(attempt=attempt, expires_at=ends[attempt.order_id])
    return chosen


def end_due_holds(now: datetime | None = None) -> int:
    """Cancel every order whose hold has run out; the goods are free again. Returns how many were cancelled.

    For the clock; may be called at any time and by several workers at once: each order is taken by one of them,
    in a transaction of its own, and an order that was paid meanwhile stays.
    """
    now = now or current_time()
    due = Order.objects.filter(fulfilment=Fulfilment.PLACED, hold_until__lte=now).order_by("hold_until", "pk")
    return sum(_end_hold(order_id, now) for order_id in list(due.values_list("pk", flat=True)[:ENDED_AT_ONCE]))


def _end_hold(order_id: int, now: datetime) -> bool:
    try:
        with locked_orders(order_ids=[order_id], skip_locked=True) as rows:
            order: Order | None = rows.orders.get(order_id)
            is_due = order is not None and order.hold_until is not None and order.hold_until <= now
            if order is None or not is_due or order.fulfilment != Fulfilment.PLACED:
                return False
            advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by=By.SYSTEM, reason=HOLD_RAN_OUT)
    except RowsAreBusy:
        return False  # someone pays, cancels or ends it right now; the next run looks again
    log.info("hold ended", extra={"order": order.number})
    return True


@receiver(attempt_changed, dispatch_uid="order_follows_its_attempt")
def order_follows_its_attempt(
    attempt: PaymentAttempt, by: str, actor: User | None, reason: str, **_kwargs: Any
) -> None:
    """Recompute the order after its attempt changed, in payments' transaction; revive what the clock cancelled.

    Raises CannotAccept: "out_of_stock" when the money came after the goods had gone to someone else,
    "needs_a_person" when a bank's notice alone would revive the order, "order_refused" for a step that is not
    listed. Money for an order that a person cancelled is owed back.
    """
    try:
        _follow(attempt, by=by, actor=actor, reason=reason)
    except TransitionRefused as refusal:
        raise CannotAccept("order_refused") from refusal


def _follow(attempt: PaymentAttempt, *, by: str, actor: User | None, reason: str) -> None:
    order = Order.objects.get(pk=attempt.order_id)
    if order.fulfilment == Fulfilment.CANCELLED and reason not in CLOSING:
        if _is_alive(attempt) and was_cancelled_by_clock(order):
            _revive(order, by=by, actor=actor)
            return  # the step has recomputed the payment too
        owe_back(attempt=attempt, by=by, actor=actor)
        order.refresh_from_db()
    recompute_payment(order=order, by=by, actor=actor, reason="")


def _is_alive(attempt: PaymentAttempt) -> bool:
    """Whether money stands against an attempt that is open or settled (again)."""
    return attempt.state in {PaymentAttempt.State.OPEN, PaymentAttempt.State.SETTLED} and attempt.allocated_vnd > 0


def _revive(order: Order, *, by: str, actor: User | None) -> None:
    if by not in FULFILMENT_TABLE[Fulfilment.CANCELLED, Fulfilment.PLACED]:
        raise CannotAccept("needs_a_person")
    try:
        advance_fulfilment(order=order, to=Fulfilment.PLACED, by=by, actor=actor, reason=MONEY_CAME_LATE)
    except StockShort as short:
        raise CannotAccept("out_of_stock") from short


def _longest(order: Order) -> datetime:
    end: datetime = order.date_placed + timedelta(minutes=settings.HOLD_MINUTES_LONGEST)
    return end


def _why_not_extend(order: Order, now: datetime) -> str | None:
    if order.hold_until is None or order.fulfilment != Fulfilment.PLACED:
        return "no_hold"
    if order.hold_until <= now:
        return "ended"
    if order.hold_extended:
        return "already_extended"
    return "at_longest" if order.hold_until >= _longest(order) else None
