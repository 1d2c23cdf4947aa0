"""Telling account numbers from card numbers. Pure."""

import re

_SEPARATORS = re.compile(r"[ .\-]", re.ASCII)
_CARD = re.compile(
    r"(?:9704[0-9]{12}|9704[0-9]{15}"  # NAPAS domestic cards, 16 or 19 digits
    r"|4[0-9]{15}|4[0-9]{18}"  # Visa
    r"|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"  # Mastercard
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}"  # JCB
    r"|62[0-9]{14,17})",  # UnionPay
    re.ASCII,
)


def looks_like_card_number(number: str) -> bool:
    """True when `number` must be taken for a card: 16–19 digits, a known issuer's beginning, right Luhn digit.

    A merchant's receiving account is never a card number: cards expire, are replaced, and a card
    number on a wall is a leak. Spaces, dots and dashes are ignored. A real account of such length that
    passes all three tests is possible but very rare; its owner then enters another account or alias.
    Issuer ranges: ISO/IEC 7812 as published by the networks; 9704 is NAPAS (read 2026-11-23).
    """
    digits = _SEPARATORS.sub("", number)
    return bool(_CARD.fullmatch(digits)) and _luhn_is_right(digits)


def _luhn_is_right(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
