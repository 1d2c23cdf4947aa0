"""What delivery a merchant offers and what it costs for these goods."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from catalogue.prepared_reads import prepared_read
from shop.delivery.models import DeliveryOption

Kind = DeliveryOption.Kind


@dataclass(frozen=True)
class DeliveryOffer:
    """One way to get the goods of one merchant; `price_vnd` already knows whether these goods go free.

    `missing_for_free_vnd` is what must be added to the basket to be delivered free; None where that is no offer.
    """

    kind: str
    label: str
    price_vnd: Decimal
    full_price_vnd: Decimal
    missing_for_free_vnd: Decimal | None = None


def offers_for(goods_vnd_by_merchant: Mapping[int, Decimal]) -> dict[int, tuple[DeliveryOffer, ...]]:
    """Return each merchant's offers for goods of that worth, cheapest first; one query.

    A merchant that has set options of its own offers only those; others offer the installation's general ones;
    where there are none either, the goods can be collected, which costs nothing.
    """
    own: dict[int, list[DeliveryOption]] = {}
    has_own: set[int] = set()
    general: list[DeliveryOption] = []
    wanted = set(goods_vnd_by_merchant)
    for option in _options_of(*wanted) if len(wanted) == 1 else _options(wanted):
        if option.merchant_id is None:
            general += [option] if option.is_active else []
        else:
            has_own.add(option.merchant_id)
            own.setdefault(option.merchant_id, []).extend([option] if option.is_active else [])
    found = {}
    for merchant_id, goods_vnd in goods_vnd_by_merchant.items():
        options = own[merchant_id] if merchant_id in has_own else general
        if not options and merchant_id not in has_own:
            options = [DeliveryOption(kind=Kind.COLLECT)]
        offers = [_offer(option, goods_vnd) for option in options]
        found[merchant_id] = tuple(sorted(offers, key=lambda offer: (offer.price_vnd, offer.kind)))
    return found


def _options(merchant_ids: Collection[int]) -> "QuerySet[DeliveryOption]":
    return DeliveryOption.objects.filter(merchant_id__in=merchant_ids) | DeliveryOption.objects.filter(merchant=None)


@prepared_read
def _options_of(merchant_id: int) -> "QuerySet[DeliveryOption]":
    return _options([merchant_id])


def _offer(option: DeliveryOption, goods_vnd: Decimal) -> DeliveryOffer:
    price = Decimal(option.price_vnd)
    free_from = option.free_from_vnd
    missing = None if free_from is None or price == 0 else max(Decimal(0), free_from - goods_vnd)
    return DeliveryOffer(
        kind=option.kind,
        label=option.get_kind_display(),
        price_vnd=Decimal(0) if missing == 0 else price,
        full_price_vnd=price,
        missing_for_free_vnd=missing,
    )
