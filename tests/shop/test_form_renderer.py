"""Fields drawn in Python are, byte for byte, what Django's templates make of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from shop.form_renderer import QuickWidgets

NASTY = "\"><script>alert('x')</script> & Xã Hợp Minh"
ATTRIBUTES: dict[str, Any] = {
    "id": "id_x", "maxlength": 1200, "required": True, "hidden": False, "data-x": NASTY,
    "data-lazy": gettext_lazy("Phone"), "data-safe": mark_safe("a&amp;b"), "data-none": None, "data-part": 1.5,
}  # fmt: skip
CHOICES = [
    ("", "Chọn …"),
    ("17605", "Xã Hợp Minh"),
    (40, NASTY),
    (1.5, Decimal("1234.5")),
    (mark_safe("<b>"), mark_safe("<i>nghiêng</i>")),
    ("Nhóm & hai", [("a", "A"), ("b", gettext_lazy("Phone"))]),
    (None, 12345),
]


class OwnOption(forms.Select):
    option_template_name = "django/forms/widgets/radio_option.html"


def widgets() -> Iterator[tuple[forms.Widget, Any]]:
    texts = (None, "", "0912 345 678", NASTY, mark_safe("<b>"), 0, 1234, Decimal("1234.50"), gettext_lazy("Phone"))
    for kind in (
        forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
        forms.Textarea, forms.CheckboxInput, forms.TelInput, forms.SearchInput, forms.ColorInput,
    ):  # fmt: skip
        for value in texts:
            yield kind(ATTRIBUTES), value
            yield kind(), value
    yield forms.PasswordInput(render_value=True), NASTY
    yield forms.CheckboxInput(), True
    yield forms.DateInput(), date(2026, 11, 24)
    yield forms.DateTimeInput(), datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    yield forms.TimeInput(), time(9, 30)
    for value in (None, "", "17605", 40, "b", NASTY):
        yield forms.Select(ATTRIBUTES, choices=CHOICES), value
        yield forms.NullBooleanSelect(), value
        yield OwnOption(choices=CHOICES), value
    yield forms.Select(), None
    yield forms.SelectMultiple(ATTRIBUTES, choices=CHOICES), ["17605", "a"]
    # Left to Django:
    yield forms.RadioSelect(choices=CHOICES), "17605"
    yield forms.CheckboxSelectMultiple(choices=CHOICES), ["a"]
    yield forms.ClearableFileInput(ATTRIBUTES), None
    yield forms.SplitDateTimeWidget(), datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    yield forms.MultipleHiddenInput(), ["a", NASTY]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_widget_is_drawn_as_django_draws_it(language: str) -> None:
    ours, djangos = QuickWidgets(), DjangoTemplates()
    with translation.override(language):
        for widget, value in widgets():
            name = f"ten-{NASTY}"
            assert widget.render(name, value, renderer=ours) == widget.render(name, value, renderer=djangos), (
                type(widget),
                value,
            )


def test_a_whole_form_with_faults_is_drawn_as_django_draws_it() -> None:
    class Order(forms.Form):
        name = forms.CharField(help_text="Như trên căn cước", max_length=120)
        commune = forms.ChoiceField(choices=CHOICES)
        terms = forms.BooleanField()

    data = {"name": "", "commune": NASTY}
    assert str(Order(data, renderer=QuickWidgets())) == str(Order(data, renderer=DjangoTemplates()))


def test_what_is_drawn_is_safe_and_the_settings_name_it() -> None:
    drawn = forms.TextInput().render("x", NASTY)
    assert hasattr(drawn, "__html__")
    assert "<script>" not in drawn
    assert isinstance(get_default_renderer(), QuickWidgets)
