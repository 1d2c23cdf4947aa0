"""What a buyer types at the checkout: who, where to, how."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.vn import mst

from merchants.phone_numbers import PhoneField, to_e164
from shop.address.place_form import PlaceForm
from shop.purchase.member_checkout import ANOTHER, Member

_MISSING = {
    "name": _("Write your name."),
    "phone": _("Write your phone number."),
}


_INVOICE_MISSING = {
    "invoice_company": _("Write the company's name."),
    "invoice_tax_code": _("Write the company's tax code."),
    "invoice_address": _("Write the company's address."),
    "invoice_email": _("Write where the invoice is to be sent."),
}


def say_what_is_missing(form: forms.Form, messages: Mapping[str, Any]) -> None:
    """Let server and browser (js/validity.js) say the same of an empty or wrong field."""
    for name, message in messages.items():
        form.fields[name].error_messages["required"] = message
    for field in form.fields.values():
        field.widget.attrs["data-missing"] = field.error_messages["required"]
        if "invalid" in field.error_messages:
            field.widget.attrs["data-wrong"] = field.error_messages["invalid"]


class CheckoutForm(PlaceForm):
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
    is_gift = forms.BooleanField(label=_("It is a gift: no prices in the parcel"), required=False)
    gift_message = forms.CharField(
        label=_("Words that go with it"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 2}),
    )
    wants_invoice = forms.BooleanField(label=_("I need a VAT invoice"), required=False)
    invoice_company = forms.CharField(
        label=_("Company name"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "organization"}),
    )
    invoice_tax_code = forms.CharField(
        label=_("Company tax code"),
        max_length=20,
        required=False,
        help_text=_("10 digits, or 13 for a branch."),
        widget=forms.TextInput({"class": "input", "inputmode": "numeric", "autocomplete": "off"}),
    )
    invoice_address = forms.CharField(
        label=_("Company address"), max_length=255, required=False, widget=forms.TextInput({"class": "input"})
    )
    invoice_email = forms.EmailField(
        label=_("E-mail for the invoice"),
        required=False,
        error_messages={"invalid": _("This is not an e-mail address, as ten@example.com.")},
        widget=forms.EmailInput({"class": "input"}),
    )
    payment = forms.ChoiceField(label=_("Payment"), choices=[("transfer", ""), ("cod", "")], initial="transfer")
    accept_terms = forms.BooleanField(
        label=_("I accept the terms"), error_messages={"required": _("Please read and accept the terms to order.")}
    )

    saved = forms.CharField(max_length=20, required=False)
    save_address = forms.BooleanField(label=_("Save this address for the next time"), required=False)

    field_order = ("name", "phone", "email", "recipient_name", "recipient_phone", "saved")

    def __init__(self, *args: Any, needs_address: bool, member: Member | None = None, **kwargs: Any) -> None:
        self.member = member
        first = str(member.addresses[0].pk) if member and member.addresses else ANOTHER
        data = args[0] if args else kwargs.get("data")
        chosen = str(data.get("saved") or first) if data is not None else first
        self.saved_address = member.address(chosen) if member and needs_address else None
        super().__init__(*args, needs_address=needs_address and self.saved_address is None, **kwargs)
        if member is not None and member.has_accepted:
            self.fields["accept_terms"].required = False
        say_what_is_missing(self, _MISSING)

    def full_clean(self) -> None:
        """Without scripts, too, the page opens at the first field at fault."""
        super().full_clean()
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                break

    def forget_faults(self) -> None:
        """The page is only shown anew: nothing is found fault with yet, and nothing takes the focus."""
        self.errors.clear()
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)

    def clean_phone(self) -> str:
        return to_e164(self.cleaned_data["phone"])

    def clean_recipient_phone(self) -> str:
        typed = self.cleaned_data["recipient_phone"]
        return to_e164(typed) if typed else ""

    def clean_invoice_tax_code(self) -> str:
        """Ten digits or thirteen with the right check digit; empty where no invoice is wanted."""
        typed = self.cleaned_data["invoice_tax_code"]
        if not typed or not self.cleaned_data.get("wants_invoice"):
            return ""
        try:
            return str(mst.validate(typed))
        except StdnumError as error:
            raise ValidationError(_("This is no company's tax code. Please look at it once more.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_gift"):
            self._need("recipient_name", _("Write who receives the gift."))
            self._need("recipient_phone", _("Write the recipient's phone number, so that the parcel arrives."))
        if data.get("wants_invoice"):
            for name, message in _INVOICE_MISSING.items():
                self._need(name, message)
        return data

    def _need(self, name: str, message: Any) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)


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
