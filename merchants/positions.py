"""Where a business stands, as people type or paste it: two numbers in degrees, inside Vietnam."""

import math
import re
from decimal import Decimal

from django.utils.translation import gettext as _

# Islands included; what lies outside was mistyped.
LATITUDES, LONGITUDES = (Decimal(6), Decimal(24)), (Decimal(102), Decimal(118))
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,15})?\Z")


def read_position(typed: str) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude with six decimals (some 10 cm), None for nothing; raises ValueError in plain words. Pure.

    “18.98765, 105.43210” as map apps copy it, with a comma as the decimal sign too where a space or semicolon parts
    the two.
    """
    text = " ".join(typed.replace("°", " ").split())
    if not text:
        return None
    parts = [part for part in re.split(r";|,\s+|\s+", text) if part]
    if len(parts) == 1 and text.count(",") == 1:
        parts = text.split(",")
    if len(parts) != 2 or not all(_DEGREES.match(part.strip()) for part in parts):
        raise ValueError(_("Please write two numbers in degrees, for example 18.98765, 105.43210."))
    latitude, longitude = (Decimal(part.strip().replace(",", ".")).quantize(Decimal("0.000001")) for part in parts)
    if LATITUDES[0] <= longitude <= LATITUDES[1] and LONGITUDES[0] <= latitude <= LONGITUDES[1]:
        raise ValueError(_("Latitude comes first, about 19 here; then longitude, about 105. Please swap them."))
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        raise ValueError(_("This lies outside of Vietnam. Is the decimal point in its place?"))
    return latitude, longitude


def metres_between(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> int:
    """How far two positions (latitude, longitude in degrees) lie apart, on a sphere; off by less than 1 %. Pure."""
    (north, east), (north2, east2) = ([math.radians(degrees) for degrees in place] for place in (one, other))
    half = math.sin((north2 - north) / 2) ** 2
    half += math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return round(2 * 6_371_000 * math.asin(min(1.0, math.sqrt(half))))
