"""`{% picture card.picture "card" %}`: every picture of goods, people and places (merchants.shown_pictures)."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from merchants.shown_pictures import ShownPicture, picture_html

register = template.Library()


@register.simple_tag
def picture(shown: ShownPicture | None, place: str, load: Any = "later", css: str = "") -> SafeString:
    """The picture for that place; nothing without one. `load`: "first" (the one that matters), "now" or "later"."""
    if not shown:
        return SafeString("")
    return picture_html(shown, place, load=load or "later", css=css or "")
