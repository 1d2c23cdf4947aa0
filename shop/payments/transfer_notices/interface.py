"""What every provider of transfer notices offers, and the data that crosses the border.

A provider is a module with `verify` and `parse`. It knows headers and bytes; it knows no orders, no models and no
database, and decides nothing about money.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

LONGEST_TRANSACTION_ID = 80
LONGEST_MEMO = 500
LARGEST_AMOUNT_VND = 10**14 - 1


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class NoticeKeys:
    """What one connection shares with its provider; empty where it has none."""

    webhook_secret: str = ""
    api_key: str = ""


@dataclass(frozen=True)
class TransferLine:
    """One movement on one account as the provider tells it. Texts are NFC, without control characters, cut to fit.

    `transaction_id` is the provider's own and unique at the provider; `reference` is the bank's and may be empty or
    repeated. `sub_account` is the virtual account that was paid, where the bank has such. `bank` is the bank's name
    in the provider's words. `amount_vnd` is positive and whole whatever the direction.
    """

    provider: str
    transaction_id: str
    occurred_at: datetime
    account_no: str
    sub_account: str
    direction: Direction
    amount_vnd: Decimal
    memo: str
    reference: str
    bank: str = ""


class UnreadableNotice(Exception):
    """A notice that is truly the provider's but cannot be understood; `detail` names the field, never its content."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NoticeProvider(Protocol):
    def verify(self, *, headers: Mapping[str, str], raw_body: bytes, keys: NoticeKeys, now: datetime) -> bool:
        """Whether these very bytes were sent by who holds the keys, lately. False without keys; never raises."""

    def parse(self, raw_body: bytes) -> list[TransferLine]:
        """Read verified bytes. Raises UnreadableNotice for anything that is not exactly as documented."""
