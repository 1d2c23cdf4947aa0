"""What the purchase page shows of each order: what is due, where to, and what has come."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from catalogue.prepared_reads import prepared_read
from merchants.models import Merchant
from merchants.shown_pictures import ShownPicture, shown_picture
from merchants.vietqr.banks import bank_by_code
from merchants.vietqr.payload import encode
from shop.order.models import Fulfilment, Order, OrderTransition, Payment, PaymentMethod
from shop.payments.models import Allocation, PaymentAttempt, Receipt
from shop.purchase.holds import may_extend, minutes_to_gain
from shop.purchase.models import Purchase
from shop.purchase.states import HOLD_RAN_OUT

_EVIDENCE_WORDS: dict[str, str] = {Receipt.Evidence.SELLERS_WORD: "seller", Receipt.Evidence.CASH: "cash"}
DRAWN_PORTRAITS = 4
_STILL_TO_PAY = {Payment.AWAITING, Payment.PART_PAID}


def attempts_of(orders: Iterable[Order]) -> dict[int, PaymentAttempt]:
    """The attempt to show for each order: the open one, else the newest. One query."""
    return _shown_of(PaymentAttempt.objects.filter(order__in=list(orders)).order_by("pk"))


def _shown_of(attempts: Iterable[PaymentAttempt]) -> dict[int, PaymentAttempt]:
    shown: dict[int, PaymentAttempt] = {}
    for attempt in attempts:
        known = shown.get(attempt.order_id)
        if known is None or known.state != PaymentAttempt.State.OPEN:
            shown[attempt.order_id] = attempt
    return shown


def state_etag(purchase: Purchase) -> str:
    """A hash of all that the changing part of the page shows; two queries, no rendering."""
    facts: list[Any] = [*_facts_of_orders(purchase.pk)]
    now = timezone.now()
    facts += [row[6] is not None and row[6] <= now for row in facts]  # hold_until: the code goes when it is over
    facts += _facts_of_money(purchase.pk)
    return '"' + hashlib.sha256(repr((facts, purchase.language)).encode()).hexdigest()[:24] + '"'


@prepared_read
def _facts_of_orders(purchase_id: int) -> "QuerySet[Order, tuple[Any, ...]]":
    orders = Order.objects.filter(purchase=purchase_id).order_by("pk", "complaints__pk")
    facts: QuerySet[Order, tuple[Any, ...]] = orders.values_list(
        "number",
        "payment",
        "fulfilment",
        "received_vnd",
        "refunded_vnd",
        "excess_vnd",
        "hold_until",
        "hold_extended",
        "complaints__pk",
        "complaints__state",
        "complaints__due_at",
    )
    return facts


@prepared_read
def _facts_of_money(purchase_id: int) -> "QuerySet[PaymentAttempt, tuple[Any, ...]]":
    attempts = PaymentAttempt.objects.filter(order__purchase=purchase_id).order_by("pk", "refunds__pk")
    return attempts.values_list(
        "pk",
        "state",
        "allocated_vnd",
        "buyer_says_sent_at",
        "seller_says_not_seen_at",
        "refunds__pk",
        "refunds__state",
        "refunds__buyer_says_not_seen_at",
    )


def pays_of(purchase: Purchase) -> list[dict[str, Any]]:
    """One entry per order for templates/partials/pay_card.html; a bounded number of queries."""
    orders = _orders_of(purchase.pk)
    prefetch_related_objects(orders, "lines", "transitions")
    attempts = _shown_of(_attempts_of(purchase.pk))
    evidence = _evidence_of(purchase)
    now = timezone.now()
    return [_pay(purchase, order, attempts.get(order.pk), evidence.get(order.pk, ""), now) for order in orders]


@prepared_read
def _orders_of(purchase_id: int) -> "QuerySet[Order]":
    return Order.objects.filter(purchase=purchase_id).select_related("merchant").order_by("pk")  # type: ignore[no-any-return]


@prepared_read
def _attempts_of(purchase_id: int) -> "QuerySet[PaymentAttempt]":
    return PaymentAttempt.objects.filter(order__purchase=purchase_id).order_by("pk")


def payload_for_due(order: Order, attempt: PaymentAttempt) -> str:
    """The VietQR for what is still missing: after a part payment the first code would ask for too much."""
    due = amount_due(order)
    if due in {Decimal(0), attempt.amount_vnd}:
        return attempt.payload
    return encode(bin=attempt.bank_bin, account=attempt.account_number, amount=due, memo=attempt.reference)


def _has_run_out(order: Order, now: datetime) -> bool:
    """The clock cancels the order within a minute; until then nobody shall be led to pay for it."""
    return order.hold_until is not None and order.hold_until <= now


def amount_due(order: Order) -> Decimal:
    """What is still to be paid, whole dong, never negative."""
    return max(Decimal(order.total_incl_tax).quantize(Decimal(1)) - order.received_vnd, Decimal(0))


def _evidence_of(purchase: Purchase) -> dict[int, str]:
    """By what we know of the money: "bank" outweighs "seller" and "cash". One query."""
    kinds: dict[int, str] = {}
    for order_id, kind in _standing_of(purchase.pk):
        word = _EVIDENCE_WORDS.get(str(kind), "bank")
        if kinds.get(order_id) != "bank":
            kinds[order_id] = word
    return kinds


@prepared_read
def _standing_of(purchase_id: int) -> "QuerySet[Allocation, tuple[Any, ...]]":
    standing = Allocation.objects.filter(attempt__order__purchase=purchase_id, undone_at__isnull=True)
    return standing.values_list("attempt__order_id", "receipt__evidence")


@dataclass(frozen=True)
class Seller:
    """Whom the card shows; `portrait_number` 1–4 chooses the drawn stand-in."""

    name: str
    portrait: ShownPicture | None
    portrait_number: int


def _seller(merchant: Merchant | None) -> Seller:
    if merchant is None:
        return Seller("", None, 1)
    return Seller(merchant.name, shown_picture(merchant.portrait.name), merchant.pk % DRAWN_PORTRAITS + 1)


def _pay(
    purchase: Purchase, order: Order, attempt: PaymentAttempt | None, evidence: str, now: datetime
) -> dict[str, Any]:
    total = Decimal(order.total_incl_tax).quantize(Decimal(1))
    delivery = Decimal(order.shipping_incl_tax).quantize(Decimal(1))
    is_transfer = order.payment_method == PaymentMethod.TRANSFER
    is_to_pay = order.payment in _STILL_TO_PAY
    is_open = (
        is_transfer
        and is_to_pay
        and order.fulfilment != Fulfilment.CANCELLED
        and not _has_run_out(order, now)
        and attempt is not None
        and attempt.state == PaymentAttempt.State.OPEN
    )
    bank = bank_by_code(attempt.bank_code) if attempt else None
    number = order.number
    address = {"token": purchase.token, "number": number}
    due = amount_due(order)
    paid_at = next(
        (
            step.at
            for step in order.transitions.all()
            if step.axis == OrderTransition.Axis.PAYMENT and step.to_state == Payment.PAID
        ),
        None,
    )
    return {
        "order": order,
        "order_number": number,
        "merchant": _seller(order.merchant),
        "summary": ", ".join(f"{line.title} × {line.quantity}" for line in order.lines.all()),
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "cancel_reason": order.cancel_reason,
        "is_to_pay": is_to_pay,
        "is_open": is_open,
        "is_late": bool(attempt and attempt.buyer_says_sent_at) and order.cancel_reason == HOLD_RAN_OUT,
        "evidence": evidence,
        "paid_at": paid_at,
        "total": total,
        "goods": total - delivery,
        "delivery": delivery,
        "amount_due": due,
        "amount_plain": str(due),
        "amount_paid": order.received_vnd,
        "excess": order.excess_vnd,
        "back": order.received_vnd - order.refunded_vnd,
        "qr_png_url": reverse("purchase:code_picture", kwargs=address),
        "card_png_url": reverse("purchase:code_card", kwargs=address),
        "qr_file_name": f"vietqr-{number}.png",
        "bank_name": bank.short_name if bank else "",
        "account_number": attempt.account_number if attempt else "",
        "account_holder": attempt.holder_name if attempt else "",
        "memo": number,
        "hold_until": order.hold_until,
        "may_extend": is_open and may_extend(order=order, now=now),
        "extend_minutes": minutes_to_gain(order=order, now=now),
        "extend_url": reverse("purchase:extend", kwargs=address),
        "claimed_at": attempt.buyer_says_sent_at if attempt else None,
        "screenshot_url": (
            reverse("purchase:screenshot", kwargs=address) if attempt and attempt.buyer_screenshot else ""
        ),
        "not_seen_at": attempt.seller_says_not_seen_at if attempt else None,
        "claim_url": reverse("purchase:say_sent", kwargs=address) if is_open else "",
        "is_sample": settings.DEMO or order.is_sample or bool(order.merchant and order.merchant.is_sample),
        "demo_notice_url": reverse("payments:demo_transfer", kwargs=address) if settings.DEMO and is_open else "",
        "timeline": [
            {"at": step.at, "state": step.to_state, "axis": step.axis, "reason": step.reason}
            for step in order.transitions.all()
        ],
    }
