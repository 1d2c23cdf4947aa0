"""Google Merchant's feed: RSS 2.0 with the g: namespace (support.google.com/merchants/answer/7052112, 2026-11)."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from shop.marketplaces.feeds.items import FeedItem

NAMESPACE = "http://base.google.com/ns/1.0"
TITLE_LIMIT, DESCRIPTION_LIMIT, BRAND_LIMIT, TYPE_LIMIT = 150, 5_000, 70, 750
# XML 1.0 knows no control characters but tab and line breaks; one would make the whole feed unreadable.
_FORBIDDEN = {code: None for code in [*range(0x20), 0xFFFE, 0xFFFF] if code not in (9, 10, 13)}


def google_feed(items: Iterable[FeedItem], *, title: str, link: str) -> Iterator[str]:
    """Yield the feed piece by piece."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" xmlns:g="{NAMESPACE}"><channel>'
        f"{_element('title', title)}{_element('link', link)}{_element('description', title)}\n"
    )
    for item in items:
        yield _item(item)
    yield "</channel></rss>\n"


def _item(item: FeedItem) -> str:
    fields = [
        ("g:id", item.id[:50]),
        ("g:item_group_id", item.group_id[:50]),
        ("g:title", item.title[:TITLE_LIMIT]),
        ("g:description", item.description[:DESCRIPTION_LIMIT]),
        ("g:link", item.link),
        ("g:image_link", item.image_link),
        ("g:availability", "in_stock" if item.is_in_stock else "out_of_stock"),
        ("g:price", f"{item.price_vnd:f} VND"),
        ("g:condition", "new"),
        ("g:brand", item.brand[:BRAND_LIMIT]),
        ("g:identifier_exists", "no"),
        ("g:product_type", item.product_type[:TYPE_LIMIT]),
        ("g:custom_label_0", f"OCOP {item.ocop_stars}" if item.ocop_stars else ""),
    ]
    return f"<item>{''.join(_element(name, text) for name, text in fields if text)}</item>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text.translate(_FORBIDDEN))}</{name}>"
