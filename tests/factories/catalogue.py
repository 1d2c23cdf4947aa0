"""Goods with stock, variants, certificates."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory
from oscar.core.loading import get_model

from catalogue.listed_product import product_changed
from catalogue.models import OcopCertificate, Product
from merchants.models import Merchant
from shop.partner.models import Partner, StockMovement, StockRecord
from tests.factories.merchants import MerchantFactory

ProductClass = get_model("catalogue", "ProductClass")


def product_class() -> Any:
    """The one product class every product has (the real installation has one too)."""
    return ProductClass.objects.get_or_create(name="Hàng hóa", defaults={"track_stock": True})[0]


def partner_of(merchant: Merchant) -> Partner:
    return Partner.objects.get_or_create(
        merchant=merchant, defaults={"name": merchant.name, "code": f"merchant-{merchant.pk}"}
    )[0]


def give_stock(product: Product, *, price: int, in_stock: int) -> StockRecord:
    """One stock record with its opening movement, as shop.partner.stock would have written it."""
    record = StockRecord.objects.create(
        product=product,
        partner=partner_of(product.merchant),
        partner_sku=f"SKU-{product.pk}",
        price_currency="VND",
        price=Decimal(price),
        num_in_stock=in_stock,
        num_allocated=0,
    )
    if in_stock:
        StockMovement.objects.create(stockrecord=record, reason=StockMovement.Reason.OPENING, in_stock_change=in_stock)
    return record


class ProductFactory(DjangoModelFactory):
    """A public standalone product; `price=` and `in_stock=` make its stock record (price=None makes none)."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        price = 50_000
        in_stock = 10

    merchant = factory.SubFactory(MerchantFactory)
    title = factory.Sequence(lambda n: f"Mật ong thử nghiệm {n}")
    structure = Product.STANDALONE
    product_class = factory.LazyFunction(product_class)
    is_public = True
    ocop_set = 4
    unit = Product.Unit.MILLILITRE
    net_quantity = Decimal(500)

    @classmethod
    def _create(cls, model_class: type[Product], *args: Any, **kwargs: Any) -> Product:
        price, in_stock = kwargs.pop("_price"), kwargs.pop("_in_stock")
        product = super()._create(model_class, *args, **kwargs)
        if price is not None:
            give_stock(product, price=price, in_stock=in_stock)
        return product

    _price = factory.SelfAttribute("price")
    _in_stock = factory.SelfAttribute("in_stock")


class VariantsFactory:
    """`VariantsFactory(labels={"500 ml": 90_000, "1 l": 170_000})` makes a parent with its children."""

    def __new__(cls, *, labels: dict[str, int], in_stock: int = 10, **fields: Any) -> Product:  # type: ignore[misc]
        parent = ProductFactory(structure=Product.PARENT, price=None, **fields)
        for label, price in labels.items():
            child = Product.objects.create(
                structure=Product.CHILD,
                parent=parent,
                merchant=parent.merchant,
                title=f"{parent.title} {label}",
                variant_label=label,
                is_public=True,
            )
            give_stock(child, price=price, in_stock=in_stock)
        return parent


class CertificateFactory(DjangoModelFactory):
    """Four stars, valid in 2026; `products=[…]` attaches it."""

    class Meta:
        model = OcopCertificate
        skip_postgeneration_save = True

    holder = factory.SubFactory(MerchantFactory)
    ocop_set = 4
    stars = 4
    decision_number = factory.Sequence(lambda n: f"MẪU-{n}/QĐ-UBND")
    issuer = "UBND tỉnh (mẫu)"
    issued_on = date(2025, 1, 1)
    expires_on = date(2027, 12, 31)

    @factory.post_generation
    def products(self, create: bool, extracted: list[Product] | None, **_kwargs: Any) -> None:
        if create and extracted:
            self.products.add(*extracted)  # type: ignore[attr-defined]


def listed_product(**fields: Any) -> Product:
    """A product that stands in the listing; `labels={…}` makes one with variants, `stars=4` gives it a certificate."""
    labels, stars = fields.pop("labels", None), fields.pop("stars", None)
    product = VariantsFactory(labels=labels, **fields) if labels else ProductFactory(**fields)
    if stars:
        CertificateFactory(stars=stars, holder=product.merchant, products=[product])
    product_changed(product.pk)
    return product


def give_picture(product: Product, *, name: str = "products/anh-minh-hoa.webp") -> Any:
    """A picture by name only; no file is written, so this is for tests about addresses."""
    return get_model("catalogue", "ProductImage").objects.create(product=product, original=name)
