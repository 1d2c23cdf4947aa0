"""Reading a JSON body that may hold anything: each function returns a clean value or raises UnreadableNotice."""

import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from shop.payments.transfer_notices.interface import LARGEST_AMOUNT_VND, LONGEST_TRANSACTION_ID, UnreadableNotice


def read_object(raw_body: bytes) -> Mapping[str, Any]:
    """Return the one JSON object in the body; numbers with a point are Decimal, never float."""
    try:
        body = json.loads(raw_body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise UnreadableNotice("not UTF-8") from error
    except (ValueError, ArithmeticError, RecursionError) as error:  # bad syntax, 5,000-digit numbers, a deep nest
        raise UnreadableNotice("not JSON") from error
    if not isinstance(body, dict):
        raise UnreadableNotice("not an object")
    return body


def read_text(body: Mapping[str, Any], name: str, *, longest: int, is_required: bool = False) -> str:
    """Return a text without control characters and lone surrogates (PostgreSQL keeps neither), cut to `longest`.

    A missing or null text is "" unless required.
    """
    value = body.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise UnreadableNotice(f"{name}: not a text")
    spaced = "".join(_storable(character) for character in value[: longest * 4])
    text = unicodedata.normalize("NFC", " ".join(spaced.split()))[:longest].rstrip()
    if is_required and not text:
        raise UnreadableNotice(f"{name}: missing")
    return text


def read_identifier(body: Mapping[str, Any], name: str) -> str:
    """Return a positive whole number or a text as the text that tells one transaction from another; never cut."""
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > LONGEST_TRANSACTION_ID or not value.isprintable():
        raise UnreadableNotice(f"{name}: no identifier")
    return value


def read_amount(body: Mapping[str, Any], name: str) -> Decimal:
    """Return positive whole dong. A text, a fraction, zero, a minus or more digits than money has are refused."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise UnreadableNotice(f"{name}: not a number")
    if not 0 < value <= LARGEST_AMOUNT_VND or value != int(value):
        raise UnreadableNotice(f"{name}: not whole dong")
    return Decimal(int(value))


def _storable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "\ufffd" if category == "Cs" else character


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
