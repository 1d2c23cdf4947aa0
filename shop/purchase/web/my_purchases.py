"""What somebody has bought, as a list; and the way to buy the same again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shop.purchase.basket import basket_of_request
from shop.purchase.buy_again import buy_again
from shop.purchase.look_up import own_purchases, with_orders
from shop.purchase.models import Purchase
from shop.purchase.web.private_page import private_page
from shop.purchase.web.secret_address import purchase_at, secret_page
from shop.users.signed_in import signed_in

PAGE_SIZE = 10


@dataclass(frozen=True)
class OrderEntry:
    """One order in the list; `payment` and `fulfilment` as the pills want them."""

    number: str
    merchant: str
    goods: str
    payment: str
    fulfilment: str


@dataclass(frozen=True)
class PurchaseEntry:
    """One purchase in the list."""

    url: str
    again_url: str
    placed_at: datetime
    total: Decimal
    orders: tuple[OrderEntry, ...]


def entry_of(purchase: Purchase) -> PurchaseEntry:
    """How a list shows a purchase; needs `look_up.with_orders`."""
    orders = sorted(purchase.orders.all(), key=lambda order: order.pk)
    return PurchaseEntry(
        url=purchase.get_absolute_url(),
        again_url=reverse("purchase:buy_again", args=[purchase.token]),
        placed_at=purchase.placed_at,
        total=sum((Decimal(order.total_incl_tax) for order in orders), Decimal(0)),
        orders=tuple(
            OrderEntry(
                number=order.number,
                merchant=order.merchant.name if order.merchant else "",
                goods=", ".join(f"{line.title} × {line.quantity}" for line in order.lines.all()),
                payment=order.payment,
                fulfilment=order.fulfilment,
            )
            for order in orders
        ),
    )


@login_required
@require_safe
@private_page()
def my_purchases(request: HttpRequest) -> HttpResponse:
    """A member's own purchases, the newest first."""
    mine = with_orders(own_purchases(signed_in(request)))
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("trang"))
    context: dict[str, Any] = {
        "section": "account",
        "page": page,
        "entries": [entry_of(purchase) for purchase in page.object_list],
    }
    return render(request, "purchase/my_purchases.html", context)


@csrf_exempt
@require_POST
@secret_page
def put_in_again(request: HttpRequest, token: str) -> HttpResponse:
    """Everything of this purchase into the visitor's basket once more; what cannot be had is named."""
    again = buy_again(
        basket=basket_of_request(request),
        purchase=purchase_at(token),
        commune=request.commune,  # type: ignore[attr-defined]
    )
    if again.put_in:
        count = again.put_in
        text = ngettext("%(count)s good was put in your basket.", "%(count)s goods were put in your basket.", count)
        messages.success(request, text % {"count": count})
    if again.fewer:
        messages.warning(request, _("Not so many are left of: %(names)s") % {"names": ", ".join(again.fewer)})
    if again.gone:
        messages.warning(request, _("Not to be had any more: %(names)s") % {"names": ", ".join(again.gone)})
    return redirect("purchase:basket")
