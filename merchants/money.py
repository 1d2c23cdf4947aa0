"""How money is shown and typed: whole dong, dots between thousands, `235.000 ₫` in every language."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

NO_BREAK_SPACE = "\u00a0"
_CURRENCY = re.compile(r"\s*(₫|đồng|vnđ|vnd|đ)\.?$", re.IGNORECASE)
_SHORTHAND = re.compile(r"\d\s*(k|n|nghìn|ngàn|ng|tr|triệu|m|t|tỷ|tỉ|củ|xị|lít|chai)\b|\d\s*(k|tr)\s*\d", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,15}\Z", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*\Z", re.ASCII)

DONG_MESSAGES = {
    "empty": _("Please enter an amount."),
    "not_a_number": _("Please write the amount in digits, for example 25000 or 25.000."),
    "shorthand": _("Please write the amount out in full, with all its zeros: 25.000 instead of 25k."),
    "comma": _("A comma can mean two things here. Please write whole dong with dots or without: 25.000 or 25000."),
    "grouping": _("The dots do not stand between thousands. Please write it like 25.000 or 25000."),
    "zero": _("The amount cannot be 0."),
    "negative": _("The amount cannot be below zero."),
    "too_small": _("This amount is too small. Did you leave out the zeros? Please write it out in full, as 25.000."),
    "too_large": _("This amount is too large. Please check the zeros."),
}


def format_dong(amount: Decimal | int) -> str:
    """Return `235.000 ₫`; raises ValueError for anything that is not whole dong, so that no fraction is hidden."""
    whole = int(amount)
    if whole != amount:
        raise ValueError(f"not whole dong: {amount}")
    return f"{whole:,}".replace(",", ".") + NO_BREAK_SPACE + "₫"


class DongRefused(ValueError):
    """What was typed is not an amount we understand without guessing; `code` is a key of DONG_MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(DONG_MESSAGES[self.code])


def parse_dong(text: str, *, at_least: int = 1, at_most: int = 1_000_000_000) -> Decimal:
    """Read whole dong as people type them: "25000", "25.000", "25 000", "25.000 đ"; raises DongRefused, never guesses.

    "25k", "25,000" and "1.200,5" are refused with what to write instead: a price misread by a factor of a thousand
    is worse than a question. Never returns 0. Pure.
    """
    squeezed = " ".join(unicodedata.normalize("NFC", text[:60]).replace(NO_BREAK_SPACE, " ").split())
    if not squeezed:
        raise DongRefused("empty")
    bare = _CURRENCY.sub("", squeezed).strip()
    if bare.startswith(("-", "−", "–")):
        raise DongRefused("negative")
    if _SHORTHAND.search(bare):
        raise DongRefused("shorthand")
    if re.fullmatch(r"[0-9]{16,}", bare):
        raise DongRefused("too_large")
    if not _PLAIN.match(bare) and not _GROUPED.match(bare):
        if "," in bare and re.fullmatch(r"[\d., ]+", bare):
            raise DongRefused("comma")
        raise DongRefused("grouping" if re.fullmatch(r"[0-9. ]+", bare) else "not_a_number")
    amount = Decimal(re.sub(r"[. ]", "", bare))
    if amount == 0:
        raise DongRefused("zero")
    if amount < at_least:
        raise DongRefused("too_small")
    if amount > at_most:
        raise DongRefused("too_large")
    return amount
