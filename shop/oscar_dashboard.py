"""Oscar's dashboard for the platform's staff: what its templates expect, and its forms closed.

Oscar's processors query the signed-in user's notifications; a public page must not depend on who looks at it. So
their context is given under /dashboard/ and nowhere else.

The dashboard is for reading. Goods, stock, order states, people and pages have one writer each elsewhere (audited,
with the rules of this shop); a form of Oscar's would go round them. Every form page there, and every list of something
this shop does not use, shows a page that says where the work is done; nothing sent to /dashboard/ is taken.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oscar.apps.checkout.context_processors import checkout
from oscar.apps.communication.notifications.context_processors import notifications
from oscar.core.context_processors import metadata

from shop.staff_screens.elsewhere import elsewhere


def oscar_context(request: HttpRequest) -> dict[str, Any]:
    """Oscar's own context under /dashboard/, nothing elsewhere."""
    if not request.path.startswith("/dashboard/"):
        return {}
    return {**checkout(request), **notifications(request), **metadata(request)}


# What may be looked at. Whatever else Oscar brings, now or in a newer version, is closed.
READABLE = frozenset(
    {
        "index",
        "catalogue-product-list",
        "order-list",
        "order-stats",
        "order-detail",
        "order-detail-note",
        "order-line-detail",
        "partner-list",
        "users-index",
        "user-detail",
        "reports-index",
    }
)
_SIGN_IN_AND_OUT = frozenset({"login", "logout"})
DASHBOARD = "dashboard"


class ClosedFormsMiddleware:
    """Shows where the work is done in place of Oscar's forms and unused lists; refuses, 403, whatever is sent."""

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
        is_sent = request.method not in {"GET", "HEAD", "OPTIONS"}
        if name in _SIGN_IN_AND_OUT or (name in READABLE and not is_sent):
            return None
        context = {"elsewhere": elsewhere(request, name, match.kwargs)}
        return render(request, "oscar/dashboard/closed.html", context, status=403 if is_sent else 200)
