"""`/toi/`: what the header says to this one visitor; everything personal of the public pages comes from here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from merchants.permissions import request_grants
from shop.purchase.basket import basket_of_request, count_items
from shop.users.signed_in import has_work, signed_in


@require_safe
@cache_control(private=True, no_store=True)
def show(request: HttpRequest) -> HttpResponse:
    """A fragment for js/me.js, of use without it as well: basket, name, the way to one's own pages."""
    is_signed_in = request.user.is_authenticated
    name, address = "", reverse("account_login")
    if is_signed_in:
        name = request.user.get_full_name()  # type: ignore[union-attr]
        is_at_work = has_work(signed_in(request), request_grants(request))
        address = reverse("workspace:home" if is_at_work else "users:home")
    context = {
        "basket_count": count_items(basket_of_request(request)),
        "display_name": name,
        "account_url": address,
    }
    response = render(request, "storefront/me.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
