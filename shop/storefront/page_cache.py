"""The first middleware behind the static files: answers public pages from what is kept, and sends them compressed, or
as 304 to those who have them.

On a hit nothing behind it runs, neither session nor language nor view; one short statement asks for the generation. The
headers are those of the drawing, so hit and miss differ in nothing. Only answers of `@public_page` are kept, which by
construction see nothing but what stands in `Question`.
"""

import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation

from shop.storefront.generation import generation_of
from shop.storefront.kept_pages import (
    LARGEST_PAGE,
    SMALLEST_COMPRESSED,
    Drawings,
    KeptPage,
    PageStore,
    Question,
    SharedPages,
    best_encoding,
    compress,
    day_at,
    sent_encoding,
)
from shop.storefront.language import language_of_path
from shop.storefront.public_page import asked_for, is_public_answer

View = Callable[..., HttpResponse]
LONGEST_QUERY = 1_000  # characters of an address; what is longer is answered, but not kept
LONGEST_PATH = 300
WAIT_SECONDS = 2.0  # for somebody else's drawing; then one draws oneself
_OF_ONE_ENCODING = {"content-length", "content-encoding", "etag"}
_MAY_VARY = {"accept-encoding", "hx-request"}


class PageCacheMiddleware:
    """See the module. PAGE_CACHE_BYTES is this process's budget; with 0 nothing is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.store = PageStore(settings.PAGE_CACHE_BYTES)
        self.shared = SharedPages() if settings.PAGE_CACHE_SHARED else None
        self.drawings = Drawings()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        question = _question(request) if settings.PAGE_CACHE_BYTES else None
        if question is None:
            return _send(request, self.get_response(request))
        kept = self.store.get(question)
        if kept is None and _public_view(request.path_info) is None:
            return self.get_response(request)
        generation, now = generation_of(request), time.time()
        day = day_at(int(now) // 60)
        if kept is not None and not kept.is_true(generation=generation, day=day, now=now):
            kept = None
        if kept is not None and kept.is_fresh(now):
            return _show(request, kept)
        return self._draw(request, question, kept, generation, day)

    def _draw(
        self, request: HttpRequest, question: Question, kept: KeptPage | None, generation: int, day: date
    ) -> HttpResponse:
        """Draw the page, unless somebody does already; those who come then get `kept`, or wait a little."""
        key = (question, generation, day)
        running = self.drawings.begin(key)
        if running is None:
            try:
                return self._draw_and_keep(request, question, kept, generation, day)
            finally:
                self.drawings.end(key)
        if kept is None and running.wait(WAIT_SECONDS):
            kept = self.store.get(question)
            if kept is not None and not kept.is_true(generation=generation, day=day, now=time.time()):
                kept = None
        return _answer(request, kept) if kept is not None else _send(request, self.get_response(request))

    def _draw_and_keep(
        self, request: HttpRequest, question: Question, kept: KeptPage | None, generation: int, day: date
    ) -> HttpResponse:
        if self.shared is not None:
            now = time.time()
            found = self.shared.get(question, generation=generation, day=day)
            if found is not None and found.is_true(generation=generation, day=day, now=now) and found.is_fresh(now):
                self.store.put(question, found)
                return _show(request, found)
        drawn_at = time.time()
        response = self.get_response(request)
        if not _may_be_kept(request, response):
            return _send(request, response)
        page = _kept(response, generation, day, drawn_at)
        self.store.put(question, page)
        if self.shared is not None:
            self.shared.put(question, page)
        return _show(request, page)


def _question(request: HttpRequest) -> Question | None:
    """What is asked; None for what is not answered from here."""
    if request.method not in {"GET", "HEAD"} or getattr(request, "is_dummy", False):  # an editor's preview
        return None
    raw, path = request.META.get("QUERY_STRING", ""), request.path
    if len(raw) > LONGEST_QUERY or len(path) > LONGEST_PATH:
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    if host != host.lower():
        return None
    query = _asked_query(request.path_info, raw) if raw else ""
    if query is None:
        return None
    return Question(request.scheme or "", host, path, query, request.META.get("HTTP_HX_REQUEST") == "true")


@lru_cache(maxsize=1_000)
def _asked_query(path: str, raw: str) -> str | None:
    """What of the query the page at this path reads, in one order; None where no page says what it reads."""
    reads = getattr(_public_view(path), "reads", None)
    return None if reads is None else asked_for(QueryDict(raw), reads).urlencode()


def _public_view(path: str) -> View | None:
    """The view of this address, if it is a public page."""
    with translation.override(language_of_path(path)):
        try:
            view = resolve(path).func
        except Resolver404:
            return None
    return view if getattr(view, "is_public_page", False) else None


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer is the same for everyone; asked of the answer itself, whatever the view promised."""
    vary = {name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()}
    cache_control = response.headers.get("Cache-Control", "")
    return (
        is_public_answer(response)
        and request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Set-Cookie" not in response.headers
        and "ETag" in response.headers
        and "Content-Encoding" not in response.headers
        and "public" in cache_control
        and "private" not in cache_control
        and "no-store" not in cache_control
        and vary <= _MAY_VARY
        and len(response.content) <= LARGEST_PAGE
    )


def _kept(response: HttpResponse, generation: int, day: date, drawn_at: float) -> KeptPage:
    headers = {name: value for name, value in response.items() if name.lower() not in _OF_ONE_ENCODING}
    return KeptPage(headers, response.content, response.headers["ETag"], generation, day, drawn_at)


def _show(request: HttpRequest, page: KeptPage) -> HttpResponse:
    """The answer from a page that is kept, which it names to shop.storefront.front_door."""
    response = _answer(request, page)
    response.kept_page = page  # type: ignore[attr-defined]
    return response


def _answer(request: HttpRequest, page: KeptPage) -> HttpResponse:
    """The answer to this reader: compressed as they take it, nothing at all where they have it."""
    encoding = sent_encoding(page, request.META.get("HTTP_ACCEPT_ENCODING", ""))
    headers = {**page.headers, "ETag": page.tag(encoding)}
    if _has(request.META.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        return HttpResponseNotModified(headers=headers)
    body = page.body(encoding)
    headers["Content-Length"] = str(len(body))
    if encoding:
        headers["Content-Encoding"] = encoding
    return HttpResponse(body, headers=headers)


def _has(given: str, etag: str) -> bool:
    """Whether one of the tags in If-None-Match is this one, weak or not."""
    if not given:
        return False
    return given.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in given.split(","))


def _send(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What is not kept: the same answer as if it were; a public page that is not there is only compressed."""
    if not is_public_answer(response) or response.streaming or response.cookies:
        return response
    if response.status_code == 200 and "ETag" in response.headers and "Content-Encoding" not in response.headers:
        return _answer(request, _kept(response, 0, date.min, 0.0))
    encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding and len(response.content) >= SMALLEST_COMPRESSED and "Content-Encoding" not in response.headers:
        response.content = compress(response.content, encoding)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = encoding
    return response
