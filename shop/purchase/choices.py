"""What each merchant of a basket lets the buyer choose: how to pay, how to get the goods, what it costs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from catalogue.prepared_reads import prepared_read
from merchants.models import BankAccount
from merchants.vietqr.account_numbers import looks_like_card_number
from shop.delivery.rates import DeliveryOffer, offers_for
from shop.order.models import PaymentMethod
from shop.purchase.basket import BasketGroup


@dataclass(frozen=True)
class MerchantChoice:
    """What the buyer chose for one merchant: a PaymentMethod and a DeliveryOption.Kind; `note` is her words to it."""

    payment: str
    delivery: str
    note: str = ""


@dataclass(frozen=True)
class MerchantOffer:
    """What the checkout page shows for one merchant; both lists may be empty, then nothing can be bought there."""

    group: BasketGroup
    payments: tuple[str, ...]
    deliveries: tuple[DeliveryOffer, ...]

    @property
    def suggested(self) -> MerchantChoice | None:
        """Pay by transfer and have it brought, where that is offered."""
        if not self.payments or not self.deliveries:
            return None
        brought = [offer for offer in self.deliveries if offer.kind != "collect"]
        return MerchantChoice(self.payments[0], (brought or list(self.deliveries))[0].kind)

    def total_vnd(self, choice: MerchantChoice) -> Decimal:
        """Goods and delivery; KeyError for a delivery that is not offered."""
        prices = {offer.kind: offer.price_vnd for offer in self.deliveries}
        return self.group.goods_vnd + prices[choice.delivery]


def merchant_offers(groups: Sequence[BasketGroup]) -> tuple[MerchantOffer, ...]:
    """One offer per group, in the same order; two queries. Pass `contents.buyable_groups`."""
    deliveries = offers_for({group.merchant.pk: group.goods_vnd for group in groups})
    payments = ways_to_pay(receiving_accounts([group.merchant.pk for group in groups]), deliveries)
    return tuple(MerchantOffer(group, payments[group.merchant.pk], deliveries[group.merchant.pk]) for group in groups)


def pays_by_transfer(receiving_number: str | None) -> bool:
    """Whether one can transfer to the merchant whose receiving account has this number; None where there is none."""
    return receiving_number is not None and not looks_like_card_number(receiving_number)


def receiving_number(merchant: str) -> Subquery:
    """For a query that has the merchant's id under that name anyway: the number of its receiving account, or None."""
    accounts = BankAccount.objects.filter(
        merchant_id=OuterRef(merchant), status=BankAccount.Status.ACTIVE, is_receiving=True
    )
    return Subquery(accounts.values("number")[:1])


def receiving_accounts(merchant_ids: Collection[int]) -> dict[int, BankAccount]:
    """The account on which each merchant is paid by transfer now; merchants without one are missing. One query."""
    accounts = _receiving_account_of(*merchant_ids) if len(merchant_ids) == 1 else _receiving_accounts(merchant_ids)
    return {account.merchant_id: account for account in accounts if pays_by_transfer(account.number)}


def _receiving_accounts(merchant_ids: Collection[int]) -> "QuerySet[BankAccount]":
    return BankAccount.objects.filter(merchant_id__in=merchant_ids, status=BankAccount.Status.ACTIVE, is_receiving=True)


@prepared_read
def _receiving_account_of(merchant_id: int) -> "QuerySet[BankAccount]":
    return _receiving_accounts([merchant_id])


def ways_to_pay(accounts: Mapping[int, BankAccount], merchant_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """By transfer where the merchant has an account for it; in cash on delivery or at collection everywhere."""
    cash = PaymentMethod.CASH_ON_DELIVERY
    return {pk: (PaymentMethod.TRANSFER, cash) if pk in accounts else (cash,) for pk in merchant_ids}
