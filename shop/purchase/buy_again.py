"""Put what was bought once into the basket again; what cannot be bought any more is named."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from merchants.models import Commune
from shop.purchase.basket import BasketLine, BasketRefused, add_to_basket
from shop.purchase.models import Purchase

Line = get_model("order", "Line")


@dataclass(frozen=True)
class BoughtAgain:
    """How many different goods were put in; titles of those that are gone, and of those of which there are fewer."""

    put_in: int
    gone: tuple[str, ...]
    fewer: tuple[str, ...]


@transaction.atomic
def buy_again(*, basket: Any, purchase: Purchase, commune: Commune | None) -> BoughtAgain:
    """Add every line of the purchase at today's price and stock; goods of another commune's site count as gone.

    Each call adds once more. Where fewer are left than were bought, as many as there are go in.
    """
    put_in, gone, fewer = 0, [], []
    for line in Line.objects.filter(order__purchase=purchase).order_by("pk"):
        if line.product_id is None:
            gone.append(line.title)
            continue
        try:
            add_to_basket(basket=basket, product_id=line.product_id, quantity=line.quantity, commune=commune)
            put_in += 1
        except BasketRefused as refused:
            if refused.code != "not_enough":
                gone.append(line.title)
                continue
            fewer.append(line.title)
            rest = (refused.available or 0) - _in_basket(basket, line.product_id)
            if rest > 0:
                add_to_basket(basket=basket, product_id=line.product_id, quantity=rest, commune=commune)
                put_in += 1
    return BoughtAgain(put_in, tuple(gone), tuple(fewer))


def _in_basket(basket: Any, product_id: int) -> int:
    line = BasketLine.objects.filter(basket=basket, product_id=product_id).first() if basket.pk else None
    return line.quantity if line else 0
