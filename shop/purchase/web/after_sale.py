"""What a buyer may do with an order after buying: cancel it before it is handed over, say that it has come, complain.

The case itself has its own pages (complaint_views).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catalogue.prepared_reads import prepared_read
from merchants.typed_text import clean_line
from shop.delivery.models import DeliveryOption
from shop.order.models import Fulfilment, Order, OrderTransition, Payment, PaymentMethod
from shop.partner.stock import StockRefused
from shop.payments.models import Refund
from shop.purchase.complaints.deadlines import may_be_filed_until
from shop.purchase.complaints.filing import why_not_about_goods, why_not_about_refund, why_not_another
from shop.purchase.complaints.models import UNFINISHED, Complaint, State
from shop.purchase.complaints.words import PILLS, WHOSE_TURN
from shop.purchase.models import Purchase
from shop.purchase.states import TransitionRefused, advance_fulfilment, next_steps
from shop.purchase.web.secret_address import back_to_order, order_at, secret_page

By = OrderTransition.By

# Stored as they stand and translated when shown.
CANCEL_REASONS = (
    gettext_noop("I changed my mind."),
    gettext_noop("I ordered the wrong thing or the wrong number."),
    gettext_noop("It takes too long."),
    gettext_noop("I want to pay or receive it another way."),
)


@dataclass(frozen=True)
class CaseLink:
    """One case about the order."""

    number: str
    url: str
    pill: str
    pill_css: str
    waits_for_me: bool
    due_at: datetime | None


@dataclass(frozen=True)
class RefundLine:
    """Money that goes or went back. The seller's word: the buyer may say that she has not seen it, and ask about it."""

    amount: Decimal
    is_sent: bool
    sent_at: datetime | None
    not_seen_at: datetime | None
    not_seen_url: str  # empty where it cannot be said
    ask_url: str  # empty where it cannot be asked


@dataclass(frozen=True)
class AfterSale:
    """What one order's card offers after buying; templates/purchase/after_sale.html shows it."""

    order_number: str
    merchant_name: str
    merchant_phone: str
    is_by_transfer: bool
    may_cancel: bool
    cancel_url: str
    cancel_reasons: list[tuple[str, str]]
    owed_on_cancel: Decimal  # whole dong that the seller would have to send back
    is_being_prepared: bool
    may_receive: bool
    is_collected: bool
    received_url: str
    pays_cash: bool
    received_at: datetime | None
    cases: Sequence[CaseLink]
    complain_url: str  # empty where no case can be opened now
    complain_until: datetime | None
    refunds: Sequence[RefundLine]


def add_after_sale(purchase: Purchase, pays: Iterable[dict[str, Any]]) -> None:
    """Put an AfterSale beside each order that the purchase page shows, under "after"; two queries for all."""
    cases: dict[int, list[Complaint]] = {}
    for case in _cases_of(purchase.pk):
        cases.setdefault(case.order_id, []).append(case)
    refunds: dict[int, list[Refund]] = {}
    for refund in _refunds_of(purchase.pk):
        refunds.setdefault(refund.attempt.order_id, []).append(refund)
    for pay in pays:
        order = pay["order"]
        pay["after"] = _after_sale(purchase, order, cases.get(order.pk, []), refunds.get(order.pk, []))


@prepared_read
def _cases_of(purchase_id: int) -> "QuerySet[Complaint]":
    return Complaint.objects.filter(order__purchase=purchase_id).order_by("-pk")


@prepared_read
def _refunds_of(purchase_id: int) -> "QuerySet[Refund]":
    moving = Refund.objects.filter(attempt__order__purchase=purchase_id).exclude(state=Refund.State.WITHDRAWN)
    return moving.select_related("attempt").order_by("pk")


def _after_sale(purchase: Purchase, order: Order, cases: list[Complaint], refunds: list[Refund]) -> AfterSale:
    now = timezone.now()
    address = {"token": purchase.token, "number": order.number}
    steps = next_steps(order=order, by=By.BUYER) if order.fulfilment != Fulfilment.CANCELLED else []
    came = [
        step.at
        for step in order.transitions.all()
        if step.axis == OrderTransition.Axis.FULFILMENT and step.to_state == Fulfilment.DELIVERED
    ]
    came_at = came[-1] if came and order.fulfilment == Fulfilment.DELIVERED else None
    states = [case.state for case in cases]
    may_complain = why_not_about_goods(order, states=states, came_at=came_at, now=now) is None
    new_url = reverse("purchase:complaint_new", kwargs=address)
    return AfterSale(
        order_number=order.number,
        merchant_name=order.merchant.name if order.merchant else "",
        merchant_phone=order.merchant.phone if order.merchant else "",
        is_by_transfer=order.payment_method == PaymentMethod.TRANSFER,
        may_cancel=Fulfilment.CANCELLED in steps,
        cancel_url=reverse("purchase:cancel", kwargs=address),
        cancel_reasons=[(reason, _(reason)) for reason in CANCEL_REASONS],
        owed_on_cancel=order.received_vnd - order.refunded_vnd,
        is_being_prepared=order.fulfilment in {Fulfilment.CONFIRMED, Fulfilment.PACKED},
        may_receive=Fulfilment.DELIVERED in steps,
        is_collected=order.shipping_code == DeliveryOption.Kind.COLLECT,
        received_url=reverse("purchase:received", kwargs=address),
        pays_cash=order.payment == Payment.COD_DUE,
        received_at=came_at,
        cases=[_case_link(case, address) for case in cases],
        complain_url=new_url if may_complain else "",
        complain_until=may_be_filed_until(came_at) if came_at else None,
        refunds=[_refund_line(order, refund, cases, address, new_url, now) for refund in refunds],
    )


def _case_link(case: Complaint, address: dict[str, str]) -> CaseLink:
    return CaseLink(
        number=case.number,
        url=reverse("purchase:complaint", kwargs={**address, "case": case.number}),
        pill=case.get_state_display(),
        pill_css=PILLS[case.state],
        waits_for_me=WHOSE_TURN.get(case.state) == By.BUYER,
        due_at=case.due_at,
    )


def _refund_line(
    order: Order, refund: Refund, cases: list[Complaint], address: dict[str, str], new_url: str, now: datetime
) -> RefundLine:
    """What a case is, or was, about is said in the case."""
    is_sent = refund.state == Refund.State.SENT
    has_case = any(case.refund_id == refund.pk and case.state in {*UNFINISHED, State.RESOLVED} for case in cases)
    may_ask = not why_not_another([case.state for case in cases]) and not why_not_about_refund(order, refund, now=now)
    may_say = is_sent and refund.buyer_says_not_seen_at is None and not has_case
    return RefundLine(
        amount=refund.amount_vnd,
        is_sent=is_sent,
        sent_at=refund.sent_at,
        not_seen_at=refund.buyer_says_not_seen_at,
        not_seen_url=reverse("purchase:refund_not_seen", kwargs={**address, "pk": refund.pk}) if may_say else "",
        ask_url=f"{new_url}?hoan=1" if may_ask and (not is_sent or refund.buyer_says_not_seen_at) else "",
    )


@csrf_exempt
@require_POST
@secret_page
def cancel(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The buyer changes her mind before the goods are handed over; her own words win over a ready sentence."""
    order = order_at(token, number)
    ready = request.POST.get("reason", "")
    reason = clean_line(request.POST.get("words", ""), longest=200) or (ready if ready in CANCEL_REASONS else "")
    try:
        advance_fulfilment(
            order=order, to=Fulfilment.CANCELLED, by=By.BUYER, reason=reason or gettext_noop("Cancelled by the buyer.")
        )
        messages.success(request, _("The order has been cancelled."), extra_tags=order.number)
    except (TransitionRefused, StockRefused):
        messages.error(request, _cannot_cancel(Order.objects.get(pk=order.pk)), extra_tags=order.number)
    return back_to_order(order)


def _cannot_cancel(order: Order) -> str:
    if order.fulfilment == Fulfilment.CANCELLED:
        return _("This order was cancelled before; nothing else has changed.")
    return _("The goods have left the producer already, so the order cannot be cancelled any more: please call.")


@csrf_exempt
@require_POST
@secret_page
def received(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """ "Đã nhận hàng". Says nothing about cash: that it was paid only the seller can say."""
    order = order_at(token, number)
    try:
        advance_fulfilment(order=order, to=Fulfilment.DELIVERED, by=By.BUYER)
        words = _("Thank you! The producer is told that the goods have come.")
        messages.success(request, words, extra_tags=order.number)
    except (TransitionRefused, StockRefused):
        words = _("This is not possible any more. Please look at the order again.")
        messages.error(request, words, extra_tags=order.number)
    return back_to_order(order)
