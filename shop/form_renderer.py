"""Form fields drawn in Python where Django would run a small template for each: byte for byte the same HTML.

A select with the 130 communes of a province costs Django's templates some 15 ms, more than the rest of the checkout
page. What is not listed in `_DRAWN`, and every widget with a template of its own, is left to Django.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_FOLDER = "django/forms/widgets/"
_OPTION = f"{_FOLDER}select_option.html"
Widget = Mapping[str, Any]


def _text(value: Any) -> str:
    """As `{{ value|stringformat:'s' }}` writes it."""
    return value if isinstance(value, SafeString) else escape(str(value))


def _words(value: Any) -> str:
    """As `{{ value }}` writes it: numbers as people here write them."""
    if type(value) is str:
        return escape(value)
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_words(name)}" if value is True else f' {_words(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = _words(widget["type"]), _words(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _textarea(widget: Widget) -> str:
    words = _words(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_words(widget["name"])}"{_attributes(widget["attrs"])}>\n{words}</textarea>'


def _select(widget: Widget) -> str | None:
    """None where an option is drawn by a template of its own."""
    parts = [f'<select name="{_words(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if any(option["template_name"] != _OPTION for option in options):
            return None
        if group:
            parts.append(f'\n  <optgroup label="{_words(group)}">')
        parts += _options(options)
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _options(options: Iterable[Widget]) -> Iterable[str]:
    for option in options:
        start = f'\n  <option value="{_text(option["value"])}"{_attributes(option["attrs"])}>'
        yield f"{start}{_words(option['label'])}</option>\n"  # Django's file for it ends with a line break


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "color", "tel", "search")
_DRAWN: dict[str, Callable[[Widget], str | None]] = {
    **{f"{_FOLDER}{name}.html": _input for name in (*_INPUTS, "input", "checkbox")},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}


class QuickWidgets(DjangoTemplates):
    """FORM_RENDERER: see the module. Templates named `django/forms/widgets/…` in an app would be passed over."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        draw = _DRAWN.get(template_name)
        drawn = draw(context["widget"]) if draw else None
        if drawn is None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308  # Django’s own drawing
        return mark_safe(drawn)  # noqa: S308  # every part was escaped
