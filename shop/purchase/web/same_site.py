"""Refuses form posts that come from another site, for forms that stand on public pages and so carry no token."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def comes_from_our_site(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this request.

    Sec-Fetch-Site decides where it is sent (all current browsers); older ones send Origin with every form post.
    A request with neither is no browser's form and is refused (Fetch Metadata, W3C; Fetch standard, 2026-11).
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in {"same-origin", "none"}
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme in {"http", "https"} and origin.netloc == request.get_host()


def same_site_only(view: View[P]) -> View[P]:
    """Replace the CSRF token by the check above; POST only makes sense with it."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not comes_from_our_site(request):
            return render(request, "403_csrf.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
