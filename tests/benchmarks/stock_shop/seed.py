"""Fill the stock shop: `python -m stock_shop.seed N` migrates, makes N goods in twenty categories, and indexes them."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stock_shop.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductCategory = get_model("catalogue", "ProductCategory")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")
Country = get_model("address", "Country")
CATEGORIES = 20
WORDS = ["tuong", "mat ong", "tra sen", "gao nep", "banh da", "nuoc mam", "mien dong", "cam", "lac", "vung"]


def seed(goods: int) -> None:
    """Nothing is made where goods are there already."""
    call_command("migrate", verbosity=0)
    if Product.objects.exists():
        return
    Country.objects.create(
        iso_3166_1_a2="VN", iso_3166_1_a3="VNM", printable_name="Vietnam", name="Vietnam", is_shipping_country=True
    )
    kind = ProductClass.objects.create(name="Goods", requires_shipping=True, track_stock=True)
    partner = Partner.objects.create(name="Everybody")
    categories = [create_from_breadcrumbs(f"Category {number}") for number in range(CATEGORIES)]
    for start in range(0, goods, 2_000):
        rows = Product.objects.bulk_create(
            Product(
                structure="standalone",
                title=f"{WORDS[number % len(WORDS)]} Nam Dan {number}",
                slug=f"goods-{number}",
                upc=f"U{number}",
                description=f"Made by hand in village {number % 97}, good for {WORDS[(number + 3) % len(WORDS)]}.",
                product_class=kind,
            )
            for number in range(start, min(start + 2_000, goods))
        )
        StockRecord.objects.bulk_create(
            StockRecord(product=row, partner=partner, partner_sku=row.upc, price=50_000, num_in_stock=100_000,
                        num_allocated=0, price_currency="VND")
            for row in rows
        )  # fmt: skip
        ProductCategory.objects.bulk_create(
            ProductCategory(product=row, category=categories[row.pk % CATEGORIES]) for row in rows
        )
    call_command("rebuild_index", interactive=False, verbosity=0)


if __name__ == "__main__":
    seed(int(sys.argv[1]))
