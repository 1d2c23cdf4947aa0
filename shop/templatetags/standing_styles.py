"""The style sheets of pages that must come even where nothing else works."""

from django import template
from django.templatetags.static import static

register = template.Library()

SHEETS = ("shop/css/tokens.css", "shop/css/site.css")


@register.simple_tag
def standing_styles() -> list[str]:
    """The addresses of our style sheets; empty where the list of hashed names is missing or lacks one."""
    try:
        return [static(name) for name in SHEETS]
    except (ValueError, OSError):
        return []
