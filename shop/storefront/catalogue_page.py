"""`/san-pham/`: the goods of this site, searched, narrowed and sorted; a plain GET form, nothing kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalogue.models import ListedProduct
from catalogue.ocop.product_sets import SETS
from catalogue.search import WordQuery, matching, ranked_rows
from catalogue.synonyms import NO_SYNONYMS
from merchants.models import Commune
from shop.storefront.cards import Hint, ProductCard, producer_card, product_card
from shop.storefront.catalogue_query import (
    BY_NAME,
    BY_STARS,
    CHEAPEST,
    DEAREST,
    GROUP,
    LAST_PAGE,
    NEWEST,
    PARAMETERS,
    RELEVANT,
    CatalogueQuery,
    PageNotThere,
    conditions,
    read_query,
)
from shop.storefront.facet_choices import Chip, chips_of, facets_of, group_name, price_bands_of, read_names, sorts_of
from shop.storefront.facets import count_facets, count_label
from shop.storefront.generation import generation_of
from shop.storefront.goods_search import Search, count_each, producers_called, search_goods
from shop.storefront.known_synonyms import known_synonyms
from shop.storefront.match_hints import match_hints
from shop.storefront.page_context import language_twins, page_addresses
from shop.storefront.public_page import public_page

MOST_WAYS_OUT = 6  # of a question that narrowed everything away
GOODS_A_PAGE = 24
_ORDER = {
    NEWEST: ("-listed_at", "-pk"),
    CHEAPEST: ("price_from", "pk"),
    DEAREST: ("-price_from", "-pk"),
    BY_NAME: ("sort_name", "pk"),
    BY_STARS: ("-stars", "-listed_at", "-pk"),
}


@dataclass(frozen=True)
class GoodsPage:
    """What partials/pagination.html needs of a page, without counting all goods."""

    object_list: list[ProductCard]
    number: int
    is_last: bool

    def has_previous(self) -> bool:
        return self.number > 1

    def has_next(self) -> bool:
        return not self.is_last and self.number < LAST_PAGE

    def has_other_pages(self) -> bool:
        return self.has_previous() or self.has_next()

    def previous_page_number(self) -> int:
        return self.number - 1

    def next_page_number(self) -> int:
        return self.number + 1


@public_page(reads=PARAMETERS)
def show(request: HttpRequest) -> HttpResponse:
    """The list; 404 for a page that is not there."""
    try:
        query = read_query(request.GET)
    except PageNotThere as error:
        raise Http404("no such page of goods") from error
    commune, today = getattr(request, "commune", None), timezone.localdate()
    synonyms = known_synonyms(request) if query.words else NO_SYNONYMS
    search = search_goods(query, synonyms=synonyms, commune=commune, today=today)
    page = _page(query, search, commune, today)
    if query.page > 1 and not page.object_list:
        raise Http404("no such page of goods")
    return render(request, "storefront/catalogue.html", _context(request, query, search, page, commune, today))


@public_page(reads=())
def ranking(request: HttpRequest) -> HttpResponse:
    """How the order of goods comes about: the law wants the criteria published (domain H3), and visitors may ask."""
    return render(request, "storefront/ranking.html", {"section": "catalogue"})


def goods_page(
    rows: "Iterable[ListedProduct]",
    *,
    number: int,
    today: date,
    with_seller: bool = True,
    hints: "Mapping[int, Hint] | None" = None,
) -> GoodsPage:
    """A page from one row more than it shows."""
    found = list(rows)
    cards = [
        product_card(row, today, with_seller=with_seller, hint=(hints or {}).get(row.pk))
        for row in found[:GOODS_A_PAGE]
    ]
    return GoodsPage(cards, number, len(found) <= GOODS_A_PAGE)


def _page(query: CatalogueQuery, search: Search, commune: Commune | None, today: date) -> GoodsPage:
    if not search.counts.total:
        return GoodsPage([], 1, True)
    rows = _rows(query, search.words, commune, today)
    hints = match_hints(rows[:GOODS_A_PAGE], search.words) if search.words else {}
    return goods_page(rows, number=query.page, today=today, hints=hints)


def _rows(query: CatalogueQuery, words: WordQuery | None, commune: Commune | None, today: date) -> list[ListedProduct]:
    """One row more than a page shows."""
    condition = reduce(and_, conditions(query, commune=commune, today=today).values())
    first = (query.page - 1) * GOODS_A_PAGE
    if words is not None and query.shown_sort == RELEVANT:
        return ranked_rows(words, condition=condition, limit=GOODS_A_PAGE + 1, offset=first)
    if words is not None:
        condition &= matching(words)
    found = ListedProduct.objects.for_cards().filter(condition).order_by(*_ORDER[query.shown_sort])
    return list(found[first : first + GOODS_A_PAGE + 1])


def _context(
    request: HttpRequest,
    query: CatalogueQuery,
    search: Search,
    page: GoodsPage,
    commune: Commune | None,
    today: date,
) -> dict[str, Any]:
    path = reverse("storefront:catalogue")
    # searched and narrowed: first drop the narrowing; nothing found by words alone: all goods
    cleared = CatalogueQuery(words=query.words, sort=query.sort) if query.is_narrowed else CatalogueQuery()
    names = read_names(query, search.counts, commune, generation=generation_of(request))
    chips = chips_of(query, names)
    kept = [*query.pairs(), *([("trang", str(query.page))] if query.page > 1 else [])]
    tail = f"?{urlencode(kept)}" if kept else ""
    only_group = query.groups[0] if len(query.groups) == 1 else None
    return {
        "section": "catalogue",
        "page": page,
        "total_label": count_label(search.counts.total),
        "search_words": query.words,
        "match": search.words,
        "is_any_word": search.is_any_word,
        "is_vain": search.is_vain,
        "mended": search.mended,
        "heading": group_name(only_group) if only_group is not None else "",
        "intro": "" if query.words else _intro(only_group, request),
        "facets": facets_of(query, search.counts, names, commune),
        "chosen": [{"label": chip.label, "remove_url": chip.rest.address(path)} for chip in chips],
        "clear_url": cleared.address(path),
        "clear_label": _("Search among all goods") if cleared.words else _("See all goods"),
        "sorts": sorts_of(query),
        "kept_query": [pair for pair in query.pairs() if pair[0] != "sap_xep"],
        "price_bands": [
            {"label": band.label, "count": band.count, "url": band.rest.address(path), "is_chosen": band.is_chosen}
            for band in price_bands_of(query, search.counts)
        ],
        "price_from": query.price_from,
        "price_to": query.price_to,
        **({} if page.object_list else _ways_out(query, search, chips, path, commune, today)),
        "noindex": not query.is_for_search_engines or not page.object_list,
        "language_twins": {code: f"{twin}{tail}" for code, twin in language_twins(request.path).items()},
        **page_addresses(request, kept if query.is_for_search_engines else None),
    }  # fmt: skip


def _intro(value: str | int | None, request: HttpRequest) -> str:
    if value is None:
        return ""
    commune = getattr(request, "commune", None)
    area = getattr(request, "area_name", "") or (commune.name if commune is not None else "")
    if not area:
        return _("Made and sold by the producers themselves.")
    return _("Made and sold by the producers of %(area)s themselves.") % {"area": area}


def _ways_out(
    query: CatalogueQuery,
    search: Search,
    chips: list[Chip],
    path: str,
    commune: Commune | None,
    today: date,
) -> dict[str, Any]:
    """Where to look when nothing was found.

    `relaxed`: what each choice, given up, would bring, those that bring nothing left out; `suggestions`: the groups
    that have goods on this site; `producers` who are called as was searched.
    """
    rests = chips[:MOST_WAYS_OUT]
    counts = count_each([chip.rest for chip in rests], words=search.words, commune=commune, today=today)
    relaxed = [
        {"label": chip.label, "url": chip.rest.address(path), "count": count_label(count)}
        for chip, count in zip(rests, counts, strict=True)
        if count and not search.is_unreadable
    ]
    by_set = count_facets(CatalogueQuery(), words=None, commune=commune, today=today).by_facet[GROUP]
    groups: dict[str, int] = {}
    for number in sorted(by_set):
        if number in SETS:
            groups[SETS[number].group] = groups.get(SETS[number].group, 0) + by_set[number]
    return {
        "relaxed": relaxed,
        "suggestions": [
            {"label": group_name(key), "url": CatalogueQuery(groups=(key,)).address(path), "count": count_label(count)}
            for key, count in groups.items()
        ],
        "producers": [producer_card(merchant) for merchant in producers_called(search.words, commune)]
        if search.words and not relaxed
        else [],
    }
