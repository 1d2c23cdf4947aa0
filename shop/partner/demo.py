"""Give the demo's goods a seller, a price and an opening stock, then have them listed."""

from decimal import Decimal
from itertools import islice

from django.db import transaction

from catalogue.demo.goods import GOODS
from catalogue.demo.seed import product_code
from catalogue.demo.variety import invented_goods
from catalogue.listed_product import refresh_listed_products
from catalogue.models import Product
from merchants.demo.plan import DemoPlan
from merchants.models import Merchant
from shop.partner.models import Partner, StockRecord
from shop.partner.stock import record_opening

_BATCH = 2_000


def seed(plan: DemoPlan) -> None:
    """Make what is missing; prices and stock that are there stay as people left them."""
    _add_partners()
    offers = {product_code(good.key): (good.price, good.stock) for good in GOODS if not good.variants}
    for good in GOODS:
        for number, variant in enumerate(good.variants, 1):
            offers[product_code(f"{good.key}-{number}")] = (variant.price, variant.stock)
    more = (
        (product_code(good.number), (good.price, good.stock))
        for good in invented_goods(first=len(GOODS) + 1, last=plan.products, seed=plan.seed)
    )
    added = _add_stock(offers)
    while batch := dict(islice(more, _BATCH)):
        added += _add_stock(batch)
    if added:
        plan.say("listing the goods …")
        refresh_listed_products(today=plan.now.date())
    plan.say(f"stock: {added} new prices and opening stocks")


def _add_partners() -> None:
    missing = Merchant.objects.filter(is_sample=True, products__isnull=False, partner=None).distinct()
    Partner.objects.bulk_create(
        [Partner(merchant=merchant, name=merchant.name, code=f"merchant-{merchant.pk}") for merchant in missing],
        batch_size=_BATCH,
    )


@transaction.atomic
def _add_stock(offers: dict[str, tuple[int, int]]) -> int:
    """Stock records for those of these codes that have none; returns how many were made."""
    products = Product.objects.filter(code__in=offers, stockrecords=None).exclude(structure=Product.PARENT)
    rows = list(products.values_list("pk", "code", "merchant_id"))
    partners = dict(Partner.objects.filter(merchant__in={row[2] for row in rows}).values_list("merchant_id", "pk"))
    records = StockRecord.objects.bulk_create(
        [
            StockRecord(
                product_id=pk,
                partner_id=partners[merchant_id],
                partner_sku=code,
                price_currency="VND",
                price=Decimal(offers[code][0]),
                num_in_stock=offers[code][1],
                num_allocated=0,
            )
            for pk, code, merchant_id in rows
        ]
    )
    record_opening(stockrecords=records)
    return len(records)
