"""The webhook's address: methods, limits, connections, keys, codes. What the money does is in test_matching.py."""

import json
import time
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.payments.connections import installation_connection
from shop.payments.models import NoticeConnection, PaymentAttempt, Receipt, TransferNotice
from tests.people import Producer, lan_the_producer, tam_the_producer
from tests.shop.payments.sale import SECRET, ask_transfer, body, connect, post, sepay_notice, sign

pytestmark = pytest.mark.django_db
INSTALLATION = "/webhooks/sepay/"


@pytest.fixture
def lan() -> Producer:
    return lan_the_producer()


@pytest.fixture
def with_keys(settings: Any) -> None:
    settings.SEPAY_WEBHOOK_SECRET = "installation-secret"
    settings.SEPAY_API_KEY = "installation-key"


def send(address: str, data: bytes, headers: dict[str, str]) -> Any:
    return Client().post(address, data, content_type="application/json", headers=headers)


def assert_error(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    assert (answer.json()["success"], answer.json()["error"]) == (False, code)


def nothing_recorded() -> bool:
    return not Receipt.objects.exists() and not TransferNotice.objects.exists()


def test_installations_address_takes_its_own_signature(lan: Producer, with_keys: None) -> None:
    installation_connection(provider="sepay").accounts.add(lan.account)
    data = body(sepay_notice(ask_transfer(lan.account)))

    answer = send(INSTALLATION, data, sign(data, secret="installation-secret"))

    assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    assert Receipt.objects.get().state == "matched"
    assert bytes(TransferNotice.objects.get().body) == data


def test_installations_address_takes_its_key(lan: Producer, with_keys: None) -> None:
    installation_connection(provider="sepay").accounts.add(lan.account)
    data = body(sepay_notice(ask_transfer(lan.account)))

    answer = send(INSTALLATION, data, {"Authorization": "Apikey installation-key"})

    assert answer.json() == {"success": True}
    assert Receipt.objects.get().state == "matched"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Apikey"},
        {"Authorization": "Apikey "},
        {"Authorization": "Apikey wrong"},
        {"Authorization": "Bearer installation-key"},
        {"Authorization": "installation-key"},
        {"Authorization": "Apikey installation-kéy"},
        {"X-SePay-Signature": "sha256="},
        {"X-SePay-Signature": "sha256=" + "0" * 64, "Authorization": "Apikey installation-key"},
    ],
)
def test_wrong_or_missing_credentials_are_refused(lan: Producer, with_keys: None, headers: dict[str, str]) -> None:
    answer = send(INSTALLATION, body(sepay_notice(ask_transfer(lan.account))), headers)

    assert_error(answer, 401, "bad_signature")
    assert nothing_recorded()
    assert not NoticeConnection.objects.exists()


def test_one_connections_key_does_not_open_another(lan: Producer, with_keys: None) -> None:
    tam = tam_the_producer()
    lans, tams = connect(lan.merchant), connect(tam.merchant)
    tams.webhook_secret = "tams-secret"
    tams.save()
    data = body(sepay_notice(ask_transfer(tam.account)))

    assert_error(send(f"/webhooks/sepay/{tams.token}/", data, sign(data)), 401, "bad_signature")
    assert_error(send(INSTALLATION, data, sign(data, secret="tams-secret")), 401, "bad_signature")
    assert_error(
        send(f"/webhooks/sepay/{lans.token}/", data, sign(data, secret="installation-secret")), 401, "bad_signature"
    )
    assert nothing_recorded()


def test_connection_without_secret_and_key_refuses_everything(lan: Producer) -> None:
    connection = NoticeConnection.objects.create(provider="sepay", merchant=lan.merchant)
    data = body(sepay_notice(ask_transfer(lan.account)))
    address = f"/webhooks/sepay/{connection.token}/"

    for headers in [sign(data, secret=""), {"Authorization": "Apikey "}, sign(data)]:
        assert_error(send(address, data, headers), 401, "bad_signature")
    assert_error(send(INSTALLATION, data, sign(data, secret="")), 401, "bad_signature")
    assert nothing_recorded()


def test_keys_that_do_not_open_refuse_everything(lan: Producer, settings: Any) -> None:
    connection = connect(lan.merchant)
    data = body(sepay_notice(ask_transfer(lan.account)))
    settings.FIELD_ENCRYPTION_KEY = "another-key-since-yesterday-01234"

    assert_error(send(f"/webhooks/sepay/{connection.token}/", data, sign(data)), 401, "bad_signature")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_only_posts_are_taken(method: str) -> None:
    answer = getattr(Client(), method)(INSTALLATION)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/webhooks/vcb/", "unknown_provider"),
        ("/webhooks/sepay/nobody/", "unknown_connection"),
        ("/webhooks/sepay/a/b/", "not_found"),
        ("/webhooks/sepay/%00/", "not_found"),
        ("/webhooks/sepay/%C3%A9/", "not_found"),
        (f"/webhooks/sepay/{'a' * 33}/", "not_found"),
        ("/webhooks/", "not_found"),
        ("/webhooks/Sepay/", "not_found"),
    ],
)
def test_unknown_addresses_are_told_in_json(address: str, code: str) -> None:
    data = b"{}"

    assert_error(send(address, data, sign(data)), 404, code)


def test_address_without_the_last_slash_works_too(lan: Producer) -> None:
    connection = connect(lan.merchant)
    data = body(sepay_notice(ask_transfer(lan.account)))

    assert send(f"/webhooks/sepay/{connection.token}", data, sign(data)).json() == {"success": True}


def test_connection_that_was_switched_off_is_unknown(lan: Producer, with_keys: None) -> None:
    connection = connect(lan.merchant)
    connection.is_active = False
    connection.save()
    installation = installation_connection(provider="sepay")
    installation.is_active = False
    installation.save()
    data = body(sepay_notice(ask_transfer(lan.account)))

    assert_error(send(f"/webhooks/sepay/{connection.token}/", data, sign(data)), 404, "unknown_connection")
    assert_error(send(INSTALLATION, data, sign(data, secret="installation-secret")), 404, "unknown_connection")
    assert nothing_recorded()


def test_five_megabytes_are_refused_without_being_read(lan: Producer) -> None:
    connection = connect(lan.merchant)
    data = b'{"id": "' + b"9" * 5_000_000 + b'"}'

    began = time.monotonic()
    answer = send(f"/webhooks/sepay/{connection.token}/", data, sign(data))

    assert_error(answer, 413, "too_large")
    assert time.monotonic() - began < 1
    assert nothing_recorded()


def test_body_up_to_the_limit_is_taken(lan: Producer, settings: Any) -> None:
    connection = connect(lan.merchant)
    data = body(sepay_notice(ask_transfer(lan.account)))
    settings.WEBHOOK_BODY_LIMIT_BYTES = len(data)

    assert send(f"/webhooks/sepay/{connection.token}/", data, sign(data)).json() == {"success": True}
    longer = data + b" "
    assert_error(send(f"/webhooks/sepay/{connection.token}/", longer, sign(longer)), 413, "too_large")


def test_missing_length_is_refused(lan: Producer) -> None:
    connection = connect(lan.merchant)

    answer = Client().generic("POST", f"/webhooks/sepay/{connection.token}/", b"", CONTENT_LENGTH="")

    assert_error(answer, 411, "length_required")


def test_unreadable_but_signed_notice_is_kept_with_the_fields_name(lan: Producer) -> None:
    connection = connect(lan.merchant)
    data = body(sepay_notice(ask_transfer(lan.account), transferAmount="100000"))

    answer = send(f"/webhooks/sepay/{connection.token}/", data, sign(data))

    assert_error(answer, 400, "unreadable")
    assert answer.json()["detail"] == "transferAmount: not a number"
    notice = TransferNotice.objects.get()
    assert (notice.outcome, notice.detail, bytes(notice.body)) == ("unreadable", "transferAmount: not a number", data)
    assert not Receipt.objects.exists()


def test_late_signature_is_refused_and_a_fresh_one_of_the_same_notice_taken(lan: Producer) -> None:
    connection = connect(lan.merchant)
    data = body(sepay_notice(ask_transfer(lan.account)))
    address = f"/webhooks/sepay/{connection.token}/"

    assert_error(send(address, data, sign(data, at=int(time.time()) - 301)), 401, "bad_signature")
    assert_error(send(address, data, sign(data, at=int(time.time()) + 302)), 401, "bad_signature")

    assert send(address, data, sign(data)).json() == {"success": True}


def test_strange_texts_are_kept_readable(lan: Producer) -> None:
    connection = connect(lan.merchant)
    attempt = ask_transfer(lan.account)
    raw = json.dumps(sepay_notice(attempt)).replace("thanh toan", "a\\u0000b\\ud800\\u202e\\n" + "x" * 3_000)

    answer = send(f"/webhooks/sepay/{connection.token}/", raw.encode(), sign(raw.encode()))

    assert answer.json() == {"success": True}
    receipt = Receipt.objects.get()
    assert receipt.state == "matched"
    assert receipt.memo.startswith(f"{attempt.reference} a b\ufffd")
    assert len(receipt.memo) <= 500


def test_connections_last_notice_is_noted(lan: Producer) -> None:
    connection = connect(lan.merchant)

    post(connection, sepay_notice(ask_transfer(lan.account)))

    connection.refresh_from_db()
    assert connection.last_notice_at is not None


def test_number_of_queries_does_not_grow_with_the_open_attempts(lan: Producer) -> None:
    connection = connect(lan.merchant)
    counts = []
    for others in (2, 20):
        for _ in range(others):
            ask_transfer(lan.account)
        attempt = ask_transfer(lan.account)
        with CaptureQueriesContext(database) as queries:
            post(connection, sepay_notice(attempt))
        counts.append(len(queries))

    assert counts == [38, 37]  # the second finds the connection's last notice a moment ago
    assert PaymentAttempt.objects.filter(state="settled").count() == 2


def test_secret_is_not_kept_readable(lan: Producer) -> None:
    connection = connect(lan.merchant)

    assert SECRET not in connection.webhook_secret_sealed
    connection.refresh_from_db()
    assert connection.webhook_secret == SECRET
