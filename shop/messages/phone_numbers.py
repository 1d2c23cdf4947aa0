"""Phone numbers as people write them."""

import phonenumbers


def national_format(number: str) -> str:
    """`+84912345678` → `0912 345 678`; what is no number comes back as it is."""
    try:
        parsed = phonenumbers.parse(number, "VN")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
