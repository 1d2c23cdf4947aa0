"""Pages under a purchase's secret address: what is found there, how they are guarded.

Forms there carry no CSRF token: the secret in their own address does its work, and the page's no-referrer policy makes
browsers send `Origin: null`, which Django's token check would refuse.
"""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from catalogue.prepared_reads import prepared_read
from shop.order.models import Order
from shop.purchase.models import Purchase
from shop.purchase.web.private_page import private_page

secret_page = private_page(referrer_policy="no-referrer")


def purchase_at(token: str) -> Purchase:
    """The purchase, or 404; a token of the wrong length is not looked up."""
    found = _purchases_at(token) if len(token) <= 32 else []
    if not found:
        raise Http404
    return found[0]


@prepared_read
def _purchases_at(token: str) -> "QuerySet[Purchase]":
    return Purchase.objects.filter(token=token).select_related("shipping_address")


def order_at(token: str, number: str) -> Order:
    """One order of the purchase with that secret, or 404."""
    orders = Order.objects.select_related("purchase", "merchant")
    found: Order = get_object_or_404(orders, purchase__token=token[:32], number=number[:9])
    return found


def back_to_order(order: Order) -> HttpResponse:
    """To the order's card on the page of its purchase; a message with the number as extra tag is shown in that card."""
    address = reverse("purchase:purchase", args=[order.purchase.token]) if order.purchase else "/"
    return redirect(f"{address}#pay-{order.number}")
