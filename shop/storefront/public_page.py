"""Public pages: the same bytes for every visitor, nothing written, so that browsers and proxies may keep them.

`@public_page` is put on every view that anyone may see. Inside it there is no visitor: `request.user` is anonymous,
session, messages and basket cannot be reached, and a statement that writes is refused. Outside it the answer gets an
ETag and `Cache-Control: public`, and 304 when the reader has these bytes already. What is personal comes by `/toi/`.

A view that breaks the rule raises PublicPageError: a programming fault that shows in the first test, never a page that
leaks one visitor's data into another's cache.
"""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, NoReturn, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]
CACHE_CONTROL = "public, max-age=0, must-revalidate"
_READS = ("SELECT", "WITH", "EXPLAIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "(SELECT", "BEGIN")


class PublicPageError(ImproperlyConfigured):
    """A public page asked who is looking, or wrote something."""


class _NoSession:
    """Answers what SessionMiddleware reads at the end: nothing was asked, nothing is to be kept; refuses all else."""

    accessed = modified = False

    def is_empty(self) -> bool:
        return False

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise PublicPageError("a public page used the session")

    __getattr__ = __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = _refuse


def _no_basket() -> NoReturn:
    raise PublicPageError("a public page used the basket")


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.lstrip().upper().startswith(_READS):
        raise PublicPageError(f"a public page would write: {sql[:80]}")
    return execute(sql, params, many, context)


class _Compress(GZipMiddleware):
    """No random padding: these pages hold no secret of anyone, and the bytes must be the same each time."""

    max_random_bytes = 0


_compress = _Compress(lambda _request: HttpResponse())


def _compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, smaller, where the reader takes gzip."""
    return cast(HttpResponse, _compress.process_response(request, response))


def forget_visitor(request: HttpRequest) -> None:
    """Take everything personal off the request, for the rest of it."""
    request.user = AnonymousUser()
    # A visitor whose token is damaged would be given a new one here; the first page with a form does that.
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    request.session = _NoSession()  # type: ignore[assignment]
    request.basket = SimpleLazyObject(_no_basket)  # type: ignore[attr-defined]  # Oscar's middleware knows the class
    request.basket_hash = SimpleLazyObject(_no_basket)  # type: ignore[attr-defined]


def public_page(view: View) -> View:
    """Make a GET view public in the sense above; other methods get 405. Works for Wagtail's `serve`, too."""

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        forget_visitor(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(_refuse_writes))
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response = response.render()
        return _finish(request, response)

    wrapped.is_public_page = True  # type: ignore[attr-defined]
    return wrapped


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        raise PublicPageError(f"a public page would set a cookie: {request.path}")
    if response.streaming or response.status_code not in {200, 404}:
        return response
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    if response.status_code != 200:
        return _compressed(request, response)
    etag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    answer = get_conditional_response(request, etag=etag, response=response)
    return _compressed(request, response) if answer is None or answer is response else answer
