"""What a buyer may do with an order after buying: cancel it before it is handed over, say that it has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from merchants.typed_text import clean_line
from shop.delivery.models import DeliveryOption
from shop.order.models import Fulfilment, Order, OrderTransition, Payment
from shop.partner.stock import StockRefused
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
class AfterSale:
    """What one order's card offers after buying; templates/purchase/after_sale.html shows it."""

    order_number: str
    merchant_name: str
    merchant_phone: str
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


def add_after_sale(purchase: Purchase, pays: Iterable[dict[str, Any]]) -> None:
    """Put an AfterSale beside each order that the purchase page shows, under "after"; no query of its own."""
    for pay in pays:
        pay["after"] = _after_sale(purchase, pay["order"])


def _after_sale(purchase: Purchase, order: Order) -> AfterSale:
    address = {"token": purchase.token, "number": order.number}
    steps = next_steps(order=order, by=By.BUYER) if order.fulfilment != Fulfilment.CANCELLED else []
    came = [
        step.at
        for step in order.transitions.all()
        if step.axis == OrderTransition.Axis.FULFILMENT and step.to_state == Fulfilment.DELIVERED
    ]
    return AfterSale(
        order_number=order.number,
        merchant_name=order.merchant.name if order.merchant else "",
        merchant_phone=order.merchant.phone if order.merchant else "",
        may_cancel=Fulfilment.CANCELLED in steps,
        cancel_url=reverse("purchase:cancel", kwargs=address),
        cancel_reasons=[(reason, _(reason)) for reason in CANCEL_REASONS],
        owed_on_cancel=order.received_vnd - order.refunded_vnd,
        is_being_prepared=order.fulfilment in {Fulfilment.CONFIRMED, Fulfilment.PACKED},
        may_receive=Fulfilment.DELIVERED in steps,
        is_collected=order.shipping_code == DeliveryOption.Kind.COLLECT,
        received_url=reverse("purchase:received", kwargs=address),
        pays_cash=order.payment == Payment.COD_DUE,
        received_at=came[-1] if came and order.fulfilment == Fulfilment.DELIVERED else None,
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
        messages.success(request, _("The order has been cancelled."))
    except (TransitionRefused, StockRefused):
        messages.error(request, _cannot_cancel(Order.objects.get(pk=order.pk)))
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
        messages.success(request, _("Thank you! The producer is told that the goods have come."))
    except (TransitionRefused, StockRefused):
        messages.error(request, _("This is not possible any more. Please look at the order again."))
    return back_to_order(order)
