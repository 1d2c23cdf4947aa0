"""The money of a complaint: what may be offered, the refund that an agreement makes, and how the case follows it."""

from decimal import Decimal
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_noop

from shop.order.models import Fulfilment, Order, OrderTransition
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.refunds import refund_due, refundable_vnd, withdraw_refund
from shop.payments.signals import attempt_changed
from shop.purchase.complaints.models import Complaint, Remedy, State
from shop.purchase.complaints.states import THE_CLOCK, ComplaintRefused, Who, locked_complaint, take_step
from shop.users.models import User

By = OrderTransition.By

# Stored as the refund's reason and translated when shown.
AGREED_IN_COMPLAINT = gettext_noop("Agreed after a complaint.")
ORDER_GOES_ON = gettext_noop("The order goes on, so nothing has to go back.")

_FOLLOWS = (State.AGREED, State.CARRIED_OUT, State.ESCALATED, State.ADVISED, State.RESOLVED)


def attempt_to_refund(order: Order) -> PaymentAttempt | None:
    """The attempt from which most can still go back; None where no money is."""
    attempts = list(PaymentAttempt.objects.filter(order=order, allocated_vnd__gt=0).order_by("pk"))
    return max(attempts, key=refundable_vnd, default=None)


def most_to_offer(order: Order) -> Decimal:
    """What came for the order and is not promised back yet, whole dong: no offer may be more."""
    attempt = attempt_to_refund(order)
    return refundable_vnd(attempt) if attempt is not None else Decimal(0)


def make_refund(order: Order, *, amount_vnd: Decimal, who: Who) -> Refund:
    """Note the agreed sum as due; the caller holds the order. Raises ComplaintRefused("more_than_came")."""
    attempt = attempt_to_refund(order)
    if attempt is None:
        raise ComplaintRefused("more_than_came")
    try:
        return refund_due(
            attempt=attempt,
            amount_vnd=amount_vnd,
            reason=AGREED_IN_COMPLAINT,
            by=who.by,
            actor=who.user,
            on_behalf_of=who.on_behalf_of,
            request=who.request,
        )
    except PaymentRefused as refused:
        raise ComplaintRefused("more_than_came", refused.code) from refused


def waive_refund(order: Order, complaint: Complaint, *, who: Who) -> None:
    """Let the refund of a withdrawn complaint go, unless it was sent, or was owed before and without it."""
    refund = complaint.refund
    if refund is None or refund.state != Refund.State.DUE:
        return
    if complaint.remedy == Remedy.OWED_REFUND or order.fulfilment == Fulfilment.CANCELLED:
        return
    withdraw_refund(refund=refund, actor=who.user, by=who.by)


@receiver(attempt_changed, dispatch_uid="complaint_follows_its_refund")
def complaint_follows_its_refund(
    attempt: PaymentAttempt, by: str, actor: User | None, reason: str, **_kwargs: Any
) -> None:
    """Move the case when its refund is sent, taken back or withdrawn; in payments' transaction and locks.

    Raises CannotAccept("another_open") when a settled case would reopen beside a newer one.
    """
    if reason != "refund":
        return
    for found in Complaint.objects.filter(refund__attempt=attempt, state__in=_FOLLOWS):
        with locked_complaint(found) as (_order, complaint):
            try:
                _follow(complaint, by=by, actor=actor)
            except ComplaintRefused as refused:
                raise CannotAccept(refused.code) from refused


def _follow(complaint: Complaint, *, by: str, actor: User | None) -> None:
    assert complaint.refund is not None  # noqa: S101  # the query asked for it
    refund = complaint.refund.state
    seller = Who(By.SELLER, actor)
    if refund == Refund.State.SENT and complaint.state in {State.AGREED, State.ESCALATED, State.ADVISED}:
        if complaint.refund.buyer_says_not_seen_at is None:
            take_step(complaint=complaint, to=State.CARRIED_OUT, who=seller)
    elif refund == Refund.State.DUE and complaint.state in {State.CARRIED_OUT, State.RESOLVED} and by == By.SELLER:
        take_step(complaint=complaint, to=State.AGREED, who=seller)
    elif refund == Refund.State.WITHDRAWN and complaint.state in {State.AGREED, State.ESCALATED}:
        take_step(complaint=complaint, to=State.WITHDRAWN, who=THE_CLOCK, text=ORDER_GOES_ON)
