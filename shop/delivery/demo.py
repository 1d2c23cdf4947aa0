"""How the demo's goods reach the buyer: collect or a flat rate for all, and two merchants with rules of their own."""

from decimal import Decimal

from merchants.demo.plan import DemoPlan
from merchants.demo.seed import named_merchants
from shop.delivery.models import DeliveryOption

Kind = DeliveryOption.Kind
# merchant's key ("" for all who set nothing): flat rate, free from
RATES: dict[str, tuple[int, int | None]] = {
    "": (30_000, 500_000),
    "nga-ba-dinh": (25_000, 300_000),
    "lung-chung": (45_000, None),
}


def seed(plan: DemoPlan) -> None:
    """Make what is missing; options that are there stay as people left them."""
    merchants = named_merchants()
    for key, (price, free_from) in RATES.items():
        if key and key not in merchants:
            continue
        merchant = merchants[key] if key else None
        DeliveryOption.objects.get_or_create(merchant=merchant, kind=Kind.COLLECT)
        DeliveryOption.objects.get_or_create(
            merchant=merchant,
            kind=Kind.FLAT_RATE,
            defaults={
                "price_vnd": Decimal(price),
                "free_from_vnd": None if free_from is None else Decimal(free_from),
            },
        )
    plan.say("delivery: collect and flat rates")
