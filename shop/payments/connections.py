"""Where notices come from: one merchant's own connection or the installation's, its keys and its accounts."""

import logging
import re

from django.conf import settings
from django.db.models import QuerySet

from merchants.models.bank_account import BankAccount
from merchants.sealed_text import SealBroken
from merchants.vietqr.banks import find_banks
from shop.payments.models import NoticeConnection
from shop.payments.transfer_notices.interface import NoticeKeys, TransferLine
from shop.payments.transfer_notices.registry import PROVIDERS

log = logging.getLogger(__name__)

_SEPARATORS = re.compile(r"[ .\-]")


def installation_connection(*, provider: str) -> NoticeConnection:
    """Return the installation's connection for a provider, made at the first call; may be called at any time.

    It reaches only the accounts that staff list on it: `connection.accounts.add(account)`. KeyError for a provider
    that is not in the registry.
    """
    PROVIDERS[provider]
    return NoticeConnection.objects.get_or_create(provider=provider, merchant=None)[0]


def keys_of(connection: NoticeConnection) -> NoticeKeys:
    """Return what the connection shares with its provider: the installation's from the environment, others sealed.

    Keys that no longer open with FIELD_ENCRYPTION_KEY count as none, so that every notice is refused; it is logged.
    """
    if connection.merchant_id is None:
        return installation_keys(provider=connection.provider)
    try:
        return NoticeKeys(webhook_secret=connection.webhook_secret, api_key=connection.api_key)
    except SealBroken:
        log.error("the keys of a notice connection do not open", extra={"connection": connection.pk})
        return NoticeKeys()


def installation_keys(*, provider: str) -> NoticeKeys:
    """Return the keys from <PROVIDER>_WEBHOOK_SECRET and <PROVIDER>_API_KEY; empty where not set."""
    name = provider.upper()
    return NoticeKeys(
        webhook_secret=getattr(settings, f"{name}_WEBHOOK_SECRET", ""), api_key=getattr(settings, f"{name}_API_KEY", "")
    )


def reached_accounts(connection: NoticeConnection) -> QuerySet[BankAccount]:
    """The accounts a notice of this connection may speak of, ended ones too: money still comes to them."""
    if connection.merchant_id is None:
        return connection.accounts.all()
    return BankAccount.objects.filter(merchant_id=connection.merchant_id)


def is_told_of(account: BankAccount) -> bool:
    """Whether some active connection, its merchant's own or the installation's, would tell us of its transfers."""
    active = NoticeConnection.objects.filter(is_active=True)
    return (
        active.filter(merchant_id=account.merchant_id).exists()
        or active.filter(merchant__isnull=True, accounts=account).exists()
    )


def find_account(*, connection: NoticeConnection, line: TransferLine) -> BankAccount | None:
    """Return the one account the line speaks of; None when the connection does not reach it or it stays unclear.

    A virtual account comes before the main account behind it. Two different accounts may carry the same number at
    two banks; then the bank's name in the notice decides, or nobody.
    """
    for number in (line.sub_account, line.account_no):
        plain = _SEPARATORS.sub("", number)
        if not plain:
            continue
        found = list(reached_accounts(connection).filter(number__in={plain, plain.upper(), plain.lower()}))
        if len({_identity(account) for account in found}) > 1:
            named = {bank.bin for bank in find_banks(line.bank)}
            found = [account for account in found if account.bank_bin in named]
        if len({_identity(account) for account in found}) == 1:
            return max(found, key=lambda account: (account.status == BankAccount.Status.ACTIVE, account.pk))
        if found:
            return None
    return None


def _identity(account: BankAccount) -> tuple[int, str, str]:
    return account.merchant_id, account.bank_bin, account.number.upper()
