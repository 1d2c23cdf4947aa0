"""What a visitor asks the catalogue for: read from the address, tolerant of anything, and written back into one.

Names of the keys are a contract (DESIGN §3). A value that cannot be read or is not in an official list is left out;
a page number that cannot be meant is 404 (`PageNotThere`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode

from catalogue.ocop.product_sets import GROUPS, SETS
from catalogue.search import LONGEST_QUERY
from catalogue.season import seasonal_in
from merchants.models import Commune

LAST_PAGE = 50
MOST_VALUES = 20  # of one facet
LARGEST_PRICE = Decimal(10) ** 11
NEWEST, RELEVANT, CHEAPEST, DEAREST, BY_NAME, BY_STARS = "moi", "phu-hop", "gia", "gia-giam", "ten", "sao"
SORTS = (NEWEST, CHEAPEST, DEAREST, BY_STARS, BY_NAME)
STARS = (5, 4, 3)
# facet → the column of ListedProduct it limits
GROUP, STAR, COMMUNE, VILLAGE, MERCHANT, STOCK = "nhom", "sao", "xa", "thon", "co-so", "con_hang"
PRICE = "gia"
SEASON = "mua"
NOW = 0  # beside the months 1 to 12: whatever month it is
_NOW_KEY = "dang-mua"
# the spans of price that are offered, in dong, both ends belonging to them
PRICE_BANDS: tuple[tuple[int | None, int | None], ...] = (
    (None, 50_000), (50_000, 100_000), (100_000, 200_000), (200_000, 500_000), (500_000, None),
)  # fmt: skip
# all that read_query looks at: what is not here, the page does not see
PARAMETERS = ("q", GROUP, STAR, COMMUNE, VILLAGE, MERCHANT, SEASON, STOCK, "gia_tu", "gia_den", "sap_xep", "trang")
_SEASONS_BY_KEY = {_NOW_KEY: NOW} | {str(month): month for month in range(1, 13)}
_Value = TypeVar("_Value")
_SETS_BY_SLUG = {item.slug: item.number for item in SETS.values()}
_UNSEEN = dict.fromkeys([*range(32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")


class PageNotThere(Exception):
    """`trang` is not a number from 1 to LAST_PAGE."""


@dataclass(frozen=True)
class CatalogueQuery:
    """One question to the catalogue.

    `groups` holds group keys and set numbers; communes are codes, seasons months or NOW, the rest ids.
    """

    words: str = ""
    groups: tuple[str | int, ...] = ()
    stars: tuple[int, ...] = ()
    communes: tuple[str, ...] = ()
    villages: tuple[int, ...] = ()
    merchants: tuple[int, ...] = ()
    seasons: tuple[int, ...] = ()
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    only_in_stock: bool = False
    sort: str = ""
    page: int = field(default=1, compare=False)

    @property
    def shown_sort(self) -> str:
        """The order in which the goods stand: as chosen, else by relevance when searching, else the newest first."""
        return self.sort or (RELEVANT if self.words else NEWEST)

    @property
    def is_narrowed(self) -> bool:
        return self != CatalogueQuery(words=self.words, sort=self.sort)

    @property
    def is_for_search_engines(self) -> bool:
        """Only the plain list and the page of one product group are indexed; the rest is the same goods again."""
        return len(self.groups) <= 1 and self == CatalogueQuery(groups=self.groups)

    def pairs(self) -> list[tuple[str, str]]:
        """The query of the address, in one order whatever order it came in; without the page."""
        found: list[tuple[str, str]] = []
        found += [("q", self.words)] if self.words else []
        found += [(GROUP, set_key(value)) for value in self.groups]
        found += [(STAR, str(value)) for value in self.stars]
        found += [(COMMUNE, value) for value in self.communes]
        found += [(VILLAGE, str(value)) for value in self.villages]
        found += [(MERCHANT, str(value)) for value in self.merchants]
        found += [(SEASON, season_key(value)) for value in self.seasons]
        found += [("gia_tu", str(self.price_from))] if self.price_from is not None else []
        found += [("gia_den", str(self.price_to))] if self.price_to is not None else []
        found += [(STOCK, "1")] if self.only_in_stock else []
        found += [("sap_xep", self.sort)] if self.sort else []
        return found

    def address(self, path: str) -> str:
        """The address of this question's first page."""
        pairs = self.pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def without(self, **changes: object) -> "CatalogueQuery":
        return replace(self, page=1, **changes)  # type: ignore[arg-type]


def set_key(value: str | int) -> str:
    """A group's key, or a set's: its slug, unless a group is called the same."""
    if isinstance(value, str):
        return value
    slug = SETS[value].slug
    return slug if slug not in GROUPS else str(value)


def season_key(value: int) -> str:
    """A month's number, or the word for “in season now”."""
    return str(value) if value else _NOW_KEY


def read_query(data: QueryDict) -> CatalogueQuery:
    """Read the address; raises PageNotThere, else never complains."""
    sort = data.get("sap_xep", "")
    price_from, price_to = _price(data.get("gia_tu", "")), _price(data.get("gia_den", ""))
    return CatalogueQuery(
        words=clean_words(data.get("q", "")),
        groups=_values(data.getlist(GROUP), _group),
        stars=tuple(sorted(_values(data.getlist(STAR), _star), reverse=True)),
        communes=_values(data.getlist(COMMUNE), _commune_code),
        villages=_values(data.getlist(VILLAGE), _row_id),
        merchants=_values(data.getlist(MERCHANT), _row_id),
        seasons=tuple(sorted(_values(data.getlist(SEASON), _season))),
        price_from=price_from,
        price_to=price_to,
        only_in_stock=data.get(STOCK, "") == "1",
        sort=sort if sort in SORTS else "",
        page=page_number(data.get("trang", "1")),
    )


def conditions(query: CatalogueQuery, *, commune: Commune | None, today: date) -> dict[str, Q]:
    """The conditions on ListedProduct by facet, "" for what always holds; facets count with all but their own."""
    found = {"": Q() if commune is None else Q(commune=commune)}
    if query.groups:
        keys = [value for value in query.groups if isinstance(value, str)]
        numbers = [value for value in query.groups if isinstance(value, int)]
        found[GROUP] = Q(ocop_group__in=keys) | Q(ocop_set__in=numbers)
    if query.stars:
        found[STAR] = Q(stars__in=query.stars, stars_until__gte=today)
    if query.communes:
        # a subquery: catalogue.search puts conditions into SQL of its own, where a join would have no table
        found[COMMUNE] = Q(commune__in=Commune.objects.filter(code__in=query.communes).values("pk"))
    if query.villages:
        found[VILLAGE] = Q(village__in=query.villages)
    if query.merchants:
        found[MERCHANT] = Q(merchant__in=query.merchants)
    if query.seasons:
        found[SEASON] = seasonal_in(value or today.month for value in query.seasons)
    if query.only_in_stock:
        found[STOCK] = Q(in_stock=True)
    if query.price_from is not None:
        found[PRICE] = Q(price_to__gte=query.price_from)
    if query.price_to is not None:
        found[PRICE] = found.get(PRICE, Q()) & Q(price_from__lte=query.price_to)
    return found


def clean_words(text: str) -> str:
    """Return what was typed, bounded, without control characters and marks that turn the line's direction."""
    return " ".join(text[:LONGEST_QUERY].translate(_UNSEEN).split())


def _values(texts: Iterable[str], read: Callable[[str], _Value | None]) -> tuple[_Value, ...]:
    found = (read(text) for text in list(texts)[: MOST_VALUES * 2])
    return tuple(dict.fromkeys(value for value in found if value is not None))[:MOST_VALUES]


def _group(text: str) -> str | int | None:
    if text in GROUPS:
        return text
    if text in _SETS_BY_SLUG:
        return _SETS_BY_SLUG[text]
    number = _row_id(text)
    return number if number in SETS else None


def _star(text: str) -> int | None:
    return int(text) if text in {"3", "4", "5"} else None


def _season(text: str) -> int | None:
    return _SEASONS_BY_KEY.get(text)


def _commune_code(text: str) -> str | None:
    return text if _is_number(text, 5) else None


def _row_id(text: str) -> int | None:
    return int(text) if _is_number(text, 18) else None


def _is_number(text: str, most_digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most_digits


def _price(text: str) -> Decimal | None:
    """Whole dong, with or without dots; what is no price, or 0, limits nothing."""
    bare = text.strip().replace(".", "")
    if not _is_number(bare, 15):
        return None
    return min(Decimal(bare), LARGEST_PRICE) or None


def page_number(text: str) -> int:
    """Read `trang`; raises PageNotThere."""
    if not _is_number(text, 3) or not 1 <= int(text) <= LAST_PAGE:
        raise PageNotThere
    return int(text)
