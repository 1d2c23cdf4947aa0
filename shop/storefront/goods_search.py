"""What a visitor's words are taken to mean: all of them; else what was probably meant; else some of them.

The words are read against the whole site, never against a narrowed part of it, so that choosing a facet or turning the
page does not change their meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import and_, or_

from django.db.models import Count, IntegerField, Q, QuerySet, Value

from catalogue.models import ListedProduct
from catalogue.near_words import mend
from catalogue.search import WordQuery, find_words, matching
from catalogue.synonyms import Synonyms
from merchants.models import Commune, Merchant
from shop.storefront.catalogue_query import CatalogueQuery, conditions
from shop.storefront.facets import NO_COUNTS, FacetCounts, count_facets

LEAST_LETTERS = 3  # of a word by which producers are looked for
MOST_PRODUCERS = 3


@dataclass(frozen=True)
class Search:
    """The words as they were understood (None: none typed, or nothing readable), and the goods they lead to."""

    words: WordQuery | None
    counts: FacetCounts
    is_unreadable: bool = False
    is_vain: bool = False  # nothing on the site has all of the words
    mended: str = ""  # what was probably meant, where that is shown instead

    @property
    def is_any_word(self) -> bool:
        return self.words is not None and self.words.any_word


def search_goods(query: CatalogueQuery, *, synonyms: Synonyms, commune: Commune | None, today: date) -> Search:
    """Count the goods with all the words; where the site has none, with the mended ones, else with some of them."""
    if not query.words:
        return Search(None, count_facets(query, words=None, commune=commune, today=today))
    words = find_words(query.words, synonyms=synonyms)
    if words is None:
        return Search(None, NO_COUNTS, is_unreadable=True)
    counts = count_facets(query, words=words, commune=commune, today=today)
    if counts.total or (query.is_narrowed and is_found(words, commune)):
        return Search(words, counts)
    mended = mend(words.words, commune_id=commune.pk if commune else None)
    meant = find_words(mended, synonyms=synonyms) if mended else None
    if meant is not None and is_found(meant, commune):
        return Search(
            meant, count_facets(query, words=meant, commune=commune, today=today), is_vain=True, mended=mended
        )
    if len(words.terms) == 1:
        return Search(words, counts, is_vain=True)
    some = replace(words, any_word=True)
    return Search(some, count_facets(query, words=some, commune=commune, today=today), is_vain=True)


def is_found(words: WordQuery, commune: Commune | None) -> bool:
    """Whether anything on this site has these words."""
    return _of(commune).filter(matching(words)).exists()


def count_each(
    queries: Sequence[CatalogueQuery], *, words: WordQuery | None, commune: Commune | None, today: date
) -> list[int]:
    """How many goods each of these questions would find; one statement, none for no questions."""
    if not queries:
        return []
    found = matching(words) if words else Q()
    parts = []
    for number, query in enumerate(queries):
        rows = ListedProduct.objects.filter(
            reduce(and_, conditions(query, commune=commune, today=today).values(), found)
        )
        numbered = rows.order_by().annotate(number=Value(number, IntegerField())).values("number")
        parts.append(numbered.annotate(goods=Count("pk")).values_list("number", "goods"))
    counted = dict(parts[0].union(*parts[1:], all=True))
    return [counted.get(number, 0) for number in range(len(queries))]


def producers_called(words: WordQuery, commune: Commune | None) -> "QuerySet[Merchant]":
    """Producers whose name has one of the words; for a page that found no goods."""
    parts = [Q(folded_name__contains=word) for word in words.words if len(word) >= LEAST_LETTERS]
    named = Merchant.objects.public(commune).filter(reduce(or_, parts, Q(pk__in=[])))
    return named.select_related("village", "commune").order_by("sort_name", "pk")[:MOST_PRODUCERS]


def _of(commune: Commune | None) -> "QuerySet[ListedProduct]":
    return ListedProduct.objects.all() if commune is None else ListedProduct.objects.filter(commune=commune)
