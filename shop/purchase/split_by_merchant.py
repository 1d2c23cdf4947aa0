"""One basket into one part per merchant; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Wanted:
    """One good the buyer wants, at the price of now, in whole dong."""

    line_id: int
    merchant_id: int
    product_id: int
    stockrecord_id: int
    quantity: int
    unit_price_vnd: Decimal

    @property
    def price_vnd(self) -> Decimal:
        return self.unit_price_vnd * self.quantity


@dataclass(frozen=True)
class MerchantPart:
    """What one merchant sells of a basket; becomes one order."""

    merchant_id: int
    lines: tuple[Wanted, ...]

    @property
    def goods_vnd(self) -> Decimal:
        return sum((line.price_vnd for line in self.lines), Decimal(0))


def split_by_merchant(lines: Sequence[Wanted]) -> tuple[MerchantPart, ...]:
    """Group the lines by merchant; merchants and lines keep the order in which they first came."""
    parts: dict[int, list[Wanted]] = {}
    for line in lines:
        parts.setdefault(line.merchant_id, []).append(line)
    return tuple(MerchantPart(merchant_id, tuple(own)) for merchant_id, own in parts.items())
