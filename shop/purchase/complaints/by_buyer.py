"""What the buyer does with her case. Whoever holds the purchase's secret address is the buyer.

Each function opens its own transaction; on a refusal nothing has changed.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from shop.payments.models import Refund
from shop.payments.refunds import buyer_says_not_seen, buyer_says_seen
from shop.purchase.complaints.agreed_refund import make_refund, waive_refund
from shop.purchase.complaints.models import (
    MONEY_REMEDIES,
    Complaint,
    ComplaintOffer,
    Remedy,
    State,
)
from shop.purchase.complaints.photos import keep_photos
from shop.purchase.complaints.states import THE_BUYER, ComplaintRefused, locked_complaint, may_go, take_step
from shop.purchase.complaints.writing import readable

Offer = ComplaintOffer.State
_WAITS_FOR_THE_SELLER = (State.OPEN, State.AGREED)


def may_escalate(complaint: Complaint, *, now: datetime) -> bool:
    """Whether the buyer may call the commune now: while it is the seller's turn only when her time is over."""
    is_sellers_turn = complaint.state in _WAITS_FOR_THE_SELLER
    in_time = complaint.due_at is not None and now <= complaint.due_at
    return may_go(complaint, State.ESCALATED, by=THE_BUYER.by) and not (is_sellers_turn and in_time)


def accept_offer(*, complaint: Complaint, offer_id: int, now: datetime | None = None) -> Complaint:
    """Take the offer that the page showed; agreed money becomes a refund that is due.

    Raises ComplaintRefused: "offer_gone" (another took its place), "more_than_came", "not_listed".
    """
    with locked_complaint(complaint) as (order, fresh):
        offer = _open_offer(fresh, offer_id)
        offer.state, offer.answered_at = Offer.ACCEPTED, now or timezone.now()
        offer.save(update_fields=["state", "answered_at"])
        fresh.remedy = offer.kind
        to = State.RETURNING if offer.kind == Remedy.RETURN_REFUND else State.AGREED
        if offer.kind in MONEY_REMEDIES and to == State.AGREED and offer.amount_vnd is not None:
            fresh.refund = make_refund(order, amount_vnd=offer.amount_vnd, who=THE_BUYER)
        take_step(complaint=fresh, to=to, who=THE_BUYER, offer=offer, now=now)
    return fresh


def decline_offer(*, complaint: Complaint, offer_id: int, text: str = "", now: datetime | None = None) -> Complaint:
    """Say no to the offer: the seller may think again, or the commune goes on looking. Raises "offer_gone"."""
    with locked_complaint(complaint) as (_order, fresh):
        offer = _open_offer(fresh, offer_id)
        offer.state, offer.answered_at = Offer.DECLINED, now or timezone.now()
        offer.save(update_fields=["state", "answered_at"])
        to = State.ESCALATED if fresh.escalated_at else State.OPEN
        take_step(complaint=fresh, to=to, who=THE_BUYER, text=readable(text), offer=offer, now=now)
    return fresh


def escalate(*, complaint: Complaint, text: str = "", now: datetime | None = None) -> Complaint:
    """Call the commune: its officers see the case from now on. Raises "seller_has_time", "not_listed"."""
    now = now or timezone.now()
    with locked_complaint(complaint) as (_order, fresh):
        if may_go(fresh, State.ESCALATED, by=THE_BUYER.by) and not may_escalate(fresh, now=now):
            raise ComplaintRefused("seller_has_time")
        _leave_open_offer(fresh, now)
        take_step(complaint=fresh, to=State.ESCALATED, who=THE_BUYER, text=readable(text), now=now)
        if fresh.refund is not None and fresh.refund.state == Refund.State.SENT:
            buyer_says_not_seen(refund=fresh.refund)
    return fresh


def withdraw(*, complaint: Complaint, text: str = "", now: datetime | None = None) -> Complaint:
    """Close the case for good; a refund that it brought about and that is not sent yet is let go."""
    now = now or timezone.now()
    with locked_complaint(complaint) as (order, fresh):
        _leave_open_offer(fresh, now)
        take_step(complaint=fresh, to=State.WITHDRAWN, who=THE_BUYER, text=readable(text), now=now)
        waive_refund(order, fresh, who=THE_BUYER)
    return fresh


def send_goods_back(
    *, complaint: Complaint, text: str = "", photos: Sequence[bytes] = (), now: datetime | None = None
) -> Complaint:
    """ "Tôi đã gửi trả": the agreed money is due from now on. Raises "not_listed", "more_than_came"."""
    with locked_complaint(complaint) as (order, fresh):
        if fresh.state != State.RETURNING:
            raise ComplaintRefused("not_listed")
        fresh.goods_sent_back_at = now or timezone.now()
        fresh.refund = make_refund(order, amount_vnd=agreed_amount(fresh), who=THE_BUYER)
        entry = take_step(complaint=fresh, to=State.AGREED, who=THE_BUYER, text=readable(text), now=now)
        keep_photos(entry, photos)
    return fresh


def confirm_carried_out(*, complaint: Complaint, now: datetime | None = None) -> Complaint:
    """ "Đã nhận": the case is settled."""
    with locked_complaint(complaint) as (_order, fresh):
        take_step(complaint=fresh, to=State.RESOLVED, who=THE_BUYER, now=now)
        if fresh.refund is not None:
            buyer_says_seen(refund=fresh.refund)
    return fresh


def has_not_come(
    *, complaint: Complaint, text: str = "", photos: Sequence[bytes] = (), now: datetime | None = None
) -> Complaint:
    """ "Chưa thấy": what the seller says she sent is not there; it is her turn again. Raises "not_listed"."""
    with locked_complaint(complaint) as (_order, fresh):
        if fresh.state != State.CARRIED_OUT:  # the table lists other ways to “agreed” for the buyer, too
            raise ComplaintRefused("not_listed")
        entry = take_step(complaint=fresh, to=State.AGREED, who=THE_BUYER, text=readable(text), now=now)
        if fresh.refund is not None and fresh.refund.state == Refund.State.SENT:
            buyer_says_not_seen(refund=fresh.refund)
        keep_photos(entry, photos)
    return fresh


def agreed_amount(complaint: Complaint) -> Decimal:
    """What the accepted offer promises, whole dong. Raises ComplaintRefused("offer_gone") where no money was agreed."""
    offer = complaint.offers.filter(state=Offer.ACCEPTED).order_by("-pk").first()
    if offer is None or offer.amount_vnd is None:
        raise ComplaintRefused("offer_gone")
    return offer.amount_vnd


def _open_offer(complaint: Complaint, offer_id: int) -> ComplaintOffer:
    offer = complaint.offers.filter(state=Offer.OPEN, pk=offer_id).first()
    if offer is None or complaint.state != State.OFFERED:
        raise ComplaintRefused("offer_gone")
    return offer


def _leave_open_offer(complaint: Complaint, now: datetime) -> None:
    complaint.offers.filter(state=Offer.OPEN).update(state=Offer.DECLINED, answered_at=now)
