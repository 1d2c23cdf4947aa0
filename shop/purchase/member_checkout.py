"""What a member need not do again at the checkout: write her address, and accept terms she has accepted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shop.address.models import UserAddress
from shop.address.saved_addresses import SavedPlace, addresses_of, note_chosen, save_address
from shop.purchase.models import PolicyVersion, Purchase
from shop.purchase.place_purchase import BuyerDetails, DeliveryAddress
from shop.users.models import User

ANOTHER = "new"  # value of the form's `saved` for an address that is not among hers


@dataclass(frozen=True)
class Member:
    """Her addresses, the one first that she would choose; and whether she accepted today's policies before."""

    user: User
    addresses: tuple[UserAddress, ...]
    has_accepted: bool

    def address(self, value: str) -> UserAddress | None:
        """Her address by the value of the form's field; None for another one, also for somebody else's."""
        return next((address for address in self.addresses if str(address.pk) == value), None)


def member_of(user: User, *, policies: Sequence[PolicyVersion], needs_address: bool) -> Member:
    """Two queries; the addresses are not asked for where nothing is brought to her."""
    addresses = tuple(addresses_of(user)) if needs_address else ()
    return Member(user=user, addresses=addresses, has_accepted=has_accepted(user, policies))


def has_accepted(user: User, policies: Sequence[PolicyVersion]) -> bool:
    """Whether she ticked exactly these versions with earlier purchases; a new wording is asked about anew.

    A tick is needed once for each wording (NĐ 248/2026: acceptance is an act of the buyer; domain H3, 2026-11), and
    the purchase that holds it is the proof.
    """
    accepted = Purchase.accepted_policies.through.objects.filter(purchase__user=user)
    ids = {policy.pk for policy in policies}
    return bool(ids) and ids <= set(
        accepted.filter(policyversion_id__in=ids).values_list("policyversion_id", flat=True).distinct()
    )


def with_saved_address(buyer: BuyerDetails, address: UserAddress) -> BuyerDetails:
    """The buyer's details with her saved address. Who receives there is named where nobody else was."""
    receives_herself = address.first_name.casefold() == buyer.name.casefold() and address.phone == buyer.phone
    return replace(
        buyer,
        recipient_name=buyer.recipient_name or ("" if receives_herself else address.first_name),
        recipient_phone=buyer.recipient_phone or ("" if receives_herself else address.phone),
        address=DeliveryAddress(
            line=address.line1,
            commune_code=address.commune_code,
            commune_name=address.line4,
            province_code=address.province_code,
            province_name=address.state,
            former=address.former_address,
        ),
    )


def remember_address(*, user: User, buyer: BuyerDetails) -> None:
    """Keep the address of a purchase among hers, and let the next checkout begin with it."""
    if buyer.address is None:
        return
    place = SavedPlace(
        name=buyer.recipient_name or buyer.name,
        phone=buyer.recipient_phone or buyer.phone,
        street=buyer.address.line,
        commune_code=buyer.address.commune_code,
        former=buyer.address.former,
    )
    note_chosen(save_address(user=user, place=place))
