"""`/san-pham/`: the goods of this site, searched, narrowed and sorted; a plain GET form, nothing kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import ListedProduct
from catalogue.ocop.product_sets import GROUPS, SETS
from catalogue.search import WordQuery, find_words, matching, ranked_ids
from merchants.models import Commune, Merchant, Village
from merchants.money import format_dong
from shop.storefront.cards import ProductCard, product_card
from shop.storefront.catalogue_query import (
    BY_NAME,
    BY_STARS,
    CHEAPEST,
    COMMUNE,
    DEAREST,
    GROUP,
    LAST_PAGE,
    MERCHANT,
    NEWEST,
    RELEVANT,
    STAR,
    STARS,
    STOCK,
    VILLAGE,
    CatalogueQuery,
    PageNotThere,
    conditions,
    read_query,
    set_key,
)
from shop.storefront.facets import FacetCounts, count_facets, count_label
from shop.storefront.page_context import language_twins, page_addresses
from shop.storefront.public_page import public_page

GOODS_A_PAGE = 24
MOST_OPTIONS = 12  # of villages and producers, those with the most goods
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


@dataclass(frozen=True)
class Option:
    """One choice of a facet; `lang` is "vi" for a Vietnamese name on an English page."""

    value: str
    label: str
    count: str
    is_chosen: bool
    lang: str = ""


@dataclass(frozen=True)
class Facet:
    title: str
    name: str
    options: list[Option]
    kind: str = "many"
    is_open: bool = False


@dataclass(frozen=True)
class Named:
    """A commune, village or producer the page mentions; `detail` is a commune's code, a village's former commune."""

    name: str
    detail: str
    sort_name: str

    @property
    def label(self) -> str:
        """“Xóm 3 (Long Thành)”: villages of former communes share their numbers."""
        return f"{self.name} ({self.detail})" if self.detail else self.name


@dataclass(frozen=True)
class Names:
    """What the page mentions, by id."""

    communes: dict[int, Named]
    villages: dict[int, Named]
    merchants: dict[int, Named]


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """The list; 404 for a page that is not there."""
    try:
        query = read_query(request.GET)
    except PageNotThere as error:
        raise Http404("no such page of goods") from error
    commune, today = getattr(request, "commune", None), timezone.localdate()
    words, counts, is_any_word = _find(query, commune, today)
    page = _page(query, words, commune, today)
    if query.page > 1 and not page.object_list:
        raise Http404("no such page of goods")
    return render(
        request, "storefront/catalogue.html", _context(request, query, page, counts, is_any_word, commune, today)
    )


def goods_page(rows: "Iterable[ListedProduct]", *, number: int, today: date, with_seller: bool = True) -> GoodsPage:
    """A page from one row more than it shows."""
    found = list(rows)
    cards = [product_card(row, today, with_seller=with_seller) for row in found[:GOODS_A_PAGE]]
    return GoodsPage(cards, number, len(found) <= GOODS_A_PAGE)


def _find(query: CatalogueQuery, commune: Commune | None, today: date) -> tuple[WordQuery | None, FacetCounts, bool]:
    """Count the goods with all the words; where there are none, those with at least one of them."""
    if not query.words:
        return None, count_facets(query, words=Q(), words_key="", commune=commune, today=today), False
    words = find_words(query.words)
    if words is None:
        nothing = Q(pk__in=[])
        return None, count_facets(query, words=nothing, words_key="-", commune=commune, today=today), False
    counts = count_facets(query, words=matching(words), words_key="all", commune=commune, today=today)
    if counts.total or len(words.words) == 1:
        return words, counts, False
    some = WordQuery(words=words.words, any_word=True)
    return some, count_facets(query, words=matching(some), words_key="any", commune=commune, today=today), True


def _page(query: CatalogueQuery, words: WordQuery | None, commune: Commune | None, today: date) -> GoodsPage:
    if query.words and words is None:
        return GoodsPage([], 1, True)
    condition = reduce(and_, conditions(query, commune=commune, today=today).values())
    first = (query.page - 1) * GOODS_A_PAGE
    if words is not None and query.shown_sort == RELEVANT:
        ids = ranked_ids(words, condition=condition, limit=GOODS_A_PAGE + 1, offset=first)
        rows = ListedProduct.objects.in_bulk(ids)
        return goods_page((rows[pk] for pk in ids if pk in rows), number=query.page, today=today)
    if words is not None:
        condition &= matching(words)
    found = ListedProduct.objects.filter(condition).order_by(*_ORDER[query.shown_sort])
    return goods_page(found[first : first + GOODS_A_PAGE + 1], number=query.page, today=today)


def _context(
    request: HttpRequest,
    query: CatalogueQuery,
    page: GoodsPage,
    counts: FacetCounts,
    is_any_word: bool,
    commune: Commune | None,
    today: date,
) -> dict[str, Any]:
    path = reverse("storefront:catalogue")
    # searched and narrowed: first drop the narrowing; nothing found by words alone: all goods
    cleared = CatalogueQuery(words=query.words, sort=query.sort) if query.is_narrowed else CatalogueQuery()
    names = _names(query, counts, commune)
    kept = [*query.pairs(), *([("trang", str(query.page))] if query.page > 1 else [])]
    tail = f"?{urlencode(kept)}" if kept else ""
    only_group = query.groups[0] if len(query.groups) == 1 else None
    return {
        "section": "catalogue",
        "page": page,
        "total_label": count_label(counts.total),
        "search_words": query.words,
        "is_any_word": is_any_word,
        "heading": _group_name(only_group) if only_group is not None else "",
        "intro": "" if query.words else _intro(only_group, request),
        "facets": _facets(query, counts, names, commune),
        "chosen": _chosen(query, names, path),
        "clear_url": cleared.address(path),
        "clear_label": _("Search among all goods") if cleared.words else _("See all goods"),
        "sorts": _sorts(query),
        "kept_query": [pair for pair in query.pairs() if pair[0] != "sap_xep"],
        "price_from": query.price_from,
        "price_to": query.price_to,
        "suggestions": [] if page.object_list else _suggestions(path, commune, today),
        "noindex": not query.is_for_search_engines or not page.object_list,
        "language_twins": {code: f"{twin}{tail}" for code, twin in language_twins(request.path).items()},
        **page_addresses(request, kept if query.is_for_search_engines else None),
    }  # fmt: skip


def _names(query: CatalogueQuery, counts: FacetCounts, commune: Commune | None) -> Names:
    """One query for all three; communes only where the site shows more than one."""
    by_facet = counts.by_facet
    merchants = Merchant.objects.public(commune).filter(pk__in={*_most(by_facet[MERCHANT]), *query.merchants})
    villages = Village.objects.filter(pk__in={*_most(by_facet[VILLAGE]), *query.villages})
    communes = Commune.objects.filter(Q(pk__in=_most(by_facet[COMMUNE])) | Q(code__in=query.communes))
    parts = [
        _named(merchants, MERCHANT, Value("", CharField())),
        _named(villages, VILLAGE, Coalesce("former_commune__name", Value(""))),
        *([_named(communes, COMMUNE, F("code"))] if commune is None else []),
    ]
    found: dict[str, dict[int, Named]] = {MERCHANT: {}, VILLAGE: {}, COMMUNE: {}}
    for kind, pk, name, detail, sort_name in parts[0].union(*parts[1:], all=True):
        found[kind][pk] = Named(name, detail, sort_name)
    return Names(communes=found[COMMUNE], villages=found[VILLAGE], merchants=found[MERCHANT])


def _named(rows: "QuerySet[Any]", kind: str, detail: Any) -> "QuerySet[Any, Any]":
    found = rows.order_by().annotate(kind=Value(kind, CharField()), detail=detail)
    return found.values_list("kind", "pk", "name", "detail", "sort_name")


def _most(counts: Any) -> list[int]:
    return [value for value, _count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_OPTIONS]]


def _facets(query: CatalogueQuery, counts: FacetCounts, names: Names, commune: Commune | None) -> list[Facet]:
    by_facet = counts.by_facet
    found = [Facet(_("Kind of goods"), GROUP, _group_options(query, by_facet[GROUP]), is_open=bool(query.groups))]
    stars = [
        Option(str(rank), _("OCOP %(stars)s stars") % {"stars": rank}, count_label(by_facet[STAR].get(rank, 0)),
               rank in query.stars)
        for rank in STARS
        if by_facet[STAR].get(rank) or rank in query.stars
    ]  # fmt: skip
    found.append(Facet(_("Stars"), STAR, stars, is_open=bool(query.stars)))
    if commune is None:
        communes = [
            _option(place.detail, place.name, by_facet[COMMUNE].get(pk, 0), place.detail in query.communes)
            for pk, place in sorted(names.communes.items(), key=lambda item: item[1].sort_name)
        ]
        found.append(Facet(_("Commune"), COMMUNE, communes, is_open=bool(query.communes)))
    villages = [
        _option(str(pk), place.label, by_facet[VILLAGE].get(pk, 0), pk in query.villages)
        for pk, place in sorted(names.villages.items(), key=lambda item: (item[1].sort_name, item[0]))
    ]
    found.append(Facet(_("Village"), VILLAGE, villages, is_open=bool(query.villages)))
    merchants = [
        _option(str(pk), names.merchants[pk].name, by_facet[MERCHANT].get(pk, 0), pk in query.merchants)
        for pk in sorted(names.merchants, key=lambda pk: (-by_facet[MERCHANT].get(pk, 0), pk))
    ]
    found.append(Facet(_("Producer"), MERCHANT, merchants, is_open=bool(query.merchants)))
    in_stock = Option("1", _("Only what is there now"), count_label(by_facet[STOCK].get(1, 0)), query.only_in_stock)
    found.append(Facet(_("In stock"), STOCK, [in_stock], is_open=query.only_in_stock))
    return [facet for facet in found if facet.is_open or _is_a_choice(facet, counts)]


def _is_a_choice(facet: Facet, counts: FacetCounts) -> bool:
    """Whether choosing would change anything: one village that holds all goods is no choice."""
    if facet.name in {STAR, STOCK}:
        return any(0 < count < counts.total for count in counts.by_facet[facet.name].values())
    return len(facet.options) > 1


def _option(value: str, label: str, count: int, is_chosen: bool) -> Option:
    return Option(value, label, count_label(count), is_chosen, "vi" if get_language() == "en" else "")


def _group_options(query: CatalogueQuery, by_set: Any) -> list[Option]:
    """The groups that have goods; under a chosen group its sets."""
    by_group: dict[str, int] = {}
    for number, count in by_set.items():
        if number in SETS:
            by_group[SETS[number].group] = by_group.get(SETS[number].group, 0) + count
    options = []
    opened = {value if isinstance(value, str) else SETS[value].group for value in query.groups}
    for key in GROUPS:
        count = by_group.get(key, 0)
        if not count and key not in opened:
            continue
        options.append(Option(key, _group_name(key), count_label(count), key in query.groups))
        sets = [item for item in SETS.values() if item.group == key]
        if key in opened and len(sets) > 1:
            options += [
                Option(set_key(item.number), f"– {_group_name(item.number)}", count_label(by_set.get(item.number, 0)),
                       item.number in query.groups)
                for item in sets
                if by_set.get(item.number) or item.number in query.groups
            ]  # fmt: skip
    return options


def _group_name(value: str | int) -> str:
    official = GROUPS[value] if isinstance(value, str) else SETS[value]
    return official.name_en if get_language() == "en" else official.name


def _intro(value: str | int | None, request: HttpRequest) -> str:
    if value is None:
        return ""
    commune = getattr(request, "commune", None)
    area = getattr(request, "area_name", "") or (commune.name if commune is not None else "")
    if not area:
        return _("Made and sold by the producers themselves.")
    return _("Made and sold by the producers of %(area)s themselves.") % {"area": area}


def _chosen(query: CatalogueQuery, names: Names, path: str) -> list[dict[str, str]]:
    """The chips: each with the address that is left without it."""
    chips: list[tuple[str, CatalogueQuery]] = []
    for value in query.groups:
        chips.append((_group_name(value), query.without(groups=_less(query.groups, value))))
    for rank in query.stars:
        chips.append((_("OCOP %(stars)s stars") % {"stars": rank}, query.without(stars=_less(query.stars, rank))))
    by_code = {place.detail: place.name for place in names.communes.values()}
    for code in query.communes:
        chips.append((by_code.get(code, code), query.without(communes=_less(query.communes, code))))
    for pk in query.villages:
        label = names.villages[pk].label if pk in names.villages else _("a village that is not here")
        chips.append((label, query.without(villages=_less(query.villages, pk))))
    for pk in query.merchants:
        label = names.merchants[pk].name if pk in names.merchants else _("a producer who is not here")
        chips.append((label, query.without(merchants=_less(query.merchants, pk))))
    if query.price_from is not None:
        label = _("from %(price)s") % {"price": format_dong(query.price_from)}
        chips.append((label, query.without(price_from=None)))
    if query.price_to is not None:
        label = _("up to %(price)s") % {"price": format_dong(query.price_to)}
        chips.append((label, query.without(price_to=None)))
    if query.only_in_stock:
        chips.append((_("In stock"), query.without(only_in_stock=False)))
    return [{"label": label, "remove_url": rest.address(path)} for label, rest in chips]


def _less(values: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    return tuple(other for other in values if other != value)


def _sorts(query: CatalogueQuery) -> list[dict[str, Any]]:
    labels = {
        NEWEST: _("Newest first"),
        CHEAPEST: _("Lowest price first"),
        DEAREST: _("Highest price first"),
        BY_STARS: _("Most stars first"),
        BY_NAME: _("By name"),
    }
    sorts = [
        {"value": value, "label": label, "is_chosen": value == query.shown_sort} for value, label in labels.items()
    ]
    if query.words:
        relevant = {"value": "", "label": _("Best match first"), "is_chosen": query.shown_sort == RELEVANT}
        return [relevant, *sorts]
    return sorts


def _suggestions(path: str, commune: Commune | None, today: date) -> list[dict[str, str]]:
    """Where to look when nothing was found: the groups that have goods on this site."""
    counts = count_facets(CatalogueQuery(), words=Q(), words_key="", commune=commune, today=today)
    groups = dict.fromkeys(SETS[number].group for number in sorted(counts.by_facet[GROUP]) if number in SETS)
    return [{"label": _group_name(key), "url": CatalogueQuery(groups=(key,)).address(path)} for key in groups]
