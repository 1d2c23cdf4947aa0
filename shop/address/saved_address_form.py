"""The form of a saved address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.phone_numbers import PhoneField
from shop.address.models import UserAddress
from shop.address.place_form import PlaceForm
from shop.address.saved_addresses import SavedPlace, place_of


class SavedAddressForm(PlaceForm):
    """Who receives, under which number, where."""

    name = forms.CharField(
        label=_("Who receives the goods there"),
        max_length=120,
        widget=forms.TextInput({"class": "input", "autocomplete": "name"}),
        error_messages={"required": _("Write who receives the goods.")},
    )
    phone = PhoneField(
        label=_("Phone there"),
        widget=forms.TextInput({"class": "input", "type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Write a phone number for the carrier.")},
    )
    field_order = ("name", "phone")

    @classmethod
    def of(cls, data: Any, *, address: UserAddress | None, name: str, phone: str, home_province: str) -> Any:
        """The form as filled in, or showing the given address, or a new one for that person."""
        initial: dict[str, str] = {"name": name, "phone": phone}
        if address is not None:
            place = place_of(address)
            initial = {
                "name": place.name, "phone": place.phone, "street": place.street, "commune": place.commune_code,
                "province": address.province_code, "former_address": place.former,
            }  # fmt: skip
        return cls(data, initial=initial, home_province=home_province)

    def as_place(self) -> SavedPlace:
        """What a valid form says."""
        data = self.cleaned_data
        return SavedPlace(
            name=data["name"],
            phone=data["phone"],
            street=data["street"],
            commune_code=data["commune"],
            former=data["former_address"],
        )
