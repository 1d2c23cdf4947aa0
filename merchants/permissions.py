"""Who may do what where: grants are Membership rows and nothing else; the table below says what each role may do.

One function, `find_permitted`, fetches for all views: what is missing and what belongs to somebody else are both 404,
so that nobody learns which numbers exist at a neighbour's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from merchants.models import BankAccount, Commune, Membership, Merchant

Role = Membership.Role
SomeModel = TypeVar("SomeModel", bound=Model)


class Act(StrEnum):
    """What can be done to the objects of a merchant or a commune."""

    # orders of a merchant
    ORDER_VIEW = "order.view"
    ORDER_CONFIRM = "order.confirm"
    ORDER_PACK = "order.pack"
    ORDER_SEND = "order.send"
    ORDER_DELIVER = "order.deliver"
    ORDER_CANCEL = "order.cancel"
    LOOK_UP_ISSUE = "look_up.issue"  # a new code for a buyer who cannot find her purchase any more
    # money of a merchant
    MONEY_VIEW = "money.view"
    MONEY_CONFIRM = "money.confirm"  # "the money is there", "not seen", cash collected, and their undo
    RECEIPT_DECIDE = "receipt.decide"
    REFUND_SEND = "refund.send"
    # complaints about a merchant's orders
    COMPLAINT_VIEW = "complaint.view"
    COMPLAINT_ANSWER = "complaint.answer"  # write, offer, refuse, say that it is done: it binds the business
    # goods of a merchant
    GOODS_VIEW = "goods.view"
    GOODS_EDIT = "goods.edit"
    STOCK_COUNT = "stock.count"
    # the business and its account
    MERCHANT_VIEW = "merchant.view"
    MERCHANT_EDIT = "merchant.edit"
    ACCOUNT_EDIT = "account.edit"
    ACCOUNT_NUMBER_VIEW = "account.number.view"  # the whole number; each view is audited by the page that shows it
    CODE_ISSUE = "code.issue"
    CODE_WITHDRAW = "code.withdraw"
    ACCOUNT_CHANGE_AGREE = "account.change.agree"  # as the owner; the officer's word is ACCOUNT_EDIT
    CODE_ALARM_VIEW = "code_alarm.view"  # as the owner: another code hangs on my wall
    PERSON_ADD = "person.add"
    PERSON_ACTIVATE = "person.activate"
    PERSON_REVOKE = "person.revoke"
    # the commune
    REGISTER_VIEW = "register.view"
    REGISTER_ADD = "register.add"
    CHECK_FILE = "check.file"  # visits on the spot, and settling the alarms that they raise
    REPORT_HANDLE = "report.handle"  # what visitors report about listings
    COUNTING_SET = "counting.set"  # what counts as a payment code
    LOOK_UP_SERVE = "look_up.serve"  # the same for the buyers of the commune's businesses
    COMPLAINT_ADVISE = "complaint.advise"  # read and close what the commune was called to
    PAGES_EDIT = "pages.edit"


_PACKING = {
    Act.ORDER_VIEW,
    Act.ORDER_CONFIRM,
    Act.ORDER_PACK,
    Act.ORDER_SEND,
    Act.ORDER_DELIVER,
    Act.GOODS_VIEW,
    Act.STOCK_COUNT,
}
_SELLING = _PACKING | {
    Act.ORDER_CANCEL,
    Act.LOOK_UP_ISSUE,
    Act.MONEY_VIEW,
    Act.MONEY_CONFIRM,
    Act.RECEIPT_DECIDE,
    Act.REFUND_SEND,
    Act.COMPLAINT_VIEW,
    Act.COMPLAINT_ANSWER,
    Act.GOODS_EDIT,
    Act.MERCHANT_VIEW,
    Act.ACCOUNT_NUMBER_VIEW,
}
_OFFICER = {
    Act.LOOK_UP_SERVE,
    Act.REGISTER_VIEW,
    Act.REGISTER_ADD,
    Act.CHECK_FILE,
    Act.REPORT_HANDLE,
    Act.COMPLAINT_ADVISE,
    Act.MERCHANT_VIEW,
    Act.MERCHANT_EDIT,
    Act.ACCOUNT_EDIT,
    Act.CODE_ISSUE,
    Act.CODE_WITHDRAW,
    Act.PERSON_ADD,
    Act.PERSON_ACTIVATE,
    Act.PERSON_REVOKE,
}

# Role → what it may do, on the merchant or in the commune that the membership names.
MAY: Mapping[str, frozenset[Act]] = {
    Role.OWNER: frozenset(_SELLING | {Act.PERSON_REVOKE, Act.ACCOUNT_CHANGE_AGREE, Act.CODE_ALARM_VIEW}),
    Role.SELLER: frozenset(_SELLING),
    Role.PACKER: frozenset(_PACKING),
    # A helper writes down and packs for the producer; what the producer's bank account says stays with the producer.
    Role.HELPER: frozenset(
        _PACKING | {Act.ORDER_CANCEL, Act.GOODS_EDIT, Act.MONEY_VIEW, Act.COMPLAINT_VIEW, Act.MERCHANT_VIEW}
    ),
    Role.OFFICER: frozenset(_OFFICER),
    Role.HEAD_OFFICER: frozenset(_OFFICER | {Act.ACCOUNT_NUMBER_VIEW, Act.COUNTING_SET}),
    Role.EDITOR: frozenset({Act.PAGES_EDIT}),
    Role.PROVINCE_VIEWER: frozenset({Act.REGISTER_VIEW}),
}


@dataclass(frozen=True)
class Place:
    """Where an object belongs: to one merchant (of one commune), or to a commune."""

    merchant_id: int | None
    commune_id: int | None


def place_of(obj: Any) -> Place:
    """Return where an object belongs; follows `merchant`, `account`, `order`, `attempt`, `commune` in this order.

    An object that hangs on nothing belongs nowhere, and nobody may do anything to it here.
    """
    if isinstance(obj, Merchant):
        return Place(merchant_id=obj.pk, commune_id=obj.commune_id)
    if isinstance(obj, Commune):
        return Place(merchant_id=None, commune_id=obj.pk)
    for link in ("merchant", "account", "order", "attempt"):
        if getattr(obj, f"{link}_id", None) is not None:
            return place_of(getattr(obj, link))
    if getattr(obj, "commune_id", None) is not None:
        return Place(merchant_id=None, commune_id=obj.commune_id)
    return Place(merchant_id=None, commune_id=None)


@dataclass(frozen=True)
class Grants:
    """A person's roles at one moment, read once."""

    merchant_roles: Mapping[int, frozenset[str]]
    commune_roles: Mapping[int, frozenset[str]]
    is_province_viewer: bool
    helper_until: Mapping[int, datetime]  # merchant id → end of the help, for the visible reminder

    @property
    def is_producer(self) -> bool:
        """Whether any merchant's orders or goods are this person's business."""
        return bool(self.merchant_roles)

    @property
    def is_officer(self) -> bool:
        """Whether the commune's side of the workspace is this person's business."""
        return self.is_province_viewer or any(
            Act.REGISTER_VIEW in MAY[role] for roles in self.commune_roles.values() for role in roles
        )

    @property
    def is_editor(self) -> bool:
        return any(Role.EDITOR in roles for roles in self.commune_roles.values())

    def may(self, act: Act, obj: Any) -> bool:
        """Whether this person may do that to that object."""
        place = place_of(obj)
        roles = set(self.merchant_roles.get(place.merchant_id or 0, ()))
        if place.commune_id is not None:
            roles |= self.commune_roles.get(place.commune_id, frozenset())
            if self.is_province_viewer:
                roles.add(Role.PROVINCE_VIEWER)
        return any(act in MAY[role] for role in roles)

    def merchant_ids(self, act: Act) -> list[int]:
        """Merchants at which a merchant's role allows the act, in the order of their numbers."""
        return sorted(pk for pk, roles in self.merchant_roles.items() if any(act in MAY[role] for role in roles))

    def commune_ids(self, act: Act) -> list[int]:
        """Communes in which a commune's role allows the act; says nothing of province viewers."""
        return sorted(pk for pk, roles in self.commune_roles.items() if any(act in MAY[role] for role in roles))


NO_GRANTS = Grants(merchant_roles={}, commune_roles={}, is_province_viewer=False, helper_until={})


def memberships_of(user: Any, at: datetime | None = None) -> QuerySet[Membership]:
    """The memberships of a person in force at that moment (now by default); none for strangers and closed accounts."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.filter(user_id=user.pk).in_force(at or timezone.now())


def grants_of(user: Any, at: datetime | None = None) -> Grants:
    """Read a person's roles at that moment; one query."""
    merchant_roles: dict[int, set[str]] = {}
    commune_roles: dict[int, set[str]] = {}
    helper_until: dict[int, datetime] = {}
    is_province_viewer = False
    for membership in memberships_of(user, at):
        if membership.merchant_id is not None:
            merchant_roles.setdefault(membership.merchant_id, set()).add(membership.role)
            if membership.role == Role.HELPER and membership.until is not None:
                known = helper_until.get(membership.merchant_id, membership.until)
                helper_until[membership.merchant_id] = max(known, membership.until)
        elif membership.commune_id is not None:
            commune_roles.setdefault(membership.commune_id, set()).add(membership.role)
        else:
            is_province_viewer = True
    return Grants(
        merchant_roles={pk: frozenset(roles) for pk, roles in merchant_roles.items()},
        commune_roles={pk: frozenset(roles) for pk, roles in commune_roles.items()},
        is_province_viewer=is_province_viewer,
        helper_until=helper_until,
    )


def request_grants(request: HttpRequest) -> Grants:
    """The grants of who is asking, read once per request: a grant that ends is gone with the next click."""
    known = getattr(request, "_grants", None)
    if known is None:
        known = grants_of(request.user)
        request._grants = known  # type: ignore[attr-defined]
    return known


def may(user: Any, act: Act, obj: Any, *, at: datetime | None = None) -> bool:
    """Whether the person may do that to that object at that moment (now by default)."""
    return grants_of(user, at).may(act, obj)


def find_permitted(request: HttpRequest, act: Act, found: QuerySet[SomeModel], **lookup: Any) -> SomeModel:
    """Fetch one object for a view; raise Http404 when it is missing or when the person may not do the act to it."""
    if any(isinstance(value, str) and "\x00" in value for value in lookup.values()):
        raise Http404("no such object here")  # PostgreSQL would raise instead of finding nothing
    try:
        obj = found.get(**lookup)
    except (ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404("no such object here") from error
    if not request_grants(request).may(act, obj):
        raise Http404("no such object here")
    return obj


def merchants_with(grants: Grants, act: Act) -> QuerySet[Merchant]:
    """Merchants to which the act may be done, through a role at the merchant itself or in its commune."""
    if grants.is_province_viewer and act in MAY[Role.PROVINCE_VIEWER]:
        return Merchant.objects.all()
    own = Merchant.objects.filter(pk__in=grants.merchant_ids(act))
    communes = grants.commune_ids(act)
    return own | Merchant.objects.filter(commune_id__in=communes) if communes else own


def merchants_visible_to(user: Any) -> QuerySet[Merchant]:
    """Merchants whose workspace pages the person may open in any way."""
    grants = grants_of(user)
    if grants.is_province_viewer:
        return Merchant.objects.all()
    return Merchant.objects.filter(pk__in=list(grants.merchant_roles)) | merchants_with(grants, Act.REGISTER_VIEW)


def account_number_for(grants: Grants, account: BankAccount) -> str:
    """The account number as this person may read it: whole, or dots and the last four characters."""
    if grants.may(Act.ACCOUNT_NUMBER_VIEW, account):
        return account.number
    return f"•••• {account.last_digits}"
