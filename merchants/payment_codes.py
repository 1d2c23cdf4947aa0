"""Issuing and withdrawing the static code that hangs on a wall: one valid code per account, each with a public number.

The public number is what anyone types or scans at /ma/<number>/ to see whose code it is.
"""

import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.models import BankAccount, Merchant, PaymentCode
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.payload import PayloadError, encode

# Without I, L, O and U, which are misread or mistyped; the last of eight characters checks the others.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class CodeRefused(Exception):
    """No code was issued or withdrawn; nothing changed. `code` says why.

    "account_ended", "merchant_not_active", "has_valid_code" (so pressing twice is harmless), "card_number", "unpayable"
    (bank or number cannot stand in a VietQR), "not_valid" (withdrawn already), "no_reason"; more when a code is
    adopted (merchants.wall_codes).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_public_code() -> str:
    """Return a fresh public number of eight characters; the database keeps it unique."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_character(body)


def read_public_code(typed: str) -> str | None:
    """Return the public number as stored, from what a person typed (any case, dashes, O for 0); None when mistyped."""
    code = typed[:40].upper().translate(_LOOKALIKE)
    is_sound = (
        len(code) == LENGTH and all(char in ALPHABET for char in code) and code[-1] == _check_character(code[:-1])
    )
    return code if is_sound else None


def _check_character(body: str) -> str:
    """A weighted sum modulo 31, prime: finds each single wrong character but 0 for Z, and each swap of neighbours."""
    return ALPHABET[sum((place + 2) * ALPHABET.index(char) for place, char in enumerate(body)) % 31]


def check_issuable(account: BankAccount) -> str:
    """Why no code can be made of this bank and number ("card_number", "unpayable"), or "" when one can. Pure."""
    if looks_like_card_number(account.number):
        return "card_number"
    try:
        encode(bin=account.bank_bin, account=account.number)
    except PayloadError:
        return "unpayable"
    return ""


@transaction.atomic
def issue_code(*, account: BankAccount, actor: Any, request: HttpRequest | None = None) -> PaymentCode:
    """Issue the account's static VietQR (no amount, no memo) and return it; raises CodeRefused."""
    locked = BankAccount.objects.select_for_update(of=("self",)).select_related("merchant__commune").get(pk=account.pk)
    if locked.status != BankAccount.Status.ACTIVE:
        raise CodeRefused("account_ended")
    if locked.merchant.status != Merchant.Status.ACTIVE:
        raise CodeRefused("merchant_not_active")
    if refusal := check_issuable(locked):
        raise CodeRefused(refusal)
    if locked.payment_codes.filter(status=PaymentCode.Status.VALID).exists():
        raise CodeRefused("has_valid_code")
    payload = encode(bin=locked.bank_bin, account=locked.number)
    code = PaymentCode.objects.create(account=locked, public_code=free_public_code(), payload=payload)
    audit.record(
        action="code.issued",
        obj=code,
        actor=actor,
        commune=locked.merchant.commune,
        on_behalf_of=locked.merchant,
        after={"public_code": code.public_code, "account": locked.pk, "last_digits": locked.last_digits},
        request=request,
    )
    return code


@transaction.atomic
def withdraw_code(*, code: PaymentCode, reason: str, actor: Any, request: HttpRequest | None = None) -> PaymentCode:
    """Withdraw a code for a reason that everybody who checks it may read; raises CodeRefused. It never comes back."""
    if not reason.strip():
        raise CodeRefused("no_reason")
    locked = PaymentCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    if locked.status != PaymentCode.Status.VALID:
        raise CodeRefused("not_valid")
    locked.status = PaymentCode.Status.WITHDRAWN
    locked.withdrawn_reason = reason.strip()[:200]
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["status", "withdrawn_reason", "withdrawn_at"])
    merchant = locked.account.merchant
    audit.record(
        action="code.withdrawn",
        obj=locked,
        actor=actor,
        commune=merchant.commune,
        on_behalf_of=merchant,
        before={"status": PaymentCode.Status.VALID},
        after={"status": locked.status, "reason": locked.withdrawn_reason},
        request=request,
    )
    return locked


def free_public_code() -> str:
    """An unused public number. 34 thousand million possibilities: a second round is as good as never needed."""
    while PaymentCode.objects.filter(public_code=(code := new_public_code())).exists():
        continue
    return code
