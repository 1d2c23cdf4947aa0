"""The two states of an order: the tables of what may follow what and by whom, and the only code that moves them.

`fulfilment` is moved by people (and by the clock); `payment` is computed from allocations and refunds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext_noop
from oscar.core.loading import get_model

from merchants import audit
from shop.delivery.models import DeliveryOption
from shop.locks import locked_orders
from shop.order.models import Fulfilment, Order, OrderTransition, Payment, PaymentMethod
from shop.outbox.enqueue import enqueue
from shop.partner import stock
from shop.partner.stock import STATES_THAT_HOLD_STOCK, StockPart
from shop.payments.attempts import cancel_attempt, expire_attempt, extend_attempt
from shop.payments.models import Allocation, PaymentAttempt, Refund
from shop.payments.refunds import refund_due, refundable_vnd, withdraw_refund
from shop.users.models import User

Line = get_model("order", "Line")

Axis = OrderTransition.Axis
By = OrderTransition.By

# Stored in cancel_reason as it stands and translated when shown: {% translate order.cancel_reason %}.
HOLD_RAN_OUT = gettext_noop("The time for paying ran out.")
MONEY_CAME_LATE = gettext_noop("The money came after all.")
ORDER_CANCELLED = gettext_noop("The order was cancelled.")
PACKED_UNPAID = gettext_noop("Packed before the money came.")

_SELLER = frozenset({By.SELLER})
_SELLER_OR_BUYER = frozenset({By.SELLER, By.BUYER})
# Until the goods are handed over the buyer may change her mind.
_CANCELS_EARLY = frozenset({By.SELLER, By.OFFICER, By.BUYER})

FULFILMENT_TABLE: Mapping[tuple[str, str], frozenset[str]] = {
    (Fulfilment.PLACED, Fulfilment.CONFIRMED): _SELLER,
    (Fulfilment.PLACED, Fulfilment.PACKED): _SELLER,
    (Fulfilment.PLACED, Fulfilment.CANCELLED): _CANCELS_EARLY | {By.SYSTEM},
    (Fulfilment.CONFIRMED, Fulfilment.PACKED): _SELLER,
    (Fulfilment.CONFIRMED, Fulfilment.CANCELLED): _CANCELS_EARLY,
    (Fulfilment.PACKED, Fulfilment.SENT): _SELLER,
    (Fulfilment.PACKED, Fulfilment.DELIVERED): _SELLER_OR_BUYER,  # only where the buyer collects
    (Fulfilment.PACKED, Fulfilment.CANCELLED): _SELLER_OR_BUYER,
    (Fulfilment.SENT, Fulfilment.DELIVERED): _SELLER_OR_BUYER,
    (Fulfilment.SENT, Fulfilment.CANCELLED): _SELLER,  # refused at the door, or lost
    # Only what the clock cancelled, when a person accepts its late money and the goods are still there.
    (Fulfilment.CANCELLED, Fulfilment.PLACED): frozenset({By.SELLER, By.OFFICER}),
}

_MONEY = frozenset({By.BANK, By.SELLER, By.OFFICER, By.SYSTEM})
_MONEY_OR_BUYER = _MONEY | {By.BUYER}  # she cancels, accepts a refund, or waives one

# Exactly the steps that one event can bring about: money comes or is undone, a refund moves, a cancellation, a revival.
# tests/shop/purchase/test_states.py counts them out.
PAYMENT_TABLE: Mapping[tuple[str, str], frozenset[str]] = {
    (Payment.AWAITING, Payment.PART_PAID): _MONEY,
    (Payment.AWAITING, Payment.PAID): _MONEY,
    (Payment.AWAITING, Payment.REFUND_DUE): _MONEY,  # money for an order that is over
    (Payment.COD_DUE, Payment.PART_PAID): _MONEY,
    (Payment.COD_DUE, Payment.PAID): _MONEY,
    (Payment.COD_DUE, Payment.REFUND_DUE): _MONEY,
    (Payment.PART_PAID, Payment.PAID): _MONEY,
    (Payment.PART_PAID, Payment.AWAITING): _MONEY,  # an evidence was undone or replaced
    (Payment.PART_PAID, Payment.COD_DUE): _MONEY,
    (Payment.PART_PAID, Payment.REFUND_DUE): _MONEY_OR_BUYER,
    (Payment.PAID, Payment.AWAITING): _MONEY,
    (Payment.PAID, Payment.COD_DUE): _MONEY,
    (Payment.PAID, Payment.PART_PAID): _MONEY,
    (Payment.PAID, Payment.REFUND_DUE): _MONEY_OR_BUYER,
    (Payment.PAID, Payment.PART_REFUNDED): _MONEY_OR_BUYER,  # its excess had gone back before it was cancelled
    (Payment.PAID, Payment.REFUNDED): _MONEY,
    (Payment.REFUND_DUE, Payment.PART_REFUNDED): _MONEY_OR_BUYER,
    (Payment.REFUND_DUE, Payment.REFUNDED): _MONEY,
    (Payment.REFUND_DUE, Payment.PAID): _MONEY_OR_BUYER,  # revived, or the refund was withdrawn
    (Payment.REFUND_DUE, Payment.PART_PAID): _MONEY_OR_BUYER,
    (Payment.PART_REFUNDED, Payment.REFUNDED): _MONEY,
    (Payment.PART_REFUNDED, Payment.REFUND_DUE): _MONEY_OR_BUYER,
    (Payment.PART_REFUNDED, Payment.PAID): _MONEY,
    (Payment.REFUNDED, Payment.REFUND_DUE): _MONEY,
    (Payment.REFUNDED, Payment.PART_REFUNDED): _MONEY,
    (Payment.REFUNDED, Payment.PAID): _MONEY,
}

_TABLES = {Axis.FULFILMENT: FULFILMENT_TABLE, Axis.PAYMENT: PAYMENT_TABLE}


class TransitionRefused(Exception):
    """The step did not happen and nothing changed; `code` is for programs.

    Codes: "not_listed" (no such step), "not_yours" (another's step), "reason_missing", "unpaid" (pass
    `confirm_unpaid=True` to pack all the same), "not_collected" (a parcel must be sent first), "is_collected" (nothing
    is sent), "not_revivable" (a person cancelled it, or no money came).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


def check_listed(*, axis: str, from_state: str, to_state: str, by: str) -> None:
    """Raise TransitionRefused unless the axis' table lists this step for this actor."""
    allowed = _TABLES[Axis(axis)].get((from_state, to_state))
    if allowed is None:
        raise TransitionRefused("not_listed", f"{axis} {from_state} → {to_state}")
    if by not in allowed:
        raise TransitionRefused("not_yours", f"{axis} {from_state} → {to_state} by {by}")


def next_steps(*, order: Order, by: str) -> list[str]:
    """The fulfilment states to which this actor may take the order now, in the order of the table."""
    return [
        to_state
        for (from_state, to_state), allowed in FULFILMENT_TABLE.items()
        if from_state == order.fulfilment
        and from_state != Fulfilment.CANCELLED  # only money revives
        and by in allowed
        and _refusal_of(order, to_state) is None
    ]


def advance_fulfilment(
    *,
    order: Order,
    to: str,
    by: str,
    actor: User | None = None,
    reason: str = "",
    confirm_unpaid: bool = False,
    goods_came_back: bool = False,
) -> Order:
    """Take one step and all that follows from it, in one transaction; returns the order as it is now.

    Goods are released on cancelling (from `sent` only with `goods_came_back`), handed over on sending or collecting,
    promised again on reviving (StockShort when they are gone). Cancelling closes the open attempt; money that
    came is then due back. A second identical call is refused, as the step is no longer listed.
    """
    with locked_orders(order_ids=[order.pk]) as rows:
        fresh: Order = rows.orders[order.pk]
        before = fresh.fulfilment
        check_listed(axis=Axis.FULFILMENT, from_state=before, to_state=to, by=by)
        if refusal := _refusal_of(fresh, to):
            raise TransitionRefused(refusal)
        if to == Fulfilment.CANCELLED and not reason.strip():
            raise TransitionRefused("reason_missing")
        packs_unpaid = to == Fulfilment.PACKED and is_unpaid_transfer(fresh)
        if packs_unpaid and not confirm_unpaid:
            raise TransitionRefused("unpaid")

        _move_goods(fresh, to=to, actor=actor, goods_came_back=goods_came_back)
        fresh.fulfilment = fresh.status = to
        fresh.cancel_reason = reason.strip()[:200] if to == Fulfilment.CANCELLED else ""
        fresh.hold_until = None
        fresh.save(update_fields=["fulfilment", "status", "cancel_reason", "hold_until"])
        _write_transition(
            order=fresh,
            axis=Axis.FULFILMENT,
            from_state=before,
            by=by,
            actor=actor,
            reason=reason or (PACKED_UNPAID if packs_unpaid else ""),
        )
        if packs_unpaid:
            audit.record(
                action="order.packed_unpaid",
                obj=fresh,
                actor=actor,
                actor_label="" if actor else str(by),
                commune=fresh.merchant.commune if fresh.merchant else None,
                before={"fulfilment": before, "payment": fresh.payment},
                after={"fulfilment": fresh.fulfilment, "payment": fresh.payment},
            )
        for attempt in rows.attempts.values():
            _follow_with_attempt(attempt, to=to, by=by, actor=actor)
        fresh.refresh_from_db()
        return recompute_payment(order=fresh, by=by, actor=actor, reason=reason)


def recompute_payment(*, order: Order, by: str, actor: User | None = None, reason: str = "") -> Order:
    """Set the payment state and sums to what allocations and refunds add up to; the caller holds the order's lock.

    Paid orders lose their hold. A change of state is logged; a change the table does not list raises
    TransitionRefused. May be called as often as one likes.
    """
    received = Allocation.objects.filter(attempt__order=order, undone_at__isnull=True).aggregate(
        total=Sum("amount_vnd", default=Decimal(0))
    )["total"]
    refunds = Refund.objects.filter(attempt__order=order).aggregate(
        sent=Sum("amount_vnd", filter=Q(state=Refund.State.SENT), default=Decimal(0)),
        due=Sum("amount_vnd", filter=Q(state=Refund.State.DUE), default=Decimal(0)),
    )
    money = MoneyOfOrder(
        total_vnd=Decimal(order.total_incl_tax),
        received_vnd=received,
        refunded_vnd=refunds["sent"],
        refund_due_vnd=refunds["due"],
        is_cancelled=order.fulfilment == Fulfilment.CANCELLED,
        is_cash=order.payment_method == PaymentMethod.CASH_ON_DELIVERY,
    )
    before, after = order.payment, payment_state_of(money)
    if before != after:
        check_listed(axis=Axis.PAYMENT, from_state=before, to_state=after, by=by)
    order.payment = after
    order.received_vnd = money.received_vnd
    order.refunded_vnd = money.refunded_vnd
    order.excess_vnd = money.excess_vnd
    if after == Payment.PAID:
        order.hold_until = None
    order.save(update_fields=["payment", "received_vnd", "refunded_vnd", "excess_vnd", "hold_until"])
    if before != after:
        _write_transition(order=order, axis=Axis.PAYMENT, from_state=before, by=by, actor=actor, reason=reason)
    return order


@dataclass(frozen=True)
class MoneyOfOrder:
    """What the payment state is computed from, in whole dong."""

    total_vnd: Decimal
    received_vnd: Decimal
    refunded_vnd: Decimal  # sent back
    refund_due_vnd: Decimal  # promised back, not sent yet
    is_cancelled: bool
    is_cash: bool

    @property
    def kept_vnd(self) -> Decimal:
        return self.received_vnd - self.refunded_vnd

    @property
    def excess_vnd(self) -> Decimal:
        """What a living order got above its total; of a cancelled one everything goes back, nothing is excess."""
        return Decimal(0) if self.is_cancelled else max(Decimal(0), self.kept_vnd - self.total_vnd)


def payment_state_of(money: MoneyOfOrder) -> Payment:
    """The payment state that follows from the sums. Pure.

    A refund that only gives back the excess leaves the order paid.
    """
    if money.received_vnd == 0:
        return Payment.COD_DUE if money.is_cash else Payment.AWAITING
    if money.kept_vnd <= 0:
        return Payment.REFUNDED
    if money.is_cancelled:
        return Payment.PART_REFUNDED if money.refunded_vnd else Payment.REFUND_DUE
    if money.refund_due_vnd > money.excess_vnd:
        return Payment.REFUND_DUE
    if money.kept_vnd >= money.total_vnd:
        return Payment.PAID
    return Payment.PART_REFUNDED if money.refunded_vnd else Payment.PART_PAID


def is_unpaid_transfer(order: Order) -> bool:
    """Whether packing this order asks once more: it is to be paid by transfer and the money is not all there."""
    return order.payment_method == PaymentMethod.TRANSFER and order.payment in {Payment.AWAITING, Payment.PART_PAID}


def was_cancelled_by_clock(order: Order) -> bool:
    """Whether the order ended only because its hold ran out, so that late money may revive it."""
    last = OrderTransition.objects.filter(order=order, axis=Axis.FULFILMENT).order_by("-pk").first()
    return last is not None and last.to_state == Fulfilment.CANCELLED and last.by == By.SYSTEM


def log_placed(orders: list[Order], *, actor: User | None = None) -> None:
    """Begin the story of freshly inserted orders; for shop.purchase.place_purchase and the demo's seeder."""
    OrderTransition.objects.bulk_create(
        OrderTransition(order=order, axis=axis, from_state="", to_state=getattr(order, axis), by=By.BUYER, actor=actor)
        for order in orders
        for axis in (Axis.FULFILMENT, Axis.PAYMENT)
    )


def _refusal_of(order: Order, to: str) -> str | None:
    """What stands against a listed step of this very order, or None."""
    if (order.fulfilment, to) == (Fulfilment.PACKED, Fulfilment.DELIVERED):
        return None if order.shipping_code == DeliveryOption.Kind.COLLECT else "not_collected"
    if (order.fulfilment, to) == (Fulfilment.PACKED, Fulfilment.SENT):
        return "is_collected" if order.shipping_code == DeliveryOption.Kind.COLLECT else None
    if order.fulfilment == Fulfilment.CANCELLED:
        alive = PaymentAttempt.objects.filter(
            order=order,
            state__in=[PaymentAttempt.State.OPEN, PaymentAttempt.State.SETTLED],
            allocated_vnd__gt=0,
        )
        return None if was_cancelled_by_clock(order) and alive.exists() else "not_revivable"
    return None


def _move_goods(order: Order, *, to: str, actor: User | None, goods_came_back: bool) -> None:
    """Release, hand over, promise again or take back what the step moves."""
    held, holds = order.fulfilment in STATES_THAT_HOLD_STOCK, to in STATES_THAT_HOLD_STOCK
    lines = Line.objects.filter(order=order, stockrecord__isnull=False)
    parts = [StockPart(pk, quantity, order.pk) for pk, quantity in lines.values_list("stockrecord_id", "quantity")]
    if held and to == Fulfilment.CANCELLED:
        stock.release_all(parts=parts, actor=actor)
        Line.objects.filter(order=order).update(num_allocated=0, allocation_cancelled=True)
    elif held and not holds:
        stock.hand_over_all(parts=parts, actor=actor)
        Line.objects.filter(order=order).update(num_allocated=0)
    elif holds and not held:
        stock.hold_all(parts=parts)
        for line in lines:
            line.num_allocated, line.allocation_cancelled = line.quantity, False
        Line.objects.bulk_update(lines, ["num_allocated", "allocation_cancelled"])
    elif to == Fulfilment.CANCELLED and goods_came_back:
        stock.take_back_all(parts=parts, actor=actor)


def owe_back(*, attempt: PaymentAttempt, by: str, actor: User | None) -> None:
    """Note that all money of a cancelled order's attempt must go back; what is noted already is not noted again."""
    if (amount := refundable_vnd(attempt)) > 0:
        refund_due(attempt=attempt, amount_vnd=amount, reason=ORDER_CANCELLED, by=by, actor=actor)


def _follow_with_attempt(attempt: PaymentAttempt, *, to: str, by: str, actor: User | None) -> None:
    """Close the attempt of an order that is over and owe its money; an order that goes on owes none.

    An order whose seller has confirmed it waits for its money without an end.
    """
    is_open = attempt.state == PaymentAttempt.State.OPEN
    if to == Fulfilment.CANCELLED:
        if is_open and by == By.SYSTEM:
            expire_attempt(attempt=attempt)
        elif is_open:
            cancel_attempt(attempt=attempt, by=by, actor=actor)
        owe_back(attempt=attempt, by=by, actor=actor)
        return
    if is_open and attempt.expires_at is not None:
        extend_attempt(attempt=attempt, expires_at=None)
    if to == Fulfilment.PLACED and actor is not None:
        for refund in Refund.objects.filter(attempt=attempt, state=Refund.State.DUE, reason=ORDER_CANCELLED):
            withdraw_refund(refund=refund, actor=actor)


def _write_transition(
    *, order: Order, axis: OrderTransition.Axis, from_state: str, by: str, actor: User | None, reason: str
) -> None:
    """Log one step and let the outbox tell whom it concerns."""
    step = OrderTransition.objects.create(
        order=order,
        axis=axis,
        from_state=from_state,
        to_state=getattr(order, axis),
        by=by,
        actor=actor,
        reason=reason.strip()[:200],
    )
    enqueue(
        kind="order.changed",
        payload={
            "order_id": order.pk,
            "transition_id": step.pk,
            "axis": step.axis,
            "from": step.from_state,
            "to": step.to_state,
            "by": step.by,
        },
    )
