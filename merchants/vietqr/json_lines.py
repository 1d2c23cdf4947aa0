"""What `manage.py vietqr` answers: JSON in, JSON out, never an exception. Pure.

Contract (DESIGN §3): a payload or `{"error": code, "message": …}`; a sound code of another scheme also
has `"scheme"`. `translate` turns a message id into the reader's language.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from merchants.vietqr.banks import banks_by_bin
from merchants.vietqr.memo import shorten_memo
from merchants.vietqr.payload import (
    MAX_MEMO_CHARACTERS,
    DecodedCode,
    ErrorCode,
    OtherScheme,
    PayloadError,
    Service,
    decode,
    encode,
    gettext_noop,
)

Translate = Callable[[str], str]
Answer = dict[str, object]

MAX_LINE_BYTES = 64 * 1024
"""A request is some 200 bytes; what is longer is skipped unread up to its line end."""

_REQUEST_MESSAGES = {
    "line_too_long": gettext_noop("The line is longer than %(limit)s bytes."),
    "bad_encoding": gettext_noop("The line is not UTF-8 text."),
    "bad_json": gettext_noop("The line is not one JSON object."),
    "unknown_op": gettext_noop('The field "op" must be "encode" or "decode".'),
    "unknown_field": gettext_noop("A field of the request is not known; nothing was guessed."),
    "missing_argument": gettext_noop("%(field)s is missing."),
    "wrong_type": gettext_noop("%(field)s has the wrong type."),
}

_DIGITS = re.compile(r"[1-9][0-9]*", re.ASCII)


class RequestError(ValueError):
    """A request that is no request; `code`, `message_id` and `parameters` as in PayloadError."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        self.code = code
        self.message_id = _REQUEST_MESSAGES[code]
        self.parameters = parameters
        super().__init__(self.message_id % parameters)


def answer_encode(
    *,
    bin: object,
    account: object,
    amount: object = None,
    memo: object = None,
    card: object = False,
    dynamic: object = None,
    translate: Translate = str,
) -> Answer:
    """Return `{"payload": …}` or the error.

    `amount` may be a whole number or the same in plain digits. `memo` is folded (marks off, signs
    dropped) and cut to 25 characters, an order reference in it never (`shorten_memo`); a text of more
    than 1,000 characters is `memo_too_long`, and one of which nothing remains is `bad_memo`.
    """
    try:
        if bin is None:
            raise RequestError("missing_argument", field="bin")
        if account is None:
            raise RequestError("missing_argument", field="account")
        for name, value in (("bin", bin), ("account", account)):
            if not isinstance(value, str):
                raise RequestError("wrong_type", field=name)
        for name, value in (("card", card), ("dynamic", dynamic)):
            if value is not None and not isinstance(value, bool):
                raise RequestError("wrong_type", field=name)
        return {
            "payload": encode(
                bin=str(bin),
                account=str(account),
                amount=_whole_dong(amount),
                memo=_folded_memo(memo),
                card=bool(card),
                dynamic=None if dynamic is None else bool(dynamic),
            )
        }
    except (PayloadError, RequestError) as error:
        return _error(error, translate)


def _whole_dong(amount: object) -> int | None:
    if amount is None:
        return None
    if isinstance(amount, str):
        if len(amount) > 13 or not _DIGITS.fullmatch(amount):
            raise PayloadError(ErrorCode.BAD_AMOUNT)
        return int(amount)
    if isinstance(amount, float):  # JSON 1.5, 1e3, NaN: money is never a float
        raise PayloadError(ErrorCode.BAD_AMOUNT)
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise RequestError("wrong_type", field="amount")
    return amount


def _folded_memo(memo: object) -> str | None:
    if memo is None:
        return None
    if not isinstance(memo, str):
        raise RequestError("wrong_type", field="memo")
    if len(memo) > 40 * MAX_MEMO_CHARACTERS:  # bounded before folding
        raise PayloadError(ErrorCode.MEMO_TOO_LONG, limit=MAX_MEMO_CHARACTERS)
    folded = shorten_memo(memo)
    if memo.strip() and not folded:
        raise PayloadError(ErrorCode.BAD_MEMO)
    return folded


def answer_decode(payload: object, *, translate: Translate = str) -> Answer:
    """Return the fields of a sound VietQR code, or the error."""
    try:
        if payload is None:
            raise RequestError("missing_argument", field="payload")
        if not isinstance(payload, str):
            raise RequestError("wrong_type", field="payload")
        return code_fields(decode(payload))
    except (PayloadError, RequestError) as error:
        return _error(error, translate)


def code_fields(code: DecodedCode) -> Answer:
    """Return a decoded code as JSON-ready fields. Names are part of the contract; absent values are None."""
    banks = banks_by_bin(code.bin)
    return {
        "bin": code.bin,
        "account": code.account,
        "service": code.service.value,
        "amount": code.amount,
        "memo": code.memo,
        "dynamic": code.dynamic,
        "card": code.service is Service.CARD,
        "bank": banks[0].short_name if banks else None,
        "wallet": code.wallet,
        "other_schemes": list(code.other_schemes),
        "category": code.category,
        "merchant_name": code.merchant_name,
        "merchant_city": code.merchant_city,
        "postal_code": code.postal_code,
        "bill_number": code.additional.bill_number,
        "mobile_number": code.additional.mobile_number,
        "store_label": code.additional.store_label,
        "loyalty_number": code.additional.loyalty_number,
        "reference_label": code.additional.reference_label,
        "customer_label": code.additional.customer_label,
        "terminal_label": code.additional.terminal_label,
    }


_ENCODE_FIELDS = {"op", "bin", "account", "amount", "memo", "card", "dynamic"}
_DECODE_FIELDS = {"op", "payload"}


def answer_line(line: bytes, *, translate: Translate = str) -> Answer:
    """Answer one request line (without or with its line end)."""
    try:
        request = _parse_line(line)
        op = request.get("op")
        if op == "encode":
            if request.keys() - _ENCODE_FIELDS:
                raise RequestError("unknown_field")
            return answer_encode(
                bin=request.get("bin"),
                account=request.get("account"),
                amount=request.get("amount"),
                memo=request.get("memo"),
                card=request.get("card"),
                dynamic=request.get("dynamic"),
                translate=translate,
            )
        if op == "decode":
            if request.keys() - _DECODE_FIELDS:
                raise RequestError("unknown_field")
            return answer_decode(request.get("payload"), translate=translate)
        raise RequestError("unknown_op")
    except RequestError as error:
        return _error(error, translate)


def _parse_line(line: bytes) -> Mapping[str, object]:
    if len(line) > MAX_LINE_BYTES:
        raise RequestError("line_too_long", limit=MAX_LINE_BYTES)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise RequestError("bad_encoding") from None
    try:
        request = json.loads(text, object_pairs_hook=_no_doubled_names)
    except (ValueError, RecursionError):  # ValueError also for a number of thousands of digits
        raise RequestError("bad_json") from None
    if not isinstance(request, dict):
        raise RequestError("bad_json")
    return request


def _no_doubled_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):  # two amounts: which one is meant?
        raise ValueError("a name occurs twice")
    return fields


def answer_lines(source: BinaryIO, *, translate: Translate = str) -> Iterator[Answer]:
    """Answer every line of `source` in order, one answer each, empty lines included; memory stays flat."""
    while line := source.readline(MAX_LINE_BYTES + 2):
        is_whole = line.endswith(b"\n")
        if not is_whole and len(line) == MAX_LINE_BYTES + 2:
            _skip_line(source)
        yield answer_line(line.removesuffix(b"\n").removesuffix(b"\r"), translate=translate)


def _skip_line(source: BinaryIO) -> None:
    while (rest := source.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        continue


def _error(error: PayloadError | RequestError, translate: Translate) -> Answer:
    answer: Answer = {"error": str(error.code)}
    if isinstance(error, OtherScheme):
        answer["scheme"] = error.scheme
    answer["message"] = translate(error.message_id) % error.parameters
    return answer
