"""Phone numbers in templates: `{{ number|phone }}`."""

from django import template

from merchants.phone_numbers import shown_phone

register = template.Library()


@register.filter
def phone(number: str | None) -> str:
    """`0912 345 678` for +84912345678; nothing for None."""
    return shown_phone(number or "")
