"""Oscar's dashboard for the platform's staff: what its templates expect, and its forms closed.

Oscar's processors query the signed-in user's notifications; a public page must not depend on who looks at it. So
their context is given under /dashboard/ and nowhere else.

The dashboard is for reading. Goods, stock, order states, people and pages have one writer each elsewhere (audited,
with the rules of this shop); a form of Oscar's would go round them. Every form page there shows a page that says where
the work is done, and nothing sent to /dashboard/ is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.checkout.context_processors import checkout
from oscar.apps.communication.notifications.context_processors import notifications
from oscar.core.context_processors import metadata


def oscar_context(request: HttpRequest) -> dict[str, Any]:
    """Oscar's own context under /dashboard/, nothing elsewhere."""
    if not request.path.startswith("/dashboard/"):
        return {}
    return {**checkout(request), **notifications(request), **metadata(request)}


@dataclass(frozen=True)
class ElsewhereDone:
    """Where the work of a closed form is done: a sentence, and the name of the address (empty: nowhere for now)."""

    text: Any
    url_name: str = ""
    link: Any = ""


_GOODS = ElsewhereDone(
    _("Goods, prices, stock and photos are written by the producer, or her helper, in the workspace."),
    "workspace:products",
    _("To the goods in the workspace"),
)
_ORDERS = ElsewhereDone(
    _("Orders are confirmed, packed, sent and cancelled by the producer in the workspace; money is never typed in."),
    "workspace:orders",
    _("To the orders in the workspace"),
)
_PEOPLE = ElsewhereDone(
    _("Businesses and who works for them are kept on the commune's register."),
    "merchants:businesses",
    _("To the register"),
)
_ACCOUNTS = ElsewhereDone(
    _("Everybody chooses her own password on the sign-in page, by a code from her mailbox or from an officer."),
    "account_reset_password",
    _("To the page for a new password"),
)
_PAGES = ElsewhereDone(
    _("Pages, news and texts are written in the content system."), "wagtailadmin_home", _("To the pages and stories")
)
_PROMOTIONS = ElsewhereDone(_("Offers and vouchers are switched off: every merchant is paid the price she set."))
_DELIVERY = ElsewhereDone(_("Delivery is collecting or a flat rate, kept by the platform in the admin."), "admin:index")
_LETTERS = ElsewhereDone(_("Letters to buyers and producers are part of the program and its translations."))

# Beginnings of the dashboard's URL names → where the work is done. The first that fits wins.
_ELSEWHERE = (
    ("catalogue-", _GOODS),
    ("stock-", _GOODS),
    ("order-", _ORDERS),
    ("partner-", _PEOPLE),
    ("user", _ACCOUNTS),
    ("page-", _PAGES),
    ("offer-", _PROMOTIONS),
    ("voucher-", _PROMOTIONS),
    ("range-", _PROMOTIONS),
    ("shipping-", _DELIVERY),
    ("comms-", _LETTERS),
    ("reviews-", _GOODS),
)
# Pages that are nothing but a form, by the end of their name.
_FORM_ENDINGS = (
    "-create",
    "-create-child",
    "-update",
    "-delete",
    "-edit",
    "-link",
    "-unlink",
    "-select",
    "-reorder",
    "-bulk-action",
    "-metadata",
    "-condition",
    "-benefit",
    "-restrictions",
    "-password-reset",
)
_FORM_NAMES = frozenset({"catalogue-product", "partner-manage", "order-shipping-address"})
_OPEN_FOR_POST = frozenset({"logout", "login"})
DASHBOARD = "dashboard"


def elsewhere_done(url_name: str) -> ElsewhereDone:
    """Where the work of this dashboard page is done."""
    return next((place for start, place in _ELSEWHERE if url_name.startswith(start)), _GOODS)


def is_form(url_name: str) -> bool:
    """Whether the dashboard page of that name is nothing but a form."""
    return url_name in _FORM_NAMES or url_name.endswith(_FORM_ENDINGS)


class ClosedFormsMiddleware:
    """Answers Oscar's forms with a page that says where the work is done: 200 to look at, 403 for what is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.namespaces[:1] != [DASHBOARD]:
            return None
        name = match.url_name or ""
        is_sent = request.method not in {"GET", "HEAD", "OPTIONS"} and name not in _OPEN_FOR_POST
        if not is_sent and not is_form(name):
            return None
        place = elsewhere_done(name)
        context = {"place": place, "address": reverse(place.url_name) if place.url_name else ""}
        return render(request, "oscar/dashboard/closed.html", context, status=403 if is_sent else 200)
