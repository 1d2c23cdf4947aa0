"""Baskets and purchases, made by the shop's own functions, so that they are as real as in life."""

import secrets
from collections.abc import Mapping
from typing import Any

from catalogue.models import Product
from merchants.models import BankAccount
from shop.order.models import Order, PaymentMethod
from shop.purchase.basket import Basket, add_to_basket, lines_of
from shop.purchase.choices import MerchantChoice
from shop.purchase.place_purchase import BuyerDetails, DeliveryAddress, PlacedPurchase, place_purchase
from tests.factories.catalogue import ProductFactory
from tests.factories.merchants import BankAccountFactory

ADDRESS = DeliveryAddress(
    line="Số 1, Xóm Thử",
    commune_code="17605",
    commune_name="xã Hợp Minh",
    province_code="40",
    province_name="Nghệ An",
)
BUYER = BuyerDetails(name="Lê Quang Minh", phone="+84912345678", email="minh@example.test", address=ADDRESS)
COLLECT_AND_TRANSFER = MerchantChoice(payment=PaymentMethod.TRANSFER, delivery="collect")
COLLECT_AND_CASH = MerchantChoice(payment=PaymentMethod.CASH_ON_DELIVERY, delivery="collect")


def sellable_product(**fields: Any) -> Product:
    """A public product whose merchant can be paid by transfer."""
    product = ProductFactory(**fields)
    if not BankAccount.objects.filter(merchant=product.merchant).exists():
        BankAccountFactory(merchant=product.merchant)
    return product


def basket_with(goods: Mapping[Product, int]) -> Any:
    """An open guest basket with so many of each product."""
    basket = Basket()
    for product, quantity in goods.items():
        add_to_basket(basket=basket, product_id=product.pk, quantity=quantity, commune=None)
    return basket


def choices_for(basket: Any, choice: MerchantChoice = COLLECT_AND_TRANSFER) -> dict[int, MerchantChoice]:
    return {line.product.merchant_id: choice for line in lines_of(basket)}


def new_key() -> str:
    return secrets.token_urlsafe(18)


def place(basket: Any, choice: MerchantChoice = COLLECT_AND_TRANSFER, **changes: Any) -> PlacedPurchase:
    """Buy the basket with everything in order; `changes` replaces single arguments of place_purchase."""
    arguments: dict[str, Any] = {
        "basket": basket,
        "buyer": BUYER,
        "choices": choices_for(basket, choice),
        "idempotency_key": new_key(),
        "accepted_policy_ids": [],
        "commune": None,
        "language": "vi",
    }
    return place_purchase(**(arguments | changes))


def placed_order(
    *, price: int = 50_000, quantity: int = 2, in_stock: int = 10, choice: MerchantChoice = COLLECT_AND_TRANSFER
) -> Order:
    """One order for a new product of a new merchant."""
    return place(basket_with({sellable_product(price=price, in_stock=in_stock): quantity}), choice).orders[0]
