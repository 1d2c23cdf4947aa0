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
MOST_MARKED = 500  # drawings with the words of a search marked: a store of their own, whatever people search for

register = template.Library()
_kept: OrderedDict[Hashable, SafeString] = OrderedDict()
_marked: OrderedDict[Hashable, SafeString] = OrderedDict()
_lock = threading.Lock()


@register.simple_tag(takes_context=True)
def product_card(
    context: template.Context, card: ProductCard, heading: str = "h3", load: str | None = None
) -> SafeString:
    """The card; sits in an <li>. `load` as of {% picture %}."""
    language, match = context.get("LANGUAGE_CODE"), context.get("match")
    key = (card, heading, load, language, match)
    store, most = (_kept, MOST_KEPT) if match is None else (_marked, MOST_MARKED)
    with _lock:
        found = store.get(key)
        if found is not None:
            store.move_to_end(key)
            return found
    shown = {"card": card, "heading": heading, "load": load, "match": match, "LANGUAGE_CODE": language}
    engine = cast(Template, context.template).engine
    drawn = cast(SafeString, engine.get_template(TEMPLATE).render(context.new(shown)))
    if not settings.DEBUG:
        with _lock:
            store[key] = drawn
            while len(store) > most:
                store.popitem(last=False)
    return drawn


def forget_cards(*, setting: str = "STORAGES", **_: object) -> None:
    """For tests that move the static or the media files."""
    if setting in {"STATIC_URL", "STATIC_ROOT", "MEDIA_URL", "STORAGES"}:
        with _lock:
            _kept.clear()
            _marked.clear()


setting_changed.connect(forget_cards, dispatch_uid="storefront-cards")
