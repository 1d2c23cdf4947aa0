"""What somebody typed at work is not lost when her session has ended, or when she signed in anew in another tab.

The form is not carried out: what it held is kept in the session, she signs in, comes back to the page and finds her
words in the fields, with the button still to press. Files, photos, passwords and tax codes (personal numbers) are not
kept.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure

from shop.users.json_answers import answers_in_json, refused

PREFIXES = ("/quan-ly/", "/en/quan-ly/")
KEPT_FOR_S = 60 * 60
MOST_CHARACTERS = 20_000  # of a whole form; a session is a row in the database
_KEY = "kept_form"
_NEVER_KEPT = ("csrfmiddlewaretoken", "tax_code", "password", "kept_photo")


class KeptFormMiddleware:
    """Sends whoever posts without being signed in to sign in, with what she typed; hands it back on her page.

    Stands before the second factor's guard, which would send her away with empty hands. The view takes what was kept
    by merchants.typed_text.typed_in, so that nothing is spent on the way through the second factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.take_typed = partial(take_typed, request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or request.user.is_authenticated or not request.path_info.startswith(PREFIXES):
            return None
        if answers_in_json(request):
            return None  # shop.users.second_factor answers
        page = keep_typed(request)
        messages.info(request, _("You were signed out meanwhile. Sign in again; what you typed is kept."))
        return redirect_to_login(page, resolve_url("account_login"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is out of date: back to the page with what was typed, where the form is certainly ours."""
    if answers_in_json(request):
        return refused("form_token", status=403) if request.user.is_authenticated else refused("signed_out", status=401)
    if not request.path_info.startswith(PREFIXES) or not _comes_from_us(request):
        return plain_csrf_failure(request, reason=reason)
    page = keep_typed(request)
    if request.user.is_authenticated:
        return redirect(page)
    messages.info(request, _("You were signed out meanwhile. Sign in again; what you typed is kept."))
    return redirect_to_login(page, resolve_url("account_login"))


def _comes_from_us(request: HttpRequest) -> bool:
    """By headers that a page of another site cannot forge; without them no."""
    origin = request.headers.get("Origin", "")
    if origin:
        return origin == f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def keep_typed(request: HttpRequest) -> str:
    """Keep the fields of this form and return the page on which it stood, else the first page at work."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith(PREFIXES)
    page = came_from.path if is_ours else reverse("workspace:home")
    if is_ours:
        keep_typed_for(request, page)
    return f"{page}?{came_from.query}" if is_ours and came_from.query else page


def keep_typed_for(request: HttpRequest, page: str) -> None:
    """Keep the fields of this form for the page of that path, to which the view sends her back with a refusal."""
    typed = {
        name: values
        for name, values in request.POST.lists()
        if not name.startswith(_NEVER_KEPT) and not name.endswith("password")
    }
    if sum(len(value) for values in typed.values() for value in values) <= MOST_CHARACTERS:
        request.session[_KEY] = {"page": page, "at": time.time(), "typed": typed}


def take_typed(request: HttpRequest) -> QueryDict | None:
    """Return what was kept for this page and forget it; None when there is nothing, or it is too old."""
    kept = request.session.get(_KEY)
    if not kept or not request.user.is_authenticated or kept["page"] != request.path_info:
        return None
    del request.session[_KEY]
    if time.time() - kept["at"] > KEPT_FOR_S:
        return None
    typed = QueryDict(mutable=True)
    for name, values in kept["typed"].items():
        typed.setlist(name, values)
    messages.info(
        request, _("What you typed is still here. Please look it over and press the button again; choose photos anew.")
    )
    return typed
