"""What an officer adds to a scan on the spot, and how an alarm is settled."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.folding import fold_holder_name
from merchants.models import CodeAlarm, CodeCheck, Merchant
from merchants.photos import ACCEPT, PhotoRefused, plain_picture, read_upload
from merchants.positions import read_position

MOST_ACCURACY_M = 100_000  # a phone that says more knows nothing


class VisitForm(forms.Form):
    """The rest of a visit, all of it optional: the scan alone is worth keeping."""

    found_status = forms.ChoiceField(
        label=_("How did you find the business?"),
        choices=Merchant.Status.choices,
        initial=Merchant.Status.ACTIVE,
        widget=forms.RadioSelect,
    )
    holder_method = forms.ChoiceField(
        label=_("How do you know that the holder is paid?"),
        required=False,
        choices=[
            ("", _("not asked")),
            (CodeCheck.HolderMethod.NAME_TYPED, _("A bank app showed the name; I write it down")),
            (CodeCheck.HolderMethod.TEST_TRANSFER, _("A small test transfer: the owner saw it arrive")),
        ],
        widget=forms.RadioSelect,
    )
    holder_name_seen = forms.CharField(
        label=_("The name that the bank app shows"),
        required=False,
        max_length=120,
        help_text=_("Scan the code with a bank app and write the name as it stands there. Do not send money."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    transfer_shown_on = forms.DateField(
        label=_("The owner showed a transfer of the day"),
        required=False,
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"],
        help_text=_("As dd/mm/yyyy: the newest payment by transfer in her app."),
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    photo = forms.FileField(
        label=_("Photo of what hangs there"),
        required=False,
        help_text=_("Seen by the commune's officers, and by the owner if an alarm is raised; by nobody else."),
        widget=forms.FileInput(attrs={"accept": ACCEPT, "capture": "environment", "data-scale-photo": ""}),
    )
    position = forms.CharField(
        label=_("Position"),
        required=False,
        max_length=60,
        help_text=_("Latitude and longitude as a map app copies them, for example 18.98765, 105.43210."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-position": ""}),
    )
    accuracy_m = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput(attrs={"data-accuracy": ""}))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )

    def clean_position(self) -> tuple[Decimal, Decimal] | None:
        try:
            return read_position(self.cleaned_data["position"])
        except ValueError as error:
            raise ValidationError(str(error), code="position") from error

    def clean_accuracy_m(self) -> int | None:
        """Metres as the phone says them; what is no such number is left out, because nobody typed it."""
        try:
            metres = round(float(self.cleaned_data["accuracy_m"]))
        except (ValueError, OverflowError):
            return None
        return metres if 0 <= metres <= MOST_ACCURACY_M else None

    def clean_transfer_shown_on(self) -> date | None:
        day: date | None = self.cleaned_data["transfer_shown_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day

    def clean_photo(self) -> bytes | None:
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            return plain_picture(read_upload(upload))
        except PhotoRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_by_name = cleaned.get("holder_method") == CodeCheck.HolderMethod.NAME_TYPED
        if is_by_name and not fold_holder_name(cleaned.get("holder_name_seen", "")):
            self.add_error("holder_name_seen", _("Please write the name in letters, as the bank shows it."))
        return cleaned


class SettleForm(forms.Form):
    """What an alarm turned out to be."""

    outcome = forms.ChoiceField(label=_("What was it?"), choices=CodeAlarm.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What did you find and do?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
