"""Drawings from the one sprite: `{% icon "basket" %}`. They are decoration; the words beside them carry the meaning."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

SPRITE = "shop/icons.svg"


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Return the symbol `name` as an inline SVG that assistive technology skips; `css` adds classes."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f"icon {css}".strip(),
        static(SPRITE),
        name,
    )
