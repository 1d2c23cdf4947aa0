"""Who is told what when something happens: each piece of news becomes one letter per reader in the outbox.

These are the outbox's handlers of `purchase.placed` and `order.changed`. They send nothing themselves: each letter is a
message of its own (`letter.send`), so that one dead mailbox does not send everybody else the same letter again.
"""

import hashlib
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from merchants.models import Membership
from shop.messages.channels.registry import SENDERS
from shop.order.models import Fulfilment, Order, OrderTransition, Payment
from shop.outbox.enqueue import enqueue
from shop.outbox.errors import Refused

TOLD_ROLES = (Membership.Role.OWNER, Membership.Role.SELLER)

_TO_BUYER = {
    (OrderTransition.Axis.PAYMENT, Payment.PAID): "buyer.order_paid",
    (OrderTransition.Axis.PAYMENT, Payment.PART_PAID): "buyer.order_part_paid",
    (OrderTransition.Axis.PAYMENT, Payment.REFUNDED): "buyer.order_refunded",
    (OrderTransition.Axis.FULFILMENT, Fulfilment.CONFIRMED): "buyer.order_confirmed",
    (OrderTransition.Axis.FULFILMENT, Fulfilment.SENT): "buyer.order_sent",
    (OrderTransition.Axis.FULFILMENT, Fulfilment.CANCELLED): "buyer.order_cancelled",
}
_TO_SELLER = {
    (OrderTransition.Axis.PAYMENT, Payment.PAID): "seller.order_paid",
    (OrderTransition.Axis.FULFILMENT, Fulfilment.CANCELLED): "seller.order_cancelled",
    (OrderTransition.Axis.FULFILMENT, Fulfilment.DELIVERED): "seller.order_received",
}


def announce_purchase(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """`purchase.placed` {purchase_id}: one letter to the buyer, one to each of each business's people.

    Refused when the purchase is gone. May be called again with the same key: no letter is written twice.
    """
    purchase = apps.get_model("purchase", "Purchase").objects.filter(pk=payload["purchase_id"]).first()
    if purchase is None:
        raise Refused(f"purchase {payload['purchase_id']} is gone")
    with transaction.atomic():
        if purchase.buyer_email:
            _write(dedupe_key, letter="buyer.purchase_placed", purchase_id=purchase.pk)
        for order in purchase.orders.order_by("pk"):
            _write_to_people(dedupe_key, letter="seller.new_order", order=order)


def announce_order_change(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """`order.changed` {order_id, transition_id}: letters to the buyer, and to the seller about what others did.

    Nothing is written about a step that a later one has overtaken, or for which no letter exists. Refused when the
    order or the step is gone. May be called again with the same key.
    """
    step = (
        OrderTransition.objects.filter(pk=payload["transition_id"], order_id=payload["order_id"])
        .select_related("order__purchase")
        .first()
    )
    if step is None:
        raise Refused(f"step {payload['transition_id']} of order {payload['order_id']} is gone")
    order = step.order
    if is_overtaken(step):
        return
    news = (step.axis, step.to_state)
    with transaction.atomic():
        if news in _TO_BUYER and _has_reader(order):
            _write(dedupe_key, letter=_TO_BUYER[news], order_id=order.pk, transition_id=step.pk)
        if news in _TO_SELLER and step.by != OrderTransition.By.SELLER:
            _write_to_people(dedupe_key, letter=_TO_SELLER[news], order=order, transition_id=step.pk)


def is_overtaken(step: OrderTransition) -> bool:
    """Whether the order has meanwhile left the state of this step, so that a letter about it would mislead.

    Only a cancellation overtakes a step of fulfilment: a parcel that is sent was also confirmed, and both may be told.
    """
    if step.axis == OrderTransition.Axis.PAYMENT:
        return step.order.payment != step.to_state
    is_cancelled = step.order.fulfilment == Fulfilment.CANCELLED
    return is_cancelled != (step.to_state == Fulfilment.CANCELLED)


def people_to_tell(order: Order) -> list[int]:
    """Ids of the users with an e-mail address who own or sell for the order's business today."""
    members = Membership.objects.in_force(timezone.now()).filter(
        merchant_id=order.merchant_id, role__in=TOLD_ROLES, user__is_active=True, user__email__isnull=False
    )
    return list(members.order_by("user_id").values_list("user_id", flat=True).distinct())


def _has_reader(order: Order) -> bool:
    return order.purchase is not None and bool(order.purchase.buyer_email)


def _write_to_people(news_key: str, *, letter: str, order: Order, **ids: int) -> None:
    for user_id in people_to_tell(order):
        _write(news_key, letter=letter, order_id=order.pk, user_id=user_id, **ids)


def write_to_buyer(*, letter: str, purchase_id: int, news_key: str, **facts: str) -> None:
    """Put one letter to a purchase's buyer into the outbox, in the caller's transaction; once for each `news_key`.

    `facts` go along as they are: a secret among them is sealed by the caller. Nothing where no channel is set up.
    """
    _write(news_key, letter=letter, purchase_id=purchase_id, **facts)


def _write(news_key: str, *, letter: str, **ids: int | str) -> None:
    """Put one letter into the outbox; nothing where no channel is set up, because old news would come out later."""
    if not SENDERS["email"].is_configured():
        return
    what = "|".join([news_key, letter, *(f"{name}={ids[name]}" for name in sorted(ids))])
    key = f"letter-{hashlib.sha256(what.encode()).hexdigest()[:40]}"
    enqueue(kind="letter.send", payload={"letter": letter, **ids}, dedupe_key=key)
