"""The code that hangs on a wall already: what it says, whose account it is, and taking it onto the register.

Nothing is printed anew. What a scan says is only as true as who printed it, so a person sees it before it is saved.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from merchants import audit
from merchants.models import BankAccount, Merchant, OtherCode, PaymentCode
from merchants.payment_codes import CodeRefused, free_public_code, read_public_code
from merchants.permissions import Act, Grants
from merchants.register import RegisterRefused, add_account
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.banks import Bank, banks_by_bin
from merchants.vietqr.payload import DecodedCode, OtherScheme, PayloadError, Service, decode

_CHECK_ADDRESS = re.compile(r"https?://[^/\s]+/(?:en/)?ma/([0-9A-Za-z]{1,12})/?\Z")


@dataclass(frozen=True)
class WallCode:
    """What was scanned.

    `kind`: "vietqr" (`told` and `banks` are set), "other" (`scheme` is), "check" (a strip of ours, its number in
    `scheme`), "card" (pays onto a card: never adopted), "bad" (`why` says it to a person).
    """

    kind: str
    payload: str
    told: DecodedCode | None = None
    banks: tuple[Bank, ...] = ()
    scheme: str = ""
    why: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes a VietQR unfit for a wall: "fixed_amount", "one_time", "fixed_memo"."""
        if self.told is None:
            return ()
        found = []
        if self.told.amount is not None:
            found.append("fixed_amount")
        if self.told.dynamic:
            found.append("one_time")
        if self.told.memo:
            found.append("fixed_memo")
        return tuple(found)


def read_wall_code(text: str) -> WallCode:
    """Say what a scanned or typed text is. Never raises; asks no database."""
    payload = text.strip()
    if found := _CHECK_ADDRESS.match(payload):
        return WallCode(kind="check", payload=payload, scheme=read_public_code(found[1]) or "")
    try:
        told = decode(payload)
    except OtherScheme as other:
        return WallCode(kind="other", payload=payload, scheme=other.scheme)
    except PayloadError as error:
        return WallCode(kind="bad", payload=payload, why=_(error.message_id) % error.parameters)
    if told.service == Service.CARD or looks_like_card_number(told.account):
        return WallCode(kind="card", payload=payload)
    banks = tuple(bank for bank in banks_by_bin(told.bin) if bank.successor is None)
    if not banks:
        return WallCode(kind="bad", payload=payload, why=_("The bank in this code is not on our list."))
    return WallCode(kind="vietqr", payload=payload, told=told, banks=banks)


@dataclass(frozen=True)
class Holding:
    """A business on whose register entry an account stands already; without name or link where it is out of reach."""

    merchant_id: int | None
    name: str


def holdings_of(told: DecodedCode, *, grants: Grants, besides: Merchant | None = None) -> list[Holding]:
    """Which businesses but `besides` have this account; one for two shops must be seen before it is saved."""
    accounts = BankAccount.objects.filter(
        bank_bin=told.bin,
        number__in={told.account, told.account.upper(), told.account.lower()},
        status=BankAccount.Status.ACTIVE,
    ).select_related("merchant")
    if besides is not None:
        accounts = accounts.exclude(merchant=besides)
    found: list[Holding] = []
    for account in accounts.order_by("merchant__sort_name", "pk"):
        if grants.may(Act.REGISTER_VIEW, account.merchant):
            found.append(Holding(account.merchant_id, account.merchant.name))
        else:
            found.append(Holding(None, _("a business in another commune")))
    return found


@transaction.atomic
def adopt_code(
    *,
    merchant: Merchant,
    payload: str,
    holder_name: str,
    bank_code: str = "",
    warnings_seen: bool = False,
    actor: Any,
    request: HttpRequest | None = None,
) -> PaymentCode:
    """Put the wall's VietQR and, where it is new, its account onto the register; the same code again changes nothing.

    The account receives payments only where no other does: adopting never changes where orders are paid (DESIGN §4).
    `bank_code` decides where two banks share the BIN. Raises CodeRefused: "not_adoptable", "merchant_not_active",
    "needs_second_look" (`warnings` and not `warnings_seen`), "has_valid_code", "no_holder", and the codes of
    `add_account`.
    """
    wall = read_wall_code(payload)
    if wall.kind != "vietqr" or wall.told is None:
        raise CodeRefused("not_adoptable")
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    if locked.status != Merchant.Status.ACTIVE:
        raise CodeRefused("merchant_not_active")
    if wall.warnings and not warnings_seen:
        raise CodeRefused("needs_second_look")
    account = locked.bank_accounts.filter(
        bank_bin=wall.told.bin, number=wall.told.account, status=BankAccount.Status.ACTIVE
    ).first()
    if account is None:
        if not holder_name.strip():
            raise CodeRefused("no_holder")
        bank = next((bank for bank in wall.banks if bank.code == bank_code), wall.banks[0])
        try:
            account = add_account(
                merchant=locked,
                bank_code=bank.code,
                number=wall.told.account,
                holder_name=holder_name,
                actor=actor,
                request=request,
            )
        except RegisterRefused as refusal:
            raise CodeRefused(refusal.code) from refusal
    valid = account.payment_codes.filter(status=PaymentCode.Status.VALID).first()
    if valid is not None:
        if valid.payload == wall.payload:
            return valid
        raise CodeRefused("has_valid_code")
    code = PaymentCode.objects.create(
        account=account, public_code=free_public_code(), payload=wall.payload, origin=PaymentCode.Origin.ADOPTED
    )
    audit.record(
        action="code.adopted",
        obj=code,
        actor=actor,
        commune=locked.commune,
        on_behalf_of=locked,
        after={
            "public_code": code.public_code,
            "account": account.pk,
            "last_digits": account.last_digits,
            "warnings": list(wall.warnings),
        },
        request=request,
    )
    return code


@transaction.atomic
def record_other_code(*, merchant: Merchant, payload: str, actor: Any, request: HttpRequest | None = None) -> OtherCode:
    """Note that a code of another scheme hangs at a business; the same scheme again changes nothing.

    Raises CodeRefused: "not_other_scheme", "merchant_not_active", "scheme_not_counted" (by this commune).
    """
    wall = read_wall_code(payload)
    if wall.kind != "other":
        raise CodeRefused("not_other_scheme")
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    if locked.status != Merchant.Status.ACTIVE:
        raise CodeRefused("merchant_not_active")
    if wall.scheme not in locked.commune.counted_schemes:
        raise CodeRefused("scheme_not_counted")
    known = locked.other_codes.filter(scheme=wall.scheme, removed_at=None).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            code = OtherCode.objects.create(
                merchant=locked, scheme=wall.scheme, payload=wall.payload[:512], added_by=actor
            )
    except IntegrityError:
        return locked.other_codes.get(scheme=wall.scheme, removed_at=None)
    audit.record(
        action="other_code.added",
        obj=code,
        actor=actor,
        commune=locked.commune,
        on_behalf_of=locked,
        after={"scheme": code.scheme},
        request=request,
    )
    return code


@transaction.atomic
def remove_other_code(*, code: OtherCode, actor: Any, request: HttpRequest | None = None) -> None:
    """Note that a code of another scheme hangs there no more; twice is harmless."""
    locked = OtherCode.objects.select_for_update(of=("self",)).select_related("merchant__commune").get(pk=code.pk)
    if locked.removed_at is not None:
        return
    locked.removed_at = timezone.now()
    locked.save(update_fields=["removed_at"])
    audit.record(
        action="other_code.removed",
        obj=locked,
        actor=actor,
        commune=locked.merchant.commune,
        on_behalf_of=locked.merchant,
        before={"scheme": locked.scheme},
        request=request,
    )
