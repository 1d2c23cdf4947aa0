"""Public pages kept for a moment, so that a page many look at is drawn once: what they depend on, where they lie, how
long they may be shown.

A kept page is shown only while the generation (shop.storefront.generation) and the day are those of its drawing, and
never longer than PAGE_SECONDS. That makes it exact: what is withdrawn is gone with the commit, stars end at midnight, a
price or a stock that reached the page by another way is seen within the minute.

Pages lie in the process, within a budget of bytes, the longest unseen thrown out first. Those with a query in their
address, and hosts with a strange port, have a smaller budget of their own, so that nobody who types at random can drive
out the pages that everybody reads. With Redis configured the processes share what is drawn.
"""

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

log = logging.getLogger(__name__)

PAGE_SECONDS = 30  # with what pages themselves keep of counts (as long again) everything is seen within a minute
RENEW_SECONDS = 10  # before its end a page is drawn anew by the first who comes; others get the old one meanwhile
LARGEST_PAGE = 1_000_000  # bytes
SMALLEST_COMPRESSED = 200  # bytes; below it the headers outweigh what is saved
ODD_SHARE = 4  # one in so many bytes is for addresses with a query or a strange port
_PER_PAGE = 2_000  # bytes a kept page takes beside its text
_GZIP_LEVEL, _BROTLI_QUALITY = 6, 5


@dataclass(frozen=True)
class Question:
    """All that a public page may depend on, beside the day; `query` holds its declared parameters, in one order."""

    scheme: str
    host: str
    path: str
    query: str
    is_fragment: bool

    @property
    def is_odd(self) -> bool:
        return bool(self.query) or self.is_fragment or not _is_usual(self.host)


@lru_cache(maxsize=1_000)
def _is_usual(host: str) -> bool:
    """A port belongs to the address of a demo; elsewhere it is only a way to call the same page by many names."""
    return ":" not in host or host == urlsplit(settings.SITE_URL).netloc


@dataclass(frozen=True)
class KeptPage:
    """One answer: its headers without those of one encoding, and its text as drawn and as sent compressed."""

    headers: Mapping[str, str]
    content: bytes
    etag: str
    generation: int
    day: date
    drawn_at: float  # seconds since 1970, when its drawing began
    encoded: dict[str, bytes] = field(default_factory=dict)

    def is_true(self, *, generation: int, day: date, now: float) -> bool:
        """Whether it may be shown."""
        return self.generation == generation and self.day == day and 0 <= now - self.drawn_at < PAGE_SECONDS

    def is_fresh(self, now: float) -> bool:
        """Whether nobody need draw it anew yet."""
        return now - self.drawn_at < PAGE_SECONDS - RENEW_SECONDS

    def tag(self, encoding: str) -> str:
        """Its ETag in that encoding: compressed it is the same text, not the same bytes."""
        return f"W/{self.etag}" if encoding else self.etag

    def body(self, encoding: str) -> bytes:
        """The text in that encoding ("" for none); compressed once."""
        if not encoding:
            return self.content
        found = self.encoded.get(encoding)
        if found is None:
            found = self.encoded[encoding] = compress(self.content, encoding)
        return found


def compress(content: bytes, encoding: str) -> bytes:
    """The same bytes each time: no file time, no random padding (these pages hold nobody's secret)."""
    if encoding == "br":
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    return gzip.compress(content, compresslevel=_GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=500)
def best_encoding(accepted: str) -> str:
    """`br`, `gzip` or "" for an Accept-Encoding header; what cannot be read counts as not accepted."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=") or "1"
        try:
            weights[name.strip()] = float(weight)
        except ValueError:
            continue
    found = max(("br", "gzip"), key=lambda name: weights.get(name, 0.0))
    return found if weights.get(found, 0.0) > 0 else ""


def sent_encoding(page: KeptPage, accepted: str) -> str:
    """How the page goes to a reader with that Accept-Encoding header."""
    return best_encoding(accepted) if len(page.content) >= SMALLEST_COMPRESSED else ""


@lru_cache(maxsize=4)
def day_at(minute: int) -> date:
    """The day here in that minute since 1970: days begin with a minute."""
    return timezone.localdate(datetime.fromtimestamp(minute * 60, tz=UTC))


class PageStore:
    """Pages in this process, below `most_bytes` in all."""

    def __init__(self, most_bytes: int) -> None:
        self._odd = _Share(most_bytes // ODD_SHARE)
        self._usual = _Share(most_bytes - most_bytes // ODD_SHARE)

    def get(self, question: Question) -> KeptPage | None:
        return self._share(question).get(question)

    def put(self, question: Question, page: KeptPage) -> None:
        self._share(question).put(question, page)

    @property
    def size(self) -> int:
        """Bytes taken, roughly."""
        return self._odd.size + self._usual.size

    def _share(self, question: Question) -> "_Share":
        return self._odd if question.is_odd else self._usual


class _Share:
    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Question, KeptPage] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, question: Question) -> KeptPage | None:
        with self._lock:
            found = self._pages.get(question)
            if found is not None:
                self._pages.move_to_end(question)
            return found

    def put(self, question: Question, page: KeptPage) -> None:
        with self._lock:
            before = self._pages.pop(question, None)
            if before is not None:
                self.size -= _size(before)
            self._pages[question] = page
            self.size += _size(page)
            while self.size > self._most_bytes and self._pages:
                _question, oldest = self._pages.popitem(last=False)
                self.size -= _size(oldest)


def _size(page: KeptPage) -> int:
    # Compressed forms come later; together they take about a third of the text.
    return len(page.content) * 4 // 3 + _PER_PAGE


class SharedPages:
    """What the processes draw for each other, in the cache of the installation; only where that is Redis.

    A cache that does not answer costs a line in the log, never a page.
    """

    def get(self, question: Question, *, generation: int, day: date) -> KeptPage | None:
        try:
            found = cache.get(_shared_key(question, generation, day))
        except Exception as error:  # each cache backend has its own errors
            log.warning("shared pages cannot be read: %s", error)
            return None
        if found is None:
            return None
        headers, packed, etag, drawn_at = found
        content = gzip.decompress(packed)
        return KeptPage(headers, content, etag, generation, day, drawn_at, {"gzip": packed})

    def put(self, question: Question, page: KeptPage) -> None:
        left = PAGE_SECONDS - int(time.time() - page.drawn_at)
        if left <= 0:
            return
        value = (dict(page.headers), page.body("gzip"), page.etag, page.drawn_at)
        try:
            cache.set(_shared_key(question, page.generation, page.day), value, left)
        except Exception as error:  # each cache backend has its own errors
            log.warning("shared pages cannot be kept: %s", error)


def _shared_key(question: Question, generation: int, day: date) -> str:
    digest = hashlib.blake2b(repr((question, generation, day)).encode(), digest_size=20).hexdigest()
    return f"page:{digest}"


class Drawings:
    """Who is drawing what at this moment, in this process: the first draws, the others may wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[tuple[Question, int, date], threading.Event] = {}

    def begin(self, key: tuple[Question, int, date]) -> threading.Event | None:
        """None when the caller is to draw, and to call `end`; else what will be set when somebody has drawn it."""
        with self._lock:
            running = self._ends.get(key)
            if running is None:
                self._ends[key] = threading.Event()
            return running

    def end(self, key: tuple[Question, int, date]) -> None:
        with self._lock:
            self._ends.pop(key).set()
