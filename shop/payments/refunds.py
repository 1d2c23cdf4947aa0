"""Money that must go back: noted as due, sent by the seller from her own account, said so by her.

The platform moves no money. The order's payment state follows in shop.purchase, which hears `attempt_changed`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.models.merchant import Merchant
from shop.locks import locked_orders
from shop.order.models import OrderTransition
from shop.outbox.enqueue import enqueue
from shop.payments.allocations import promised_back_vnd
from shop.payments.errors import PaymentRefused
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.signals import attempt_changed
from shop.users.models import User

By = OrderTransition.By
DUE, SENT, WITHDRAWN = Refund.State.DUE, Refund.State.SENT, Refund.State.WITHDRAWN


def refundable_vnd(attempt: PaymentAttempt) -> Decimal:
    """What came for the attempt and is not yet promised back."""
    return attempt.allocated_vnd - promised_back_vnd(attempt)


@transaction.atomic
def refund_due(
    *,
    attempt: PaymentAttempt,
    amount_vnd: Decimal,
    reason: str,
    by: str = By.SYSTEM,
    actor: User | None = None,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Refund:
    """Note that `amount_vnd` must go back to the buyer, and why; each call notes another amount.

    May be called by one who already holds the order's locks (a cancellation). Raises PaymentRefused:
    "not_whole_dong", "more_than_came", "no_reason".
    """
    if not reason.strip():
        raise PaymentRefused("no_reason")
    if amount_vnd <= 0 or amount_vnd % 1:
        raise PaymentRefused("not_whole_dong")
    with locked_orders(order_ids=[attempt.order_id], with_stock=False) as rows:
        locked: PaymentAttempt = rows.attempts[attempt.pk]
        if amount_vnd > refundable_vnd(locked):
            raise PaymentRefused("more_than_came")
        refund = Refund.objects.create(
            attempt=locked, amount_vnd=amount_vnd.quantize(Decimal(1)), reason=reason.strip()[:200]
        )
        _announce("refund.due", refund, "", by=by, actor=actor, on_behalf_of=on_behalf_of, request=request)
    return refund


def mark_refund_sent(
    *, refund: Refund, actor: User, on_behalf_of: Merchant | None = None, request: HttpRequest | None = None
) -> Refund:
    """Note that the seller has sent it back. PaymentRefused("not_due") otherwise, so pressing twice is harmless."""
    return _move(refund, DUE, SENT, "not_due", "refund.sent", actor, on_behalf_of, request)


def undo_refund_sent(
    *, refund: Refund, actor: User, on_behalf_of: Merchant | None = None, request: HttpRequest | None = None
) -> Refund:
    """Take "sent back" back. Raises PaymentRefused("not_sent") otherwise."""
    return _move(refund, SENT, DUE, "not_sent", "refund.sent_undone", actor, on_behalf_of, request)


def withdraw_refund(
    *,
    refund: Refund,
    actor: User | None,
    by: str = By.SELLER,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Refund:
    """Note that it need not go back after all (the buyer keeps the goods). Raises PaymentRefused("not_due").

    A buyer without an account may waive it: `by` says so, `actor` is None.
    """
    return _move(refund, DUE, WITHDRAWN, "not_due", "refund.withdrawn", actor, on_behalf_of, request, by=by)


def buyer_says_not_seen(*, refund: Refund) -> Refund:
    """Note the buyer's "chưa thấy" about money that the seller says she sent; moves no money, keeps the first time.

    The seller is told. Raises PaymentRefused("not_sent").
    """
    with _locked(refund) as locked:
        if locked.state != SENT:
            raise PaymentRefused("not_sent")
        if locked.buyer_says_not_seen_at is None:
            locked.buyer_says_not_seen_at = timezone.now()
            locked.save(update_fields=["buyer_says_not_seen_at"])
            enqueue(kind="refund.not_seen", payload={"refund_id": locked.pk})
    return locked


def buyer_says_seen(*, refund: Refund) -> Refund:
    """Take "chưa thấy" back; may be called twice."""
    with _locked(refund) as locked:
        locked.buyer_says_not_seen_at = None
        locked.save(update_fields=["buyer_says_not_seen_at"])
    return locked


@contextmanager
def _locked(refund: Refund) -> Iterator[Refund]:
    """Lock the order, its attempts, then the refund; hand the refund out fresh."""
    with locked_orders(order_ids=[refund.attempt.order_id], with_stock=False):
        yield Refund.objects.select_for_update(of=("self",)).select_related("attempt__order").get(pk=refund.pk)


def _move(
    refund: Refund,
    from_state: str,
    to_state: str,
    code: str,
    action: str,
    actor: User | None,
    on_behalf_of: Merchant | None,
    request: HttpRequest | None,
    *,
    by: str = By.SELLER,
) -> Refund:
    with _locked(refund) as locked:
        if locked.state != from_state:
            raise PaymentRefused(code)
        locked.state = to_state
        locked.sent_at = timezone.now() if to_state == SENT else None
        locked.sent_by = actor if to_state == SENT else None
        locked.buyer_says_not_seen_at = None
        locked.save(update_fields=["state", "sent_at", "sent_by", "buyer_says_not_seen_at"])
        _announce(action, locked, from_state, by=by, actor=actor, on_behalf_of=on_behalf_of, request=request)
    return locked


def _announce(
    action: str,
    refund: Refund,
    from_state: str,
    *,
    by: str,
    actor: User | None,
    on_behalf_of: Merchant | None,
    request: HttpRequest | None,
) -> None:
    order = refund.attempt.order
    attempt_changed.send(sender=PaymentAttempt, attempt=refund.attempt, by=by, actor=actor, reason="refund")
    audit.record(
        action=action,
        obj=refund,
        actor=actor,
        actor_label="" if actor else by,
        on_behalf_of=on_behalf_of,
        commune=order.merchant.commune if order.merchant else None,
        before={"state": from_state} if from_state else None,
        after={"state": refund.state, "amount_vnd": str(refund.amount_vnd), "order": order.number},
        request=request,
    )
