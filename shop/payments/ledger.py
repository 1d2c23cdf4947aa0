"""What must always be true of attempts, receipts, allocations and refunds; `manage.py doctor` asks."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Lower

from shop.order.models import Fulfilment
from shop.payments.allocations import BANK_EVIDENCE
from shop.payments.models import Allocation, NoticeConnection, PaymentAttempt, Receipt, Refund
from shop.payments.transfer_notices.registry import PROVIDERS

AttemptState = PaymentAttempt.State
ReceiptState = Receipt.State


def check_ledger() -> Iterator[str]:
    """Yield one text for each row whose sums, state or links contradict the others; yields nothing when all is well."""
    yield from _check_receipts()
    yield from _check_attempts()
    yield from _check_allocations()
    yield from _check_superseded()
    yield from _check_refunds()


def payment_notices() -> Iterator[str]:
    """Yield what deserves a look but is no breach: connections that can verify nothing."""
    for connection in NoticeConnection.objects.filter(is_active=True):
        if connection.provider not in PROVIDERS:
            yield f"notice connection {connection.pk}: provider {connection.provider} is not in the registry"
        elif connection.merchant_id and not (connection.webhook_secret_sealed or connection.api_key_sealed):
            yield f"notice connection {connection.pk}: has neither secret nor key and refuses every notice"


def _check_receipts() -> Iterator[str]:
    summed = Receipt.objects.annotate(standing=_standing("receipt"))
    for row in summed.exclude(standing=F("allocated_vnd")).iterator():
        yield f"receipt {row.pk}: allocated_vnd {row.allocated_vnd}, allocations say {row.standing}"
    whole, none = Q(allocated_vnd=F("amount_vnd")), Q(allocated_vnd=0)
    right = (
        Q(state=ReceiptState.MATCHED) & whole
        | Q(state=ReceiptState.PART_MATCHED) & ~whole & ~none
        | Q(
            state__in=[
                ReceiptState.DOUBTFUL,
                ReceiptState.SET_ASIDE,
                ReceiptState.SUPERSEDED,
                ReceiptState.WITHDRAWN,
            ]
        )
        & none
    )
    for receipt in Receipt.objects.exclude(right).iterator():
        yield f"receipt {receipt.pk}: {receipt.state} with {receipt.allocated_vnd} of {receipt.amount_vnd} allocated"
    for receipt in Receipt.objects.filter(state=ReceiptState.DOUBTFUL, reason="").iterator():
        yield f"receipt {receipt.pk}: doubtful without a reason"
    for receipt in Receipt.objects.filter(account__isnull=False).exclude(merchant=F("account__merchant")).iterator():
        yield f"receipt {receipt.pk}: on another merchant's account"
    for receipt in Receipt.objects.filter(evidence=Receipt.Evidence.BANK_NOTICE, notice__isnull=True).iterator():
        yield f"receipt {receipt.pk}: a bank notice whose bytes were not kept"
    yield from _check_told_twice()


def _check_told_twice() -> Iterator[str]:
    """A transfer that two sources told must count once."""
    counted = Receipt.objects.filter(evidence__in=BANK_EVIDENCE, allocated_vnd__gt=0).exclude(bank_reference="")
    groups = (
        counted.values("account", "amount_vnd", "occurred_at", told=Lower("bank_reference"))
        .annotate(sources=Count("source", distinct=True))
        .filter(sources__gt=1)
        .order_by()
    )
    for group in groups.iterator():
        yield f"bank transfer {group['told']} on account {group['account']}: counted from {group['sources']} sources"


def _check_attempts() -> Iterator[str]:
    summed = PaymentAttempt.objects.annotate(standing=_standing("attempt"))
    for row in summed.exclude(standing=F("allocated_vnd")).iterator():
        yield f"attempt {row.pk}: allocated_vnd {row.allocated_vnd}, allocations say {row.standing}"
    is_reached = Q(allocated_vnd__gte=F("amount_vnd"))
    for attempt in PaymentAttempt.objects.filter(is_reached).exclude(state=AttemptState.SETTLED).iterator():
        yield f"attempt {attempt.pk}: {attempt.state} although {attempt.allocated_vnd} of {attempt.amount_vnd} came"
    for attempt in PaymentAttempt.objects.filter(state=AttemptState.SETTLED).exclude(is_reached).iterator():
        yield f"attempt {attempt.pk}: settled with {attempt.allocated_vnd} of {attempt.amount_vnd}"
    is_open = Q(state=AttemptState.OPEN)
    for attempt in PaymentAttempt.objects.exclude(is_open & Q(closed_at=None) | ~is_open & ~Q(closed_at=None)):
        yield f"attempt {attempt.pk}: {attempt.state}, closed at {attempt.closed_at}"
    for attempt in PaymentAttempt.objects.filter(is_open, order__fulfilment=Fulfilment.CANCELLED).iterator():
        yield f"attempt {attempt.pk}: open although its order is cancelled"
    for attempt in PaymentAttempt.objects.exclude(reference=F("order__number")).iterator():
        yield f"attempt {attempt.pk}: asks with {attempt.reference}, not with its order's number"
    of_another = PaymentAttempt.objects.filter(account__isnull=False).exclude(account__merchant=F("order__merchant"))
    for attempt in of_another.iterator():
        yield f"attempt {attempt.pk}: asks for money on another merchant's account"


def _check_allocations() -> Iterator[str]:
    standing = Allocation.objects.filter(undone_at__isnull=True)
    for allocation in standing.exclude(receipt__merchant=F("attempt__order__merchant")).iterator():
        yield f"allocation {allocation.pk}: money of one merchant pays an order of another"


def _check_superseded() -> Iterator[str]:
    is_superseded = Q(state=ReceiptState.SUPERSEDED)
    has_successor = Q(superseded_by__isnull=False)
    for receipt in Receipt.objects.exclude(is_superseded & has_successor | ~is_superseded & ~has_successor).iterator():
        yield f"receipt {receipt.pk}: {receipt.state}, superseded by {receipt.superseded_by_id}"
    linked = Receipt.objects.filter(has_successor)
    for receipt in linked.filter(superseded_by__state=ReceiptState.SUPERSEDED).iterator():
        yield f"receipt {receipt.pk}: superseded by one that is superseded itself"
    for receipt in linked.exclude(superseded_by__evidence__in=BANK_EVIDENCE).iterator():
        yield f"receipt {receipt.pk}: superseded by one that is no bank's"
    for receipt in linked.exclude(merchant=F("superseded_by__merchant")).iterator():
        yield f"receipt {receipt.pk}: superseded by another merchant's"


def _check_refunds() -> Iterator[str]:
    promised = (
        Refund.objects.filter(attempt=OuterRef("pk"))
        .exclude(state=Refund.State.WITHDRAWN)
        .order_by()
        .values("attempt")
        .annotate(sum=Sum("amount_vnd"))
        .values("sum")
    )
    attempts = PaymentAttempt.objects.annotate(promised=Subquery(promised, output_field=_dong()))
    for attempt in attempts.filter(promised__gt=F("allocated_vnd")).iterator():
        yield f"attempt {attempt.pk}: {attempt.promised} go back of {attempt.allocated_vnd} that came"
    is_sent = Q(state=Refund.State.SENT)
    for refund in Refund.objects.exclude(is_sent & ~Q(sent_at=None) | ~is_sent & Q(sent_at=None)).iterator():
        yield f"refund {refund.pk}: {refund.state}, sent at {refund.sent_at}"


def _standing(link: str) -> Coalesce:
    """The sum of the allocations that count, for each row of the outer query."""
    sums: QuerySet[Allocation, Allocation] = (
        Allocation.objects.filter(**{link: OuterRef("pk")}, undone_at__isnull=True)
        .order_by()
        .values(link)
        .annotate(sum=Sum("amount_vnd"))
        .values("sum")
    )
    return Coalesce(Subquery(sums, output_field=_dong()), Value(Decimal(0)), output_field=_dong())


def _dong() -> "DecimalField[Decimal, Decimal]":
    return DecimalField(max_digits=16, decimal_places=0)
