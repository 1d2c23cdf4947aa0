"""The months in which goods are to be had, kept as one number: bit 0 is January, bit 11 December; 0 is “not said”.

Goods of the whole year have no season to be in: they are described, but neither marked nor found as seasonal.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NOT_SAID = 0
WHOLE_YEAR = (1 << 12) - 1


def season_of(months: Iterable[int]) -> int:
    """Return the number for these months; raises ValueError for what is no month."""
    season = NOT_SAID
    for month in months:
        if not 1 <= month <= 12:
            raise ValueError(f"no month: {month}")
        season |= 1 << (month - 1)
    return season


def months_of(season: int) -> tuple[int, ...]:
    """Return the months, 1 to 12, in the order of the calendar."""
    return tuple(month for month in range(1, 13) if season & 1 << (month - 1))


def is_seasonal(season: int) -> bool:
    """Whether months were said, and not all of them."""
    return NOT_SAID < season < WHOLE_YEAR


def in_season(season: int, *, on: date) -> bool:
    """Whether seasonal goods have their time on that day."""
    return is_seasonal(season) and on.month in months_of(season)


def seasonal_in(months: Iterable[int], *, column: str = "season") -> Q:
    """Return the condition that seasonal goods have one of these months; holds on either database."""
    shared = GreaterThan(F(column).bitand(season_of(months)), 0)
    return Q(shared) & Q(**{f"{column}__lt": WHOLE_YEAR})


def describe(season: int) -> str:
    """Return “tháng 12 – tháng 2”, “tháng 3 và tháng 9”, “quanh năm”; "" where nothing was said."""
    if season == WHOLE_YEAR:
        return _("all year round")
    spans = [
        month_name(first) if first == last else f"{month_name(first)} – {month_name(last)}"
        for first, last in _spans(season)
    ]
    if len(spans) < 2:
        return "".join(spans)
    return _("%(months)s and %(last)s") % {"months": ", ".join(spans[:-1]), "last": spans[-1]}


def _spans(season: int) -> list[tuple[int, int]]:
    """First and last month of each run, by the month it begins with; a run may go over the end of the year."""
    said = set(months_of(season))
    found = []
    for first in sorted(said):
        if _before(first) in said:
            continue
        last = first
        while _after(last) in said:
            last = _after(last)
        found.append((first, last))
    return found


def _before(month: int) -> int:
    return (month - 2) % 12 + 1


def _after(month: int) -> int:
    return month % 12 + 1


def month_name(month: int) -> str:
    """`tháng 9` in the middle of a sentence."""
    names = (
        pgettext("month of a season", "January"), pgettext("month of a season", "February"),
        pgettext("month of a season", "March"), pgettext("month of a season", "April"),
        pgettext("month of a season", "May"), pgettext("month of a season", "June"),
        pgettext("month of a season", "July"), pgettext("month of a season", "August"),
        pgettext("month of a season", "September"), pgettext("month of a season", "October"),
        pgettext("month of a season", "November"), pgettext("month of a season", "December"),
    )  # fmt: skip
    return names[month - 1]
