"""Public pages: the same bytes for every visitor, nothing written, so that browsers, proxies and we may keep them.

`@public_page` is put on every view that anyone may see. Inside it there is no visitor: `request.user` is anonymous;
session, messages and basket cannot be reached; cookies and all headers that tell people apart are gone; of the query
only the parameters are there that the view declares (`@public_page(reads=("q", "trang"))`), in one order; a statement
that writes is refused. Outside it the answer gets an ETag and `Cache-Control: public`, and shop.storefront.page_cache
keeps, compresses and sends it. What is personal comes by `/toi/`.

A view that breaks the rule raises PublicPageError: a programming fault that shows in the first test, never a page that
leaks one visitor's data into another's cache.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any, NoReturn, cast, overload

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]
CACHE_CONTROL = "public, max-age=0, must-revalidate"
_READS = ("SELECT", "WITH", "EXPLAIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "(SELECT", "BEGIN")
# A page may depend on these of what a reader's program sends (shop.storefront.kept_pages.Question), and on no others.
_SEEN_HEADERS = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_HX_REQUEST", "HTTP_X_REQUEST_ID"}
_OF_THE_READER = {"REMOTE_ADDR", "REMOTE_HOST", "REMOTE_USER"}


class PublicPageError(ImproperlyConfigured):
    """A public page asked who is looking, read what it did not declare, or wrote something."""


class _NoSession:
    """Answers what SessionMiddleware reads at the end: nothing was asked, nothing is to be kept; refuses all else."""

    accessed = modified = False

    def is_empty(self) -> bool:
        return False

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise PublicPageError("a public page used the session")

    __getattr__ = __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = _refuse


class AskedQuery(QueryDict):
    """The declared parameters of an address; asking for another is a fault of the page."""

    declared: frozenset[str] | None = None

    def _check(self, key: str) -> None:
        if self.declared is not None and key not in self.declared:
            raise PublicPageError(f"a public page read ?{key}= without declaring it: @public_page(reads=…)")

    def __getitem__(self, key: str) -> Any:
        self._check(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._check(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, default: Any = None) -> list[Any]:
        self._check(key)
        return super().getlist(key, default)


def asked_for(query: QueryDict, reads: frozenset[str]) -> AskedQuery:
    """The declared parameters that were given, sorted by name; their values in the order they came."""
    found = AskedQuery(mutable=True)
    for name in sorted(reads & query.keys()):
        found.setlist(name, query.getlist(name))
    found.declared = reads
    found._mutable = False
    return found


def _no_basket() -> NoReturn:
    raise PublicPageError("a public page used the basket")


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.lstrip().upper().startswith(_READS):
        raise PublicPageError(f"a public page would write: {sql[:80]}")
    return execute(sql, params, many, context)


def forget_visitor(request: HttpRequest) -> None:
    """Take everything personal off the request, for the rest of it."""
    request.user = AnonymousUser()
    # A visitor whose token is damaged would be given a new one here; the first page with a form does that.
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    request.session = _NoSession()  # type: ignore[assignment]
    request.basket = SimpleLazyObject(_no_basket)  # type: ignore[attr-defined]  # Oscar's middleware knows the class
    request.basket_hash = SimpleLazyObject(_no_basket)  # type: ignore[attr-defined]


def full_query(request: HttpRequest) -> str:
    """The query as it was sent, for redirects that hand it on; never for a page."""
    return getattr(request, "full_query", request.META.get("QUERY_STRING", ""))


@contextmanager
def _only_what_is_asked(request: HttpRequest, reads: frozenset[str] | None) -> Iterator[None]:
    """Let the view see nothing that could tell two readers of one address apart; put it back for the middleware."""
    asked: QueryDict = request.GET
    meta, cookies = dict(request.META), request.COOKIES
    request.full_query = meta.get("QUERY_STRING", "")  # type: ignore[attr-defined]
    for name in meta:
        if name in _OF_THE_READER or (name.startswith("HTTP_") and name not in _SEEN_HEADERS):
            del request.META[name]
    if reads is not None:
        asked = asked_for(request.GET, reads)
        request.META["QUERY_STRING"] = asked.urlencode()
    request.GET, request.COOKIES = cast(Any, asked), {}
    request.__dict__.pop("headers", None)  # Django keeps what it read of META there
    try:
        yield
    finally:
        for name in meta.keys() - request.META.keys() | {"QUERY_STRING"}:
            if name in meta:
                request.META[name] = meta[name]
        request.COOKIES = cookies
        request.__dict__.pop("headers", None)


@overload
def public_page(view: View, *, reads: Iterable[str] | None = None) -> View: ...


@overload
def public_page(view: None = None, *, reads: Iterable[str]) -> Callable[[View], View]: ...


def public_page(view: View | None = None, *, reads: Iterable[str] | None = None) -> Any:
    """Make a GET view public in the sense above; other methods get 405. Works for Wagtail's `serve`, too.

    `reads` names the parameters of the query that the page depends on, `()` none. A view that does not say it sees the
    whole query, and is kept only where there is none.
    """
    declared = None if reads is None else frozenset(reads)
    return _public(view, declared) if view is not None else lambda later: _public(later, declared)


def _public(view: View, reads: frozenset[str] | None) -> View:
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        forget_visitor(request)
        with ExitStack() as stack:
            stack.enter_context(_only_what_is_asked(request, reads))
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(_refuse_writes))
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response = response.render()
        return _finish(request, response)

    wrapped.is_public_page = True  # type: ignore[attr-defined]
    wrapped.reads = reads  # type: ignore[attr-defined]
    return wrapped


def is_public_answer(response: HttpResponse) -> bool:
    """Whether a view under @public_page gave it, and gave a page, there or not."""
    return getattr(response, "is_public_answer", False)


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        raise PublicPageError(f"a public page would set a cookie: {request.path}")
    if response.streaming or response.status_code not in {200, 404}:
        return response
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    patch_vary_headers(response, ["Accept-Encoding"])
    if response.status_code == 200:
        response.headers["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.is_public_answer = True  # type: ignore[attr-defined]
    return response
