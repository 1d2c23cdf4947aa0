"""The way through a purchase of several producers: one code after another, and how far one has come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.order.models import Fulfilment, Payment, PaymentMethod
from shop.partner.stock import STATES_THAT_HOLD_STOCK

# The order in which the cards stand: what is to be done now comes first.
_RANK = {"now": 0, "later": 1, "told": 2, "over": 3, "cash": 4, "paid": 5, "cancelled": 6}


@dataclass(frozen=True)
class PayingWay:
    """The purchase page's head: the cards in their order, and what is left to do.

    `steps` are the cards of the standing orders by transfer, in the order of the purchase; `next` is the one whose code
    is shown; `told` those of which the buyer said that she has transferred. `hold_until`: the first hold that ends.
    """

    cards: tuple[dict[str, Any], ...]
    steps: tuple[dict[str, Any], ...]
    next: dict[str, Any] | None
    told: tuple[dict[str, Any], ...]
    paid_count: int
    left_vnd: Decimal
    hold_until: datetime | None
    extendable: dict[str, Any] | None

    @property
    def pay_count(self) -> int:
        return len(self.steps)

    @property
    def stage(self) -> str:
        """Where the goods of the standing orders are; the names as templates/purchase/state.html reads them.

        placed, preparing (looked at or packed, nothing has left), partly_sent, sent, partly_delivered, delivered;
        empty where no order stands.
        """
        states = {pay["fulfilment"] for pay in self.cards} - {Fulfilment.CANCELLED}
        if not states:
            return ""
        gone = states & {Fulfilment.SENT, Fulfilment.DELIVERED}
        if gone != states:
            return "partly_sent" if gone else "placed" if states == {Fulfilment.PLACED} else "preparing"
        if Fulfilment.SENT not in gone:
            return "delivered"
        return "partly_delivered" if Fulfilment.DELIVERED in gone else "sent"

    @property
    def cancelled_money(self) -> str:
        """Of a purchase that was cancelled as a whole: "owed" while money must go back, "sent", or empty."""
        if any(pay["back"] > 0 for pay in self.cards):
            return "owed"
        return "sent" if any(pay["payment"] == Payment.REFUNDED for pay in self.cards) else ""

    @property
    def is_preparing(self) -> bool:
        """Whether any of the goods are still with their producer."""
        return any(pay["fulfilment"] in STATES_THAT_HOLD_STOCK for pay in self.cards)


def paying_way(pays: Sequence[dict[str, Any]]) -> PayingWay:
    """Give each card its `step` (now, later, told, over, cash, paid, cancelled) and put the cards in order.

    "now" is the first open order of which the buyer has not said yet that she has transferred; the others wait folded.
    "over" is an order whose time to pay has run out.
    """
    following: dict[str, Any] | None = None
    for pay in pays:
        pay["step"] = _step(pay)
        if pay["step"] == "later" and following is None:
            pay["step"] = "now"
            following = pay
    steps = tuple(
        pay
        for pay in pays
        if pay["order"].payment_method == PaymentMethod.TRANSFER and pay["fulfilment"] != Fulfilment.CANCELLED
    )
    waiting = [pay for pay in steps if pay["is_open"]]
    return PayingWay(
        cards=tuple(sorted(pays, key=lambda pay: _RANK[pay["step"]])),
        steps=steps,
        next=following,
        told=tuple(pay for pay in waiting if pay["step"] == "told"),
        paid_count=sum(pay["step"] == "paid" for pay in steps),
        left_vnd=sum((pay["amount_due"] for pay in waiting if pay["step"] != "told"), Decimal(0)),
        hold_until=min((pay["hold_until"] for pay in waiting if pay["hold_until"]), default=None),
        extendable=next((pay for pay in waiting if pay["may_extend"]), None),
    )


def _step(pay: dict[str, Any]) -> str:
    if pay["fulfilment"] == Fulfilment.CANCELLED:
        return "cancelled"
    if pay["order"].payment_method != PaymentMethod.TRANSFER:
        return "cash"
    if not pay["is_to_pay"]:
        return "paid"
    if not pay["is_open"]:
        return "over"
    return "told" if pay["claimed_at"] else "later"
