"""What the seller does with a case about her order: offer, refuse with a reason, carry out what was agreed.

Who may do so is asked by the view (merchants.permissions). Each function opens its own transaction; on a refusal
nothing has changed. Agreed money she sends through shop.payments.refunds; the case follows by itself (agreed_refund).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from shop.payments.models import Refund
from shop.purchase.complaints.agreed_refund import make_refund, most_to_offer
from shop.purchase.complaints.by_buyer import agreed_amount
from shop.purchase.complaints.models import (
    MONEY_REMEDIES,
    OFFERED_REMEDIES,
    Complaint,
    ComplaintOffer,
    Remedy,
    State,
)
from shop.purchase.complaints.photos import keep_photos
from shop.purchase.complaints.states import ComplaintRefused, Who, locked_complaint, take_step
from shop.purchase.complaints.writing import readable, reason_given


def offer(
    *,
    complaint: Complaint,
    who: Who,
    kind: str,
    amount_vnd: Decimal | None = None,
    text: str = "",
    photos: Sequence[bytes] = (),
    now: datetime | None = None,
) -> ComplaintOffer:
    """Propose how to set it right; an earlier open offer is replaced. A full refund is what can still go back.

    Raises ComplaintRefused: "not_listed", "no_amount", "more_than_came", "nothing_came" (no money is noted for the
    order), "agreed_already".
    """
    now = now or timezone.now()
    if kind not in OFFERED_REMEDIES:
        raise ComplaintRefused("not_listed", kind)
    with locked_complaint(complaint) as (order, fresh):
        if fresh.refund is not None and fresh.refund.state == Refund.State.DUE:
            raise ComplaintRefused("agreed_already")
        amount = None if kind == Remedy.REPLACEMENT else _sum_to_offer(kind, amount_vnd, most_to_offer(order))
        fresh.offers.filter(state=ComplaintOffer.State.OPEN).update(
            state=ComplaintOffer.State.REPLACED, answered_at=now
        )
        made = ComplaintOffer.objects.create(
            complaint=fresh, kind=kind, amount_vnd=amount, made_by=who.user, made_at=now
        )
        entry = take_step(complaint=fresh, to=State.OFFERED, who=who, text=readable(text), offer=made, now=now)
        keep_photos(entry, photos)
    return made


def refuse(
    *, complaint: Complaint, who: Who, text: str, photos: Sequence[bytes] = (), now: datetime | None = None
) -> Complaint:
    """Say no, with the reason the buyer reads; she may then call the commune. Raises "no_text", "not_listed"."""
    said = reason_given(text)
    with locked_complaint(complaint) as (_order, fresh):
        entry = take_step(complaint=fresh, to=State.REFUSED, who=who, text=said, now=now)
        keep_photos(entry, photos)
    return fresh


def goods_came_back(*, complaint: Complaint, who: Who, text: str = "", now: datetime | None = None) -> Complaint:
    """ "Hàng đã về": the agreed money is due now, whether or not the buyer said that she had sent the goods.

    What comes back is not put on the shelf by itself: the seller looks at it and counts (goods pages).
    Raises "not_listed".
    """
    with locked_complaint(complaint) as (order, fresh):
        is_return = fresh.remedy == Remedy.RETURN_REFUND and fresh.goods_back_at is None
        if not is_return or fresh.state not in {State.RETURNING, State.AGREED}:
            raise ComplaintRefused("not_listed")
        fresh.goods_back_at = now or timezone.now()
        if fresh.refund is None:
            fresh.refund = make_refund(order, amount_vnd=agreed_amount(fresh), who=who)
        take_step(complaint=fresh, to=State.AGREED, who=who, text=readable(text), now=now)
    return fresh


def carry_out(
    *, complaint: Complaint, who: Who, text: str = "", photos: Sequence[bytes] = (), now: datetime | None = None
) -> Complaint:
    """Say that it is done: the goods are sent anew, or money that the buyer has not seen was sent after all.

    Money that is still due is marked as sent by shop.payments.refunds.mark_refund_sent, not here. Raises
    ComplaintRefused: "send_the_money", "nothing_agreed", "no_text" (money not seen wants an explanation), "not_listed".
    """
    with locked_complaint(complaint) as (_order, fresh):
        if not fresh.remedy:
            raise ComplaintRefused("nothing_agreed")
        said = readable(text)
        if fresh.remedy in MONEY_REMEDIES:
            if fresh.refund is None or fresh.refund.state != Refund.State.SENT:
                raise ComplaintRefused("send_the_money")
            said = reason_given(text)
        entry = take_step(complaint=fresh, to=State.CARRIED_OUT, who=who, text=said, now=now)
        keep_photos(entry, photos)
    return fresh


def _sum_to_offer(kind: str, asked: Decimal | None, most: Decimal) -> Decimal:
    if not most:
        raise ComplaintRefused("nothing_came")
    if kind == Remedy.FULL_REFUND:
        return most
    if asked is None or asked <= 0 or asked % 1:
        raise ComplaintRefused("no_amount")
    if asked > most:
        raise ComplaintRefused("more_than_came")
    return asked.quantize(Decimal(1))
