"""`{% product_card card heading="h2" load="first" %}`: the card of one product, drawn once while it says the same.

What it shows follows from what it is given, so the drawing is kept by that: a card that says anything else, in another
language or with words of a search marked, is another one. Nothing has to be thrown away when goods change.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import cast

from django import template
from django.conf import settings
from django.core.signals import setting_changed
from django.template.base import Template
from django.utils.safestring import SafeString

from shop.storefront.cards import ProductCard

TEMPLATE = "partials/product_card.html"
MOST_KEPT = 1_000  # drawings, of about 3 kB each

register = template.Library()
_kept: OrderedDict[Hashable, SafeString] = OrderedDict()
_lock = threading.Lock()


@register.simple_tag(takes_context=True)
def product_card(
    context: template.Context, card: ProductCard, heading: str = "h3", load: str | None = None
) -> SafeString:
    """The card; sits in an <li>. `load` as of {% picture %}. With a search on the page it is drawn each time."""
    language, match = context.get("LANGUAGE_CODE"), context.get("match")
    key = (card, heading, load, language)
    if match is None:
        with _lock:
            found = _kept.get(key)
            if found is not None:
                _kept.move_to_end(key)
                return found
    shown = {"card": card, "heading": heading, "load": load, "match": match, "LANGUAGE_CODE": language}
    engine = cast(Template, context.template).engine
    drawn = cast(SafeString, engine.get_template(TEMPLATE).render(context.new(shown)))
    if match is None and not settings.DEBUG:
        with _lock:
            _kept[key] = drawn
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return drawn


def forget_cards(*, setting: str = "STORAGES", **_: object) -> None:
    """For tests that move the static or the media files."""
    if setting in {"STATIC_URL", "STATIC_ROOT", "MEDIA_URL", "STORAGES"}:
        with _lock:
            _kept.clear()


setting_changed.connect(forget_cards, dispatch_uid="storefront-cards")
