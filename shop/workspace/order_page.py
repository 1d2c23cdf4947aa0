"""One order as the producer's page shows it: goods, buyer, money by its evidence, what comes next. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy
from oscar.core.loading import get_model

from merchants.permissions import Act, Grants
from merchants.shown_pictures import ShownPicture
from shop.delivery.models import DeliveryOption
from shop.order.models import Fulfilment, Order, OrderTransition, Payment
from shop.payments.by_word import CASH_UNDO_WITHIN
from shop.payments.models import Allocation, PaymentAttempt, Receipt, Refund
from shop.purchase.basket import pictures_of
from shop.purchase.states import is_unpaid_transfer, next_steps, was_cancelled_by_clock
from shop.workspace.order_lists import EVIDENCE_GROUPS
from shop.workspace.pictures import picture_of

Line = get_model("order", "Line")
By = OrderTransition.By

ACT_OF_STEP = {
    Fulfilment.CONFIRMED: Act.ORDER_CONFIRM,
    Fulfilment.PACKED: Act.ORDER_PACK,
    Fulfilment.SENT: Act.ORDER_SEND,
    Fulfilment.DELIVERED: Act.ORDER_DELIVER,
    Fulfilment.CANCELLED: Act.ORDER_CANCEL,
}
STEP_LABELS = {
    Fulfilment.CONFIRMED: gettext_lazy("Confirm the order"),
    Fulfilment.PACKED: gettext_lazy("Packed"),
    Fulfilment.SENT: gettext_lazy("Sent"),
    Fulfilment.DELIVERED: gettext_lazy("Delivered"),
}
STEP_ICONS = {
    Fulfilment.CONFIRMED: "check",
    Fulfilment.PACKED: "pack",
    Fulfilment.SENT: "truck",
    Fulfilment.DELIVERED: "hand-over",
}
# After these the goods have left the house: asked once more.
SURE_BEFORE = {
    Fulfilment.SENT: gettext_lazy("Yes, the parcel has been handed over."),
    Fulfilment.DELIVERED: gettext_lazy("Yes, the buyer has the goods."),
}
# Stored as they stand and translated when shown.
CANCEL_REASONS = (
    gettext_noop("The goods are sold out."),
    gettext_noop("The buyer asked for it."),
    gettext_noop("The buyer cannot be reached."),
    gettext_noop("We cannot deliver to this address."),
    gettext_noop("The money did not come."),
)
EVIDENCE_LABELS = {
    "bank": gettext_lazy("The bank reports"),
    "seller": gettext_lazy("The seller confirms"),
    "cash": gettext_lazy("Cash received"),
}


@dataclass(frozen=True)
class NextAction:
    """One step that may come now; `confirm` is a sentence to tick first, or empty."""

    to: str
    label: str
    icon: str
    confirm: str


@dataclass(frozen=True)
class LineRow:
    name: str
    note: str
    quantity: int
    total: Decimal
    picture: ShownPicture | None


@dataclass(frozen=True)
class MoneyRow:
    """Money that counts for this order; `undo` names the way to take it back: "word", "cash", "decision" or empty."""

    receipt_id: int
    amount: Decimal
    when: datetime
    group: str
    label: str
    undo: str


@dataclass(frozen=True)
class Event:
    what: str
    when: datetime
    by: str


@dataclass(frozen=True)
class MoneyPart:
    """The money side of the page; None on the page of who may not see money."""

    rows: Sequence[MoneyRow]
    attempt: PaymentAttempt | None
    asks_for_word: bool
    asks_for_cash: bool
    amount_due: Decimal
    refunds: Sequence[Refund]
    excess_to_note: Decimal


def next_actions(order: Order, grants: Grants) -> list[NextAction]:
    """The steps forward that this person may take now, the nearest first."""
    actions = []
    for to in next_steps(order=order, by=By.SELLER):
        step = Fulfilment(to)
        if step == Fulfilment.CANCELLED or not grants.may(ACT_OF_STEP[step], order):
            continue
        confirm = str(SURE_BEFORE.get(step, ""))
        if step == Fulfilment.PACKED and is_unpaid_transfer(order):
            confirm = _("The money has not come yet. I pack all the same.")
        actions.append(NextAction(to=to, label=str(STEP_LABELS[step]), icon=STEP_ICONS[step], confirm=confirm))
    return actions


def may_cancel(order: Order, grants: Grants) -> bool:
    return Fulfilment.CANCELLED in next_steps(order=order, by=By.SELLER) and grants.may(Act.ORDER_CANCEL, order)


def lines_of_orders(orders: Sequence[Order]) -> dict[int, list[LineRow]]:
    """Order → its lines with pictures; three queries however many orders there are."""
    lines = list(Line.objects.filter(order__in=orders).select_related("product").order_by("pk"))
    pictures = pictures_of([line for line in lines if line.product is not None])
    rows: dict[int, list[LineRow]] = {order.pk: [] for order in orders}
    for line in lines:
        variant = line.product.variant_label if line.product else ""
        rows[line.order_id].append(
            LineRow(
                name=line.title,
                note="" if variant in line.title else variant,  # most titles name it already
                quantity=line.quantity,
                total=Decimal(line.line_price_incl_tax),
                picture=picture_of(pictures.get(line.pk), alt=""),
            )
        )
    return rows


def latest_attempt(order: Order) -> PaymentAttempt | None:
    """The attempt that money is set against: the open one, else the last."""
    attempts = list(PaymentAttempt.objects.filter(order=order).order_by("pk"))
    return max(attempts, key=lambda a: (a.state == PaymentAttempt.State.OPEN, a.pk), default=None)


def excess_to_note(order: Order) -> Decimal:
    """What came above the total and is not yet noted to go back."""
    due = Refund.objects.filter(attempt__order=order, state=Refund.State.DUE).aggregate(
        total=Sum("amount_vnd", default=Decimal(0))
    )["total"]
    return max(Decimal(0), order.excess_vnd - due)


def money_part(order: Order) -> MoneyPart:
    """What came, by whom it is known, what is still asked for, what must go back."""
    attempt = latest_attempt(order)
    standing = (
        Allocation.objects.filter(attempt__order=order, undone_at__isnull=True).select_related("receipt").order_by("pk")
    )
    rows = [_money_row(allocation) for allocation in standing]
    is_over = order.fulfilment == Fulfilment.CANCELLED
    may_still_come = not is_over or was_cancelled_by_clock(order)
    is_waiting = attempt is not None and attempt.state in {PaymentAttempt.State.OPEN, PaymentAttempt.State.EXPIRED}
    due = max(Decimal(0), attempt.amount_vnd - attempt.allocated_vnd) if attempt else Decimal(0)
    refunds = list(Refund.objects.filter(attempt__order=order).exclude(state=Refund.State.WITHDRAWN).order_by("pk"))
    return MoneyPart(
        rows=rows,
        attempt=attempt,
        asks_for_word=bool(
            attempt
            and attempt.method == PaymentAttempt.Method.TRANSFER
            and is_waiting
            and may_still_come
            and order.payment in {Payment.AWAITING, Payment.PART_PAID}
        ),
        asks_for_cash=bool(
            attempt
            and attempt.method == PaymentAttempt.Method.CASH
            and attempt.state == PaymentAttempt.State.OPEN
            and not is_over
        ),
        amount_due=due,
        refunds=refunds,
        excess_to_note=excess_to_note(order),
    )


def _money_row(allocation: Allocation) -> MoneyRow:
    receipt = allocation.receipt
    group = EVIDENCE_GROUPS[receipt.evidence]
    return MoneyRow(
        receipt_id=receipt.pk,
        amount=allocation.amount_vnd,
        when=receipt.occurred_at,
        group=group,
        label=str(EVIDENCE_LABELS[group]),
        undo=undo_way(receipt, by_hand=allocation.made_by_id is not None),
    )


def undo_way(receipt: Receipt, *, by_hand: bool) -> str:
    """How this money can be taken back by a person: "word", "cash", "decision"; empty when it cannot."""
    if receipt.evidence == Receipt.Evidence.SELLERS_WORD:
        return "word"
    if receipt.evidence == Receipt.Evidence.CASH:
        return "cash" if timezone.now() - receipt.received_at <= CASH_UNDO_WITHIN else ""
    return "decision" if by_hand else ""


_FULFILMENT_EVENTS = {
    Fulfilment.PLACED: gettext_lazy("Order placed"),
    Fulfilment.CONFIRMED: gettext_lazy("Order confirmed"),
    Fulfilment.PACKED: gettext_lazy("Goods packed"),
    Fulfilment.SENT: gettext_lazy("Goods sent"),
    Fulfilment.DELIVERED: gettext_lazy("Goods delivered"),
    Fulfilment.CANCELLED: gettext_lazy("Order cancelled"),
}
_PAYMENT_EVENTS = {
    Payment.AWAITING: gettext_lazy("Waiting for payment"),
    Payment.PART_PAID: gettext_lazy("Paid in part"),
    Payment.PAID: gettext_lazy("Paid"),
    Payment.REFUND_DUE: gettext_lazy("Refund due"),
    Payment.PART_REFUNDED: gettext_lazy("Refunded in part"),
    Payment.REFUNDED: gettext_lazy("Refunded"),
    Payment.COD_DUE: gettext_lazy("Cash on delivery"),
}

BY_LABELS = {
    By.BUYER: pgettext_lazy("who did it", "The buyer"),
    By.SELLER: pgettext_lazy("who did it", "The seller"),
    By.OFFICER: pgettext_lazy("who did it", "The commune"),
    By.BANK: pgettext_lazy("who did it", "The bank"),
    By.SYSTEM: pgettext_lazy("who did it", "The system"),
}


def events_of(order: Order) -> list[Event]:
    """The order's story, newest first."""
    events = []
    for step in OrderTransition.objects.filter(order=order).select_related("actor").order_by("-pk"):
        if step.axis == OrderTransition.Axis.FULFILMENT:
            what = str(_FULFILMENT_EVENTS[Fulfilment(step.to_state)])
        elif step.from_state:
            what = str(_PAYMENT_EVENTS[Payment(step.to_state)])
        else:
            continue
        if step.reason and step.axis == OrderTransition.Axis.FULFILMENT:
            what = f"{what}: {_(step.reason)}"
        by = step.actor.get_full_name() if step.actor else str(BY_LABELS[By(step.by)])
        events.append(Event(what=what, when=step.at, by=by))
    return events


def address_lines(order: Order) -> list[str]:
    """Where the parcel goes, as shown; nothing for an order that is collected."""
    address = order.shipping_address
    if address is None or order.shipping_code == DeliveryOption.Kind.COLLECT:
        return []
    lines = [address.line1, address.line4, address.state]
    if address.former_address:
        lines.append(_("Old address: %(address)s") % {"address": address.former_address})
    return [line for line in lines if line]


def order_facts(order: Order) -> dict[str, Any]:
    """Buyer, recipient, delivery and sums as plain values for the templates."""
    purchase = order.purchase
    is_collected = order.shipping_code == DeliveryOption.Kind.COLLECT
    return {
        "number": order.number,
        "placed_at": order.date_placed,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "cancel_reason": order.cancel_reason,
        "goods_total": Decimal(order.total_incl_tax - order.shipping_incl_tax),
        "delivery_price": Decimal(order.shipping_incl_tax),
        "total": Decimal(order.total_incl_tax),
        "buyer_name": purchase.buyer_name if purchase else "",
        "buyer_phone": purchase.buyer_phone if purchase else "",
        "recipient_name": (purchase.recipient_name or purchase.buyer_name) if purchase else "",
        "recipient_phone": (purchase.recipient_phone or purchase.buyer_phone) if purchase else "",
        "address_lines": address_lines(order),
        "delivery_label": _("The buyer collects") if is_collected else _("To be delivered to"),
        "note": order.buyer_note or (purchase.note if purchase else ""),
        "is_gift": bool(purchase and purchase.is_gift),
        "gift_message": purchase.gift_message if purchase else "",
    }
