"""Phone numbers as people here write and read them, and the form field for them; E.164 is for machines."""

from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def to_e164(text: str) -> str:
    """Return a Vietnamese phone number as +84…; raise ValidationError when it is none. "0912 345 678" is understood."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("This is not a phone number."), code="invalid_phone") from error
    if number.country_code != 84 or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("This is not a Vietnamese phone number."), code="invalid_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(number: str) -> str:
    """How people read a number: `0912 345 678` for +84912345678, `+49 1511 2345678` for one from abroad.

    What is no phone number comes back as it is.
    """
    try:
        parsed = phonenumbers.parse(number, "VN")
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    ways = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, ways.NATIONAL if parsed.country_code == 84 else ways.INTERNATIONAL)


class PhoneField(forms.CharField):
    """A phone number as people here write it; cleans to E.164, shows what is stored as people read it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return shown_phone(value) if isinstance(value, str) and value.startswith("+") else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return to_e164(text) if text else ""
