"""Drawings from the one sprite: `{% icon "basket" %}`. They are decoration; the words beside them carry the meaning.

A list page draws a hundred of them, so each drawing is put together once per process.
"""

from functools import cache
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SPRITE = "shop/icons.svg"


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """Return the symbol `name` as an inline SVG that assistive technology skips; `css` adds classes."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f"icon {css}".strip(),
        static(SPRITE),
        name,
    )


@register.simple_tag
@cache
def star_row(stars: int) -> SafeString:
    """Return as many full stars as the certificate has (3 to 5)."""
    return mark_safe(icon("star-full") * stars)  # noqa: S308  # made of our own drawing only


def _forget_drawings(*, setting: str, **_: Any) -> None:
    """A test that moves the static files must not see the old address."""
    if setting in {"STATIC_URL", "STATIC_ROOT", "STORAGES"}:
        icon.cache_clear()
        star_row.cache_clear()


setting_changed.connect(_forget_drawings, dispatch_uid="storefront-icons")
