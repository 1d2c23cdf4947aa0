"""Who is told what about a complaint: each piece of news becomes one letter per reader in the outbox.

Handlers of `complaint.changed`, `complaint.due` and `refund.not_seen`. Complaints lie above this package: they are
fetched by name.
"""

import hashlib
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from merchants.models import Membership
from shop.messages.announce import people_to_tell
from shop.messages.channels.registry import SENDERS
from shop.order.models import OrderTransition
from shop.outbox.enqueue import enqueue
from shop.outbox.errors import Refused

By = OrderTransition.By
BUYER, SELLER, OFFICER = "buyer", "seller", "officer"

# Whom a step concerns beside the one who took it.
READERS_OF_STEP: dict[str, tuple[str, ...]] = {
    "open": (BUYER, SELLER),
    "offered": (BUYER,),
    "refused": (BUYER,),
    "returning": (SELLER,),
    "agreed": (BUYER, SELLER),
    "carried_out": (BUYER,),
    "escalated": (BUYER, SELLER, OFFICER),
    "resolved": (BUYER, SELLER),
    "withdrawn": (BUYER, SELLER),
    "lapsed": (BUYER, SELLER),
    "advised": (BUYER, SELLER),
}
READERS_OF_WORDS: dict[str, tuple[str, ...]] = {By.BUYER: (SELLER,), By.SELLER: (BUYER,), By.OFFICER: (BUYER, SELLER)}
WHOSE_TURN: dict[str, str] = {
    "open": SELLER,
    "agreed": SELLER,
    "offered": BUYER,
    "refused": BUYER,
    "returning": BUYER,
    "carried_out": BUYER,
    "escalated": OFFICER,
}
OFFICERS = (Membership.Role.OFFICER, Membership.Role.HEAD_OFFICER)


def announce_complaint(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """`complaint.changed` {complaint_id, entry_id}: letters to whom it concerns, but not to the one who did it.

    Only the buyer hears of her own filing: the letter keeps the case number for her. Nothing is written about a step
    that a later one has overtaken. Refused when the entry is gone.
    """
    entries = apps.get_model("complaints", "ComplaintEntry").objects.select_related("complaint__order__purchase")
    entry = entries.filter(pk=payload["entry_id"], complaint_id=payload["complaint_id"]).first()
    if entry is None:
        raise Refused(f"entry {payload['entry_id']} of complaint {payload['complaint_id']} is gone")
    case = entry.complaint
    if entry.to_state and entry.to_state != case.state:
        return
    readers = READERS_OF_STEP[entry.to_state] if entry.to_state else READERS_OF_WORDS[entry.by]
    is_filing = bool(entry.to_state) and not entry.from_state
    with transaction.atomic():
        for reader in readers:
            if reader != entry.by or (is_filing and reader == BUYER):
                _write_to(reader, case, dedupe_key, news="changed", entry_id=entry.pk)


def announce_due(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """`complaint.due` {complaint_id, state, is_overdue}: a letter to whose turn it is, if it still is."""
    cases = apps.get_model("complaints", "Complaint").objects.select_related("order__purchase")
    case = cases.filter(pk=payload["complaint_id"]).first()
    if case is None:
        raise Refused(f"complaint {payload['complaint_id']} is gone")
    if case.state != payload["state"]:
        return
    with transaction.atomic():
        _write_to(WHOSE_TURN[case.state], case, dedupe_key, news="overdue" if payload["is_overdue"] else "reminder")


def announce_refund_not_seen(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """`refund.not_seen` {refund_id}: the seller is asked to look after money that the buyer has not seen."""
    refunds = apps.get_model("payments", "Refund").objects.select_related("attempt__order")
    refund = refunds.filter(pk=payload["refund_id"]).first()
    if refund is None:
        raise Refused(f"refund {payload['refund_id']} is gone")
    if refund.buyer_says_not_seen_at is None:
        return
    with transaction.atomic():
        for user_id in people_to_tell(refund.attempt.order):
            _write(dedupe_key, news="refund_not_seen", reader=SELLER, user_id=user_id, refund_id=refund.pk)


def officers_to_tell(commune_id: int) -> list[int]:
    """Ids of the commune's officers of today with an e-mail address."""
    members = Membership.objects.in_force(timezone.now()).filter(
        commune_id=commune_id, role__in=OFFICERS, user__is_active=True, user__email__isnull=False
    )
    return list(members.order_by("user_id").values_list("user_id", flat=True).distinct())


def _write_to(reader: str, case: Any, news_key: str, **letter: Any) -> None:
    if reader == BUYER:
        if case.order.purchase is not None and case.order.purchase.buyer_email:
            _write(news_key, reader=reader, complaint_id=case.pk, **letter)
        return
    people = people_to_tell(case.order) if reader == SELLER else officers_to_tell(case.merchant.commune_id)
    for user_id in people:
        _write(news_key, reader=reader, user_id=user_id, complaint_id=case.pk, **letter)


def _write(news_key: str, **letter: Any) -> None:
    """Put one letter into the outbox; nothing where no channel is set up, because old news would come out later."""
    if not SENDERS["email"].is_configured():
        return
    what = "|".join([news_key, *(f"{name}={letter[name]}" for name in sorted(letter))])
    enqueue(
        kind="complaint.letter",
        payload=letter,
        dedupe_key=f"complaint-letter-{hashlib.sha256(what.encode()).hexdigest()[:40]}",
    )
