"""The shop's lists follow the stock: a product that sells out, or is back, is shown so at once."""

from collections.abc import Sequence
from typing import Any

from catalogue.listed_product import stock_changed as list_availability
from shop.partner.signals import stock_changed
from shop.partner.stock import StockChange


def follow_stock(*, changes: Sequence[StockChange], **_kwargs: Any) -> None:
    """Receiver of stock_changed, in the same transaction; idle while nothing sells out or is back."""
    turned = {one.product_id for one in changes if (one.available_before > 0) != (one.available_after > 0)}
    if turned:
        list_availability(turned)


def connect_receivers() -> None:
    """Called once by the app's ready()."""
    stock_changed.connect(follow_stock, dispatch_uid="listing_follows_stock")
