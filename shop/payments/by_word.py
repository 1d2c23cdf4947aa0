"""Payment without a bank's notice: the buyer says "sent", the seller "it is there" or "not seen", cash is collected.

Most households have no notice provider, so this is the usual way. What the seller says is `sellers_word` (or `cash`)
and is shown apart from what a bank reports; a later notice takes its place (allocations.supersede_words).
Who may say so is asked by the view. Each function opens its own transaction; on a refusal nothing has changed.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.models.merchant import Merchant
from merchants.photos import MOST_BYTES, plain_picture
from shop.locks import locked_orders
from shop.order.models import Fulfilment, Order, OrderTransition
from shop.payments import attempts
from shop.payments.allocations import (
    allocate,
    promised_back_vnd,
    renew_reasons,
    set_state,
    standing_allocations,
    take_back,
)
from shop.payments.errors import PaymentRefused
from shop.payments.models import PaymentAttempt, Receipt
from shop.payments.transfer_notices.interface import LARGEST_AMOUNT_VND
from shop.users.models import User

By = OrderTransition.By
CASH_UNDO_WITHIN = timedelta(hours=24)


def buyer_says_sent(*, attempt: PaymentAttempt, screenshot: "UploadedFile[Any] | None" = None) -> PaymentAttempt:
    """Note "Tôi đã chuyển"; moves no money and proves nothing. Saying it again keeps the first time.

    A new screenshot takes the place of the old one. It clears the seller's "not seen": she is asked to look again.
    Raises PaymentRefused: "already_paid", "not_by_transfer", "cancelled"; PhotoRefused for what is no picture.
    """
    picture = plain_picture(screenshot.read(MOST_BYTES + 1)) if screenshot else None
    with _locked(attempt) as (_, locked):
        if locked.method != PaymentAttempt.Method.TRANSFER:
            raise PaymentRefused("not_by_transfer")
        if locked.state == PaymentAttempt.State.SETTLED:
            raise PaymentRefused("already_paid")
        if locked.state == PaymentAttempt.State.CANCELLED:
            raise PaymentRefused("cancelled")
        locked.buyer_says_sent_at = locked.buyer_says_sent_at or timezone.now()
        locked.seller_says_not_seen_at = None
        if picture:
            _drop_screenshot(locked)
            locked.buyer_screenshot.save(f"{secrets.token_urlsafe(24)}.webp", ContentFile(picture), save=False)
        attempts.remark(attempt=locked, by=By.BUYER, actor=None, reason="buyer_says_sent")
    return locked


def buyer_takes_back(*, attempt: PaymentAttempt) -> PaymentAttempt:
    """Undo "Tôi đã chuyển"; may be called twice. The screenshot goes too."""
    with _locked(attempt) as (_, locked):
        locked.buyer_says_sent_at = None
        _drop_screenshot(locked)
        attempts.remark(attempt=locked, by=By.BUYER, actor=None, reason="buyer_takes_back")
    return locked


def seller_not_seen(
    *,
    attempt: PaymentAttempt,
    actor: User,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> PaymentAttempt:
    """Note "Chưa thấy": the seller looked and the money is not there. Moves no money; may be said again later.

    Raises PaymentRefused("already_paid").
    """
    with _locked(attempt) as (order, locked):
        if locked.state == PaymentAttempt.State.SETTLED:
            raise PaymentRefused("already_paid")
        locked.seller_says_not_seen_at = timezone.now()
        attempts.remark(attempt=locked, by=By.SELLER, actor=actor, reason="seller_not_seen")
        _record("payment.not_seen", locked, order, actor=actor, on_behalf_of=on_behalf_of, request=request)
    return locked


def undo_not_seen(
    *,
    attempt: PaymentAttempt,
    actor: User,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> PaymentAttempt:
    """Take "Chưa thấy" back; may be called twice."""
    with _locked(attempt) as (order, locked):
        locked.seller_says_not_seen_at = None
        attempts.remark(attempt=locked, by=By.SELLER, actor=actor, reason="seller_takes_back")
        _record("payment.not_seen_undone", locked, order, actor=actor, on_behalf_of=on_behalf_of, request=request)
    return locked


def sellers_word(
    *,
    attempt: PaymentAttempt,
    amount_vnd: Decimal,
    actor: User,
    seen_allocated_vnd: Decimal | None = None,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Note "Tiền đã về" with its amount: counts like money until a bank's notice takes its place; return the receipt.

    `seen_allocated_vnd` is what the page showed as received when the seller pressed (a hidden field of the form): it
    lets her say a second part, and makes pressing twice harmless. Without it only one word may stand at a time.
    An expired or cancelled attempt is settled, or open again while part is missing.

    Raises PaymentRefused: "not_by_transfer", "already_paid", "changed_meanwhile", "word_stands", "not_whole_dong";
    CannotAccept when the order cannot come back.
    """
    amount = _whole_dong(amount_vnd)
    with _locked(attempt, with_stock=True) as (order, locked):
        if locked.method != PaymentAttempt.Method.TRANSFER:
            raise PaymentRefused("not_by_transfer")
        if seen_allocated_vnd is not None and seen_allocated_vnd != locked.allocated_vnd:
            raise PaymentRefused("changed_meanwhile")
        if locked.state == PaymentAttempt.State.SETTLED:
            raise PaymentRefused("already_paid")
        words = standing_allocations(locked).filter(receipt__evidence=Receipt.Evidence.SELLERS_WORD)
        if seen_allocated_vnd is None and words.exists():
            raise PaymentRefused("word_stands")
        receipt = _receive(
            order, locked, amount, evidence=Receipt.Evidence.SELLERS_WORD, reason="sellers_word", actor=actor
        )
        _record(
            "payment.sellers_word",
            locked,
            order,
            amount_vnd=amount,
            actor=actor,
            on_behalf_of=on_behalf_of,
            request=request,
        )
    return receipt


def undo_sellers_word(
    *,
    receipt: Receipt,
    actor: User,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Take "Tiền đã về" back; the receipt stays as withdrawn.

    Raises PaymentRefused: "superseded" (the bank has confirmed it), "nothing_to_undo", "refund_stands".
    """
    if receipt.evidence != Receipt.Evidence.SELLERS_WORD:
        raise PaymentRefused("nothing_to_undo")
    return _withdraw(receipt, "payment.sellers_word_undone", actor=actor, on_behalf_of=on_behalf_of, request=request)


def cash_collected(
    *,
    order: Order,
    actor: User,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Note "đã thu tiền" for cash on delivery, the whole amount that is still open; return the receipt.

    Raises PaymentRefused: "not_by_cash", "already_paid" (so pressing twice is harmless), "cancelled".
    """
    found = PaymentAttempt.objects.filter(order_id=order.pk, method=PaymentAttempt.Method.CASH).order_by("-pk").first()
    if found is None:
        raise PaymentRefused("not_by_cash")
    with _locked(found) as (locked_order, locked):
        if locked.state == PaymentAttempt.State.SETTLED:
            raise PaymentRefused("already_paid")
        if locked.state != PaymentAttempt.State.OPEN or locked_order.fulfilment == Fulfilment.CANCELLED:
            raise PaymentRefused("cancelled")
        amount = locked.amount_vnd - locked.allocated_vnd
        receipt = _receive(locked_order, locked, amount, evidence=Receipt.Evidence.CASH, reason="cash", actor=actor)
        _record(
            "payment.cash_collected",
            locked,
            locked_order,
            amount_vnd=amount,
            actor=actor,
            on_behalf_of=on_behalf_of,
            request=request,
        )
    return receipt


def undo_cash_collected(
    *,
    receipt: Receipt,
    actor: User,
    on_behalf_of: Merchant | None = None,
    request: HttpRequest | None = None,
) -> Receipt:
    """Take "đã thu tiền" back within 24 hours (DESIGN §7); the receipt stays as withdrawn.

    Raises PaymentRefused: "too_late", "nothing_to_undo", "refund_stands".
    """
    if receipt.evidence != Receipt.Evidence.CASH:
        raise PaymentRefused("nothing_to_undo")
    if timezone.now() - receipt.received_at > CASH_UNDO_WITHIN:
        raise PaymentRefused("too_late")
    return _withdraw(receipt, "payment.cash_undone", actor=actor, on_behalf_of=on_behalf_of, request=request)


@contextmanager
def _locked(attempt: PaymentAttempt, *, with_stock: bool = False) -> Iterator[tuple[Order, PaymentAttempt]]:
    """Lock the attempt's order and the attempt; hand both out fresh. `with_stock` when the order may come back."""
    with locked_orders(order_ids=[attempt.order_id], with_stock=with_stock) as rows:
        yield rows.orders[attempt.order_id], rows.attempts[attempt.pk]


def _drop_screenshot(attempt: PaymentAttempt) -> None:
    """Forget the picture, and delete its file once that is certain."""
    if attempt.buyer_screenshot:
        storage, name = attempt.buyer_screenshot.storage, attempt.buyer_screenshot.name or ""
        transaction.on_commit(lambda: storage.delete(name))
        attempt.buyer_screenshot = ""


def _receive(
    order: Order, attempt: PaymentAttempt, amount: Decimal, *, evidence: str, reason: str, actor: User
) -> Receipt:
    said_before = Receipt.objects.filter(source=f"order:{order.number}", evidence=evidence).count()
    receipt = Receipt.objects.create(
        evidence=evidence,
        source=f"order:{order.number}",
        transaction_id=f"{evidence}:{said_before + 1}",
        merchant=order.merchant,
        account=attempt.account,
        account_number=attempt.account_number,
        amount_vnd=amount,
        reference=attempt.reference,
        occurred_at=timezone.now(),
        recorded_by=actor,
    )
    allocate(receipt=receipt, attempt=attempt, amount_vnd=amount, made_by=actor)
    set_state(receipt, Receipt.State.MATCHED)
    renew_reasons(attempt)
    attempts.count_allocations(attempt=attempt, by=By.SELLER, actor=actor, reason=reason, reopens=True)
    return receipt


def _withdraw(
    receipt: Receipt, action: str, *, actor: User, on_behalf_of: Merchant | None, request: HttpRequest | None
) -> Receipt:
    allocation = receipt.allocations.filter(undone_at__isnull=True).select_related("attempt").first()
    if allocation is None:
        raise PaymentRefused("superseded" if receipt.superseded_by_id else "nothing_to_undo")
    order_id = allocation.attempt.order_id
    with locked_orders(order_ids=[order_id], receipt_ids=[receipt.pk]) as rows:
        locked: Receipt = rows.receipts[receipt.pk]
        attempt: PaymentAttempt = rows.attempts[allocation.attempt_id]
        standing = locked.allocations.filter(undone_at__isnull=True).first()
        if standing is None:
            raise PaymentRefused("superseded" if locked.superseded_by_id else "nothing_to_undo")
        if attempt.allocated_vnd - standing.amount_vnd < promised_back_vnd(attempt):
            raise PaymentRefused("refund_stands")
        take_back(allocation=standing)
        locked.refresh_from_db()
        set_state(locked, Receipt.State.WITHDRAWN)
        renew_reasons(attempt)
        attempts.count_allocations(attempt=attempt, by=By.SELLER, actor=actor, reason="undone")
        _record(action, attempt, rows.orders[order_id], actor=actor, on_behalf_of=on_behalf_of, request=request)
    return locked


def _record(
    action: str,
    attempt: PaymentAttempt,
    order: Order,
    *,
    actor: User,
    amount_vnd: Decimal | None = None,
    on_behalf_of: Merchant | None,
    request: HttpRequest | None,
) -> None:
    after = {"order": order.number, "state": attempt.state, "allocated_vnd": str(attempt.allocated_vnd)}
    audit.record(
        action=action,
        obj=attempt,
        actor=actor,
        on_behalf_of=on_behalf_of,
        commune=order.merchant.commune if order.merchant else None,
        after=after if amount_vnd is None else {**after, "amount_vnd": str(amount_vnd)},
        request=request,
    )


def _whole_dong(amount_vnd: Decimal) -> Decimal:
    if not amount_vnd.is_finite() or not 0 < amount_vnd <= LARGEST_AMOUNT_VND or amount_vnd % 1:
        raise PaymentRefused("not_whole_dong")
    return amount_vnd.quantize(Decimal(1))
