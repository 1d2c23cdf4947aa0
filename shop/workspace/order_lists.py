"""Reading orders for the producer's pages: lists by state, what stands on a row, who may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from oscar.core.loading import get_model

from merchants.folding import fold_text
from merchants.permissions import Act, Grants
from shop.order.models import Fulfilment, Order, OrderTransition, Payment
from shop.payments.models import Allocation, PaymentAttempt, Receipt

Line = get_model("order", "Line")

SEARCHED_ORDERS = 2_000  # names are compared folded, which no index knows; a household has fewer orders than this
EVIDENCE_GROUPS: Mapping[str, str] = {
    Receipt.Evidence.BANK_NOTICE: "bank",
    Receipt.Evidence.STATEMENT_LINE: "bank",
    Receipt.Evidence.CARD: "bank",
    Receipt.Evidence.SELLERS_WORD: "seller",
    Receipt.Evidence.CASH: "cash",
}
STATES = tuple(Fulfilment.values)
REFUND = "refund"  # a tab of its own: money that must go back
CLAIMED = "claimed"  # and one for buyers who say that they have transferred


@dataclass(frozen=True)
class OrderRow:
    """One order on a list."""

    number: str
    merchant_name: str
    summary: str
    total: Decimal
    buyer_name: str
    place: str
    placed_at: datetime
    payment: str
    evidence: str
    fulfilment: str
    is_todo: bool
    is_unseen: bool
    claimed_at: datetime | None


def orders_visible_to(grants: Grants) -> QuerySet[Order]:
    """Orders of the businesses whose orders the person may see: unanswered claims first, else newest first.

    Each has `claimed_at`: when its buyer said "I have transferred", while nobody at the business has answered. None
    otherwise, and for whoever may not see the business's money.
    """
    last_step = OrderTransition.objects.filter(
        order=OuterRef("order_id"), axis=OrderTransition.Axis.FULFILMENT
    ).order_by("-pk")
    claim = (
        PaymentAttempt.objects.filter(
            order=OuterRef("pk"),
            order__merchant_id__in=grants.merchant_ids(Act.MONEY_VIEW),
            order__payment__in=[Payment.AWAITING, Payment.PART_PAID],
            method=PaymentAttempt.Method.TRANSFER,
            state__in=[PaymentAttempt.State.OPEN, PaymentAttempt.State.EXPIRED],
            buyer_says_sent_at__isnull=False,
            seller_says_not_seen_at=None,
        )
        .annotate(moved_by=Subquery(last_step.values("by")[:1]))
        # late money revives what the clock cancelled, not what a person did (states.was_cancelled_by_clock)
        .exclude(Q(order__fulfilment=Fulfilment.CANCELLED) & ~Q(moved_by=OrderTransition.By.SYSTEM))
        .order_by("-pk")
    )
    return (
        Order.objects.filter(merchant_id__in=grants.merchant_ids(Act.ORDER_VIEW))
        .annotate(claimed_at=Subquery(claim.values("buyer_says_sent_at")[:1]))
        .order_by(F("claimed_at").asc(nulls_last=True), "-date_placed", "-pk")
    )


def claimed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those whose buyer waits for an answer to "I have transferred", the longest waiting first."""
    return orders.filter(claimed_at__isnull=False)


def counts_by_state(orders: QuerySet[Order]) -> dict[str, int]:
    """How many orders are in each state, in how many money must go back, and how many buyers say it is sent."""
    rows = orders.order_by().values("fulfilment").annotate(number=Count("pk"))
    counts = {row["fulfilment"]: row["number"] for row in rows}
    counts[REFUND] = orders.filter(MONEY_GOES_BACK).count()
    counts[CLAIMED] = claimed(orders).count()
    return counts


# A living order of which a part went back is settled; of a cancelled one the rest is still due.
MONEY_GOES_BACK = Q(payment=Payment.REFUND_DUE) | Q(payment=Payment.PART_REFUNDED, fulfilment=Fulfilment.CANCELLED)


def in_state(orders: QuerySet[Order], state: str) -> QuerySet[Order]:
    """Those of one tab; any other word means all."""
    if state == REFUND:
        return orders.filter(MONEY_GOES_BACK)
    if state == CLAIMED:
        return claimed(orders)
    return orders.filter(fulfilment=state) if state in STATES else orders


def search_orders(orders: QuerySet[Order], words: str) -> QuerySet[Order]:
    """By number, by the digits of a phone, or by the buyer's or recipient's name with or without tone marks."""
    folded = fold_text(words)
    if not folded:
        return orders
    matches = Q(number__icontains=words.strip())
    digits = "".join(char for char in folded if char.isascii() and char.isdigit()).lstrip("0")
    if len(digits) >= 4:
        matches |= Q(purchase__buyer_phone__contains=digits) | Q(purchase__recipient_phone__contains=digits)
    names = orders.values_list("pk", "purchase__buyer_name", "purchase__recipient_name")[:SEARCHED_ORDERS]
    by_name = [pk for pk, buyer, recipient in names if folded in fold_text(f"{buyer or ''} {recipient or ''}")]
    return orders.filter(matches | Q(pk__in=by_name[:500]))


def rows_of(orders: Sequence[Any]) -> list[OrderRow]:
    """Rows for a page of orders of orders_visible_to; four queries however many there are."""
    pks = [order.pk for order in orders]
    summaries: dict[int, list[str]] = {}
    for order_id, title, quantity in (
        Line.objects.filter(order_id__in=pks).order_by("pk").values_list("order_id", "title", "quantity")
    ):
        summaries.setdefault(order_id, []).append(f"{quantity} × {title}")
    evidence = evidence_of(pks)
    return [
        OrderRow(
            number=order.number,
            merchant_name=order.merchant.name if order.merchant else "",
            summary=", ".join(summaries.get(order.pk, [])),
            total=Decimal(order.total_incl_tax),
            buyer_name=order.purchase.buyer_name if order.purchase else "",
            place=order.shipping_address.line4 if order.shipping_address else "",
            placed_at=order.date_placed,
            payment=order.payment,
            evidence=evidence.get(order.pk, ""),
            fulfilment=order.fulfilment,
            is_todo=order.fulfilment == Fulfilment.PLACED or order.claimed_at is not None,
            is_unseen=order.seller_seen_at is None and order.fulfilment == Fulfilment.PLACED,
            claimed_at=order.claimed_at,
        )
        for order in orders
    ]


def evidence_of(order_pks: Iterable[int]) -> dict[int, str]:
    """Order → by whom its money is known: "bank", "seller", "cash"; the weakest where they mix. One query."""
    rank = {"bank": 0, "cash": 1, "seller": 2}
    found: dict[int, str] = {}
    standing = Allocation.objects.filter(attempt__order_id__in=list(order_pks), undone_at__isnull=True)
    for order_id, kind in standing.values_list("attempt__order_id", "receipt__evidence"):
        group = EVIDENCE_GROUPS[kind]
        found[order_id] = max(found.get(order_id, group), group, key=rank.__getitem__)
    return found
