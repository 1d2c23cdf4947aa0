"""Who tells the demo of transfers: the installation's connection reaches everybody, one merchant has her own besides.

`bank_says` makes the notice a bank would cause, for the seeder of orders.
"""

import json
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from merchants.demo.plan import DemoPlan
from merchants.demo.seed import named_merchants
from merchants.models import BankAccount
from shop.payments.connections import installation_connection
from shop.payments.models import NoticeConnection, TransferNotice
from shop.payments.notice_intake import take_notice

PROVIDER = "sepay"
OWN_CONNECTION = "doi-mo"  # has a SePay account of its own: /webhooks/sepay/<OWN_TOKEN>/
OWN_TOKEN = "demo-ong-doi-mo"  # noqa: S105  # known to everybody, in the demo only
OWN_SECRET = "mau-bi-mat-doi-mo"  # noqa: S105


def seed(plan: DemoPlan) -> None:
    """Make what is missing; connections that are there keep their keys."""
    merchants = named_merchants()
    shared = installation_connection(provider=PROVIDER)
    own = merchants.get(OWN_CONNECTION)
    shared.accounts.add(*BankAccount.objects.filter(merchant__is_sample=True))
    if own is not None and not NoticeConnection.objects.filter(provider=PROVIDER, merchant=own).exists():
        connection = NoticeConnection(provider=PROVIDER, merchant=own, token=OWN_TOKEN)
        connection.webhook_secret = OWN_SECRET
        connection.save()
    plan.say(f"payment notices: {shared.accounts.count()} accounts under the installation's key")


def bank_says(*, number: int, account: BankAccount, amount_vnd: Decimal, memo: str, at: datetime) -> TransferNotice:
    """Take the SePay notice of one transfer as if it had just been verified; the same `number` again: nothing."""
    connection = NoticeConnection.objects.filter(
        provider=PROVIDER, merchant=account.merchant_id
    ).first() or installation_connection(provider=PROVIDER)
    body = {
        "id": number,
        "gateway": account.bank_code,
        "transactionDate": at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).strftime("%Y-%m-%d %H:%M:%S"),
        "accountNumber": account.number,
        "subAccount": None,
        "code": None,
        "content": memo,
        "transferType": "in",
        "transferAmount": int(amount_vnd),
        "accumulated": 0,
        "referenceCode": f"MAU{number}",
        "description": f"MAU {memo}",
    }
    return take_notice(connection=connection, raw_body=json.dumps(body).encode())
