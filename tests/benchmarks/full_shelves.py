"""Run in our installation's environment: put enough on the shelves of some goods, so that no run of ours buys them out.

`python -m tests.benchmarks.full_shelves PRODUCT…`; the stock shop has 100,000 of everything.
"""

import sys

import django

ENOUGH = 5_000


def fill(product_ids: list[int]) -> None:
    """Bring what is free of these goods, or of their variants, up to ENOUGH; may be called twice."""
    from django.db.models import Q

    from shop.partner import stock
    from shop.partner.models import StockRecord

    records = StockRecord.objects.filter(Q(product__in=product_ids) | Q(product__parent__in=product_ids))
    for record in records.order_by("pk"):
        missing = ENOUGH - max(0, record.net_stock_level)
        if missing > 0:
            stock.restock(stockrecord_id=record.pk, quantity=missing)


if __name__ == "__main__":
    django.setup()
    fill([int(number) for number in sys.argv[1:]])
