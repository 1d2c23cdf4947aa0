"""Addresses under Oscar's own URL names, each leading to the page of ours that does its work.

Oscar's catalogue, basket, checkout, customer, search, offer and wishlist views are not routed; its dashboard, e-mails
and models still reverse their names. A test reverses every name that the dashboard's templates use.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path
from django.urls.exceptions import NoReverseMatch
from django.views.decorators.http import require_safe


@require_safe
def to_our_page(_request: HttpRequest, target: str = "storefront:catalogue", **_ignored: Any) -> HttpResponse:
    """Lead on to the page of ours; what Oscar's address carried besides has no meaning here."""
    return redirect(target)


@require_safe
def to_product(_request: HttpRequest, pk: int, **_ignored: Any) -> HttpResponse:
    """Oscar's product address has an underscore before the number; ours finds the right slug by itself."""
    try:
        return redirect("storefront:product", slug="x", pk=pk)
    except NoReverseMatch:
        return redirect("storefront:catalogue")


def _lead(route: str, name: str, target: str) -> URLPattern:
    return path(route, to_our_page, {"target": target}, name=name)


_CATALOGUE, _BASKET, _CHECKOUT, _ACCOUNT = (
    "storefront:catalogue",
    "purchase:basket",
    "purchase:checkout",
    "workspace:home",
)


def _namespace(prefix: str, name: str, patterns: list[URLPattern]) -> URLResolver:
    return path(prefix, include((patterns, name), namespace=name))


urlpatterns: list[URLPattern | URLResolver] = [
    _namespace(
        "catalogue/",
        "catalogue",
        [
            _lead("", "index", _CATALOGUE),
            path("<slug:product_slug>_<int:pk>/", to_product, name="detail"),
            _lead("category/<path:category_slug>_<int:pk>/", "category", _CATALOGUE),
            _lead("ranges/<slug:slug>/", "range", _CATALOGUE),
            _lead("<slug:product_slug>_<int:product_pk>/reviews/", "reviews-list", _CATALOGUE),
            _lead("<slug:product_slug>_<int:product_pk>/reviews/<int:pk>/", "reviews-detail", _CATALOGUE),
            _lead("<slug:product_slug>_<int:product_pk>/reviews/add/", "reviews-add", _CATALOGUE),
        ],
    ),
    _namespace("basket/", "basket", [_lead("", "summary", _BASKET), _lead("add/<int:pk>/", "add", _BASKET)]),
    _namespace(
        "checkout/",
        "checkout",
        [
            _lead("", "index", _CHECKOUT),
            *(
                _lead(f"{name}/", name, _CHECKOUT)
                for name in (
                    "shipping-address",
                    "shipping-method",
                    "payment-method",
                    "payment-details",
                    "preview",
                    "thank-you",
                )
            ),
        ],
    ),
    _namespace(
        "accounts/",
        "customer",
        [
            _lead("", "summary", _ACCOUNT),
            _lead("login/", "login", "account_login"),
            _lead("logout/", "logout", "account_logout"),
            _lead("register/", "register", "account_signup"),
            _lead("profile/", "profile-view", _ACCOUNT),
            _lead("notifications/", "notifications-inbox", _ACCOUNT),
            _lead("addresses/", "address-list", _ACCOUNT),
            _lead("orders/", "order-list", _ACCOUNT),
            _lead("orders/<str:order_number>/", "order", _ACCOUNT),
            _lead("alerts/confirm/<str:key>/", "alerts-confirm", _CATALOGUE),
            _lead("alerts/cancel/<str:key>/", "alerts-cancel-by-key", _CATALOGUE),
            _lead("wishlists/", "wishlists-list", _ACCOUNT),
            _lead("wishlists/<str:key>/", "wishlists-detail", _ACCOUNT),
        ],
    ),
    _namespace("search/", "search", [_lead("", "search", _CATALOGUE)]),
    _namespace("offers/", "offer", [_lead("", "list", _CATALOGUE), _lead("<slug:slug>/", "detail", _CATALOGUE)]),
    _namespace("wishlists/", "wishlists", [_lead("<str:key>/", "detail", _CATALOGUE)]),
    _lead("password-reset/", "password-reset", "account_reset_password"),
    _lead("password-reset/done/", "password-reset-done", "account_reset_password"),
    _lead("password-reset/confirm/<str:uidb64>/<str:token>/", "password-reset-confirm", "account_reset_password"),
    _lead("password-reset/complete/", "password-reset-complete", "account_login"),
]
