"""`/ma/<code>/`: whose printed payment code is this, for anyone who stands before it.

Open on every site of the installation: a neighbour commune's code must not be called unknown. Says no more than a
scan of the code itself shows: the bank, the last digits, the holder.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from merchants.models import BankAccount, Merchant, PaymentCode
from merchants.vietqr.banks import bank_by_code
from shop.storefront.cards import place_of
from shop.storefront.public_page import public_page

LONGEST_CODE = 12


@public_page(reads=())
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Valid or withdrawn; an unknown code is 404 and says not to pay."""
    found = _find(code)
    if found is None:
        return render(request, "storefront/code_check.html", {"verdict": "unknown"}, status=404)
    return render(request, "storefront/code_check.html", _context(request, found))


def _find(code: str) -> PaymentCode | None:
    wanted = code.strip()
    if not (wanted.isascii() and wanted.isalnum() and len(wanted) <= LONGEST_CODE):
        return None
    codes = PaymentCode.objects.select_related("account__merchant__village", "account__merchant__commune")
    return codes.filter(public_code=wanted).first() or codes.filter(public_code=wanted.upper()).first()


def _context(request: HttpRequest, code: PaymentCode) -> dict[str, Any]:
    account, merchant = code.account, code.account.merchant
    is_valid = code.status == PaymentCode.Status.VALID and account.status == BankAccount.Status.ACTIVE
    ended_at = code.withdrawn_at or account.ended_at
    commune = getattr(request, "commune", None)
    is_public = merchant.is_public and merchant.status == Merchant.Status.ACTIVE
    is_here = is_public and (commune is None or merchant.commune_id == commune.pk)
    bank = bank_by_code(account.bank_code)
    return {
        "verdict": "valid" if is_valid else "withdrawn",
        "merchant": {
            "name": merchant.name,
            "place": place_of(merchant),
            "url": merchant.get_absolute_url() if is_here else "",
        },
        "bank_name": f"{bank.short_name} – {bank.name}" if bank else account.bank_code,
        "account_last_digits": account.last_digits,
        "holder_name": account.holder_name,
        "issued_on": timezone.localdate(code.created_at),
        "withdrawn_on": timezone.localdate(ended_at) if ended_at and not is_valid else None,
        "is_sample": settings.DEMO or merchant.is_sample,
    }
