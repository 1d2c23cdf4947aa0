"""Pages about one visitor: never stored, never indexed, their address never told to another site."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


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
            return response

        return guarded

    return decorate
