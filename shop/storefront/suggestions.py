"""`/san-pham/goi-y/`: what is offered under the search field while one types; a fragment for js/suggest.js.

The same for everyone and without a write, like every public page. Without scripts nobody asks for it: the search field
is a plain form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from catalogue.matched_words import terms_in
from catalogue.models import ListedProduct
from catalogue.ocop.product_sets import SETS
from catalogue.search import WordQuery, find_words, first_rows
from merchants.models import Commune, Merchant
from shop.storefront.cards import ProducerCard, producer_card, product_card
from shop.storefront.catalogue_query import CatalogueQuery, clean_words
from shop.storefront.known_synonyms import known_synonyms
from shop.storefront.public_page import public_page

LEAST_LETTERS = 2  # a single letter would suggest nearly everything
MOST_GOODS = 6
MOST_SETS = 2
MOST_PRODUCERS = 2
READ_GOODS = 24  # whose product sets are looked at
READ_PRODUCERS = 20


@dataclass(frozen=True)
class SetSuggestion:
    """A product set that has the words in its name and goods on this site."""

    name: str
    url: str


@public_page(reads=("q",))
def show(request: HttpRequest) -> HttpResponse:
    """Goods with pictures, product sets and producers that have the words; empty below two letters."""
    typed, commune = clean_words(request.GET.get("q", "")), getattr(request, "commune", None)
    words = find_words(typed, synonyms=known_synonyms(request))
    if words is None or sum(len(word) for word in words.words) < LEAST_LETTERS:
        words = None
    rows = _goods(words, commune) if words else []
    today = timezone.localdate()
    sets = list(_sets(words, rows))[:MOST_SETS] if words else []
    producers = _producers(words, commune) if words else []
    cards = [product_card(row, today) for row in rows[:MOST_GOODS]]
    context = {
        "goods": cards,
        "sets": sets,
        "producers": producers,
        "match": words,
        "count": len(cards) + len(sets) + len(producers),
        "all_url": CatalogueQuery(words=typed).address(reverse("storefront:catalogue")),
        "typed": typed,
    }
    response = render(request, "storefront/suggestions.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _goods(words: WordQuery, commune: Commune | None) -> list[ListedProduct]:
    condition = Q() if commune is None else Q(commune=commune)
    return first_rows(words, condition=condition, limit=READ_GOODS)


def _sets(words: WordQuery, rows: list[ListedProduct]) -> Iterator[SetSuggestion]:
    """Sets of the best hits: so each has goods, and none has to be counted."""
    path, everything = reverse("storefront:catalogue"), frozenset(range(len(words.terms)))
    for number in dict.fromkeys(row.ocop_set for row in rows if row.ocop_set in SETS):
        official = SETS[number]  # type: ignore[index]  # None is in no dictionary of numbers
        name = official.name_en if get_language() == "en" else official.name
        if terms_in(name, words) == everything:
            yield SetSuggestion(name, CatalogueQuery(groups=(official.number,)).address(path))


def _producers(words: WordQuery, commune: Commune | None) -> list[ProducerCard]:
    """Producers whose name has all the words."""
    parts = [Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}") for word in words.words]
    named = Merchant.objects.public(commune).filter(reduce(and_, parts)).select_related("village", "commune")
    everything = frozenset(range(len(words.terms)))
    found = [
        merchant
        for merchant in named.order_by("sort_name", "pk")[:READ_PRODUCERS]
        if terms_in(merchant.name, words) == everything
    ]
    return [producer_card(merchant) for merchant in found[:MOST_PRODUCERS]]
