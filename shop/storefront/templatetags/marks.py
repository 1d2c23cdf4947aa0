"""Marks what was searched for: `{% marked card.name %}` wraps the words of the context's `match` in <mark>."""

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from catalogue.matched_words import split_at_words
from catalogue.search import WordQuery

register = template.Library()


@register.simple_tag(takes_context=True)
def marked(context: template.Context, text: str) -> SafeString:
    """The text, escaped; unchanged where the page has no `match` (a WordQuery)."""
    match: WordQuery | None = context.get("match")
    if match is None:
        return conditional_escape(text)
    pieces = split_at_words(str(text), match)
    return SafeString(
        "".join(f"<mark>{escape(piece)}</mark>" if is_match else escape(piece) for piece, is_match in pieces)
    )
