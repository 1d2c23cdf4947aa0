"""Today's provinces and communes (two levels since 2025-07-01), from our table of communes (README.md)."""

from dataclasses import dataclass
from functools import cache

from merchants.folding import sort_key
from shop.address.commune_table import commune_table
from shop.address.commune_words import bare_name


@dataclass(frozen=True)
class Place:
    """A province or a commune; codes are the official ones, as text with their leading zeros."""

    code: str
    name: str


def _bare_name_key(place: Place) -> str:
    """People look for the name, not for its kind: "Xã Hợp Minh" stands under H."""
    return sort_key(bare_name(place.name))


@cache
def provinces() -> tuple[Place, ...]:
    """All 34 provinces in Vietnamese order."""
    return tuple(sorted((Place(*item) for item in commune_table().provinces.items()), key=_bare_name_key))


@cache
def communes_of(province_code: str) -> tuple[Place, ...]:
    """The communes of a province in Vietnamese order; empty for a code that does not exist."""
    if province_code not in commune_table().provinces:
        return ()
    found = (Place(code, name) for code, province, name in commune_table().communes() if province == province_code)
    return tuple(sorted(found, key=_bare_name_key))


def province_name(code: str) -> str:
    """Name of a province; empty when there is none with this code."""
    return commune_table().provinces.get(code, "")


def commune_name(province_code: str, code: str) -> str:
    """Name of a commune of that province; empty when it is not one of its communes."""
    return commune_table().name_of(code) if commune_table().province_of(code) == province_code else ""


def province_of(commune_code: str) -> str:
    """Code of the province of a commune of today; empty for an unknown one."""
    return commune_table().province_of(commune_code)
