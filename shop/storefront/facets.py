"""How many goods each choice of the catalogue would show: one statement for all facets, kept for half a minute.

A facet is counted with every condition but its own, so that a second choice beside the first shows what it adds.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Case, Count, DecimalField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import get_language

from catalogue.models import ListedProduct
from catalogue.search import WordQuery, rows_among_hits
from catalogue.season import WHOLE_YEAR, months_of
from merchants.models import Commune
from shop.storefront.catalogue_query import (
    COMMUNE,
    GROUP,
    MERCHANT,
    NOW,
    PRICE,
    PRICE_BANDS,
    SEASON,
    STAR,
    STOCK,
    VILLAGE,
    CatalogueQuery,
    conditions,
)

CACHE_SECONDS = 30
RENEW_SECONDS = 10
MOST_COUNTED = 1_000
TOTAL = "total"
_SPAN = 10  # more than there are bands
_COLUMNS = {GROUP: "ocop_set", STAR: "stars", COMMUNE: "commune_id", VILLAGE: "village_id", MERCHANT: "merchant_id"}
_FACETS = (*_COLUMNS, STOCK, PRICE, SEASON)


@dataclass(frozen=True)
class FacetCounts:
    """`by_facet[facet][value]` goods; values are set numbers, stars, ids, places in PRICE_BANDS, months or NOW.

    `total`: of the question itself.
    """

    total: int
    by_facet: Mapping[str, Mapping[int, int]] = field(
        default_factory=lambda: {facet: Counter[int]() for facet in _FACETS}
    )


NO_COUNTS = FacetCounts(total=0)


def count_label(count: int) -> str:
    """`37`, `1.000` (`1,000` on English pages), and `1.000+` above: nobody looks through more."""
    if count < MOST_COUNTED:
        return str(count)
    # prices keep their dots on English pages, as they stand on the goods; a plain number would be read as one
    most = f"{MOST_COUNTED:,}" if get_language() == "en" else f"{MOST_COUNTED:,}".replace(",", ".")
    return most if count == MOST_COUNTED else f"{most}+"


def count_facets(
    query: CatalogueQuery, *, words: WordQuery | None, commune: Commune | None, today: date
) -> FacetCounts:
    """Count for one question; one statement, none when it was asked within the last half minute.

    Before that time is over the first who comes counts anew and the others get the old counts meanwhile, so that what
    many look at is not counted by all of them at once. `words` are the question's words as they were understood.
    """
    narrowing = replace(query, words="", sort="").pairs()
    asked = repr((_FACETS, narrowing, words.expression() if words else "", commune.pk if commune else None, today))
    key = f"facets:{hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()}"
    counted_at, found = cache.get(key, (0.0, None))
    is_old = time.time() - counted_at > CACHE_SECONDS - RENEW_SECONDS
    if found is None or (is_old and cache.add(f"{key}:renewed", True, RENEW_SECONDS)):
        counted_at = time.time()
        by_facet = conditions(query, commune=commune, today=today)
        if PRICE in by_facet and connection.vendor == "sqlite":
            by_facet[PRICE] = _price_condition(query)
        found = _count(by_facet, words, commune, today)
        cache.set(key, (counted_at, found), CACHE_SECONDS)
    return found  # type: ignore[no-any-return]


def _price_condition(query: CatalogueQuery) -> Q:
    """As `conditions` has it, but so that SQLite tries no index of prices.

    It would lead to the rows themselves; without it each part of the count is read from the index that holds all of it.
    """
    whole_dong = DecimalField(max_digits=12, decimal_places=0)
    found = Q()
    if query.price_from is not None:
        found &= Q(GreaterThanOrEqual(Cast(F("price_to"), whole_dong), query.price_from))
    if query.price_to is not None:
        found &= Q(LessThanOrEqual(Cast(F("price_from"), whole_dong), query.price_to))
    return found


def _count(by_facet: Mapping[str, Q], words: WordQuery | None, commune: Commune | None, today: date) -> FacetCounts:
    def rows(facet: str) -> "QuerySet[ListedProduct]":
        others = [condition for name, condition in by_facet.items() if name != facet]
        return ListedProduct.objects.filter(reduce(and_, others, Q()))

    parts = []
    for facet, column in _COLUMNS.items():
        if facet == COMMUNE and commune is not None:
            continue
        counted = rows(facet).filter(**{f"{column}__isnull": False})
        if facet == STAR:
            counted = counted.filter(stars__gte=3, stars_until__gte=today)
        # All goods are counted from the column's own index, group by group. An expression keeps SQLite from doing so
        # where something limits the rows: it would look up each of them; sorting what the wide index holds is quicker.
        is_all = not any(condition for name, condition in by_facet.items() if name != facet)
        value = F(column) if is_all else Cast(F(column), IntegerField())
        counted = counted.order_by().annotate(facet=Value(facet), value=value)
        parts.append(_goods_by_value(counted))
    everything = ListedProduct.objects.filter(reduce(and_, by_facet.values(), Q()))
    for facet, counted in ((STOCK, rows(STOCK).filter(in_stock=True)), (TOTAL, everything)):
        one = counted.order_by().annotate(facet=Value(facet), value=Value(1, output_field=IntegerField()))
        parts.append(_goods_by_value(one))
    found: dict[str, Counter[int]] = {facet: Counter() for facet in (*_FACETS, TOTAL)}
    parts.append(_goods_by_value(_by_span(rows(PRICE))))
    seasonal = rows(SEASON).filter(season__gt=0, season__lt=WHOLE_YEAR).order_by()
    parts.append(_goods_by_value(seasonal.annotate(facet=Value(SEASON), value=Cast(F("season"), IntegerField()))))
    in_all = parts[0].union(*parts[1:], all=True)
    for facet, value, goods in in_all if words is None else rows_among_hits(words, in_all):
        if facet == PRICE:
            for band in range(value // _SPAN, value % _SPAN + 1):
                found[PRICE][band] += goods
        elif facet == SEASON:
            for month in months_of(value):
                found[SEASON][month] += goods
        else:
            found[facet][value] = goods
    found[SEASON][NOW] = found[SEASON][today.month]
    total = found.pop(TOTAL)[1]
    return FacetCounts(total=total, by_facet=found)


def _by_span(rows: "QuerySet[ListedProduct]") -> "QuerySet[Any]":
    """Annotates the first and the last band that a product's prices reach, as one number: first * _SPAN + last."""
    first = Case(
        *(When(price_from__lte=high, then=Value(band)) for band, (_low, high) in enumerate(PRICE_BANDS) if high),
        default=Value(len(PRICE_BANDS) - 1),
        output_field=IntegerField(),
    )
    highest_first = reversed(list(enumerate(PRICE_BANDS)))
    last = Case(
        *(When(price_to__gte=low, then=Value(band)) for band, (low, _high) in highest_first if low),
        default=Value(0),
        output_field=IntegerField(),
    )
    return rows.order_by().annotate(facet=Value(PRICE), value=Cast(first * _SPAN + last, IntegerField()))


def _goods_by_value(rows: "QuerySet[Any]") -> "QuerySet[Any, Any]":
    """(facet, value, goods) for rows annotated with facet and value."""
    return rows.values("facet", "value").annotate(goods=Count("*")).values_list("facet", "value", "goods")
