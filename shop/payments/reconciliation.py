"""Matching money that came with the order it names, without a person: by reference *and* amount *and* account.

What each case ends in (state, reason of the receipt):

    exact, or the last of several parts     matched                       attempt settled
    less than the amount, so far            matched, underpaid            attempt open, order part_paid
    more than the amount                    matched in full, overpaid     attempt settled, the order has an excess
    the order is paid already               doubtful, repeated
    no order, several orders                doubtful, unknown_reference / several_references
    another account of the same merchant    doubtful, wrong_account
    an account the connection does not reach doubtful, unknown_account    (no merchant of the account is touched)
    another merchant's order                doubtful, other_merchant      (nothing of that merchant is touched)
    the time ran out, the order cancelled   doubtful, after_expiry / after_cancel
    the order's rules say no                doubtful, order_refused
    told by two connections                 superseded by the first telling
    the seller had said so before           the word is superseded; the bank's amount counts

The same notices give the same end in whatever order they arrive: bank time decides which of them paid the order and
which came again. So a late notice of an earlier transfer may change which receipt is `repeated`; it never touches what
a person decided, nor an attempt from which money goes back.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import DatabaseError, IntegrityError, transaction

from merchants.models.bank_account import BankAccount
from shop.locks import locked_orders
from shop.order.models import Fulfilment, Order, OrderTransition
from shop.order.reference import find_references
from shop.payments import attempts
from shop.payments.allocations import (
    BANK_EVIDENCE,
    allocate,
    bank_order,
    is_word,
    promised_back_vnd,
    renew_reasons,
    set_state,
    standing_allocations,
    supersede_words,
    take_back,
)
from shop.payments.connections import find_account
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.models import Allocation, NoticeConnection, PaymentAttempt, Receipt, TransferNotice
from shop.payments.transfer_notices.interface import Direction, TransferLine

log = logging.getLogger(__name__)

# Two providers may write the same transfer down at slightly different moments.
TOLD_TWICE_WITHIN = timedelta(minutes=10)

State = Receipt.State
Reason = Receipt.Reason
AttemptState = PaymentAttempt.State


@dataclass(frozen=True)
class _Candidate:
    """The one order a memo names, found without locks."""

    order_id: int
    merchant_id: int | None
    reference: str


def record_transfer(
    *, line: TransferLine, connection: NoticeConnection, notice: TransferNotice | None = None
) -> Receipt | None:
    """Record one incoming transfer and match it; return its receipt, None when it is known already or went out.

    May be called any number of times and by several at once with the same line: connection and transaction id are
    unique. Opens a transaction or joins the caller's.
    """
    if line.direction != Direction.IN:
        return None
    source = f"connection:{connection.pk}"
    account = find_account(connection=connection, line=line)
    with transaction.atomic():
        if account:
            # All that is told of one account passes here one by one, so that a transfer told by two connections is
            # seen by the second. It leaves foreign keys to the account alone: checkout does not wait.
            BankAccount.objects.select_for_update(no_key=True).values_list("pk").get(pk=account.pk)
        if Receipt.objects.filter(source=source, transaction_id=line.transaction_id).exists():
            return None
        try:
            with transaction.atomic():
                receipt = Receipt.objects.create(
                    evidence=Receipt.Evidence.BANK_NOTICE,
                    source=source,
                    transaction_id=line.transaction_id,
                    connection=connection,
                    notice=notice,
                    merchant_id=account.merchant_id if account else connection.merchant_id,
                    account=account,
                    account_number=(line.sub_account or line.account_no)[:40],
                    amount_vnd=line.amount_vnd,
                    memo=line.memo,
                    bank_reference=line.reference,
                    occurred_at=line.occurred_at,
                )
        except IntegrityError:  # the same notice at the same moment, of an account that cannot be locked
            return None
        _match(receipt)
    return receipt


def _match(receipt: Receipt) -> None:
    """Take a fresh receipt to its end."""
    if receipt.account is None:
        set_state(receipt, State.DOUBTFUL, Reason.UNKNOWN_ACCOUNT)
        return
    if first := _first_telling(receipt):
        receipt.superseded_by = first
        set_state(receipt, State.SUPERSEDED)
        return
    candidates = _candidates(receipt.memo)
    if len(candidates) != 1:
        set_state(receipt, State.DOUBTFUL, Reason.SEVERAL_REFERENCES if candidates else Reason.UNKNOWN_REFERENCE)
        return
    [candidate] = candidates
    if candidate.merchant_id != receipt.merchant_id:
        set_state(receipt, State.DOUBTFUL, Reason.OTHER_MERCHANT)
        return
    receipt.reference = candidate.reference  # kept by the set_state that every way from here ends with
    with locked_orders(order_ids=[candidate.order_id], with_stock=False) as rows:
        _match_with_order(receipt, rows.orders[candidate.order_id], list(rows.attempts.values()))


def _match_with_order(receipt: Receipt, order: Order, all_attempts: Sequence[PaymentAttempt]) -> None:
    """Set the receipt against the right attempt of a locked order, or leave it for a person with the reason."""
    fitting = [attempt for attempt in all_attempts if shows_account(attempt, receipt.account)]
    if not fitting:
        set_state(receipt, State.DOUBTFUL, Reason.WRONG_ACCOUNT)
        return
    attempt = max(fitting, key=lambda a: (a.state == AttemptState.OPEN, a.state == AttemptState.SETTLED, a.pk))
    standing = list(standing_allocations(attempt))
    has_word = any(is_word(allocation) for allocation in standing)
    if not has_word and attempt.state == AttemptState.EXPIRED:
        set_state(receipt, State.DOUBTFUL, Reason.AFTER_EXPIRY)
    elif not has_word and (attempt.state == AttemptState.CANCELLED or order.fulfilment == Fulfilment.CANCELLED):
        set_state(receipt, State.DOUBTFUL, Reason.AFTER_CANCEL)
    else:
        try:
            with transaction.atomic():
                _distribute(receipt, attempt, standing)
        except DatabaseError:
            raise  # a busy database: nothing is kept, the provider tries again
        except (CannotAccept, PaymentRefused) as refusal:
            log.info("an order refused money", extra={"order": order.number, "code": refusal.code})
            _leave_refused(receipt)
        except Exception:
            # A receiver of attempt_changed failed. The money did come: a person must see it, not the log alone.
            log.exception("money could not be set against its order", extra={"order": order.number})
            _leave_refused(receipt)


def _leave_refused(receipt: Receipt) -> None:
    receipt.allocated_vnd = Decimal(0)  # as the rollback has left it in the database
    set_state(receipt, State.DOUBTFUL, Reason.ORDER_REFUSED)


def shows_account(attempt: PaymentAttempt, account: BankAccount | None) -> bool:
    """Whether money on this account is where the attempt asked for it; cash was asked for on none, so any will do."""
    if account is None or not attempt.account_number:
        return account is not None
    shown = (attempt.bank_bin, attempt.account_number.upper())
    return attempt.account_id == account.pk or shown == (account.bank_bin, account.number.upper())


def _distribute(receipt: Receipt, attempt: PaymentAttempt, standing: Sequence[Allocation]) -> None:
    """Decide by bank time which of the attempt's bank receipts pay it, and bring rows in line with that."""
    words_went = supersede_words(standing=standing, by=receipt)
    standing = [allocation for allocation in standing if not is_word(allocation)]
    told_by_bank = [a for a in standing if a.made_by_id is None and a.receipt.evidence in BANK_EVIDENCE]
    goes_back = promised_back_vnd(attempt)
    base = Decimal(0)
    if len(told_by_bank) < len(standing) or goes_back:
        base, queue = sum((a.amount_vnd for a in standing), Decimal(0)), [receipt]
    else:
        repeated = Receipt.objects.select_for_update(of=("self",)).filter(
            reference=attempt.reference,  # set only where the order is the account's merchant's
            state=State.DOUBTFUL,
            reason=Reason.REPEATED,
            evidence__in=BANK_EVIDENCE,
            allocated_vnd=0,
        )
        waiting = [r for r in repeated.select_related("account").order_by("pk") if shows_account(attempt, r.account)]
        queue = [receipt, *(a.receipt for a in told_by_bank), *waiting]
    queue.sort(key=bank_order)

    paying: list[Receipt] = []
    total = base
    for each in queue:
        if total < attempt.amount_vnd:
            paying.append(each)
            total += each.amount_vnd
    if total < goes_back:  # the word was more than the bank's amount, and money went back already
        raise PaymentRefused("refund_stands")

    standing_of = {a.receipt_id: a for a in told_by_bank}
    for each in queue:
        if each not in paying:
            if each.pk in standing_of:
                take_back(allocation=standing_of[each.pk])
            set_state(each, State.DOUBTFUL, Reason.REPEATED)
    for each in paying:
        if each.pk not in standing_of:
            allocate(receipt=each, attempt=attempt, amount_vnd=each.amount_vnd)
            set_state(each, State.MATCHED, Reason.NONE)
    if receipt in paying or words_went:
        if queue != [receipt] or base or receipt.amount_vnd != attempt.amount_vnd:
            renew_reasons(attempt)
        attempts.count_allocations(attempt=attempt, by=OrderTransition.By.BANK, actor=None, reason="bank_notice")


def _candidates(memo: str) -> list[_Candidate]:
    """Return the orders that the memo names; a chance likeness ("NGOC…") that is no order of ours does not count."""
    numbers = [reference.number for reference in find_references(memo)]
    if not numbers:
        return []
    orders = Order.objects.filter(number__in=numbers, payment_attempts__isnull=False).distinct()
    return [_Candidate(*row) for row in orders.values_list("pk", "merchant_id", "number")]


def _first_telling(receipt: Receipt) -> Receipt | None:
    """Return the receipt of the same bank transfer from another source, if it came before; each pairs only once.

    Same account, amount and bank reference within some minutes. Where the bank gives no reference, all of account,
    amount, moment and memo must be the same.
    """
    others = Receipt.objects.filter(
        account_id=receipt.account_id, amount_vnd=receipt.amount_vnd, evidence__in=BANK_EVIDENCE
    ).exclude(source=receipt.source)
    if receipt.bank_reference:
        others = others.filter(
            bank_reference__iexact=receipt.bank_reference,
            occurred_at__range=(receipt.occurred_at - TOLD_TWICE_WITHIN, receipt.occurred_at + TOLD_TWICE_WITHIN),
        )
    else:
        others = others.filter(bank_reference="", occurred_at=receipt.occurred_at, memo=receipt.memo)
    paired = Receipt.objects.filter(source=receipt.source, superseded_by__isnull=False, account_id=receipt.account_id)
    others = others.exclude(state=State.SUPERSEDED).exclude(pk__in=paired.values("superseded_by"))
    return others.order_by("pk").first()
