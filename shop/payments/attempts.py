"""The only code that changes a PaymentAttempt.

Every function expects to run inside the caller's transaction, with the order and then the attempt locked
(shop.locks); each sends `attempt_changed` after the change, in the same transaction.

    open ──money reaches the amount──▶ settled ──an allocation is undone──▶ open
    open ──the hold runs out──▶ expired        ┐ a person accepts late money:
    open ──the order is cancelled──▶ cancelled ┘ settled, or open again while part of it is missing
"""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from merchants.models.bank_account import BankAccount
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.payload import encode
from shop.order.models import Fulfilment, Order, OrderTransition
from shop.payments.errors import PaymentRefused
from shop.payments.models import Allocation, PaymentAttempt
from shop.payments.signals import attempt_changed, attempt_remarked
from shop.users.models import User

By = OrderTransition.By


def open_transfer_attempt(
    *, order: Order, account: BankAccount, amount_vnd: Decimal, expires_at: datetime | None
) -> PaymentAttempt:
    """Ask for `amount_vnd` on `account` with the order's number as memo, and make the one-time VietQR for it.

    The account is copied as shown: a later change of account leaves open attempts as they are (DESIGN §4).
    `expires_at` None: no end. Raises PaymentRefused: "not_whole_dong", "foreign_account" (another merchant's),
    "account_ended", "card_number"; IntegrityError when the order already has an open attempt. Not to be called twice.
    """
    amount = _whole_dong(amount_vnd)
    if account.merchant_id != order.merchant_id:
        raise PaymentRefused("foreign_account")
    if account.status != BankAccount.Status.ACTIVE:
        raise PaymentRefused("account_ended")
    if looks_like_card_number(account.number):
        raise PaymentRefused("card_number")
    return PaymentAttempt.objects.create(
        order=order,
        method=PaymentAttempt.Method.TRANSFER,
        amount_vnd=amount,
        reference=order.number,
        account=account,
        bank_code=account.bank_code,
        bank_bin=account.bank_bin,
        account_number=account.number,
        holder_name=account.holder_name,
        payload=encode(bin=account.bank_bin, account=account.number, amount=amount, memo=order.number),
        expires_at=expires_at,
    )


def open_cash_attempt(*, order: Order, amount_vnd: Decimal) -> PaymentAttempt:
    """Note that `amount_vnd` is to be collected at the door; has no end. Not to be called twice."""
    return PaymentAttempt.objects.create(
        order=order,
        method=PaymentAttempt.Method.CASH,
        amount_vnd=_whole_dong(amount_vnd),
        reference=order.number,
    )


def extend_attempt(*, attempt: PaymentAttempt, expires_at: datetime | None) -> PaymentAttempt:
    """Move the end of an open attempt, or take it away (None). Raises PaymentRefused("not_open")."""
    if attempt.state != PaymentAttempt.State.OPEN:
        raise PaymentRefused("not_open")
    attempt.expires_at = expires_at
    attempt.save(update_fields=["expires_at"])
    return attempt


def expire_attempt(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """Close an open attempt because its time ran out; money that comes later is left for a person.

    One that is not open stays as it is, so this may be called twice.
    """
    return _close(attempt, PaymentAttempt.State.EXPIRED, by=By.SYSTEM, actor=None, reason="expired")


def cancel_attempt(*, attempt: PaymentAttempt, by: str = By.SYSTEM, actor: User | None = None) -> PaymentAttempt:
    """Close an open attempt because its order was cancelled. A settled one stays settled: the money did come.

    May be called twice.
    """
    return _close(attempt, PaymentAttempt.State.CANCELLED, by=by, actor=actor, reason="cancelled")


def count_allocations(
    *, attempt: PaymentAttempt, by: str, actor: User | None, reason: str, reopens: bool = False
) -> PaymentAttempt:
    """Set allocated_vnd to what the standing allocations add up to, and the state to what follows from it.

    `reopens`: a person set money against a closed attempt; while part of it is missing it is open again, without
    an end. Sends `attempt_changed` even when the sum is the same (one evidence may have replaced another).
    For shop.payments.reconciliation only. May be called twice.
    """
    standing = Allocation.objects.filter(attempt=attempt, undone_at__isnull=True)
    attempt.allocated_vnd = standing.aggregate(sum=Sum("amount_vnd"))["sum"] or Decimal(0)
    is_open = attempt.state == PaymentAttempt.State.OPEN
    if attempt.allocated_vnd >= attempt.amount_vnd:
        attempt.state = PaymentAttempt.State.SETTLED
    elif attempt.state == PaymentAttempt.State.SETTLED or (reopens and not is_open):
        attempt.state = _state_of_a_reopened(attempt)
        attempt.expires_at = None
    attempt.closed_at = None if attempt.state == PaymentAttempt.State.OPEN else attempt.closed_at or timezone.now()
    attempt.save(update_fields=["allocated_vnd", "state", "expires_at", "closed_at"])
    attempt_changed.send(sender=PaymentAttempt, attempt=attempt, by=by, actor=actor, reason=reason)
    if attempt.state == PaymentAttempt.State.OPEN and _order_is_over(attempt):
        # The order took the money (it must go back) but did not come back itself: nothing more is asked for.
        attempt.state = PaymentAttempt.State.CANCELLED
        attempt.closed_at = timezone.now()
        attempt.save(update_fields=["state", "closed_at"])
    return attempt


def remark(*, attempt: PaymentAttempt, by: str, actor: User | None, reason: str) -> PaymentAttempt:
    """Keep what buyer or seller said about the attempt and announce it by `attempt_remarked`; no money moves.

    For shop.payments.by_word only. May be called twice.
    """
    attempt.save(update_fields=["buyer_says_sent_at", "buyer_screenshot", "seller_says_not_seen_at"])
    attempt_remarked.send(sender=PaymentAttempt, attempt=attempt, by=by, actor=actor, reason=reason)
    return attempt


def _state_of_a_reopened(attempt: PaymentAttempt) -> str:
    """Open, unless the order has another open attempt or is over."""
    if _order_is_over(attempt) and not attempt.allocated_vnd:
        return PaymentAttempt.State.CANCELLED
    others = PaymentAttempt.objects.filter(order_id=attempt.order_id, state=PaymentAttempt.State.OPEN)
    return PaymentAttempt.State.EXPIRED if others.exclude(pk=attempt.pk).exists() else PaymentAttempt.State.OPEN


def _order_is_over(attempt: PaymentAttempt) -> bool:
    return bool(Order.objects.filter(pk=attempt.order_id, fulfilment=Fulfilment.CANCELLED).exists())


def _close(attempt: PaymentAttempt, state: str, *, by: str, actor: User | None, reason: str) -> PaymentAttempt:
    if attempt.state != PaymentAttempt.State.OPEN:
        return attempt
    attempt.state = state
    attempt.closed_at = timezone.now()
    attempt.save(update_fields=["state", "closed_at"])
    attempt_changed.send(sender=PaymentAttempt, attempt=attempt, by=by, actor=actor, reason=reason)
    return attempt


def _whole_dong(amount_vnd: Decimal) -> Decimal:
    """Return the amount without a fraction; Oscar's sums carry two empty decimals."""
    amount = Decimal(amount_vnd)
    if amount <= 0 or amount != amount.to_integral_value():
        raise PaymentRefused("not_whole_dong")
    return amount.quantize(Decimal(1))
