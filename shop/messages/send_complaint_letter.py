"""The outbox's handler of `complaint.letter`: find reader and case, write the letter as things stand now, send it."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import translation

from shop.messages import complaint_letters
from shop.messages.announce import people_to_tell
from shop.messages.announce_complaints import BUYER, OFFICER, SELLER, officers_to_tell
from shop.messages.channels.interface import OutgoingMessage
from shop.messages.channels.registry import SENDERS
from shop.messages.letter import as_html, as_text
from shop.outbox.errors import Refused


def send_complaint_letter(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """Send one letter about a case to one person.

    `payload`: {reader: buyer | seller | officer, news: changed | reminder | overdue, complaint_id[, entry_id]} or
    {reader: seller, news: refund_not_seen, refund_id}; with `user_id` for all but the buyer. Refused when something is
    gone, the reader has no address or right any more, or the news is overtaken.
    """
    if payload["news"] == "refund_not_seen":
        refund = _find(
            "payments", "Refund", payload["refund_id"], "attempt__order__merchant", "attempt__order__purchase"
        )
        if refund.buyer_says_not_seen_at is None:
            raise Refused("the buyer has seen the money meanwhile")
        address = _address_of(payload["user_id"], people_to_tell(refund.attempt.order))
        _send(address, settings.LANGUAGE_CODE, lambda: complaint_letters.refund_not_seen(refund), dedupe_key)
        return
    case = _find("complaints", "Complaint", payload["complaint_id"], "order__purchase", "merchant__commune")
    entry = None
    if "entry_id" in payload:
        entry = _find("complaints", "ComplaintEntry", payload["entry_id"])
        if entry.to_state and entry.to_state != case.state:
            raise Refused("overtaken by a later step")
    address, language = _reader(payload, case)
    _send(
        address,
        language,
        lambda: complaint_letters.about(case, reader=payload["reader"], news=payload["news"], entry=entry),
        dedupe_key,
    )


def _reader(payload: dict[str, Any], case: Any) -> tuple[str, str]:
    """The reader's address and language; the buyer's are her purchase's."""
    if payload["reader"] == BUYER:
        purchase = case.order.purchase
        if purchase is None or not purchase.buyer_email:
            raise Refused("the reader has no e-mail address any more")
        return purchase.buyer_email, purchase.language
    allowed = {SELLER: lambda: people_to_tell(case.order), OFFICER: lambda: officers_to_tell(case.merchant.commune_id)}
    return _address_of(payload["user_id"], allowed[payload["reader"]]()), settings.LANGUAGE_CODE


def _address_of(user_id: int, allowed: list[int]) -> str:
    if user_id not in allowed:
        raise Refused(f"user {user_id} has nothing to do with this case any more")
    return get_user_model().objects.get(pk=user_id).email or ""


def _find(app: str, name: str, pk: int, *related: str) -> Any:
    found = apps.get_model(app, name).objects.select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Refused(f"{name} {pk} is gone")
    return found


def _send(address: str, language: str, compose: Any, dedupe_key: str) -> None:
    with translation.override(language):
        letter = compose()
        message = OutgoingMessage(
            to=address, subject=letter.subject, text=as_text(letter), html=as_html(letter), language=language
        )
    SENDERS["email"].send(message, dedupe_key=dedupe_key)
