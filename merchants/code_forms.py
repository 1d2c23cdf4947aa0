"""Forms of the pages on codes: to whom, on which paper, which marks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from merchants.businesses import village_label
from merchants.models import Commune, Merchant, PrintMark, Village
from merchants.photos import ACCEPT
from merchants.vietqr.banks import current_banks

LAYOUT_CHOICES = [
    ("a6", _("A6, to stand on a table: one on a sheet")),
    ("a5", _("A5, to hang on a wall: one on a sheet")),
    ("a4", _("A4 with four signs and cut marks")),
    ("strips", _("Strips for checking, on A4: stick them apart from the sign")),
]


class ScopeForm(forms.Form):
    """A village (or none known) of the commune, or all of them; optionally one trade."""

    thon = forms.ChoiceField(label=_("Village"), required=False)

    def __init__(self, *args: Any, commune: Commune, with_trade: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Village.objects.filter(commune=commune).select_related("former_commune")
        self.fields["thon"].choices = [  # type: ignore[attr-defined]
            ("", _("All villages")),
            *((str(village.pk), village_label(village)) for village in villages),
            ("0", _("No village known")),
        ]
        if with_trade:
            trades = Merchant.objects.filter(commune=commune).exclude(trade="").order_by("trade")
            self.fields["nghe"] = forms.ChoiceField(
                label=_("Trade"),
                required=False,
                choices=[("", _("All trades")), *((t, t) for t in trades.values_list("trade", flat=True).distinct())],
            )

    @property
    def village_id(self) -> int | None:
        """0: no village known; None: all."""
        chosen = self.cleaned_data.get("thon", "")
        return int(chosen) if chosen else None

    @property
    def scope(self) -> str:
        """What was chosen, in words; empty for all."""
        chosen = dict(self.fields["thon"].choices)  # type: ignore[attr-defined]
        village = self.cleaned_data.get("thon", "")
        return " · ".join(
            part for part in (str(chosen[village]) if village else "", self.cleaned_data.get("nghe", "")) if part
        )


class PrintForm(ScopeForm):
    """What to print on which paper."""

    co = forms.ChoiceField(label=_("Paper"), choices=LAYOUT_CHOICES, widget=forms.RadioSelect, initial="a4")
    nhung = forms.ChoiceField(
        label=_("Which codes"),
        choices=[("new", _("only those never printed")), ("all", _("all valid ones, printed before or not"))],
        widget=forms.RadioSelect,
        initial="new",
    )


class MarkForm(forms.Form):
    """A picture for the signs, and whose mark it is."""

    kind = forms.ChoiceField(label=_("Mark"), choices=PrintMark.Kind.choices)
    bank_code = forms.ChoiceField(label=_("Bank"), required=False, help_text=_("For the mark of one bank only."))
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("At least 200 × 200 pixels, on white."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    is_allowed = forms.BooleanField(label=_("We may use this mark on signs."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banks = sorted((bank.short_name, bank.code) for bank in current_banks())
        self.fields["bank_code"].choices = [("", "—"), *((code, name) for name, code in banks)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == PrintMark.Kind.BANK and not cleaned.get("bank_code"):
            self.add_error("bank_code", ValidationError(_("Please choose the bank."), code="bank"))
        elif cleaned.get("kind") != PrintMark.Kind.BANK:
            cleaned["bank_code"] = ""
        return cleaned


SCHEMES = ("VNPAY", "MoMo", "ZaloPay", "Viettel Money", "ShopeePay", "VNPT Money", "NAPAS QRPUSH")
"""Other schemes that a commune may count; named as merchants.vietqr.schemes names them."""


class CountedSchemesForm(forms.Form):
    """Which other schemes the commune counts as a payment code."""

    schemes = forms.MultipleChoiceField(
        label=_("Codes of other schemes that count"),
        required=False,
        choices=[(name, name) for name in SCHEMES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("VietQR always counts."),
    )
