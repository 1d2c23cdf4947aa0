"""The first thing a request meets: a page that is kept, and asked for in the very same words, is handed out at once.

Making Django's request and response, and the middlewares before the page cache, take longer than finding a kept page.
So answers of shop.storefront.page_cache are remembered by the raw request. Whether they may still be shown is asked in
the same way as there: one statement for the generation, the day, the age. Everything else goes on to Django: other
methods, conditional requests, pages that are to be drawn anew.

The words are all that a kept page may depend on (shop.storefront.kept_pages.Question) in the form in which they came,
so that nothing has to be read out of them. Only X-Request-ID differs between two answers, as elsewhere.
"""

import threading
import time
import weakref
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse

from shop.request_log import request_id_of
from shop.storefront.generation import face_generation
from shop.storefront.kept_pages import KeptPage, day_at, sent_encoding

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
MOST_REMEMBERED = 2_000  # requests in their own words; the pages themselves are kept elsewhere, within their bytes
# Who sends one of these may be answered with less than the whole page.
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
_WORDS = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING",
          "HTTP_HX_REQUEST")  # fmt: skip
_OF_ONE_ANSWER = {"x-request-id", "content-length", "content-encoding", "etag"}


class Remembered:
    """A page that was sent, with the headers that every answer with it has; the page may have been thrown out."""

    def __init__(self, page: KeptPage, response: HttpResponse) -> None:
        self.page = weakref.ref(page)
        self._headers = [(name, value) for name, value in response.items() if name.lower() not in _OF_ONE_ANSWER]
        self._headers_by_encoding: dict[str, list[tuple[str, str]]] = {}

    def headers(self, page: KeptPage, encoding: str) -> list[tuple[str, str]]:
        found = self._headers_by_encoding.get(encoding)
        if found is None:
            own = [("ETag", page.tag(encoding)), ("Content-Length", str(len(page.body(encoding))))]
            own += [("Content-Encoding", encoding)] if encoding else []
            found = self._headers_by_encoding[encoding] = [*self._headers, *own]
        return found


class FrontDoor:
    """A WSGI application around Django's; see the module."""

    def __init__(self, application: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._remembered: dict[tuple[Any, ...], Remembered] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") != "GET" or any(name in environ for name in _CONDITIONS):
            return self._application(environ, start_response)
        words = tuple(environ.get(name, "") for name in _WORDS)
        remembered = self._remembered.get(words)
        if remembered is not None:
            page = remembered.page()
            if page is not None and _may_be_shown(page):
                encoding = sent_encoding(page, environ.get("HTTP_ACCEPT_ENCODING", ""))
                request_id = request_id_of(environ.get("HTTP_X_REQUEST_ID", ""))
                start_response("200 OK", [*remembered.headers(page, encoding), ("X-Request-ID", request_id)])
                return [page.body(encoding)]
        answer = self._application(environ, start_response)
        self._remember(words, answer)
        return answer

    def _remember(self, words: tuple[Any, ...], answer: Iterable[bytes]) -> None:
        page = getattr(answer, "kept_page", None)
        if page is None or not isinstance(answer, HttpResponse) or answer.status_code != 200 or answer.cookies:
            return
        with self._lock:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[words] = Remembered(page, answer)


def _may_be_shown(page: KeptPage) -> bool:
    """As shop.storefront.page_cache decides; where the database does not answer, Django says so in its own way."""
    close_old_connections()  # Django does it at the beginning of each request
    try:
        generation = face_generation()
    except DatabaseError:
        return False
    now = time.time()
    return page.is_true(generation=generation, day=day_at(int(now) // 60), now=now) and page.is_fresh(now)
