"""A buyer has lost the way to her purchase and calls: whoever has checked who she is issues a new look-up code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from merchants.permissions import Act, find_permitted, request_grants
from merchants.phone_numbers import to_e164
from merchants.typed_text import clean_line
from shop.order.models import Order
from shop.purchase.look_up import issue_code, shown_code
from shop.users.signed_in import signed_in
from shop.workspace.orders import producers_orders

LISTED = 20


@dataclass(frozen=True)
class FoundOrder:
    """An order as the commune's officer sees it: enough to ask the caller, not enough to know her."""

    number: str
    merchant: str
    placed_at: datetime
    buyer: str  # "L••• M•••"
    phone: str  # "••• 678"


@login_required
@never_cache
@require_POST
def issue_own(request: HttpRequest, number: str) -> HttpResponse:
    """A producer issues a new code for the purchase that one of her orders belongs to."""
    order = find_permitted(request, Act.LOOK_UP_ISSUE, producers_orders(), number=number)
    _issue(request, order, issuer=order.merchant.name)
    return redirect("workspace:order", number=order.number)


@login_required
@never_cache
@require_POST
def issue_for(request: HttpRequest, number: str) -> HttpResponse:
    """The commune's officer does the same for orders from businesses of her commune."""
    order = find_permitted(request, Act.LOOK_UP_SERVE, producers_orders(), number=number)
    _issue(request, order, issuer=order.merchant.commune.name)
    return redirect("workspace:look_up")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Find an order by its number or the buyer's phone. By POST: a phone number does not belong into an address."""
    communes = request_grants(request).commune_ids(Act.LOOK_UP_SERVE)
    if not communes:
        raise Http404
    words = clean_line(request.POST.get("words", ""), longest=40)
    context: dict[str, Any] = {"section": "look_up", "words": words, "found": None}
    if words:
        orders = producers_orders().filter(merchant__commune_id__in=communes).filter(_matches(words))
        context["found"] = [_found(order) for order in orders.order_by("-pk")[:LISTED]]
    return render(request, "workspace/look_up.html", context)


def _issue(request: HttpRequest, order: Order, *, issuer: str) -> None:
    if request.POST.get("checked") != "1":
        messages.error(request, _("Please make sure first who is asking, and tick it."))
        return
    code = issue_code(
        order=order, actor=signed_in(request), issuer=issuer, on_behalf_of=order.merchant, request=request
    )
    messages.success(
        request,
        _("New code for order %(number)s: %(code)s. Tell it to the buyer only; the old code has ended.")
        % {"number": order.number, "code": shown_code(code)},
    )


def _matches(words: str) -> Q:
    by = Q(number=words.replace(" ", "").upper())
    try:
        return by | Q(purchase__buyer_phone=to_e164(words))
    except ValidationError:
        return by


def _found(order: Order) -> FoundOrder:
    purchase = order.purchase
    return FoundOrder(
        number=order.number,
        merchant=order.merchant.name if order.merchant else "",
        placed_at=order.date_placed,
        buyer=" ".join(f"{word[0]}•••" for word in purchase.buyer_name.split()) if purchase else "",
        phone=f"••• {purchase.buyer_phone[-3:]}" if purchase else "",
    )
