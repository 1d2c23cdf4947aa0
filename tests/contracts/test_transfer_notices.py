"""What every provider of transfer notices must do, over each entry of the registry.

Each provider has a `Sender` here: signing and bodies of the tests' own, made from the provider's documentation. A new
entry of the registry without one fails.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.payments.models import Receipt, TransferNotice
from shop.payments.transfer_notices.interface import Direction, NoticeKeys, TransferLine, UnreadableNotice
from shop.payments.transfer_notices.registry import PROVIDERS
from tests.people import lan_the_producer
from tests.shop.payments.sale import SECRET, connect

NOW = datetime(2026, 11, 20, 2, 15, 30, tzinfo=UTC)
KEYS = NoticeKeys(webhook_secret=SECRET, api_key="a-key-of-the-tests")


@dataclass(frozen=True)
class Sender:
    """How a provider writes and signs; `broken` are bodies it would never send, each still truly signed."""

    body: Callable[..., bytes]
    sign: Callable[..., dict[str, str]]
    read: TransferLine
    largest_skew: timedelta
    broken: dict[str, bytes]


# --- SePay: developer.sepay.vn/en/sepay-webhooks, read 2026-11-23 ------------------------------------------------

SEPAY_SAMPLE = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2026-11-20 09:15:00",
    "accountNumber": "DEMO00000001",
    "code": None,
    "content": "OC1234567 chuyen tien mua hang",
    "transferType": "in",
    "transferAmount": 2_277_000,
    "accumulated": 19_077_000,
    "subAccount": None,
    "referenceCode": "MBVCB.3278907687",
    "description": "",
}


def sepay_body(**changes: Any) -> bytes:
    return json.dumps(SEPAY_SAMPLE | changes, ensure_ascii=False).encode()


def sepay_sign(body: bytes, *, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    mac.update(stamp.encode())
    mac.update(b".")
    mac.update(body)
    return {"X-SePay-Timestamp": stamp, "X-SePay-Signature": "sha256=" + mac.hexdigest()}


def sepay_with(name: str, raw: str) -> bytes:
    """The sample with one value written as given, also as what no encoder would write."""
    return sepay_body(**{name: "@@"}).replace(b'"@@"', raw.encode("utf-8", "surrogatepass"))


SEPAY = Sender(
    body=sepay_body,
    sign=sepay_sign,
    read=TransferLine(
        provider="sepay",
        transaction_id="92704",
        occurred_at=datetime(2026, 11, 20, 2, 15, tzinfo=UTC),
        account_no="DEMO00000001",
        sub_account="",
        direction=Direction.IN,
        amount_vnd=Decimal(2_277_000),
        memo="OC1234567 chuyen tien mua hang",
        reference="MBVCB.3278907687",
        bank="Vietcombank",
    ),
    largest_skew=timedelta(seconds=300),
    broken={
        "missing id": json.dumps({k: v for k, v in SEPAY_SAMPLE.items() if k != "id"}).encode(),
        **{
            f"{name} = {raw}": sepay_with(name, raw)
            for name, values in {
                "id": ["null", "0", "-1", "true", "1.5", '""', "[]", '"' + "9" * 81 + '"', '"a\\u0000b"'],
                "transactionDate": [
                    "null", "0", '""', '"20/11/2026"', '"2026-13-01 00:00:00"', '"2026-02-30 00:00:00"',
                    '"0001-01-01 00:00:00"', '"2026-11-20T09:15:00Z"', '"２０26-11-20 09:15:00"',
                ],
                "accountNumber": ["null", '""', "123", "{}", '"\\u0000"'],
                "subAccount": ["1", "[]"],
                "content": ["1", "{}", "true"],
                "code": ["7"],
                "gateway": ["[]"],
                "referenceCode": ["12"],
                "transferType": ["null", '"IN"', '"both"', "1", "[]", "{}"],
                "transferAmount": [
                    "null", "0", "-5", "0.5", '"100000"', "true", "NaN", "Infinity", "-Infinity", "1e400", "1e14",
                    "100000000000000", "9" * 6_000, "[1]", "1E-999999999999999999",
                ],
            }.items()
            for raw in values
        },
    },
)  # fmt: skip

SENDERS = {"sepay": SEPAY}

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other work may share the machine
every_provider = pytest.mark.parametrize("name", sorted(PROVIDERS))


def verified(name: str, body: bytes, headers: dict[str, str], *, keys: NoticeKeys = KEYS, now: datetime = NOW) -> bool:
    return PROVIDERS[name].verify(headers=headers, raw_body=body, keys=keys, now=now)


def test_each_provider_has_a_sender_here() -> None:
    assert set(SENDERS) == set(PROVIDERS)


@every_provider
def test_good_notice_is_verified_and_read(name: str) -> None:
    sender = SENDERS[name]

    assert verified(name, sender.body(), sender.sign(sender.body()))
    assert PROVIDERS[name].parse(sender.body()) == [sender.read]


@every_provider
def test_time_read_is_aware(name: str) -> None:
    [line] = PROVIDERS[name].parse(SENDERS[name].body())

    assert line.occurred_at.utcoffset() is not None


@every_provider
def test_forged_notice_is_refused(name: str) -> None:
    sender = SENDERS[name]

    assert not verified(name, sender.body(), sender.sign(sender.body(), secret="another"))
    assert not verified(name, sender.body(), {})


@every_provider
def test_every_single_altered_byte_is_refused(name: str) -> None:
    sender = SENDERS[name]
    body = sender.body()
    headers = sender.sign(body)

    for place in range(len(body)):
        altered = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert not verified(name, altered, headers), place
    assert not verified(name, body + b" ", headers)
    assert not verified(name, body[:-1], headers)


@every_provider
def test_altered_headers_are_refused(name: str) -> None:
    sender = SENDERS[name]
    headers = sender.sign(sender.body())

    for header, value in headers.items():
        for place in range(len(value)):
            other = "0" if value[place] != "0" else "1"
            changed = headers | {header: value[:place] + other + value[place + 1 :]}
            assert not verified(name, sender.body(), changed), (header, place)
        for strange in ("", " ", value + "0", "é", "\udcff", "１２３", "-1", "9" * 400, "sha256=", "\x00"):
            assert not verified(name, sender.body(), headers | {header: strange}), (header, strange)


@every_provider
def test_late_and_early_notices_are_refused_beyond_the_skew(name: str) -> None:
    sender = SENDERS[name]
    second = timedelta(seconds=1)

    for skew, expected in [
        (timedelta(0), True),
        (sender.largest_skew, True),
        (-sender.largest_skew, True),
        (sender.largest_skew + second, False),
        (-sender.largest_skew - second, False),
        (timedelta(days=365), False),
    ]:
        now = NOW.replace(microsecond=0)
        assert verified(name, sender.body(), sender.sign(sender.body(), at=now - skew), now=now) is expected, skew


@every_provider
def test_without_secret_and_key_everything_is_refused(name: str) -> None:
    sender = SENDERS[name]
    none = NoticeKeys()

    assert not verified(name, sender.body(), sender.sign(sender.body()), keys=none)
    assert not verified(name, sender.body(), sender.sign(sender.body(), secret=""), keys=none)
    assert not verified(name, sender.body(), {"Authorization": "Apikey "}, keys=none)
    assert not verified(name, sender.body(), {"Authorization": "Apikey"}, keys=none)


@every_provider
@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"1", b'"x"', b"\xff\xfe", b'{"id": "\xc3\x28"}', b"[" * 100_000, b'{"a":' * 50_000,
        b"\xef\xbb\xbf{}", b"{}", b"9" * 100_000, b"NaN", b"\x00" * 1_000,
    ],
    ids=range(15),
)  # fmt: skip
def test_malformed_bodies_are_named_unreadable(name: str, body: bytes) -> None:
    with pytest.raises(UnreadableNotice):
        PROVIDERS[name].parse(body)


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name, sender in sorted(SENDERS.items()) for case in sender.broken]
)
def test_wrong_types_and_values_are_named_unreadable(name: str, case: str) -> None:
    with pytest.raises(UnreadableNotice) as unreadable:
        PROVIDERS[name].parse(SENDERS[name].broken[case])

    assert len(unreadable.value.detail) <= 60


@every_provider
@unhurried
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_named_unreadable(name: str, body: bytes) -> None:
    try:
        lines = PROVIDERS[name].parse(body)
    except UnreadableNotice:
        return
    assert all(isinstance(line, TransferLine) for line in lines)


@unhurried
@given(
    st.dictionaries(
        st.sampled_from(sorted(SEPAY_SAMPLE)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda x: st.lists(x, max_size=2)
        ),
    )
)
def test_any_field_of_sepay_may_hold_anything(changes: dict[str, Any]) -> None:
    try:
        [line] = PROVIDERS["sepay"].parse(json.dumps(SEPAY_SAMPLE | changes).encode())
    except UnreadableNotice:
        return
    assert 0 < line.amount_vnd <= 99_999_999_999_999
    texts = [getattr(line, field.name) for field in fields(line) if isinstance(getattr(line, field.name), str)]
    assert all("\x00" not in text and text == text.encode().decode() for text in texts)


# --- through the address, the same for every provider ----------------------------------------------------------------


@every_provider
@pytest.mark.django_db
def test_repeated_notice_is_answered_alike_and_recorded_once(name: str) -> None:
    sender = SENDERS[name]
    lan = lan_the_producer()
    connection = connect(lan.merchant)
    now = datetime.now(UTC)

    answers = []
    for _ in range(3):
        headers = sender.sign(sender.body(), at=now)
        answer = Client().post(
            f"/webhooks/{name}/{connection.token}/", sender.body(), content_type="application/json", headers=headers
        )
        answers.append((answer.status_code, answer.content))

    assert answers == [(200, b'{"success": true}')] * 3
    assert Receipt.objects.count() == 1
    assert TransferNotice.objects.count() == 3


@every_provider
@pytest.mark.django_db
def test_refused_and_unreadable_notices_record_no_money(name: str) -> None:
    sender = SENDERS[name]
    connection = connect(lan_the_producer().merchant)
    address = f"/webhooks/{name}/{connection.token}/"
    now = datetime.now(UTC)

    forged = Client().post(address, sender.body(), content_type="application/json", headers={"X-Nothing": "1"})
    assert (forged.status_code, forged.json()["error"]) == (401, "bad_signature")
    assert not TransferNotice.objects.exists()
    for case, body in [*sender.broken.items(), ("latin", b"\xff\xfe")]:
        answer = Client().post(address, body, content_type="application/json", headers=sender.sign(body, at=now))
        assert (answer.status_code, answer.json()["error"]) == (400, "unreadable"), case

    assert not Receipt.objects.exists()
    assert {notice.outcome for notice in TransferNotice.objects.all()} == {"unreadable"}
