"""The goods of one site as feed items, read in batches so that memory stays flat at 100,000 goods."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urljoin

from django.core.files.storage import default_storage
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.html import strip_tags

from catalogue.models import ListedProduct, Product
from catalogue.ocop.product_sets import GROUPS, SETS
from merchants.models import Commune

BATCH = 1_000


@dataclass(frozen=True)
class FeedItem:
    """One thing that can be bought. `group_id` joins the variants of one page; addresses are absolute."""

    id: str
    group_id: str
    title: str
    description: str
    link: str
    image_link: str
    price_vnd: Decimal
    is_in_stock: bool
    brand: str
    product_type: str
    ocop_stars: int


def listed_goods(commune: Commune | None) -> "QuerySet[ListedProduct]":
    """What one site lists; goods without a picture are left out because both catalogues refuse them."""
    goods = ListedProduct.objects.exclude(picture="")
    return goods if commune is None else goods.filter(commune=commune)


def feed_etag(commune: Commune | None, *, base_url: str) -> str:
    """Changes whenever a row of the feed changed, came or went; one query."""
    state = listed_goods(commune).aggregate(newest=Max("refreshed_at"), count=Count("pk"))
    day = timezone.localdate()  # stars end by themselves at midnight
    facts = f"{state['newest']} {state['count']} {base_url} {day}"
    return f'"{hashlib.sha256(facts.encode()).hexdigest()[:20]}"'


def feed_items(commune: Commune | None, *, base_url: str) -> Iterator[FeedItem]:
    """Yield every sellable in the order of its page; variants of a page follow each other."""
    goods = listed_goods(commune).select_related("product").order_by("pk")
    last_id = 0
    while batch := list(goods.filter(pk__gt=last_id)[:BATCH]):
        last_id = batch[-1].pk
        variants = _variants_of([row.pk for row in batch])
        for row in batch:
            yield from _items_of(row, variants.get(row.pk, []), base_url)


def _variants_of(page_ids: list[int]) -> dict[int, list[Product]]:
    found: dict[int, list[Product]] = {}
    children = Product.objects.filter(parent_id__in=page_ids, is_public=True).prefetch_related("stockrecords")
    for child in children.order_by("pk"):
        found.setdefault(child.parent_id, []).append(child)
    return found


def _items_of(row: ListedProduct, variants: list[Product], base_url: str) -> Iterator[FeedItem]:
    product = row.product
    description = plain_text(product.description) or product.summary or row.title
    link = f"{base_url}/san-pham/{row.slug}-{row.pk}/"
    image_link = urljoin(base_url, default_storage.url(row.picture))  # pictures may lie on another host
    stars = row.stars if row.stars_until and row.stars_until >= timezone.localdate() else 0
    official = SETS.get(row.ocop_set) if row.ocop_set else None
    product_type = f"{GROUPS[official.group].name} > {official.name}" if official else ""
    if not variants:
        yield FeedItem(
            id=str(row.pk),
            group_id="",
            title=row.title,
            description=description,
            link=link,
            image_link=image_link,
            price_vnd=row.price_from,
            is_in_stock=row.in_stock,
            brand=row.merchant_name,
            product_type=product_type,
            ocop_stars=stars,
        )
        return
    for child in variants:
        for record in child.stockrecords.all():
            yield FeedItem(
                id=str(child.pk),
                group_id=str(row.pk),
                title=f"{row.title}, {child.variant_label}" if child.variant_label else child.get_title(),
                description=description,
                link=link,
                image_link=image_link,
                price_vnd=Decimal(record.price).quantize(Decimal(1)),
                is_in_stock=record.net_stock_level > 0,
                brand=row.merchant_name,
                product_type=product_type,
                ocop_stars=stars,
            )


def plain_text(text: str) -> str:
    """Text without tags and line breaks, as both catalogues want it."""
    return " ".join(strip_tags(text).split())
