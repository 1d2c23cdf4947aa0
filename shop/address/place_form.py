"""The fields of an address: a search over new and old names of communes, and the two lists that say what was chosen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.address.find_commune import FoundCommune, find_communes
from shop.address.places import commune_name, communes_of, province_name, province_of, provinces

_MISSING = {
    "province": _("Choose the province or city."),
    "commune": _("Choose the commune or ward."),
    "street": _("Write house number, street or village."),
}


class PlaceForm(forms.Form):
    """An address in Viet Nam.

    `place` is what somebody typed to find her commune, `found` the code of one that was proposed for it. Once she has
    chosen, province and commune hold it, what stood before it goes to `street` and an old name to `former_address`,
    both where nothing was written yet. Without a choice nothing is taken over: `proposals` are shown to choose from.
    """

    place = forms.CharField(
        label=_("Find your commune or ward"),
        max_length=300,
        required=False,
        help_text=_("By its new or old name; or paste the whole address."),
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    found = forms.CharField(max_length=5, required=False)
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

    def __init__(self, *args: Any, home_province: str, needs_address: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_address = needs_address
        self.chosen: FoundCommune | None = None
        self.proposals: tuple[FoundCommune, ...] = ()
        if self.is_bound and needs_address:
            if "province" not in self.data:  # the fields were not on the page that was sent
                self.data = {**dict(self.data.items()), "province": home_province}
            self._take_what_was_found(home_province)
        for name, missing in _MISSING.items():
            self.fields[name].required = needs_address
            self.fields[name].error_messages["required"] = missing
            self.fields[name].widget.attrs["data-missing"] = missing
        chosen = str(self.data.get("province") or "") if self.is_bound else str(self.initial.get("province") or "")
        self.province_code = chosen if province_name(chosen) else home_province
        self.initial.setdefault("province", self.province_code)
        self._offer("province", ((place.code, place.name) for place in provinces()))
        communes = ((place.code, place.name) for place in communes_of(self.province_code))
        self._offer("commune", [("", _("Choose …")), *communes])

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def _take_what_was_found(self, home_province: str) -> None:
        typed = str(self.data.get("place") or "")
        if not typed.strip():
            return
        near = str(self.data.get("province") or "") or home_province
        fitting = find_communes(typed, near_province=near, most=300)
        code = str(self.data.get("found") or "")
        chosen = next((one for one in fitting if one.code == code), None)
        if chosen is None and not code:
            # Written and chosen in the list: both say the same.
            chosen = next((one for one in fitting if one.code == self.data.get("commune")), None)
        if chosen is None:
            self.proposals = fitting[:12]
            return
        data = dict(self.data.items())  # the last value of each, as the fields read them
        data["province"], data["commune"], data["place"], data["found"] = chosen.province_code, chosen.code, "", ""
        if chosen.street and not str(data.get("street") or "").strip():
            data["street"] = chosen.street
        if chosen.former_address and not str(data.get("former_address") or "").strip():
            data["former_address"] = chosen.former_address
        self.data, self.chosen = data, chosen

    @property
    def sole_proposal(self) -> str:
        """Code of what alone fits; it is marked already, and sending the form confirms it."""
        return self.proposals[0].code if len(self.proposals) == 1 else ""

    @property
    def found_nothing(self) -> bool:
        """Whether what was typed fits no commune, and this is not said as an error of the field already."""
        typed = str(self.data.get("place") or "").strip() if self.is_bound else ""
        return bool(typed) and not self.proposals and not self.chosen and "place" not in self.errors

    def clean_place(self) -> str:
        typed: str = self.cleaned_data["place"]
        if not self.needs_address or not typed:
            return ""
        if self.proposals:
            self.add_error("place", _("Say which of these is yours."))
        elif not self.data.get("commune"):
            self.add_error("place", _("No commune is called so. Look at the spelling, or choose from the lists below."))
        return typed

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "place" in self.errors and "commune" in self.errors:
            del self.errors["commune"]  # one question, asked once
        return data

    @property
    def place_names(self) -> tuple[str, str]:
        """Names of the chosen province and commune, for a valid form."""
        province = province_of(self.cleaned_data["commune"])
        return province_name(province), commune_name(province, self.cleaned_data["commune"])
