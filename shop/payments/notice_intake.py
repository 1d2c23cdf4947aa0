"""From verified bytes to receipts: the notice is kept as it came and its transfers recorded, in one transaction."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.payments.models import NoticeConnection, TransferNotice
from shop.payments.reconciliation import record_transfer
from shop.payments.transfer_notices.interface import Direction, UnreadableNotice
from shop.payments.transfer_notices.registry import PROVIDERS

Outcome = TransferNotice.Outcome


def take_notice(*, connection: NoticeConnection, raw_body: bytes) -> TransferNotice:
    """Keep a verified notice and record what it tells; return the row with its outcome.

    May be called with the same bytes any number of times and at once: the transfers are recorded once. Killed in the
    middle, nothing is kept, and the provider's next try does the whole. Raises UnreadableNotice; then the bytes are
    kept all the same, with the field's name.
    """
    try:
        lines = PROVIDERS[connection.provider].parse(raw_body)
    except UnreadableNotice as unreadable:
        _keep(connection, raw_body, Outcome.UNREADABLE, unreadable.detail)
        raise
    with transaction.atomic():
        notice = _keep(connection, raw_body, Outcome.RECORDED)
        # Always in the same order, so that two notices with many lines do not wait for each other's accounts.
        incoming = sorted(
            (line for line in lines if line.direction == Direction.IN), key=lambda x: (x.account_no, x.transaction_id)
        )
        receipts = [record_transfer(line=line, connection=connection, notice=notice) for line in incoming]
        if not any(receipts):
            notice.outcome = Outcome.REPEATED if incoming else Outcome.OUTGOING
            notice.save(update_fields=["outcome"])
        _mark_alive(connection)
    return notice


def _keep(connection: NoticeConnection, raw_body: bytes, outcome: str, detail: str = "") -> TransferNotice:
    return TransferNotice.objects.create(
        provider=connection.provider, connection=connection, body=raw_body, outcome=outcome, detail=detail[:200]
    )


def _mark_alive(connection: NoticeConnection) -> None:
    """Note when the connection last spoke, at most once a minute: every notice would otherwise queue for this row."""
    now = timezone.now()
    if connection.last_notice_at and connection.last_notice_at > now - timedelta(minutes=1):
        return
    stale = Q(last_notice_at__isnull=True) | Q(last_notice_at__lt=now - timedelta(minutes=1))
    NoticeConnection.objects.filter(stale, pk=connection.pk).update(last_notice_at=now)
