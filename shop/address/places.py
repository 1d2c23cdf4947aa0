"""Today's provinces and communes (two levels since 2025-07-01), from the vietnam-provinces package's data."""

from dataclasses import dataclass
from functools import cache

from vietnam_provinces import Province, Ward

from merchants.folding import sort_key


@dataclass(frozen=True)
class Place:
    """A province or a commune; codes are the official ones, as text with their leading zeros."""

    code: str
    name: str


def _bare_name_key(place: Place) -> str:
    """People look for the name, not for its kind: "Xã Hợp Minh" stands under H."""
    name = place.name
    for kind in ("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "):
        name = name.removeprefix(kind)
    return sort_key(name)


@cache
def provinces() -> tuple[Place, ...]:
    """All 34 provinces in Vietnamese order."""
    found = (Place(f"{int(item.code):02d}", item.name) for item in Province.iter_all())
    return tuple(sorted(found, key=_bare_name_key))


@cache
def communes_of(province_code: str) -> tuple[Place, ...]:
    """The communes of a province in Vietnamese order; empty for a code that does not exist."""
    return tuple(sorted(_communes_by_province().get(province_code, ()), key=_bare_name_key))


@cache
def _communes_by_province() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for ward in Ward.iter_all():
        province = f"{int(ward.province_code):02d}"
        found.setdefault(province, []).append(Place(f"{int(ward.code):05d}", ward.name))
    return {code: tuple(places) for code, places in found.items()}


def province_name(code: str) -> str:
    """Name of a province; empty when there is none with this code."""
    return next((place.name for place in provinces() if place.code == code), "")


def commune_name(province_code: str, code: str) -> str:
    """Name of a commune of that province; empty when it is not one of its communes."""
    return next((place.name for place in communes_of(province_code) if place.code == code), "")
