"""What a buyer types at the checkout: who, where to, how."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.phone_numbers import PhoneField, to_e164
from shop.address.places import commune_name, communes_of, province_name, provinces

_MISSING = {
    "name": _("Write your name."),
    "phone": _("Write your phone number."),
    "province": _("Choose the province or city."),
    "commune": _("Choose the commune or ward."),
    "street": _("Write house number, street or village."),
}


def say_what_is_missing(form: forms.Form, messages: Mapping[str, Any]) -> None:
    """Let server and browser (js/validity.js) say the same of an empty or wrong field."""
    for name, message in messages.items():
        form.fields[name].error_messages["required"] = message
    for field in form.fields.values():
        field.widget.attrs["data-missing"] = field.error_messages["required"]
        if "invalid" in field.error_messages:
            field.widget.attrs["data-wrong"] = field.error_messages["invalid"]


class CheckoutForm(forms.Form):
    """One page for a guest. The delivery choice of each merchant is read by the view: its fields follow the basket."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"class": "input", "autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=24,
        help_text=_("The producer calls when something is unclear."),
        widget=forms.TextInput({"class": "input", "type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("We send the link to your order there."),
        error_messages={"invalid": _("This is not an e-mail address, as ten@example.com.")},
        widget=forms.EmailInput({"class": "input", "autocomplete": "email"}),
    )
    recipient_name = forms.CharField(
        label=_("Recipient's name"), max_length=120, required=False, widget=forms.TextInput({"class": "input"})
    )
    recipient_phone = forms.CharField(
        label=_("Recipient's phone"),
        max_length=24,
        required=False,
        widget=forms.TextInput({"class": "input", "type": "tel", "inputmode": "tel"}),
    )
    province = forms.ChoiceField(
        label=_("Province or city"), required=False, widget=forms.Select({"class": "input", "data-refresh": ""})
    )
    commune = forms.ChoiceField(label=_("Commune or ward"), required=False, widget=forms.Select({"class": "input"}))
    street = forms.CharField(
        label=_("House number, street, village"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "address-line1"}),
    )
    former_address = forms.CharField(
        label=_("Old address"),
        max_length=160,
        required=False,
        help_text=_("The commune and district of before July 2025, if the carrier knows you by them."),
        widget=forms.TextInput({"class": "input"}),
    )
    note = forms.CharField(
        label=_("Note to the producers"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 2}),
    )
    payment = forms.ChoiceField(label=_("Payment"), choices=[("transfer", ""), ("cod", "")], initial="transfer")
    accept_terms = forms.BooleanField(
        label=_("I accept the terms"), error_messages={"required": _("Please read and accept the terms to order.")}
    )

    def __init__(self, *args: Any, needs_address: bool, home_province: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_address = needs_address
        for name in ("province", "commune", "street"):
            self.fields[name].required = needs_address
        say_what_is_missing(self, _MISSING)
        chosen = str(self.data.get("province") or "") if self.is_bound else ""
        self.province_code = chosen if province_name(chosen) else home_province
        self.initial.setdefault("province", self.province_code)
        self.fields["province"].choices = [(place.code, place.name) for place in provinces()]  # type: ignore[attr-defined]
        self.fields["commune"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose …")),
            *((place.code, place.name) for place in communes_of(self.province_code)),
        ]

    def full_clean(self) -> None:
        """Without scripts, too, the page opens at the first field at fault."""
        super().full_clean()
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                break

    def clean_phone(self) -> str:
        return to_e164(self.cleaned_data["phone"])

    def clean_recipient_phone(self) -> str:
        typed = self.cleaned_data["recipient_phone"]
        return to_e164(typed) if typed else ""

    @property
    def place_names(self) -> tuple[str, str]:
        """Names of the chosen province and commune, for a valid form."""
        province = self.cleaned_data["province"]
        return province_name(province), commune_name(province, self.cleaned_data["commune"])


class FindForm(forms.Form):
    """Phone and look-up code of a purchase; cleans the phone to E.164."""

    phone = PhoneField(
        label=_("The phone number you ordered with"), error_messages={"required": _("Write your phone number.")}
    )
    code = forms.CharField(
        label=_("Look-up code"),
        max_length=20,
        help_text=_("Six letters and digits; they stand on the page of your purchase."),
        error_messages={"required": _("Write the look-up code.")},
        widget=forms.TextInput({"class": "input code", "autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_what_is_missing(self, {})


class MailboxCodeForm(forms.Form):
    """The six digits from the letter."""

    mailbox_code = forms.CharField(
        label=_("The six digits from our letter"),
        max_length=20,
        error_messages={"required": _("Write the code from our letter.")},
        widget=forms.TextInput({"class": "input code", "autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_what_is_missing(self, {})
