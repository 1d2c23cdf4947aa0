"""`/san-pham/<slug>-<id>/`: one product, or one with variants, as it can be bought at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalogue.listed_product import unit_price_of
from catalogue.models import ListedProduct, OcopCertificate, Product
from catalogue.ocop.product_sets import SETS
from catalogue.prepared_reads import prepared_read
from catalogue.search import find_words, ranked_ids
from catalogue.season import describe, in_season
from merchants.models import Commune
from merchants.money import format_dong
from merchants.shown_pictures import ShownPicture
from shop.delivery.models import DeliveryOption
from shop.delivery.rates import DeliveryOffer, offers_for
from shop.purchase.choices import pays_by_transfer, receiving_number
from shop.storefront.cards import ProductCard, in_reading_language, producer_card, product_card, product_url, unit_label
from shop.storefront.catalogue_query import CatalogueQuery
from shop.storefront.page_context import base_url
from shop.storefront.public_page import full_query, public_page
from shop.storefront.seller_block import seller_facts, vietnamese
from shop.storefront.structured_data import breadcrumb_list, json_ld

MOST_PICTURES = 12
MOST_NEIGHBOURS = 4  # cards of the same producer, of related goods
MOST_OF_ONE = 999  # as the basket takes (shop.purchase.basket)
FEW = 5  # from here on the page says how many are left


@dataclass(frozen=True)
class Variant:
    """One thing that can be laid in the basket; prices in whole dong; `size_label` as “500 ml”, “Lọ 250 ml”."""

    id: int
    label: str
    price: Decimal
    unit_price: Decimal | None
    unit: str
    size_label: str
    available: int
    stock_note: str = ""

    @property
    def is_available(self) -> bool:
        return self.available > 0


@public_page(reads=())
def show(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The page; another slug leads to the right one; what is not for sale here gets a page that helps, 404."""
    commune, today = getattr(request, "commune", None), timezone.localdate()
    found = _product(pk, commune.pk if commune is not None else None)
    product = found[0] if found else None
    variants = _variants(product) if product is not None else []
    if product is None or not variants:
        return _not_for_sale(request, slug, commune, today)
    if slug != product.slug:
        query = full_query(request)
        address = product_url(slug=product.slug, pk=product.pk)
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    context = _context(request, product, variants, commune, today)
    context["is_paid_by_transfer"] = pays_by_transfer(product.receiving_number)  # type: ignore[attr-defined]
    return render(request, "storefront/product.html", context)


@prepared_read
def _product(pk: int, commune_id: int | None) -> "QuerySet[Product]":
    commune = Commune(pk=commune_id) if commune_id is not None else None
    products = Product.objects.public(commune).select_related("merchant__village", "merchant__commune")
    return products.annotate(receiving_number=receiving_number("merchant_id")).filter(pk=pk).order_by()


_SOLD_BY = (
    "pk", "variant_label", "title", "unit", "net_quantity",
    "stockrecords__price", "stockrecords__num_in_stock", "stockrecords__num_allocated",
)  # fmt: skip


# One statement each: for "this or its children" databases look through all goods of all merchants.
@prepared_read
def _the_one(pk: int) -> "QuerySet[Product, tuple[Any, ...]]":
    return Product.objects.sellable().filter(pk=pk).order_by().values_list(*_SOLD_BY)


@prepared_read
def _children(pk: int) -> "QuerySet[Product, tuple[Any, ...]]":
    """In the order they were entered."""
    return Product.objects.sellable().filter(parent_id=pk).order_by("pk").values_list(*_SOLD_BY)


@prepared_read
def _images(pk: int) -> "QuerySet[Any, tuple[str, str]]":
    images = Product(pk=pk).images.order_by("display_order", "pk")
    return images.values_list("original", "caption")[:MOST_PICTURES]


@prepared_read
def _certificates(pk: int, today: date) -> "QuerySet[OcopCertificate]":
    return OcopCertificate.objects.filter(products=pk).valid_on(today).order_by()


def _variants(product: Product) -> list[Variant]:
    found: list[Variant] = []
    rows = [row for row in (_children if product.is_parent else _the_one)(product.pk) if row[5] is not None]
    # Where one size has a unit price, each has: the litre bottle is compared with the small one.
    to_compare = len({(row[3], row[4]) for row in rows}) > 1
    for pk, label, title, unit, net_quantity, price, in_stock, allocated in rows:
        whole = price.quantize(Decimal(1))
        unit_price, per = unit_price_of(price=whole, unit=unit, net_quantity=net_quantity, to_compare=to_compare)
        available = max(0, (in_stock or 0) - (allocated or 0))
        found.append(
            Variant(
                id=pk,
                label=label or title,
                price=whole,
                unit_price=unit_price,
                unit=unit_label(per),
                size_label=label or net_quantity_label(net_quantity, unit) or unit_label(unit),
                available=min(MOST_OF_ONE, available),
                stock_note=_stock_note(available),
            )
        )
    return found


def net_quantity_label(quantity: Decimal, unit: str) -> str:
    """`500 ml`, `1,5 kg`; empty for one piece."""
    if unit == Product.Unit.PIECE and quantity == 1:
        return ""
    shown = number_format(quantity.normalize(), use_l10n=True)
    return f"{shown} {unit_label(unit)}"


def _context(
    request: HttpRequest, product: Product, variants: Sequence[Variant], commune: Commune | None, today: date
) -> dict[str, Any]:
    base, chosen = base_url(request), next((v for v in variants if v.is_available), variants[0])
    merchant, certificate = product.merchant, _certificate(product, today)
    name = in_reading_language(product.title, product.title_en)
    summary = in_reading_language(product.summary, product.summary_en)
    story = in_reading_language(product.description, product.description_en)
    pictures, crumbs = _pictures(product, name.words), _crumbs(product)
    prices = [variant.price for variant in variants]
    offers = offers_for({merchant.pk: chosen.price})[merchant.pk]
    mine, related = _neighbours(product, commune, today)
    has_variants = product.is_parent
    return {
        "section": "catalogue",
        "product": {
            "id": product.pk,
            "slug": product.slug,
            "name": name.words,
            "lang": name.lang,
            "summary": summary.words,
            "summary_lang": summary.lang,
            "story": story.words,
            "story_lang": story.lang,
            "stars": certificate.stars if certificate else 0,
            "certificate_url": certificate.get_absolute_url() if certificate else "",
            "certificate": _certificate_facts(certificate),
            "pictures": pictures,
            "price": min(prices) if has_variants else chosen.price,
            "is_from": max(prices) > min(prices),
            "is_available": any(variant.is_available for variant in variants),
            "season": describe(product.season),
            "is_in_season": in_season(product.season, on=today),
            "facts": _facts(product),
        },
        "variants": variants if has_variants else [],
        "chosen": chosen,
        "merchant": producer_card(merchant),
        "merchant_phone": merchant.phone,
        "seller_facts": seller_facts(merchant),
        **_delivery(offers, merchant.collection_note),
        "crumbs": crumbs,
        "more_from_merchant": mine,
        "related": related,
        "add_url": reverse("purchase:basket_add"),
        "social_picture": _absolute(pictures[0].url, base) if pictures else "",
        "structured_data": json_ld(
            _product_data(product, variants, pictures, today, base=base, url=base + request.path, name=name.words),
            breadcrumb_list([*crumbs, {"title": name.words, "url": request.path}], base_url=base),
        ),
    }


def _absolute(url: str, base: str) -> str:
    """Media may lie on another host, which then stands in the address already."""
    return base + url if url.startswith("/") else url


def _pictures(product: Product, name: str) -> list[ShownPicture]:
    return [ShownPicture(original, alt=caption or name) for original, caption in _images(product.pk) if original]


def _certificate(product: Product, today: date) -> OcopCertificate | None:
    """The highest rank that holds today, the longest among equals."""
    valid = _certificates(product.pk, today)
    return max(valid, key=lambda one: (one.stars, one.last_valid_day, -one.pk), default=None)


def _certificate_facts(certificate: OcopCertificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return {
        "url": certificate.get_absolute_url(),
        "stars": certificate.stars,
        "number": certificate.decision_number,
        "issuer": certificate.issuer,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.last_valid_day,
    }


def _facts(product: Product) -> list[tuple[str, str]]:
    official = product.official_set
    set_name = (official.name_en if get_language() == "en" else official.name) if official else ""
    facts = [
        (_("Origin"), vietnamese(product.origin)),
        (_("Ingredients"), vietnamese(product.ingredients)),
        (_("Storage"), vietnamese(product.storage)),
        (_("Shelf life"), vietnamese(product.shelf_life)),
        (_("Warnings"), vietnamese(product.warnings)),
        (_("Product set"), set_name),
    ]
    return [(label, value) for label, value in facts if value]


def _stock_note(available: int) -> str:
    if not 0 < available <= FEW:
        return ""
    return ngettext("Only %(count)d left", "Only %(count)d left", available) % {"count": available}


def _delivery(offers: Sequence[DeliveryOffer], collection_note: str) -> dict[str, Any]:
    """What the page says about getting the goods: the flat rate, from which sum it is free, where to collect."""
    flat = [offer for offer in offers if offer.kind == DeliveryOption.Kind.FLAT_RATE]
    collect = any(offer.kind == DeliveryOption.Kind.COLLECT for offer in offers)
    note = ""
    if flat and flat[0].missing_for_free_vnd:
        note = _("Free when you add goods for %(price)s from this producer") % {
            "price": format_dong(flat[0].missing_for_free_vnd)
        }
    return {
        "delivery_from": flat[0].price_vnd if flat else None,
        "delivery_note": note,
        "can_collect": collect,
        "collect_place": collection_note,
    }


def _crumbs(product: Product) -> list[dict[str, str]]:
    path = reverse("storefront:catalogue")
    crumbs = [{"title": _("All goods"), "url": path}]
    if product.ocop_set in SETS:
        official = SETS[product.ocop_set]
        title = official.name_en if get_language() == "en" else official.name
        crumbs.append({"title": title, "url": CatalogueQuery(groups=(official.number,)).address(path)})
    return crumbs


def _neighbours(product: Product, commune: Commune | None, today: date) -> tuple[list[ProductCard], list[ProductCard]]:
    """More from the producer, and goods from others: of the same set first, then of its group; one query."""
    official = product.official_set
    rows = _rows_beside(
        product.pk,
        product.merchant_id,
        commune.pk if commune is not None else None,
        product.ocop_set if official is not None else None,
        official.group if official is not None else None,
    )
    rows.sort(key=lambda row: (-row.list_number, row.listed_at, row.pk), reverse=True)  # type: ignore[attr-defined]
    mine = [row for row in rows if row.merchant_id == product.merchant_id]
    related = [row for row in rows if row.merchant_id != product.merchant_id][:MOST_NEIGHBOURS]
    return [product_card(row, today, with_seller=False) for row in mine], [product_card(row, today) for row in related]


@prepared_read
def _rows_beside(
    pk: int, merchant_id: int, commune_id: int | None, ocop_set: int | None, ocop_group: str | None
) -> "list[QuerySet[ListedProduct]]":
    """Short lists, each the newest first: more from the producer; others' goods of the set, then of its group."""
    newest = ("-listed_at", "-pk")
    listed = ListedProduct.objects.for_cards().filter(in_stock=True).exclude(pk=pk).order_by(*newest)
    if commune_id is not None:
        listed = listed.filter(commune=commune_id)
    others = listed.exclude(merchant=merchant_id)
    lists = [listed.filter(merchant=merchant_id)[:MOST_NEIGHBOURS]]
    if ocop_set is not None:
        of_the_group = others.filter(ocop_group=ocop_group).exclude(ocop_set=ocop_set)
        lists += [others.filter(ocop_set=ocop_set)[:MOST_NEIGHBOURS], of_the_group[:MOST_NEIGHBOURS]]
    return [rows.annotate(list_number=Value(number)) for number, rows in enumerate(lists)]


def _product_data(
    product: Product,
    variants: Sequence[Variant],
    pictures: Sequence[ShownPicture],
    today: date,
    *,
    base: str,
    url: str,
    name: str,
) -> dict[str, Any]:
    """schema.org Product; an offer for each variant, so that each has its own price and availability."""
    offers = [
        {
            "@type": "Offer",
            "sku": str(variant.id),
            "price": str(variant.price),
            "priceCurrency": "VND",
            "availability": f"https://schema.org/{'InStock' if variant.is_available else 'OutOfStock'}",
            "itemCondition": "https://schema.org/NewCondition",
            "url": url,
            "seller": {"@type": "Organization", "name": product.merchant.name},
            **({"name": f"{name}, {variant.label}"} if product.is_parent else {}),
        }
        for variant in variants
    ]
    data: dict[str, Any] = {
        "@type": "Product",
        "@id": url,
        "sku": str(product.pk),
        "name": name,
        "description": product.summary or product.description or name,
        "url": url,
        "brand": {"@type": "Brand", "name": product.merchant.name},
        "offers": offers[0] if len(offers) == 1 else offers,
    }
    if pictures:
        data["image"] = [_absolute(picture.url, base) for picture in pictures]
    return data


def _not_for_sale(request: HttpRequest, slug: str, commune: Commune | None, today: date) -> HttpResponse:
    """The same for goods withdrawn, of another commune, and never there; finds goods by the words of the address."""
    words = find_words(slug.replace("-", " "), any_word=True)
    listed = ListedProduct.objects.filter(in_stock=True)
    if commune is not None:
        listed = listed.filter(commune=commune)
    condition = Q(in_stock=True) if commune is None else Q(in_stock=True, commune=commune)
    ids = ranked_ids(words, condition=condition, limit=MOST_NEIGHBOURS) if words else []
    rows = listed.in_bulk(ids) if ids else {}
    found = [rows[pk] for pk in ids if pk in rows] or list(listed.order_by("-listed_at", "-pk")[:MOST_NEIGHBOURS])
    context = {
        "section": "catalogue",
        "cards": [product_card(row, today) for row in found],
    }
    return render(request, "storefront/product_gone.html", context, status=404)
