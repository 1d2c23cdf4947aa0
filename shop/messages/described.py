"""What an outbox message is about, in plain words for the platform's staff: what, about which order, to whom (masked).

For messages of this package's kinds; of any other kind its name is all that is said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.order.models import Order
from shop.outbox.models import OutboxMessage

LETTERS = {
    "buyer.purchase_placed": gettext_lazy("Letter to the buyer: thank you for the order"),
    "buyer.order_paid": gettext_lazy("Letter to the buyer: the money has come"),
    "buyer.order_part_paid": gettext_lazy("Letter to the buyer: part of the money has come"),
    "buyer.order_refunded": gettext_lazy("Letter to the buyer: the money went back"),
    "buyer.order_confirmed": gettext_lazy("Letter to the buyer: the order is confirmed"),
    "buyer.order_sent": gettext_lazy("Letter to the buyer: the goods are on their way"),
    "buyer.order_cancelled": gettext_lazy("Letter to the buyer: the order is cancelled"),
    "seller.new_order": gettext_lazy("Letter to the seller: a new order"),
    "seller.order_paid": gettext_lazy("Letter to the seller: the money has come"),
    "seller.order_cancelled": gettext_lazy("Letter to the seller: the order is cancelled"),
    "seller.order_received": gettext_lazy("Letter to the seller: the buyer has the goods"),
}
NEWS = {
    "purchase.placed": gettext_lazy("News of a new purchase, to be written to buyer and sellers"),
    "account.letter": gettext_lazy("News of a change of account, to an owner or a phone of the business"),
    "order.changed": gettext_lazy("News of an order, to be written to whom it concerns"),
}
_MAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")


@dataclass(frozen=True)
class Described:
    """`what` in a sentence; `orders` the numbers it is about; `reader` a name or role; `address` masked or empty."""

    what: str
    orders: tuple[str, ...]
    reader: str
    address: str


def mask_addresses(text: str) -> str:
    """Leave of each e-mail address its first letter and the mail house: `m•••@example.com`."""
    return _MAIL.sub(r"\1•••@\2", text)


def describe(messages: Sequence[OutboxMessage]) -> dict[int, Described]:
    """Message id → what it is about; three queries however many there are. What is gone is left out of the sentence."""
    payloads = [message.payload for message in messages]
    orders = {
        order.pk: order
        for order in Order.objects.filter(pk__in=_ids(payloads, "order_id")).select_related("purchase", "merchant")
    }
    purchases = {
        purchase.pk: purchase
        for purchase in apps.get_model("purchase", "Purchase")
        .objects.filter(pk__in=_ids(payloads, "purchase_id"))
        .prefetch_related("orders")
    }
    people = get_user_model().objects.in_bulk(_ids(payloads, "user_id"))
    found: dict[int, Described] = {}
    for message in messages:
        payload = message.payload
        order = orders.get(payload.get("order_id"))
        purchase = purchases.get(payload.get("purchase_id")) or (order.purchase if order else None)
        numbers = (order.number,) if order else tuple(one.number for one in purchase.orders.all()) if purchase else ()
        reader, address = "", ""
        if "user_id" in payload:
            person = people.get(payload["user_id"])
            reader = person.get_full_name() if person else ""
            address = person.email or "" if person else ""
            if order is not None and order.merchant is not None:
                reader = f"{reader} · {order.merchant.name}" if reader else order.merchant.name
        elif "letter" in payload:
            reader, address = _("the buyer"), purchase.buyer_email if purchase else ""
        letter = str(payload.get("letter", ""))
        what = str(LETTERS.get(letter, letter) or NEWS.get(message.kind, message.kind))
        found[message.pk] = Described(what=what, orders=numbers, reader=reader, address=mask_addresses(address))
    return found


def _ids(payloads: Sequence[dict[str, object]], name: str) -> set[int]:
    return {value for payload in payloads if isinstance(value := payload.get(name), int)}
