"""The bank of the demo: sends the notice a real one would send, signed, over HTTP, to our own webhook. Demo only."""

import hashlib
import hmac
import json
import secrets
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

from merchants.vietqr.banks import bank_by_code
from shop.payments.connections import installation_connection, installation_keys
from shop.payments.errors import PaymentRefused
from shop.payments.models import PaymentAttempt

TIMEOUT_S = 15.0
ADDRESS = "/webhooks/sepay/"


def notice_of_payment(attempt: PaymentAttempt) -> dict[str, Any]:
    """Return what SePay would post if the buyer had just paid all that is still missing."""
    bank = bank_by_code(attempt.bank_code)
    now = timezone.localtime()
    return {
        "id": secrets.randbelow(2**52) + 1,
        "gateway": bank.short_name if bank else "",
        "transactionDate": now.strftime("%Y-%m-%d %H:%M:%S"),
        "accountNumber": attempt.account_number,
        "subAccount": None,
        "code": attempt.reference,
        "content": f"MAU.{attempt.reference} chuyen tien thu nghiem",
        "transferType": "in",
        "transferAmount": int(attempt.amount_vnd - attempt.allocated_vnd),
        "accumulated": 0,
        "referenceCode": f"DEMO{secrets.token_hex(5).upper()}",
        "description": "",
    }


def send_demo_transfer(*, attempt: PaymentAttempt, origin: str, host: str) -> None:
    """Post that notice to the server at `origin` ("http://127.0.0.1:8000") under the name `host`; wait for its answer.

    Call it outside a transaction: another thread of the same server takes the notice and needs the database.
    Each call is another transfer. Raises PaymentRefused: "no_demo", "not_open" (nothing is asked for, or by no
    transfer), "no_secret", "no_answer".
    """
    if not settings.DEMO:
        raise PaymentRefused("no_demo")
    if attempt.state != PaymentAttempt.State.OPEN or attempt.account is None:
        raise PaymentRefused("not_open")
    secret = installation_keys(provider="sepay").webhook_secret
    if not secret:
        raise PaymentRefused("no_secret")
    installation_connection(provider="sepay").accounts.add(attempt.account)  # as the platform's staff would list it
    body = json.dumps(notice_of_payment(attempt)).encode()
    stamp = str(int(timezone.now().timestamp()))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "X-SePay-Timestamp": stamp,
        "X-SePay-Signature": f"sha256={signature}",
    }
    try:
        answer = httpx.post(f"{origin}{ADDRESS}", content=body, headers=headers, timeout=TIMEOUT_S, trust_env=False)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise PaymentRefused("no_answer") from error
