"""`{% picture card.picture "card" %}`: every picture of goods, people and places (merchants.shown_pictures)."""

from typing import Any

from django import template
from django.db.models.fields.files import FieldFile
from django.utils.safestring import SafeString

from merchants.shown_pictures import ShownPicture, picture_html

register = template.Library()


@register.simple_tag
def picture(shown: ShownPicture | FieldFile | None, place: str, load: Any = "later", css: str = "") -> SafeString:
    """The picture for that place; nothing without one. `load`: "first" (the one that matters), "now" or "later".

    The file of a row is decoration: it is shown without words of its own.
    """
    if not shown:
        return SafeString("")
    wanted = shown if isinstance(shown, ShownPicture) else ShownPicture(shown.name or "", storage=shown.storage)
    return picture_html(wanted, place, load=load or "later", css=css or "")
