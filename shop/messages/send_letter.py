"""The outbox's handler of `letter.send`: find reader and subject, write the letter as things stand now, send it."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import translation

from merchants.sealed_text import unseal
from shop.messages import buyer_letters, seller_letters
from shop.messages.announce import is_overtaken, people_to_tell
from shop.messages.channels.interface import OutgoingMessage
from shop.messages.channels.registry import SENDERS
from shop.messages.letter import Letter, as_html, as_text
from shop.order.models import Order, OrderTransition
from shop.outbox.errors import Refused


def send_letter(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """Send one letter to one person by e-mail.

    `payload`: {letter, purchase_id[, code_sealed]} or {letter, order_id[, transition_id]}; with `user_id` the reader
    is that person, else the buyer. Refused when one of them is gone, has no address or right any more, or the news
    is overtaken.
    """
    purchase, order, step = _subject_of(payload)
    if "user_id" in payload:
        address, language = _address_of_member(payload["user_id"], order), settings.LANGUAGE_CODE
    else:
        address, language = purchase.buyer_email, purchase.language
    if not address:
        raise Refused("the reader has no e-mail address any more")
    with translation.override(language):
        if payload["letter"] == "buyer.mailbox_code":
            letter = buyer_letters.mailbox_code(purchase, code=unseal(payload["code_sealed"]))
        else:
            letter = _compose(payload["letter"], purchase=purchase, order=order, step=step)
        message = OutgoingMessage(
            to=address, subject=letter.subject, text=as_text(letter), html=as_html(letter), language=language
        )
    SENDERS["email"].send(message, dedupe_key=dedupe_key)


def _subject_of(payload: dict[str, Any]) -> tuple[Any, Order | None, OrderTransition | None]:
    if "purchase_id" in payload:
        purchase = apps.get_model("purchase", "Purchase").objects.filter(pk=payload["purchase_id"]).first()
        if purchase is None:
            raise Refused(f"purchase {payload['purchase_id']} is gone")
        return purchase, None, None
    order = Order.objects.filter(pk=payload["order_id"]).select_related("purchase", "merchant").first()
    if order is None or order.purchase is None:
        raise Refused(f"order {payload['order_id']} is gone")
    step = None
    if "transition_id" in payload:
        step = OrderTransition.objects.filter(pk=payload["transition_id"], order=order).select_related("order").first()
        if step is None:
            raise Refused(f"step {payload['transition_id']} of order {payload['order_id']} is gone")
        if is_overtaken(step):
            raise Refused("overtaken by a later step")
    return order.purchase, order, step


def _address_of_member(user_id: int, order: Order | None) -> str:
    if order is None or user_id not in people_to_tell(order):
        raise Refused(f"user {user_id} no longer works for this business")
    return get_user_model().objects.get(pk=user_id).email or ""


def _compose(name: str, *, purchase: Any, order: Order | None, step: OrderTransition | None) -> Letter:
    """Write the letter of that name (announce.py says which there are)."""
    if name == "buyer.purchase_placed":
        return buyer_letters.purchase_placed(purchase)
    if name == "buyer.code_issued":
        return buyer_letters.code_issued(purchase)
    if order is None:
        raise Refused(f"letter {name} needs an order")
    by = step.by if step is not None else ""
    match name:
        case "seller.new_order":
            return seller_letters.new_order(order)
        case "seller.order_paid":
            return seller_letters.order_paid(order, by=by)
        case "seller.order_cancelled":
            return seller_letters.order_cancelled(order)
        case "seller.order_received":
            return seller_letters.order_received(order)
        case "buyer.order_paid":
            return buyer_letters.order_paid(order, by=by)
        case "buyer.order_part_paid":
            return buyer_letters.order_part_paid(order)
        case "buyer.order_refunded":
            return buyer_letters.order_refunded(order)
        case "buyer.order_confirmed":
            return buyer_letters.order_confirmed(order)
        case "buyer.order_sent":
            return buyer_letters.order_sent(order)
        case "buyer.order_cancelled":
            return buyer_letters.order_cancelled(order)
    raise Refused(f"there is no letter {name}")
