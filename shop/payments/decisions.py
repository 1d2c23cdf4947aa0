"""What a person decides about money that came and could not be matched: accept it for an order, set it aside, undo.

Who may decide is asked by the view (merchants.permissions). Everything here is written to the audit log. Each
function opens its own transaction and takes the locks; on a refusal nothing has changed.
"""

from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpRequest

from merchants import audit
from merchants.models.merchant import Merchant
from shop.locks import locked_orders, locked_rows
from shop.order.models import Order, OrderTransition
from shop.payments import attempts
from shop.payments.allocations import (
    BANK_EVIDENCE,
    allocate,
    is_word,
    promised_back_vnd,
    renew_reasons,
    restore_words,
    set_state,
    standing_allocations,
    supersede_words,
    take_back,
)
from shop.payments.errors import PaymentRefused
from shop.payments.models import Allocation, PaymentAttempt, Receipt
from shop.users.models import User

State = Receipt.State
By = OrderTransition.By


def receipts_to_decide(merchant: Merchant) -> QuerySet[Receipt]:
    """Money on this merchant's accounts that waits for a person, newest first."""
    waiting = Receipt.objects.filter(merchant=merchant, state__in=[State.DOUBTFUL, State.PART_MATCHED])
    return waiting.select_related("account").order_by("-received_at", "-pk")


def accept_receipt(
    *,
    receipt: Receipt,
    order: Order,
    actor: User,
    amount_vnd: Decimal | None = None,
    by: str = By.SELLER,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Set a doubtful bank receipt, or what is left of it, against an order of the same merchant; return it.

    `amount_vnd` None: a receipt that names several orders gives each what it still asks for; any other gives all it
    has left, and what is too much becomes the order's excess. A part leaves it `part_matched`, to be decided on again.
    A word of the seller about the same order is superseded, not added to. An expired or cancelled attempt is settled,
    or open again while part is missing.

    Raises PaymentRefused: "not_doubtful" (someone decided meanwhile: pressing twice is harmless), "foreign_order",
    "no_attempt", "too_much", "nothing_due"; CannotAccept when the order cannot come back (the goods are gone).
    """
    with locked_orders(order_ids=[order.pk], receipt_ids=[receipt.pk]) as rows:
        locked: Receipt = rows.receipts[receipt.pk]
        attempt = _attempt_of(list(rows.attempts.values()))
        if locked.state not in {State.DOUBTFUL, State.PART_MATCHED} or locked.evidence not in BANK_EVIDENCE:
            raise PaymentRefused("not_doubtful")
        if locked.merchant is None or rows.orders[order.pk].merchant_id != locked.merchant_id:
            raise PaymentRefused("foreign_order")
        standing = list(standing_allocations(attempt))
        supersede_words(standing=standing, by=locked)
        attempt.allocated_vnd = sum((a.amount_vnd for a in standing if not is_word(a)), Decimal(0))
        left = locked.amount_vnd - locked.allocated_vnd
        amount = _amount_to_accept(locked, left=left, due=attempt.amount_vnd - attempt.allocated_vnd, asked=amount_vnd)
        before = _picture(locked)
        onto = next((a for a in standing if a.receipt_id == locked.pk), None)
        allocate(receipt=locked, attempt=attempt, amount_vnd=amount, made_by=actor, onto=onto)
        set_state(locked, State.MATCHED if amount == left else State.PART_MATCHED)
        if attempt.allocated_vnd + amount < promised_back_vnd(attempt):
            raise PaymentRefused("refund_stands")
        renew_reasons(attempt)
        attempts.count_allocations(attempt=attempt, by=by, actor=actor, reason="accepted", reopens=True)
        _record(
            "receipt.accepted",
            locked,
            before,
            {"order": order.number, "accepted_vnd": str(amount)},
            actor=actor,
            on_behalf_of=on_behalf_of,
            request=request,
        )
    return locked


def set_aside(
    *,
    receipt: Receipt,
    actor: User,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Say that a doubtful receipt belongs to no order here (a private transfer, say); return it.

    Raises PaymentRefused("not_doubtful") for any other, also for one of which a part is accepted.
    """
    with locked_rows(receipt_ids=[receipt.pk]) as rows:
        locked: Receipt = rows.receipts[receipt.pk]
        if locked.state != State.DOUBTFUL:
            raise PaymentRefused("not_doubtful")
        before = _picture(locked)
        set_state(locked, State.SET_ASIDE)
        _record("receipt.set_aside", locked, before, actor=actor, on_behalf_of=on_behalf_of, request=request)
    return locked


def undo(
    *,
    receipt: Receipt,
    actor: User,
    by: str = By.SELLER,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Take a person's decision about a bank receipt back, all of its parts; it is doubtful again. Return it.

    What the bank's notice matched by itself stays. A word that the acceptance had superseded counts again.
    Raises PaymentRefused: "nothing_to_undo"; "changed_meanwhile"; "refund_stands" when that money already goes back.
    """
    order_ids = set(
        Allocation.objects.filter(receipt=receipt, undone_at__isnull=True).values_list("attempt__order_id", flat=True)
    )
    with locked_orders(order_ids=order_ids, receipt_ids=[receipt.pk]) as rows:
        locked: Receipt = rows.receipts[receipt.pk]
        if locked.evidence not in BANK_EVIDENCE:
            raise PaymentRefused("nothing_to_undo")
        by_hand = list(
            Allocation.objects.filter(receipt=locked, undone_at__isnull=True, made_by__isnull=False).order_by("pk")
        )
        if not by_hand and locked.state != State.SET_ASIDE:
            raise PaymentRefused("nothing_to_undo")
        if not {allocation.attempt_id for allocation in by_hand} <= set(rows.attempts):
            raise PaymentRefused("changed_meanwhile")
        before = _picture(locked)
        for allocation in by_hand:
            _take_back(locked, allocation, rows.attempts[allocation.attempt_id], by=by, actor=actor)
        locked.refresh_from_db()
        set_state(locked, State.DOUBTFUL)
        _record("receipt.undone", locked, before, actor=actor, on_behalf_of=on_behalf_of, request=request)
    return locked


def _take_back(receipt: Receipt, allocation: Allocation, attempt: PaymentAttempt, *, by: str, actor: User) -> None:
    take_back(allocation=allocation)
    restore_words(attempt=attempt, superseded_by=receipt)
    standing = sum((a.amount_vnd for a in standing_allocations(attempt)), Decimal(0))
    if standing < promised_back_vnd(attempt):
        raise PaymentRefused("refund_stands")
    renew_reasons(attempt)
    attempts.count_allocations(attempt=attempt, by=by, actor=actor, reason="undone")


def _attempt_of(all_attempts: list[PaymentAttempt]) -> PaymentAttempt:
    """The attempt that money for an order is set against: the open one, else the last that was made."""
    if not all_attempts:
        raise PaymentRefused("no_attempt")
    return max(all_attempts, key=lambda a: (a.state == PaymentAttempt.State.OPEN, a.pk))


def _amount_to_accept(receipt: Receipt, *, left: Decimal, due: Decimal, asked: Decimal | None) -> Decimal:
    if asked is None:
        asked = min(left, due) if receipt.reason == Receipt.Reason.SEVERAL_REFERENCES else left
        if asked <= 0:
            raise PaymentRefused("nothing_due")
    if asked > left:
        raise PaymentRefused("too_much")
    if asked <= 0 or asked != asked.to_integral_value():
        raise PaymentRefused("not_whole_dong")
    return asked


def _record(
    action: str,
    receipt: Receipt,
    before: dict[str, str],
    more: dict[str, str] | None = None,
    *,
    actor: User,
    on_behalf_of: Merchant | None,
    request: HttpRequest | None,
) -> None:
    audit.record(
        action=action,
        obj=receipt,
        actor=actor,
        on_behalf_of=on_behalf_of,
        commune=receipt.merchant.commune if receipt.merchant else None,
        before=before,
        after={**_picture(receipt), **(more or {})},
        request=request,
    )


def _picture(receipt: Receipt) -> dict[str, str]:
    return {"state": receipt.state, "reason": receipt.reason, "allocated_vnd": str(receipt.allocated_vnd)}
