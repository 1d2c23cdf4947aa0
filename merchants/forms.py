"""Forms of the commune's side: a business, an account, why a code is withdrawn."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.businesses import village_label
from merchants.folding import fold_holder_name, sort_key
from merchants.models import Commune, Merchant, Village
from merchants.phone_numbers import PhoneField
from merchants.photos import ACCEPT, PhotoRefused, PreparedPhoto, keep_photo, prepare_photo, read_upload
from merchants.positions import read_position
from merchants.register import FIELDS
from merchants.spreadsheet_bytes import MOST_BYTES
from merchants.tax_codes import TaxCodeRefused, read_tax_code
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.banks import current_banks
from merchants.vsic import VERSION, section_choices
from merchants.wall_codes import WallCode


class FoundSelect(forms.Select):
    """A long list that one may also type into (js/choose.js); without scripts a plain list.

    `find`: value → further words by which the option is found. `words` stands in the empty field.
    """

    def __init__(
        self, *, words: Any, missing: Any, wrong: Any, find: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(attrs={"data-choose": words, "data-missing": missing, "data-wrong": wrong})
        self.find = find or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if further := self.find.get(str(value)):
            option["attrs"]["data-find"] = "|".join(further)
        return option


class BusinessForm(forms.ModelForm):
    """What an officer writes down about a business; the rest the register derives."""

    phone = PhoneField(required=False)
    tax_code = forms.CharField(
        label=_("Tax code"),
        required=False,
        max_length=20,
        help_text=_("10 or 13 digits, or the owner's 12-digit number, kept sealed and shown as its last four."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    position = forms.CharField(
        label=_("Position"),
        required=False,
        max_length=60,
        help_text=_("Latitude and longitude as a map app copies them, for example 18.98765, 105.43210."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    front = forms.FileField(
        label=_("Photo of the front"),
        required=False,
        help_text=_("Shown on the page in the shop as well, if the business has one."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    class Meta:
        model = Merchant
        fields = tuple(field for field in FIELDS if field not in {"latitude", "longitude", "portrait"})

    field_order = [
        "name",
        "legal_form",
        "village",
        "trade",
        "vsic_section",
        "owner_name",
        "phone",
        "email",
        "address",
        "position",
        "front",
        "tax_code",
        "is_public",
        "collection_note",
        "status",
        "status_reason",
    ]

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.commune = commune
        self.kept_photo = ""
        if self.instance.latitude is not None and self.instance.longitude is not None:
            self.fields["position"].initial = f"{self.instance.latitude:f}, {self.instance.longitude:f}"
        villages = self.fields["village"]
        villages.widget = FoundSelect(
            words=_("Type a part of its name"),
            missing=_("Please choose the village."),
            wrong=_("No such village on the list; leave it empty if you do not know."),
        )
        villages.queryset = Village.objects.filter(commune=commune).select_related("former_commune")  # type: ignore[attr-defined]
        villages.label_from_instance = village_label  # type: ignore[attr-defined]
        villages.empty_label = _("not known yet")  # type: ignore[attr-defined]
        self.fields["vsic_section"] = forms.ChoiceField(
            label=_("Branch of the economy"),
            required=False,
            choices=[("", _("not known yet")), *section_choices()],
            help_text=_("As on the tax or registration paper (%(version)s).") % {"version": VERSION},
        )
        self.fields["is_public"].help_text = _("The business wants to be found in the shop.")
        self.fields["status_reason"].help_text = _("Needed when the business is closed, not found or refuses.")
        if self.instance.pk and self.instance.tax_code_last4:
            self.fields["tax_code"].help_text = _("On file, ending in %(last4)s. Leave empty to keep it.") % {
                "last4": self.instance.tax_code_last4
            }

    def clean_tax_code(self) -> str:
        try:
            return read_tax_code(self.cleaned_data["tax_code"])
        except TaxCodeRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def clean_position(self) -> tuple[Decimal, Decimal] | None:
        try:
            return read_position(self.cleaned_data["position"])
        except ValueError as error:
            raise ValidationError(str(error), code="position") from error

    def clean_front(self) -> PreparedPhoto | None:
        upload = self.cleaned_data["front"]
        if not upload:
            return None
        try:
            return prepare_photo(read_upload(upload))
        except PhotoRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        status, reason = cleaned.get("status"), cleaned.get("status_reason", "")
        if status in {Merchant.Status.CLOSED, Merchant.Status.NOT_FOUND, Merchant.Status.REFUSED} and not reason:
            self.add_error("status_reason", _("Please say why it leaves the count."))
        return cleaned

    def validate_constraints(self) -> None:
        """The register checks them when it writes; here they would repeat what `clean` says in plain words."""

    def values(self) -> dict[str, Any]:
        """What merchants.register writes. A new photo is kept on the disk by the first call."""
        latitude, longitude = self.cleaned_data["position"] or (None, None)
        values = {field: self.cleaned_data[field] for field in self.Meta.fields}
        values |= {"latitude": latitude, "longitude": longitude}
        if photo := self.cleaned_data["front"]:
            self.kept_photo = self.kept_photo or keep_photo(photo, today=timezone.localdate())
            values["portrait"] = self.kept_photo
        return values


SHORT_ACCOUNT = 6  # characters; lengths differ by bank and no list of them is official, so shorter ones are asked about


class AccountForm(forms.Form):
    """A bank account as it stands in the bank's app; begins with the owner's name, whose account it mostly is.

    A very short number is asked about once, by a box that appears with it.
    """

    bank_code = forms.ChoiceField(label=_("Bank"))
    number = forms.CharField(
        label=_("Account number"),
        max_length=30,
        help_text=_("From the bank's app, not the number on the card."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    holder_name = forms.CharField(
        label=_("Account holder"),
        max_length=120,
        help_text=_("As the bank shows the name to whoever pays; it is kept in capitals without marks."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    is_short_on_purpose = forms.BooleanField(label=_("Yes, the number is that short"), required=False)

    def __init__(self, *args: Any, owner_name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner_name = fold_holder_name(owner_name)
        self.fields["holder_name"].initial = self.owner_name
        if not self.is_bound or not 0 < len(_bare_number(self.data.get("number", ""))) < SHORT_ACCOUNT:
            del self.fields["is_short_on_purpose"]
        offered = sorted(current_banks(), key=lambda bank: sort_key(bank.short_name))
        labels = [(bank.is_bank, bank.code, f"{bank.short_name} – {bank.name}") for bank in offered]
        bank_code = self.fields["bank_code"]
        bank_code.widget = FoundSelect(
            words=_("For example: vcb, agri, nong nghiep"),
            missing=_("Please choose the bank."),
            wrong=_("No such bank; please choose one from the list."),
            find={bank.code: (bank.code, bank.short_name, bank.bin, *bank.aliases) for bank in offered},
        )
        bank_code.choices = [  # type: ignore[attr-defined]
            ("", _("Choose the bank")),
            (_("Banks"), [(code, label) for is_bank, code, label in labels if is_bank]),
            (_("Wallets and finance companies"), [(code, label) for is_bank, code, label in labels if not is_bank]),
        ]

    def clean_holder_name(self) -> str:
        name = fold_holder_name(self.cleaned_data["holder_name"])
        if not name:
            raise ValidationError(_("Please write the name in letters, as the bank shows it."), code="no_letters")
        return name

    def clean_number(self) -> str:
        number = _bare_number(self.cleaned_data["number"])
        RegexValidator(r"^[A-Za-z0-9]{1,19}\Z", _("Letters and digits only, at most 19."))(number)
        if looks_like_card_number(number):
            raise ValidationError(
                _("This is the number on a card. Please take the account number from the bank's app."),
                code="card_number",
            )
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_meant = cleaned.pop("is_short_on_purpose", True)
        if "number" in cleaned and not is_meant:
            asked = _("This number is very short. Please compare it with the bank's app; if it is right, tick the box.")
            self.add_error("number", ValidationError(asked, code="short"))
        return cleaned

    @property
    def is_anothers(self) -> bool:
        """Whether the holder's name differs from the owner's on the register; says nothing where either is missing."""
        return bool(self.owner_name) and self.owner_name != self.cleaned_data["holder_name"]


def _bare_number(typed: str) -> str:
    return typed.replace(" ", "").replace(".", "").replace("-", "")


class ListForm(forms.Form):
    """A list of businesses as a file."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("Excel (.xlsx) or .csv, at most 15 MB and 20.000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than 15 MB. Please split the list into several files."), code="too_many_bytes"
            )
        return self.cleaned_data["file"]


class ReasonForm(forms.Form):
    """Why something is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class HolderForm(forms.Form):
    """What the code on a wall does not say, or says in passing: whose account it is, and that its warning was read."""

    bank_code = forms.ChoiceField(label=_("Bank"))
    holder_name = forms.CharField(
        label=_("Account holder"),
        max_length=120,
        help_text=_("As a bank's app shows the name when you scan the code; often not the name of the business."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    warnings_seen = forms.BooleanField(label=_("I have read the warning; the owner wants to keep this code."))

    def __init__(self, *args: Any, wall: WallCode, account_is_known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(wall.banks) > 1 and not account_is_known:
            self.fields["bank_code"].choices = [(bank.code, bank.name) for bank in wall.banks]  # type: ignore[attr-defined]
        else:
            del self.fields["bank_code"]
        if wall.told is None or account_is_known:
            del self.fields["holder_name"]
        elif wall.told.merchant_name:
            self.initial["holder_name"] = fold_holder_name(wall.told.merchant_name)
        if not wall.warnings:
            del self.fields["warnings_seen"]

    def clean_holder_name(self) -> str:
        name = fold_holder_name(self.cleaned_data["holder_name"])
        if not name:
            raise ValidationError(_("Please write the name in letters, as the bank shows it."), code="no_letters")
        return name


class ChangeForm(AccountForm):
    """The account that is to receive the payments, and why."""

    reason = forms.CharField(label=_("Why is it changed?"), max_length=200)
