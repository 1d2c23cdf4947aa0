"""Words people searched for in vain: noted from a script's word, listed for staff, forgotten after a season.

A page that found nothing writes nothing. A short script on it sends the words (js/vain.js) to `/san-pham/khong-thay/`;
what is kept is a count per day, without anything about the reader. What is no search for goods, but might be somebody's
number or address, is not kept at all.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catalogue.search import find_words
from catalogue.words import search_words
from shop.purchase.web.same_site import comes_from_our_site
from shop.storefront.goods_search import is_found
from shop.storefront.known_synonyms import known_synonyms
from shop.storefront.models import VainSearch

KEPT_DAYS = 90
LISTED_DAYS = 30
MOST_LISTED = 200
LEAST_LETTERS, MOST_LETTERS, MOST_WORDS = 2, 60, 8
LARGEST_REPORT = 2_000  # bytes
MOST_DIGITS = 4  # “500 ml” is a search; five digits and more may be a phone, an account, an identity number
MOST_WORDS_A_DAY = 2_000  # rows that strangers can make us keep
MOST_OF_ONE_READER = 20  # in READER_SECONDS
READER_SECONDS = 600
SAME_WORDS_SECONDS = 3_600  # the same reader's same words count once
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class VainWords:
    """What was searched for in vain, how often, and when last."""

    words: str
    times: int
    last_day: date


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Note one search; always 204, except to pages that are not ours and to what is far too long."""
    if not comes_from_our_site(request):
        return HttpResponse(status=403)
    length = request.headers.get("Content-Length", "")
    if not length.isascii() or not length.isdecimal() or int(length) > LARGEST_REPORT:
        return HttpResponse(status=413)
    words = acceptable_words(request.POST.get("q", ""))
    commune = getattr(request, "commune", None)
    if words and _may_count(request, words):
        understood = find_words(words, synonyms=known_synonyms(request))
        if understood is not None and not is_found(understood, commune):
            note_vain_search(words=words, day=timezone.localdate())
    return HttpResponse(status=204)


def acceptable_words(text: str) -> str:
    """Return the words, folded, or nothing where they are too short, too long, or may be about a person."""
    if len(text) > 4 * MOST_LETTERS or "@" in text or len(_DIGIT.findall(text)) > MOST_DIGITS:
        return ""
    words = search_words(text)
    if not LEAST_LETTERS <= len(words) <= MOST_LETTERS or len(words.split()) > MOST_WORDS:
        return ""
    return words


def note_vain_search(*, words: str, day: date) -> bool:
    """Count the words for that day; False where the day's list is full."""
    with transaction.atomic():
        rows = VainSearch.objects.filter(day=day, words=words)
        if rows.update(times=F("times") + 1):
            return True
        if VainSearch.objects.filter(day=day).count() >= MOST_WORDS_A_DAY:
            return False
        _row, is_new = VainSearch.objects.get_or_create(day=day, words=words)
        if not is_new:  # somebody else's search came between
            rows.update(times=F("times") + 1)
    return True


def vain_words(*, today: date) -> Sequence[VainWords]:
    """What was searched for in vain in the last LISTED_DAYS, the most often first."""
    rows = VainSearch.objects.filter(day__gt=today - timedelta(days=LISTED_DAYS)).values("words")
    counted = rows.annotate(total=Sum("times"), last=Max("day")).order_by("-total", "-last", "words")[:MOST_LISTED]
    return [VainWords(row["words"], row["total"], row["last"]) for row in counted]


def forget_vain_words(words: str) -> int:
    """Take the words off the list; returns how many days had them."""
    return VainSearch.objects.filter(words=words).delete()[0]


def remove_old_vain_searches() -> None:
    """For the clock: what was searched for a season ago says nothing about the goods of today."""
    VainSearch.objects.filter(day__lte=timezone.localdate() - timedelta(days=KEPT_DAYS)).delete()


def _may_count(request: HttpRequest, words: str) -> bool:
    """Whether this reader may be heard: not the same words twice an hour, not many words at once.

    The cache holds a keyed hash of the address for as long, the database nothing.
    """
    address = getattr(request, "client_address", "")
    reader = hmac.new(settings.SECRET_KEY.encode(), f"vain:{address}".encode(), sha256).hexdigest()[:32]
    counter = f"vain:{reader}"
    cache.add(counter, 0, READER_SECONDS)
    try:
        if cache.incr(counter) > MOST_OF_ONE_READER:
            return False
    except ValueError:  # it ended between the two
        return False
    own = sha256(words.encode()).hexdigest()[:32]
    return cache.add(f"vain:{reader}:{own}", 1, SAME_WORDS_SECONDS)
