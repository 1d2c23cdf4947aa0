"""Pages about one visitor: never stored, never indexed, their address never told to another site."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
# With random padding: the length of the answer must not tell what of it an attacker guessed (BREACH).
_compress = GZipMiddleware(lambda _request: HttpResponse())


def private_page(*, referrer_policy: str = "same-origin") -> Callable[[View[P]], View[P]]:
    """Add no-store, noindex and the referrer policy to every answer of the view.

    "no-referrer" makes browsers send `Origin: null` with form posts, which Django's token check refuses; only pages
    whose posts are guarded by the secret in their own address may use it.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store, private"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Referrer-Policy"] = referrer_policy
            return _compressed(request, response)

        return guarded

    return decorate


def _compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same page, smaller. Not what has an ETag: compressed it gets another, and polling never an answer 304."""
    if "ETag" in response.headers or not response.headers.get("Content-Type", "").startswith("text/html"):
        return response
    return cast(HttpResponse, _compress.process_response(request, response))
