"""An order's state in words, for templates that hold the bare word only: `{{ row.status|fulfilment_label }}`."""

from django import template
from django.utils.text import capfirst

from shop.order.models import Fulfilment

register = template.Library()


@register.filter
def fulfilment_label(state: str) -> str:
    """“Đã gửi” for "sent"; an unknown word as it stands."""
    return str(capfirst(Fulfilment(state).label if state in Fulfilment.values else state))
