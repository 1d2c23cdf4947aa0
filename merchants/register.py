"""Keeping the register: a business and the accounts on which it is paid, added and corrected; each change audited."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.folding import fold_holder_name
from merchants.models import BankAccount, Commune, Merchant, Village
from merchants.picture_upkeep import drop_pictures
from merchants.typed_text import clean_line
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.banks import bank_by_code

# What may be written about a business by hand; anything else in `values` is a programmer's mistake.
FIELDS = (
    "name",
    "legal_form",
    "village",
    "vsic_section",
    "trade",
    "owner_name",
    "phone",
    "email",
    "address",
    "status",
    "status_reason",
    "is_public",
    "collection_note",
    "latitude",
    "longitude",
    "portrait",
)

# What an officer may do with a business that stands on the register: from → to.
STATUS_MOVES: dict[str, frozenset[str]] = {
    Merchant.Status.ACTIVE: frozenset({"paused", "closed", "not_found", "refused"}),
    Merchant.Status.PAUSED: frozenset({"active", "closed", "not_found"}),
    Merchant.Status.CLOSED: frozenset({"active"}),
    Merchant.Status.NOT_FOUND: frozenset({"active", "closed"}),
    Merchant.Status.REFUSED: frozenset({"active", "closed"}),
}
LEAVES_THE_COUNT = frozenset({"closed", "not_found", "refused"})


class RegisterRefused(Exception):
    """Nothing changed. `code`: "foreign_village", "unknown_bank", "card_number", "account_is_there", "account_ended",
    "no_such_move", "reason_missing" (of move_merchant),
    "account_in_use" (a code, an order or a connection points to it: its change needs the owner and a second officer).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def add_merchant(
    *,
    commune: Commune,
    values: Mapping[str, Any],
    tax_code: str = "",
    actor: Any,
    request: HttpRequest | None = None,
) -> Merchant:
    """Add a business to a commune's register; `values` holds FIELDS. Raises ValidationError or RegisterRefused."""
    merchant = Merchant(commune=commune, **_known(values))
    if tax_code:
        merchant.tax_code = tax_code
    _check(merchant)
    merchant.save()
    audit.record(
        action="merchant.added", obj=merchant, actor=actor, commune=commune, after=_picture(merchant), request=request
    )
    return merchant


@transaction.atomic
def correct_merchant(
    *,
    merchant: Merchant,
    values: Mapping[str, Any],
    tax_code: str = "",
    actor: Any,
    request: HttpRequest | None = None,
) -> Merchant:
    """Correct what the register says of a business; only changed fields are written and logged.

    An empty `tax_code` leaves the sealed one as it is. Raises ValidationError or RegisterRefused.
    """
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    before = _picture(locked)
    for field, value in _known(values).items():
        setattr(locked, field, value)
    if tax_code:
        locked.tax_code = tax_code
    _check(locked)
    after = _picture(locked)
    changed = [field for field in after if after[field] != before[field]]
    if not changed:
        return locked
    locked.save()
    if "portrait" in changed:
        drop_pictures([before["portrait"]])
    audit.record(
        action="merchant.corrected",
        obj=locked,
        actor=actor,
        commune=locked.commune,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
        request=request,
    )
    return locked


@transaction.atomic
def move_merchant(
    *, merchant: Merchant, to: str, reason: str, actor: Any, request: HttpRequest | None = None
) -> Merchant:
    """Suspend, close or reopen a business; to leave the count needs a reason. Raises RegisterRefused.

    Orders that are placed go on; a business that is not active has no public page, and no code is issued to it.
    """
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    if to not in STATUS_MOVES[locked.status]:
        raise RegisterRefused("no_such_move")
    reason = clean_line(reason, longest=200)
    if to in LEAVES_THE_COUNT and not reason:
        raise RegisterRefused("reason_missing")
    before = {"status": locked.status, "status_reason": locked.status_reason}
    locked.status, locked.status_reason = to, "" if to == Merchant.Status.ACTIVE else reason
    locked.save(update_fields=["status", "status_reason", "updated_at"])
    audit.record(
        action=f"merchant.{'reopened' if to == Merchant.Status.ACTIVE else to}",
        obj=locked,
        actor=actor,
        commune=locked.commune,
        before=before,
        after={"status": to, "status_reason": locked.status_reason, "said": reason},
        request=request,
    )
    return locked


@transaction.atomic
def add_account(
    *,
    merchant: Merchant,
    bank_code: str,
    number: str,
    holder_name: str,
    actor: Any,
    request: HttpRequest | None = None,
) -> BankAccount:
    """Add an account; the first active one receives the payments. The holder's name is kept as banks write it.

    Raises ValidationError or RegisterRefused.
    """
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    bank = bank_by_code(bank_code)
    if bank is None or bank.successor is not None:
        raise RegisterRefused("unknown_bank")
    if looks_like_card_number(number):
        raise RegisterRefused("card_number")
    active = locked.bank_accounts.filter(status=BankAccount.Status.ACTIVE)
    account = BankAccount(
        merchant=locked,
        bank_code=bank.code,
        bank_bin=bank.bin,
        number=number,
        holder_name=fold_holder_name(holder_name),
        is_receiving=not active.filter(is_receiving=True).exists(),
    )
    account.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise RegisterRefused("account_is_there") from error
    audit.record(
        action="account.added",
        obj=account,
        actor=actor,
        commune=locked.commune,
        on_behalf_of=locked,
        after={"bank": bank.code, "last_digits": account.last_digits, "is_receiving": account.is_receiving},
        request=request,
    )
    return account


@transaction.atomic
def end_account(*, account: BankAccount, actor: Any, request: HttpRequest | None = None) -> BankAccount:
    """End an account that was entered wrongly, while nothing in the database points to it; raises RegisterRefused.

    If it received the payments, the oldest other active one does from now on: otherwise the goods would silently be
    sold in cash only.
    One that is in use is not ended by one officer alone: whoever changes where the money goes can take it (DESIGN §4).
    """
    locked = BankAccount.objects.select_for_update(of=("self",)).select_related("merchant__commune").get(pk=account.pk)
    if locked.status != BankAccount.Status.ACTIVE:
        raise RegisterRefused("account_ended")
    if is_in_use(locked):
        raise RegisterRefused("account_in_use")
    was_receiving = locked.is_receiving
    locked.status = BankAccount.Status.ENDED
    locked.is_receiving = False
    locked.ended_at = timezone.now()
    locked.save(update_fields=["status", "is_receiving", "ended_at"])
    if was_receiving:
        _receive_on_the_oldest(locked.merchant, actor=actor, request=request)
    audit.record(
        action="account.ended",
        obj=locked,
        actor=actor,
        commune=locked.merchant.commune,
        on_behalf_of=locked.merchant,
        before={"status": BankAccount.Status.ACTIVE},
        after={"status": locked.status},
        request=request,
    )
    return locked


def _receive_on_the_oldest(merchant: Merchant, *, actor: Any, request: HttpRequest | None) -> None:
    heir = merchant.bank_accounts.filter(status=BankAccount.Status.ACTIVE).order_by("pk").first()
    if heir is None:
        return
    heir.is_receiving = True
    heir.save(update_fields=["is_receiving"])
    audit.record(
        action="account.receives",
        obj=heir,
        actor=actor,
        commune=merchant.commune,
        on_behalf_of=merchant,
        before={"is_receiving": False},
        after={"is_receiving": True, "last_digits": heir.last_digits},
        request=request,
    )


def pointing_at(model: type[Model]) -> list[tuple[type[Model], str]]:
    """(model, name of its key) for every table whose rows point at this one's; nothing need register itself."""
    fields = model._meta.get_fields(include_hidden=True)
    relations = [one for one in fields if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)]
    return [(relation.related_model, relation.field.name) for relation in relations]  # type: ignore[misc, union-attr]


def is_in_use(account: BankAccount) -> bool:
    """Whether any row of any table points to the account; the register need not know which tables there are."""
    return any(model._base_manager.filter(**{name: account.pk}).exists() for model, name in pointing_at(BankAccount))


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"not written by hand: {', '.join(sorted(unknown))}")
    return dict(values)


def _check(merchant: Merchant) -> None:
    village = merchant.village
    if isinstance(village, Village) and village.commune_id != merchant.commune_id:
        raise RegisterRefused("foreign_village")
    merchant.derive_names()
    merchant.full_clean()


def _picture(merchant: Merchant) -> dict[str, Any]:
    """What the log keeps of a business: plain values, never the tax code itself."""
    values = {field: getattr(merchant, field) for field in FIELDS if field not in {"village", "portrait"}}
    return {
        **values,
        "portrait": merchant.portrait.name or "",
        "village": merchant.village_id,
        "tax_code_last4": merchant.tax_code_last4,
    }
