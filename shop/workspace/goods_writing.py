"""Writing goods: making, correcting, publishing and withdrawing a product, with its stock and its row in the lists.

Each function is one transaction: the product, its price, its stock movement, the listing and the audit entry come
together or not at all.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from oscar.core.loading import get_model

from catalogue.listed_product import product_changed
from catalogue.models import Product
from merchants import audit
from merchants.models import Merchant
from merchants.photos import PreparedPhoto, keep_photo
from merchants.picture_upkeep import drop_pictures
from shop.partner.models import Partner, StockRecord
from shop.partner.stock import StockRefused, open_stock, set_counted
from shop.workspace.goods_form import Offer

ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")
PRODUCT_CLASS = "Hàng hóa"
TEXT_FIELDS = ("title", "summary", "description", "ocop_set", "net_quantity", "unit", "season")


def product_class() -> Any:
    """The one class of all goods; made when the first product is."""
    return ProductClass.objects.get_or_create(
        name=PRODUCT_CLASS, defaults={"track_stock": True, "requires_shipping": True}
    )[0]


def partner_of(merchant: Merchant) -> Partner:
    """The seller as Oscar knows it; made when the merchant sells for the first time."""
    return Partner.objects.get_or_create(
        merchant=merchant, defaults={"name": merchant.name, "code": f"merchant-{merchant.pk}"}
    )[0]


@transaction.atomic
def add_product(
    *,
    product: Product,
    merchant: Merchant,
    offer: Offer,
    photos: Sequence[PreparedPhoto],
    who: dict[str, Any],
) -> Product:
    """Save a new product of the merchant, on sale at once; `who` is actor, on_behalf_of and request."""
    product.merchant = merchant
    product.structure = Product.STANDALONE
    product.product_class = product_class()
    product.is_public = True
    product.is_sample = merchant.is_sample
    product.save()
    record = StockRecord.objects.create(
        product=product,
        partner=partner_of(merchant),
        partner_sku=f"P{product.pk}",
        price_currency="VND",
        price=offer.price,
        num_in_stock=0,
        num_allocated=0,
    )
    if offer.stock:
        open_stock(stockrecord_id=record.pk, quantity=offer.stock, actor=who["actor"])
    add_photos(product=product, photos=photos)
    product_changed(product.pk)
    _record("goods.added", product, who, after={"title": product.title, "price": offer.price, "stock": offer.stock})
    return product


@transaction.atomic
def correct_product(
    *,
    product: Product,
    offers: Sequence[Offer],
    photos: Sequence[PreparedPhoto],
    removed_photos: Sequence[int],
    main_photo: int | None,
    who: dict[str, Any],
) -> Product:
    """Save what was corrected; raises StockRefused and changes nothing.

    Stock is written only where it was typed anew: an untouched field must not undo a sale that happened meanwhile.
    "changed_meanwhile" when it was typed anew over a number that is no longer true.
    """
    # Stock before product, and the product without its key: as a checkout or an ending hold takes them (shop.locks).
    family = Q(product=product) | Q(product__parent=product)
    list(StockRecord.objects.select_for_update(of=("self",)).filter(family).order_by("pk"))
    before = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)
    product.save()
    changes: dict[str, Any] = {}
    for field in TEXT_FIELDS:
        if getattr(before, field) != getattr(product, field):
            changes[field] = (getattr(before, field), getattr(product, field))
    for offer in offers:
        _write_offer(product, offer, who, changes)
    removed = ProductImage.objects.filter(product=product, pk__in=list(removed_photos))
    drop_pictures(removed.values_list("original", flat=True))
    removed.delete()
    add_photos(product=product, photos=photos)
    order_photos(product=product, main_photo=main_photo)
    product_changed(product.pk)
    _record(
        "goods.corrected",
        product,
        who,
        before={field: old for field, (old, _new) in changes.items()},
        after={
            **{field: new for field, (_old, new) in changes.items()},
            "photos_added": len(photos),
            "photos_removed": len(removed_photos),
        },
    )
    return product


def _write_offer(product: Product, offer: Offer, who: dict[str, Any], changes: dict[str, Any]) -> None:
    sellable_id = offer.product_id or product.pk
    record = StockRecord.objects.select_for_update(of=("self",)).filter(product_id=sellable_id).first()
    if record is None and offer.price is None:
        return
    if record is None:
        record = StockRecord.objects.create(
            product_id=sellable_id,
            partner=partner_of(product.merchant),
            partner_sku=f"P{sellable_id}",
            price_currency="VND",
            price=offer.price,
            num_in_stock=0,
            num_allocated=0,
        )
        if offer.stock:
            open_stock(stockrecord_id=record.pk, quantity=offer.stock, actor=who["actor"])
        changes[f"price_{sellable_id}"] = (None, offer.price)
        return
    if offer.price is not None and record.price != offer.price:
        changes[f"price_{sellable_id}"] = (record.price, offer.price)
        StockRecord.objects.filter(pk=record.pk).update(price=offer.price, date_updated=timezone.now())
    if offer.stock != offer.seen_stock:
        if offer.seen_stock is not None and record.num_in_stock != offer.seen_stock:
            raise StockRefused("changed_meanwhile")
        changes[f"stock_{sellable_id}"] = (record.num_in_stock, offer.stock)
        set_counted(stockrecord_id=record.pk, counted=offer.stock, actor=who["actor"])


@transaction.atomic
def set_public(*, product: Product, is_public: bool, who: dict[str, Any]) -> bool:
    """Put a product on sale or take it off; False when it was so before. Orders that are placed go on."""
    changed = Product.objects.filter(pk=product.pk).exclude(is_public=is_public).update(is_public=is_public)
    if changed:
        product.is_public = is_public
        product_changed(product.pk)
        _record("goods.published" if is_public else "goods.withdrawn", product, who)
    return bool(changed)


def add_photos(*, product: Product, photos: Sequence[PreparedPhoto]) -> None:
    """Hang photos behind those that are there."""
    first = ProductImage.objects.filter(product=product).count()
    for place, photo in enumerate(photos, first):
        name = keep_photo(photo, today=timezone.localdate())
        ProductImage.objects.create(product=product, original=name, display_order=place)


def order_photos(*, product: Product, main_photo: int | None) -> None:
    """Number the photos anew, the main one first."""
    images = sorted(
        ProductImage.objects.filter(product=product).order_by("display_order", "pk"),
        key=lambda image: image.pk != main_photo,
    )
    for place, image in enumerate(images):
        image.display_order = place
    ProductImage.objects.bulk_update(images, ["display_order"])


def _record(
    action: str,
    product: Product,
    who: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        action=action,
        obj=product,
        actor=who["actor"],
        on_behalf_of=who["on_behalf_of"],
        commune=product.merchant.commune,
        before=before,
        after=after,
        request=who["request"],
    )
