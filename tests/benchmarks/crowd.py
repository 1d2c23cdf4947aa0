"""Run in our installation's environment: many orders that wait for their money, written in bulk, and the notices that
would pay some of them, signed, as lines of JSON for the one who posts them.

`python -m tests.benchmarks.crowd OPEN NOTICES FILE`
"""

import hashlib
import hmac
import json
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

CHUNK = 2_000
AMOUNT_VND = 120_000


def add_open_attempts(wanted: int) -> None:
    """Bring the open transfer attempts up to `wanted`; their holds end in a day, so that no clock closes them."""
    from django.utils import timezone

    from merchants.models import BankAccount
    from shop.order.models import Order
    from shop.order.reference import new_reference
    from shop.payments.models import PaymentAttempt
    from shop.purchase.models import Purchase

    accounts = list(BankAccount.objects.filter(status="active", is_receiving=True).order_by("pk"))
    until = timezone.now() + timedelta(days=1)
    taken = set(Order.objects.values_list("number", flat=True))  # by chance some come twice among so many

    def new_number() -> str:
        while (number := new_reference()) in taken:
            pass
        taken.add(number)
        return number

    missing = wanted - PaymentAttempt.objects.filter(state="open", method="transfer").count()
    for start in range(0, missing, CHUNK):
        numbers = range(start, min(start + CHUNK, missing))
        stamp = time.time_ns()
        purchases = Purchase.objects.bulk_create(
            Purchase(idempotency_key=f"crowd-{stamp}-{number}", buyer_name="Khách mẫu", buyer_phone="+84900000000")
            for number in numbers
        )
        orders = Order.objects.bulk_create(
            Order(
                number=new_number(),
                purchase=purchase,
                merchant_id=accounts[purchase.pk % len(accounts)].merchant_id,
                currency="VND",
                total_incl_tax=Decimal(AMOUNT_VND),
                total_excl_tax=Decimal(AMOUNT_VND),
                payment_method="transfer",
                hold_until=until,
                date_placed=timezone.now(),
                is_sample=True,
            )
            for purchase in purchases
        )
        PaymentAttempt.objects.bulk_create(
            PaymentAttempt(
                order=order,
                method="transfer",
                amount_vnd=Decimal(AMOUNT_VND),
                reference=order.number,
                account=account,
                bank_code=account.bank_code,
                bank_bin=account.bank_bin,
                account_number=account.number,
                holder_name=account.holder_name,
                payload="x",
                expires_at=until,
            )
            for order, account in ((order, accounts[order.purchase_id % len(accounts)]) for order in orders)
        )


def notices(count: int) -> list[dict[str, Any]]:
    """Address, headers and body of notices that pay as many open attempts exactly, each its own."""
    from django.utils import timezone

    from shop.payments.connections import installation_connection, installation_keys
    from shop.payments.models import PaymentAttempt

    shared = installation_connection(provider="sepay")
    secret = installation_keys(provider="sepay").webhook_secret
    found = []
    rows = PaymentAttempt.objects.filter(state="open", payload="x").select_related("account").order_by("pk")
    for attempt in rows[:count]:
        shared.accounts.add(attempt.account)
        body = json.dumps(
            {
                "id": time.time_ns() % 2**52,
                "gateway": attempt.bank_code,
                "transactionDate": timezone.localtime().strftime("%Y-%m-%d %H:%M:%S"),
                "accountNumber": attempt.account_number,
                "subAccount": None,
                "code": None,
                "content": f"{attempt.reference} chuyen tien",
                "transferType": "in",
                "transferAmount": int(attempt.amount_vnd),
                "accumulated": 0,
                "referenceCode": f"BENCH{attempt.pk}",
                "description": "",
            }
        )
        stamp = str(int(time.time()))
        digest = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-SePay-Timestamp": stamp, "X-SePay-Signature": f"sha256={digest}"}
        found.append({"headers": headers, "body": body, "reference": attempt.reference})
    return found


def main(wanted: str, count: str, file: str) -> None:
    django.setup()
    add_open_attempts(int(wanted))
    Path(file).write_text("\n".join(json.dumps(notice) for notice in notices(int(count))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
