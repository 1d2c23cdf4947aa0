"""Orders that wait for money and notices that tell of it, for the tests of payments."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from catalogue.listed_product import product_changed
from merchants.models import BankAccount, Merchant
from shop.locks import locked_orders
from shop.order.models import Order
from shop.order.reference import new_reference
from shop.payments import attempts
from shop.payments.models import NoticeConnection, PaymentAttempt, Receipt
from shop.purchase.models import Purchase
from tests.factories.purchases import COLLECT_AND_CASH, COLLECT_AND_TRANSFER, basket_with, place, sellable_product

Line = get_model("order", "Line")
SECRET = "a-secret-of-the-tests"
_numbers = itertools.count(1)


def place_order(merchant: Merchant, *, amount: int = 100_000, payment_method: str = "transfer") -> Order:
    """An order as checkout leaves it, without goods."""
    purchase = Purchase.objects.create(
        idempotency_key=f"key-{next(_numbers)}", buyer_name="Lê Quang Minh", buyer_phone="+84912345678"
    )
    return Order.objects.create(
        number=new_reference(),
        purchase=purchase,
        merchant=merchant,
        currency="VND",
        total_incl_tax=Decimal(amount),
        total_excl_tax=Decimal(amount),
        payment_method=payment_method,
        hold_until=timezone.now() + timedelta(minutes=30),
    )


def ask_transfer(account: BankAccount, *, amount: int = 100_000, order: Order | None = None) -> PaymentAttempt:
    """A new order of the account's merchant that waits for a transfer."""
    order = order or place_order(account.merchant, amount=amount)
    with locked_orders(order_ids=[order.pk]):
        return attempts.open_transfer_attempt(
            order=order, account=account, amount_vnd=Decimal(amount), expires_at=order.hold_until
        )


def buy(account: BankAccount, *, amount: int = 100_000, in_cash: bool = False) -> PaymentAttempt:
    """A real purchase of one thing, placed as in the shop, that waits for its money."""
    product = sellable_product(merchant=account.merchant, price=amount)
    product_changed(product.pk)
    choice = COLLECT_AND_CASH if in_cash else COLLECT_AND_TRANSFER
    [order] = place(basket_with({product: 1}), choice).orders
    return PaymentAttempt.objects.select_related("order").get(order=order)


def ask_cash(merchant: Merchant, *, amount: int = 100_000) -> PaymentAttempt:
    order = place_order(merchant, amount=amount, payment_method="cod")
    return attempts.open_cash_attempt(order=order, amount_vnd=Decimal(amount))


def connect(merchant: Merchant) -> NoticeConnection:
    """The merchant's own SePay connection."""
    connection = NoticeConnection(provider="sepay", merchant=merchant)
    connection.webhook_secret = SECRET
    connection.save()
    return connection


def sepay_notice(attempt: PaymentAttempt | None = None, **changes: Any) -> dict[str, Any]:
    """What SePay would post for a transfer that pays the attempt exactly; each with its own id and bank reference."""
    number = next(_numbers)
    told = {
        "id": 1_000_000 + number,
        "gateway": "Vietcombank",
        "transactionDate": "2026-11-20 09:15:00",
        "accountNumber": attempt.account_number if attempt else "",
        "subAccount": None,
        "code": None,
        "content": f"{attempt.reference} thanh toan" if attempt else "",
        "transferType": "in",
        "transferAmount": int(attempt.amount_vnd) if attempt else 1,
        "accumulated": 19_077_000,
        "referenceCode": f"FT{number:010d}",
        "description": "",
    }
    return told | changes


def sign(body: bytes, *, secret: str = SECRET, at: int | None = None) -> dict[str, str]:
    """SePay's headers for these bytes, by code of the tests' own."""
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-SePay-Timestamp": stamp, "X-SePay-Signature": f"sha256={digest}"}


def post(connection: NoticeConnection, told: dict[str, Any], *, client: Client | None = None) -> Any:
    """Post a signed notice to the merchant's own address."""
    body = json.dumps(told).encode()
    address = f"/webhooks/sepay/{connection.token}/"
    return (client or Client()).post(address, body, content_type="application/json", headers=sign(body))


def only_receipt() -> Receipt:
    return Receipt.objects.get()


@contextmanager
def locked(attempt: PaymentAttempt) -> Iterator[PaymentAttempt]:
    with locked_orders(order_ids=[attempt.order_id]) as rows:
        yield rows.attempts[attempt.pk]


def body(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()
