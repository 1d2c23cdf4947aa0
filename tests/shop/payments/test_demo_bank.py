"""The demo's button sends a truly signed notice over HTTP to our own webhook; elsewhere it does not exist."""

from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.test import Client

from shop.payments.demo_bank import send_demo_transfer
from shop.payments.errors import PaymentRefused
from shop.payments.models import NoticeConnection, PaymentAttempt, Receipt
from tests.people import lan_the_producer
from tests.shop.payments.sale import buy


@pytest.fixture
def demo(settings: Any) -> Any:
    settings.DEMO = True
    settings.SEPAY_WEBHOOK_SECRET = "secret-of-the-demo"
    return settings


def address_of(attempt: PaymentAttempt) -> str:
    return f"/webhooks/demo/{attempt.order.purchase.token}/{attempt.reference}/"


@pytest.mark.django_db(transaction=True)
def test_button_pays_the_order_through_the_running_server(demo: Any, live_server: Any) -> None:
    attempt = buy(lan_the_producer().account, amount=235_000)

    answer = httpx.post(live_server.url + address_of(attempt))

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/mua/{attempt.order.purchase.token}/")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(235_000))
    attempt.order.refresh_from_db()
    assert attempt.order.payment == "paid"
    receipt = Receipt.objects.get()
    assert (receipt.evidence, receipt.state, receipt.connection) == (
        "bank_notice",
        "matched",
        NoticeConnection.objects.get(merchant=None),
    )

    httpx.post(live_server.url + address_of(attempt))
    assert Receipt.objects.count() == 1


@pytest.mark.django_db
def test_button_is_nowhere_without_demo(settings: Any) -> None:
    settings.DEMO = False
    settings.SEPAY_WEBHOOK_SECRET = "secret"
    attempt = buy(lan_the_producer().account)

    assert Client().post(address_of(attempt)).status_code == 404
    with pytest.raises(PaymentRefused, match="no_demo"):
        send_demo_transfer(attempt=attempt, origin="http://127.0.0.1:1", host="localhost")
    assert not NoticeConnection.objects.exists()


@pytest.mark.django_db
def test_button_needs_the_purchases_own_token(demo: Any) -> None:
    account = lan_the_producer().account
    attempt, other = buy(account), buy(account)

    guessed = f"/webhooks/demo/{other.order.purchase.token}/{attempt.reference}/"
    assert Client().post(guessed).status_code == 404
    assert Client().post(f"/webhooks/demo/guess/{attempt.reference}/").status_code == 404
    assert Client().get(address_of(attempt)).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("secret", "port"), [("", "80"), ("secret", "1")])
def test_bank_that_does_not_get_through_changes_nothing(demo: Any, secret: str, port: str) -> None:
    demo.SEPAY_WEBHOOK_SECRET = secret
    attempt = buy(lan_the_producer().account)

    answer = Client(SERVER_PORT=port).post(address_of(attempt))

    assert answer.status_code == 302
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("open", Decimal(0))
    assert not Receipt.objects.exists()
