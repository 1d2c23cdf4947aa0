"""Money in templates: `{{ amount|dong }}`."""

from decimal import Decimal

from django import template

from merchants.money import format_dong

register = template.Library()


@register.filter
def dong(amount: Decimal | int | None) -> str:
    """`235.000 ₫`; nothing for None."""
    return "" if amount is None else format_dong(amount)
