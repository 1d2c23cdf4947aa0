"""A member's saved addresses: kept, chosen, changed and removed by her alone. Who receives there belongs to each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now as current_time
from oscar.core.loading import get_model

from shop.address.models import UserAddress
from shop.address.places import commune_name, province_name, province_of
from shop.users.models import User

MOST = 20  # of one member; what is saved beyond replaces the one that was longest not chosen

Country = get_model("address", "Country")


@dataclass(frozen=True)
class SavedPlace:
    """What an address says; `phone` in E.164, `commune_code` one of today's."""

    name: str
    phone: str
    street: str
    commune_code: str
    former: str = ""


def addresses_of(user: User) -> QuerySet[UserAddress]:
    """Her addresses, the one first that she would choose: last chosen at a checkout, or since then made the first."""
    return UserAddress.objects.filter(user=user).order_by(F("chosen_at").desc(nulls_last=True), "-pk")


def place_of(address: UserAddress) -> SavedPlace:
    """What the row says."""
    return SavedPlace(
        name=address.first_name,
        phone=address.phone,
        street=address.line1,
        commune_code=address.commune_code,
        former=address.former_address,
    )


@transaction.atomic
def save_address(*, user: User, place: SavedPlace, address: UserAddress | None = None) -> UserAddress:
    """Keep a new address, or change the given one of hers. What she has already is not kept twice."""
    row = address or UserAddress(user=user)
    _write(row, place)
    same = UserAddress.objects.filter(user=user, hash=row.generate_hash()).exclude(pk=row.pk).first()
    if same is not None:
        _write(same, place)
        if address is not None:
            address.delete()
        row = same
    elif address is None:
        for surplus in addresses_of(user)[MOST - 1 :]:
            surplus.delete()
    row.save()
    return row


def note_chosen(address: UserAddress) -> None:
    """It was used for a purchase now: next time it comes first. Each call counts once more."""
    UserAddress.objects.filter(pk=address.pk).update(
        chosen_at=current_time(), num_orders_as_shipping_address=F("num_orders_as_shipping_address") + 1
    )


@transaction.atomic
def make_first(address: UserAddress) -> None:
    """Let the checkout begin with it, until another one is used."""
    address.is_default_for_shipping = True
    address.chosen_at = current_time()
    address.save()


def remove_address(address: UserAddress) -> dict[str, Any]:
    """Delete it and return what `restore_address` needs to bring it back."""
    kept = {**place_of(address).__dict__, "is_first": address.is_default_for_shipping}
    address.delete()
    return kept


def restore_address(*, user: User, kept: Mapping[str, Any]) -> UserAddress:
    """Bring back what was removed a moment ago; called twice it is there once."""
    names = SavedPlace.__dataclass_fields__
    row = save_address(user=user, place=SavedPlace(**{name: str(kept.get(name) or "") for name in names}))
    if kept.get("is_first"):
        make_first(row)
    return row


def _write(row: UserAddress, place: SavedPlace) -> None:
    province = province_of(place.commune_code)
    row.first_name = place.name[:255]
    row.phone_number = place.phone
    row.line1 = place.street[:255]
    row.line4 = commune_name(province, place.commune_code)
    row.state = province_name(province)
    row.commune_code = place.commune_code
    row.province_code = province
    row.former_address = place.former[:160]
    row.country = _viet_nam()


def _viet_nam() -> Any:
    """The only country goods are sent to; Oscar's addresses want one."""
    country, _created = Country.objects.get_or_create(
        iso_3166_1_a2="VN",
        defaults={
            "iso_3166_1_a3": "VNM",
            "iso_3166_1_numeric": "704",
            "printable_name": "Việt Nam",
            "name": "Việt Nam",
            "is_shipping_country": True,
        },
    )
    return country
