"""Which codes are printed, and what their signs say."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from merchants.models import BankAccount, Commune, Merchant, PaymentCode
from merchants.print_sheets import Sign
from merchants.vietqr.banks import bank_by_code


def codes_to_print(
    *, commune: Commune, village_id: int | None = None, only_unprinted: bool = False
) -> QuerySet[PaymentCode]:
    """The commune's valid codes that we issued, of active businesses and accounts, in the order in which staff walk.

    `village_id` 0: businesses whose village is not known. Codes adopted from a wall hang there already.
    """
    found = PaymentCode.objects.filter(
        account__merchant__commune=commune,
        account__merchant__status=Merchant.Status.ACTIVE,
        account__status=BankAccount.Status.ACTIVE,
        status=PaymentCode.Status.VALID,
        origin=PaymentCode.Origin.ISSUED,
    )
    if village_id is not None:
        found = found.filter(account__merchant__village=village_id or None)
    if only_unprinted:
        found = found.filter(printed_at=None)
    return found.select_related("account__merchant").order_by(
        "account__merchant__village__sort_name",
        "account__merchant__village_id",
        "account__merchant__sort_name",
        "account__merchant_id",
        "pk",
    )


def site_host() -> str:
    """The host that stands on paper when no request says it."""
    return urlsplit(settings.SITE_URL).netloc


def sign_of(code: PaymentCode, *, host: str) -> Sign:
    """What the sign of a code says; `host` is where the check page stands. Reads account and merchant."""
    account, merchant = code.account, code.account.merchant
    bank = bank_by_code(account.bank_code)
    return Sign(
        payload=code.payload,
        business_name=merchant.name,
        holder_name=account.holder_name,
        check_address=f"{host}/ma/{code.public_code}/",
        bank_code=account.bank_code,
        bank_name=bank.short_name if bank else "",
        specimen=merchant.is_sample or settings.DEMO,  # whatever is added to a demo is no real account either
    )
