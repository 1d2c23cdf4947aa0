"""Meta's catalogue feed: CSV (facebook.com/business/help, catalogue fields, 2026-11; domain C6)."""

import csv
from collections.abc import Iterable, Iterator

from merchants.spreadsheet_files import harmless
from shop.marketplaces.feeds.items import FeedItem

COLUMNS = [
    "id", "title", "description", "availability", "condition", "price", "link", "image_link", "brand",
    "item_group_id", "product_type",
]  # fmt: skip
TITLE_LIMIT, DESCRIPTION_LIMIT = 200, 9_999


class _Echo:
    """What csv.writer writes to; hands each line back."""

    def write(self, line: str) -> str:
        return line


def meta_feed(items: Iterable[FeedItem]) -> Iterator[str]:
    """Yield the CSV line by line, the header first."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for item in items:
        yield writer.writerow(
            harmless(cell)
            for cell in (
                item.id,
                item.title[:TITLE_LIMIT],
                item.description[:DESCRIPTION_LIMIT],
                "in stock" if item.is_in_stock else "out of stock",
                "new",
                f"{item.price_vnd:f} VND",
                item.link,
                item.image_link,
                item.brand,
                item.group_id,
                item.product_type,
            )
        )
