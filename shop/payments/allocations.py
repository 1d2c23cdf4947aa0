"""The only code that sets a receipt against an attempt and takes it back; both rows' sums follow.

The caller holds the transaction and the locks (order, attempt, receipts) and afterwards lets
shop.payments.attempts.count_allocations bring the attempt up to date.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from shop.payments.models import Allocation, PaymentAttempt, Receipt, Refund
from shop.users.models import User

BANK_EVIDENCE = (Receipt.Evidence.BANK_NOTICE, Receipt.Evidence.STATEMENT_LINE)


def standing_allocations(attempt: PaymentAttempt) -> QuerySet[Allocation]:
    """Allocations of the attempt that count, oldest first, each with its receipt."""
    return Allocation.objects.filter(attempt=attempt, undone_at__isnull=True).select_related("receipt").order_by("pk")


def allocate(
    *,
    receipt: Receipt,
    attempt: PaymentAttempt,
    amount_vnd: Decimal,
    made_by: User | None = None,
    onto: Allocation | None = None,
) -> Allocation:
    """Set a part of the receipt against the attempt; `onto` is the allocation that stands between the two already."""
    if onto:
        onto.amount_vnd += amount_vnd
        onto.save(update_fields=["amount_vnd"])
    else:
        onto = Allocation.objects.create(receipt=receipt, attempt=attempt, amount_vnd=amount_vnd, made_by=made_by)
    _count(receipt)
    return onto


def take_back(*, allocation: Allocation) -> None:
    """Make an allocation count no more; the row stays as a record. The receipt's state is the caller's to set."""
    allocation.undone_at = timezone.now()
    allocation.save(update_fields=["undone_at"])
    _count(allocation.receipt)


def is_word(allocation: Allocation) -> bool:
    """Whether the allocation rests on what the seller said, not on a bank or on cash."""
    return allocation.receipt.evidence == Receipt.Evidence.SELLERS_WORD


def supersede_words(*, standing: Iterable[Allocation], by: Receipt) -> bool:
    """Let a bank receipt take the place of what the seller said, among an attempt's allocations; True if she had.

    The bank's amount counts, whatever the seller had said.
    """
    words = [allocation for allocation in standing if is_word(allocation)]
    for allocation in words:
        take_back(allocation=allocation)
        allocation.receipt.superseded_by = by
        set_state(allocation.receipt, Receipt.State.SUPERSEDED)
    return bool(words)


def restore_words(*, attempt: PaymentAttempt, superseded_by: Receipt) -> None:
    """Undo `supersede_words`, when the decision that brought the bank receipt here is undone."""
    allocations = Allocation.objects.filter(attempt=attempt, receipt__superseded_by=superseded_by)
    word_ids = set(
        allocations.filter(receipt__evidence=Receipt.Evidence.SELLERS_WORD).values_list("receipt_id", flat=True)
    )
    for word in Receipt.objects.select_for_update().filter(pk__in=word_ids).order_by("pk"):
        word.superseded_by = None
        set_state(word, Receipt.State.MATCHED)
        allocate(receipt=word, attempt=attempt, amount_vnd=word.amount_vnd, made_by=word.recorded_by)


def set_state(receipt: Receipt, state: str, reason: str | None = None) -> None:
    """Write a receipt's state and, unless None, its reason, with the links that were set beside them."""
    receipt.state = state
    if reason is not None:
        receipt.reason = reason
    receipt.save(update_fields=["state", "reason", "reference", "superseded_by"])


def bank_order(receipt: Receipt) -> tuple[datetime, Decimal, str, str, str]:
    """The order in which money came, for sorting: by the bank's clock, then by what is the same whoever tells it."""
    reference = receipt.bank_reference.upper()
    return receipt.occurred_at, receipt.amount_vnd, reference, receipt.source, receipt.transaction_id


def renew_reasons(attempt: PaymentAttempt) -> None:
    """Write on the bank receipts that pay an attempt whether, together, they are too little or too much.

    Too little: each says so. Too much: the last one that came does. Reasons of another kind (a late one that was
    accepted) stay. May be called twice.
    """
    standing = list(standing_allocations(attempt))
    total = sum((allocation.amount_vnd for allocation in standing), Decimal(0))
    about_amount = {Receipt.Reason.NONE, Receipt.Reason.UNDERPAID, Receipt.Reason.OVERPAID}
    receipts = [a.receipt for a in standing if a.receipt.evidence in BANK_EVIDENCE and a.receipt.reason in about_amount]
    receipts.sort(key=bank_order)
    for receipt in receipts:
        reason = Receipt.Reason.UNDERPAID if total < attempt.amount_vnd else Receipt.Reason.NONE
        if total > attempt.amount_vnd and receipt is receipts[-1]:
            reason = Receipt.Reason.OVERPAID
        if receipt.reason != reason:
            set_state(receipt, receipt.state, reason)


def promised_back_vnd(attempt: PaymentAttempt) -> Decimal:
    """What goes or went back to the buyer: refunds due and sent."""
    refunds = Refund.objects.filter(attempt=attempt).exclude(state=Refund.State.WITHDRAWN)
    return refunds.aggregate(sum=Sum("amount_vnd"))["sum"] or Decimal(0)


def _count(receipt: Receipt) -> None:
    standing = Allocation.objects.filter(receipt=receipt, undone_at__isnull=True)
    receipt.allocated_vnd = standing.aggregate(sum=Sum("amount_vnd"))["sum"] or Decimal(0)
    receipt.save(update_fields=["allocated_vnd"])
