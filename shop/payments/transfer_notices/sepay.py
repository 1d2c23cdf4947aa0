"""SePay's webhook: signature, key and fields as documented at developer.sepay.vn (read 2026-11; domain B1–B3).

SePay expects 200 with {"success": true} and repeats the notice otherwise, for half an hour or more.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shop.payments.transfer_notices.interface import (
    LONGEST_MEMO,
    Direction,
    NoticeKeys,
    TransferLine,
    UnreadableNotice,
)
from shop.payments.transfer_notices.json_fields import read_amount, read_identifier, read_object, read_text

NAME = "sepay"
LARGEST_SKEW_S = 300
SIGNATURE_HEADER = "X-SePay-Signature"
TIMESTAMP_HEADER = "X-SePay-Timestamp"
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"sha256=([0-9a-fA-F]{64})", re.ASCII)
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_BANK_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


def verify(*, headers: Mapping[str, str], raw_body: bytes, keys: NoticeKeys, now: datetime) -> bool:
    """Whether the signature (HMAC-SHA256 over `{timestamp}.{body}`, at most 300 s old or early) or the key is right.

    A signature that is there must be right, whatever key stands beside it. Compares in constant time.
    """
    signature = headers.get(SIGNATURE_HEADER, "")
    if signature:
        return _signature_is_right(
            signature, timestamp=headers.get(TIMESTAMP_HEADER, ""), raw_body=raw_body, keys=keys, now=now
        )
    scheme, _, key = headers.get("Authorization", "").partition(" ")
    if not keys.api_key or scheme.lower() != "apikey":
        return False
    return hmac.compare_digest(_to_bytes(key.strip()), keys.api_key.encode())


def parse(raw_body: bytes) -> list[TransferLine]:
    """Read SePay's one object. Its times are Vietnamese and without zone; `code` repeats what its own rule found."""
    body = read_object(raw_body)
    memo = read_text(body, "content", longest=LONGEST_MEMO) or read_text(body, "description", longest=LONGEST_MEMO)
    code = read_text(body, "code", longest=50)
    if code and _squeeze(code) not in _squeeze(memo):
        memo = f"{code} {memo}"[:LONGEST_MEMO].rstrip()
    return [
        TransferLine(
            provider=NAME,
            transaction_id=read_identifier(body, "id"),
            occurred_at=_read_time(body.get("transactionDate")),
            account_no=read_text(body, "accountNumber", longest=40, is_required=True),
            sub_account=read_text(body, "subAccount", longest=40),
            direction=_read_direction(body.get("transferType")),
            amount_vnd=read_amount(body, "transferAmount"),
            memo=memo,
            reference=read_text(body, "referenceCode", longest=80),
            bank=read_text(body, "gateway", longest=80),
        )
    ]


def _signature_is_right(signature: str, *, timestamp: str, raw_body: bytes, keys: NoticeKeys, now: datetime) -> bool:
    if not keys.webhook_secret or not _TIMESTAMP.fullmatch(timestamp):
        return False
    match = _SIGNATURE.fullmatch(signature)
    if not match or abs(now.timestamp() - int(timestamp)) > LARGEST_SKEW_S:
        return False
    message = timestamp.encode() + b"." + raw_body
    expected = hmac.new(keys.webhook_secret.encode(), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(match.group(1).lower(), expected)


def _read_direction(value: object) -> Direction:
    if value not in ("in", "out"):
        raise UnreadableNotice("transferType: neither in nor out")
    return Direction(value)


def _read_time(value: object) -> datetime:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise UnreadableNotice("transactionDate: not as documented")
    try:
        return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BANK_TIME)
    except ValueError as error:
        raise UnreadableNotice("transactionDate: no such moment") from error


def _squeeze(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _to_bytes(header: str) -> bytes:
    """WSGI hands headers over as Latin-1; anything else cannot be a key of ours and must not raise."""
    return header.encode("latin-1", "replace")
