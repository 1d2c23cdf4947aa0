"""Reading a tax code as people write it: 10 or 13 digits of a business, or the owner's 12-digit personal number."""

from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.vn import mst

TAX_CODE_WORDS = {
    "tax_code_length": _("A tax code has 10, 12 or 13 digits."),
    "tax_code": _("One of these digits is wrong; please compare."),
    "personal_number": _("No personal number begins like this; please compare with the card."),
}
_INVENTED = "999"  # no province has it: the demo's people are nobody
_LAST_PROVINCE = 96  # codes of the places of birth stay those of before 2025-07-01


class TaxCodeRefused(ValueError):
    """`code` is a key of TAX_CODE_WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(TAX_CODE_WORDS[self.code])


def read_tax_code(typed: str) -> str:
    """Return the digits alone, "" for nothing; raises TaxCodeRefused.

    10 and 13 digits carry a check digit. 12 digits are a personal number (since 2025-07-01, TT 86/2024/TT-BTC):
    province of birth, century and sex, year, six more; it has no check digit. Pure.
    """
    digits = "".join(char for char in typed if char not in " -.")
    if not digits:
        return ""
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {10, 12, 13}:
        raise TaxCodeRefused("tax_code_length")
    if len(digits) == 12:
        if digits[:3] != _INVENTED and not 1 <= int(digits[:3]) <= _LAST_PROVINCE:
            raise TaxCodeRefused("personal_number")
        return digits
    try:
        mst.validate(digits)
    except StdnumError as error:
        raise TaxCodeRefused("tax_code") from error
    return digits
