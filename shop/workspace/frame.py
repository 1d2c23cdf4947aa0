"""What every page at work shows around its content: for whom one acts, which parts one has, what is waiting."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import cached_property

from merchants.models import Merchant
from merchants.permissions import Act, Grants, request_grants
from shop.order.models import Fulfilment
from shop.payments.models import Receipt
from shop.workspace.order_lists import orders_visible_to

TO_DECIDE = (Receipt.State.DOUBTFUL, Receipt.State.PART_MATCHED)


@dataclass(frozen=True)
class Help:
    """One business for which the person acts as a helper only, and until when."""

    merchant: Merchant
    until: datetime | None


class WorkspaceFrame:
    """Read lazily: a page that shows no count costs no query for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.grants: Grants = request_grants(request)

    @cached_property
    def merchants(self) -> list[Merchant]:
        """The businesses at which the person has a role, by name."""
        return list(Merchant.objects.filter(pk__in=list(self.grants.merchant_roles)).select_related("commune"))

    @property
    def title(self) -> str:
        """The one business, else the person's own name."""
        if len(self.merchants) == 1:
            return self.merchants[0].name
        return str(self.request.user.get_full_name())  # type: ignore[union-attr]

    @property
    def has_orders(self) -> bool:
        return bool(self.grants.merchant_ids(Act.ORDER_VIEW))

    @property
    def has_money(self) -> bool:
        return bool(self.grants.merchant_ids(Act.MONEY_VIEW))

    @property
    def has_goods(self) -> bool:
        return bool(self.grants.merchant_ids(Act.GOODS_VIEW))

    @property
    def oversees(self) -> bool:
        return self.grants.is_officer

    @property
    def is_staff(self) -> bool:
        return bool(self.request.user.is_staff)  # type: ignore[union-attr]

    @cached_property
    def helps(self) -> list[Help]:
        """Businesses for which the person is nothing but a helper: shown all the time."""
        return [
            Help(merchant, self.grants.helper_until.get(merchant.pk))
            for merchant in self.merchants
            if self.grants.merchant_roles[merchant.pk] == {"helper"}
        ]

    @property
    def acting_for(self) -> str:
        """The helped businesses by name; the title names it already where there is but one."""
        return ", ".join(help.merchant.name for help in self.helps) if len(self.merchants) > 1 else ""

    @cached_property
    def orders_to_look_at(self) -> int:
        """Orders that nobody at the business has opened yet, or whose buyer waits for a look into the account."""
        is_unopened = Q(fulfilment=Fulfilment.PLACED, seller_seen_at=None)
        return orders_visible_to(self.grants).filter(is_unopened | Q(claimed_at__isnull=False)).count()

    @cached_property
    def doubtful_receipts(self) -> int:
        return Receipt.objects.filter(
            merchant_id__in=self.grants.merchant_ids(Act.MONEY_VIEW), state__in=TO_DECIDE
        ).count()


def helped_merchant(request: HttpRequest, merchant: Merchant) -> Merchant | None:
    """The business on whose behalf a helper acts, for the audit log; None for its own people."""
    return merchant if request_grants(request).merchant_roles.get(merchant.pk) == {"helper"} else None
