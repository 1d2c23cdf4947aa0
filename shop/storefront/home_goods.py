"""Goods and producers for the blocks of pages, as cards for the partials product_card.html and home_producers.html.

Each function asks the listing table once, whatever `count` is. `commune` None means every commune.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from catalogue.managers import ListedProductQuerySet
from catalogue.models import ListedProduct
from merchants.models import Commune, Merchant
from merchants.shown_pictures import ShownPicture, shown_picture
from shop.storefront.cards import LEAST_STARS, ProducerCard, ProductCard, producer_card, product_card

RANKED_SECONDS = 30  # the order of producers is looked up anew so often; who is shown is asked each time


def goods_for_block(
    *, commune: Commune | None, choice: str, ocop_set: int | None = None, count: int, today: date | None = None
) -> list[ProductCard]:
    """Return up to `count` goods that are in stock: choice "newest", "certified" (most stars first) or "set"."""
    day = today or timezone.localdate()
    rows = _listed(commune).for_cards().filter(in_stock=True)
    if choice == "certified":
        rows = rows.filter(stars__gte=LEAST_STARS, stars_until__gte=day).order_by("-stars", "-listed_at", "-pk")
    else:
        if choice == "set":
            rows = rows.filter(ocop_set=ocop_set)
        rows = rows.order_by("-listed_at", "-pk")
    return [product_card(row, day) for row in rows[:count]]


def goods_by_id(*, commune: Commune | None, product_ids: Sequence[int], today: date | None = None) -> list[ProductCard]:
    """Return the cards of these products in this order; what is not listed (here) any more is left out."""
    day = today or timezone.localdate()
    rows = {row.pk: row for row in _listed(commune).for_cards().filter(pk__in=product_ids)}
    return [product_card(rows[pk], day) for pk in product_ids if pk in rows]


def producers_for_block(*, commune: Commune | None, count: int, today: date | None = None) -> list[ProducerCard]:
    """Return up to `count` producers with goods in stock: those with the most stars first, then with the most goods."""
    day = today or timezone.localdate()

    def ranked_ids() -> list[int]:
        ranked = (
            _listed(commune)
            .filter(in_stock=True)
            .values("merchant_id")
            .annotate(best=Max("stars", filter=Q(stars_until__gte=day), default=0), goods=Count("pk"))
            .order_by("-best", "-goods", "merchant_id")[:count]
        )
        return [row["merchant_id"] for row in ranked]

    key = f"best-producers:{commune.pk if commune else 0}:{count}:{day}"
    return producers_by_id(commune=commune, merchant_ids=cache.get_or_set(key, ranked_ids, RANKED_SECONDS) or [])


def producers_by_id(*, commune: Commune | None, merchant_ids: Sequence[int]) -> list[ProducerCard]:
    """Return the cards of these producers in this order; those without a public page are left out."""
    found = Merchant.objects.filter(pk__in=merchant_ids, is_public=True, status=Merchant.Status.ACTIVE)
    if commune is not None:
        found = found.filter(commune=commune)
    by_id = {merchant.pk: merchant for merchant in found.select_related("village", "commune")}
    return [producer_card(by_id[pk]) for pk in merchant_ids if pk in by_id]


def pictures_of_sets(*, commune: Commune | None, sets: Iterable[int]) -> dict[int, ShownPicture | None]:
    """Return for each of these product sets that has goods the picture of one of them, or None."""
    wanted = set(sets)

    def firsts() -> dict[int, int]:
        found = _listed(commune).values("ocop_set").annotate(first=Min("pk", filter=~Q(picture="")))
        return {number: first for number, first in found.values_list("ocop_set", "first") if number is not None}

    every_first = cache.get_or_set(f"first-of-sets:{commune.pk if commune else 0}", firsts, RANKED_SECONDS) or {}
    first_of = {number: pk for number, pk in every_first.items() if number in wanted}
    files = dict(
        ListedProduct.objects.filter(pk__in=[pk for pk in first_of.values() if pk]).values_list("pk", "picture")
    )
    return {number: shown_picture(files.get(pk)) for number, pk in first_of.items()}


def _listed(commune: Commune | None) -> ListedProductQuerySet:
    rows = ListedProduct.objects.all()
    return rows if commune is None else rows.filter(commune=commune)
