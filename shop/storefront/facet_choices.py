"""What one can choose on the catalogue page: facets with their counts, chips that take a choice back, sort orders."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.ocop.product_sets import GROUPS, SETS
from catalogue.season import month_name
from merchants.models import Commune, Merchant, Village
from merchants.money import format_dong
from shop.storefront.catalogue_query import (
    BY_NAME,
    BY_STARS,
    CHEAPEST,
    COMMUNE,
    DEAREST,
    GROUP,
    MERCHANT,
    NEWEST,
    NOW,
    PRICE,
    PRICE_BANDS,
    RELEVANT,
    SEASON,
    STAR,
    STARS,
    STOCK,
    VILLAGE,
    CatalogueQuery,
    season_key,
    set_key,
)
from shop.storefront.facets import FacetCounts, count_label
from shop.storefront.generation import KeptByGeneration

MOST_OPTIONS = 12  # of villages and producers, those with the most goods


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


_names: KeptByGeneration[Names] = KeptByGeneration(most=200)


def read_names(query: CatalogueQuery, counts: FacetCounts, commune: Commune | None, *, generation: int) -> Names:
    """One query for all three, none where they were read in this generation; communes only where there are several."""
    merchants = frozenset({*_most(counts.by_facet[MERCHANT]), *query.merchants})
    villages = frozenset({*_most(counts.by_facet[VILLAGE]), *query.villages})
    communes = frozenset(_most(counts.by_facet[COMMUNE]))
    return _names.get_or_make(
        (commune.pk if commune is not None else None, merchants, villages, communes, query.communes),
        generation=generation,
        make=lambda: _read_names(commune, merchants, villages, communes, query.communes),
    )


def _read_names(
    commune: Commune | None,
    merchant_ids: Collection[int],
    village_ids: Collection[int],
    commune_ids: Collection[int],
    commune_codes: Collection[str],
) -> Names:
    merchants = Merchant.objects.public(commune).filter(pk__in=merchant_ids)
    villages = Village.objects.filter(pk__in=village_ids)
    communes = Commune.objects.filter(Q(pk__in=commune_ids) | Q(code__in=commune_codes))
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


def facets_of(query: CatalogueQuery, counts: FacetCounts, names: Names, commune: Commune | None) -> list[Facet]:
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
    seasons = [
        Option(season_key(value), season_name(value), count_label(by_facet[SEASON].get(value, 0)),
               value in query.seasons)
        for value in range(NOW, 13)
        if by_facet[SEASON].get(value) or value in query.seasons
    ]  # fmt: skip
    found.append(Facet(_("Season"), SEASON, seasons, is_open=bool(query.seasons)))
    in_stock = Option("1", _("Only what is there now"), count_label(by_facet[STOCK].get(1, 0)), query.only_in_stock)
    found.append(Facet(_("In stock"), STOCK, [in_stock], is_open=query.only_in_stock))
    return [facet for facet in found if facet.is_open or _is_a_choice(facet, counts)]


@dataclass(frozen=True)
class PriceBand:
    """One span of price: the question with it (without it, where it is chosen), and how many goods it has."""

    label: str
    count: str
    rest: CatalogueQuery
    is_chosen: bool


def price_bands_of(query: CatalogueQuery, counts: FacetCounts) -> list[PriceBand]:
    """Those that have goods, and the chosen one."""
    bands = []
    for number, (low, high) in enumerate(PRICE_BANDS):
        price_from, price_to = (None if low is None else Decimal(low)), (None if high is None else Decimal(high))
        is_chosen = (query.price_from, query.price_to) == (price_from, price_to)
        goods = counts.by_facet[PRICE].get(number, 0)
        if goods or is_chosen:
            chosen = query.without(price_from=price_from, price_to=price_to)
            rest = query.without(price_from=None, price_to=None) if is_chosen else chosen
            bands.append(PriceBand(_band_label(price_from, price_to), count_label(goods), rest, is_chosen))
    return bands


def _band_label(price_from: Decimal | None, price_to: Decimal | None) -> str:
    if price_from is None:
        return _("up to %(price)s") % {"price": format_dong(price_to or 0)}
    if price_to is None:
        return _("from %(price)s") % {"price": format_dong(price_from)}
    return f"{format_dong(price_from).removesuffix('₫').strip()} – {format_dong(price_to)}"


def _is_a_choice(facet: Facet, counts: FacetCounts) -> bool:
    """Whether choosing would change anything: one village that holds all goods is no choice."""
    if facet.name in {STAR, STOCK, SEASON}:
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
        options.append(Option(key, group_name(key), count_label(count), key in query.groups))
        sets = [item for item in SETS.values() if item.group == key]
        if key in opened and len(sets) > 1:
            options += [
                Option(set_key(item.number), f"– {group_name(item.number)}", count_label(by_set.get(item.number, 0)),
                       item.number in query.groups)
                for item in sets
                if by_set.get(item.number) or item.number in query.groups
            ]  # fmt: skip
    return options


def group_name(value: str | int) -> str:
    official = GROUPS[value] if isinstance(value, str) else SETS[value]
    return official.name_en if get_language() == "en" else official.name


def season_name(value: int) -> str:
    """“Đang mùa” or “Tháng 9”, to stand alone."""
    return capfirst(month_name(value)) if value else _("In season now")


@dataclass(frozen=True)
class Chip:
    """A choice that was made, and the question that is left without it."""

    label: str
    rest: CatalogueQuery
    lang: str = ""


def chips_of(query: CatalogueQuery, names: Names) -> list[Chip]:
    """One for each choice, in the order of the facets."""
    chips: list[Chip] = []
    for value in query.groups:
        chips.append(Chip(group_name(value), query.without(groups=_less(query.groups, value))))
    for rank in query.stars:
        chips.append(Chip(_("OCOP %(stars)s stars") % {"stars": rank}, query.without(stars=_less(query.stars, rank))))
    by_code = {place.detail: place.name for place in names.communes.values()}
    for code in query.communes:
        chips.append(Chip(by_code.get(code, code), query.without(communes=_less(query.communes, code))))
    for pk in query.villages:
        label = names.villages[pk].label if pk in names.villages else _("a village that is not here")
        chips.append(Chip(label, query.without(villages=_less(query.villages, pk))))
    for pk in query.merchants:
        label = names.merchants[pk].name if pk in names.merchants else _("a producer who is not here")
        chips.append(Chip(label, query.without(merchants=_less(query.merchants, pk))))
    for value in query.seasons:
        chips.append(Chip(season_name(value), query.without(seasons=_less(query.seasons, value))))
    if query.price_from is not None:
        label = _("from %(price)s") % {"price": format_dong(query.price_from)}
        chips.append(Chip(label, query.without(price_from=None)))
    if query.price_to is not None:
        label = _("up to %(price)s") % {"price": format_dong(query.price_to)}
        chips.append(Chip(label, query.without(price_to=None)))
    if query.only_in_stock:
        chips.append(Chip(_("In stock"), query.without(only_in_stock=False)))
    return chips


def _less(values: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    return tuple(other for other in values if other != value)


def sorts_of(query: CatalogueQuery) -> list[dict[str, Any]]:
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
