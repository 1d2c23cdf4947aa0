"""Which businesses were paid by transfer lately, as far as banks tell us; for coverage's last rung."""

from datetime import datetime, timedelta

from merchants.coverage import PaymentEvidence
from merchants.models import BankAccount
from shop.payments.models import Receipt

HEARD_WITHIN = timedelta(days=30)
BY_A_BANK = (Receipt.Evidence.BANK_NOTICE, Receipt.Evidence.STATEMENT_LINE)


def payments_heard_of(now: datetime) -> PaymentEvidence:
    """Transfers that a bank reported in the last 30 days; a seller's word and cash are no transfers.

    We would have heard of those whose account is on a connection that has spoken before and is older than the 30 days;
    about everybody else silence says nothing.
    """
    since = now - HEARD_WITHIN
    return PaymentEvidence(
        paid=Receipt.objects.filter(evidence__in=BY_A_BANK, occurred_at__gte=since, occurred_at__lte=now).exclude(
            state=Receipt.State.WITHDRAWN
        ),
        told=BankAccount.objects.filter(
            status=BankAccount.Status.ACTIVE,
            notice_connections__is_active=True,
            notice_connections__created_at__lte=since,
            notice_connections__last_notice_at__isnull=False,
        ),
    )
