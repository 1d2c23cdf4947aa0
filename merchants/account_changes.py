"""Changing the account on which a business is paid: the owner and an officer who did not ask for it, then a day.

Whoever can change where the money goes can take it: so two people, a day in which it can be stopped, and news to the
phone of today and to those before (DESIGN §4). Payment attempts copied their account when they were made
and keep it.

    open ──owner and officer agree──▶ confirmed ──a day──▶ done
      └───────────────any of them stops it──────┴─▶ stopped
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, override

from merchants import audit
from merchants.folding import fold_holder_name
from merchants.models import AccountChange, AuditEntry, BankAccount, Merchant, PaymentCode
from merchants.payment_codes import withdraw_code
from merchants.register import RegisterRefused, add_account
from merchants.signals import account_change_moved
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.banks import bank_by_code
from merchants.vietqr.payload import PayloadError, encode

WAIT = timedelta(days=1)
EARLIER_PHONES = timedelta(days=90)
"""A phone that was on the register so recently is told too: who steals an account changes the phone first."""

State = AccountChange.State
PENDING = (State.OPEN, State.CONFIRMED)


class ChangeRefused(Exception):
    """Nothing changed. `code`: "no_account" (add one instead), "change_under_way", "same_account", "unknown_bank",
    "card_number", "unpayable", "not_open", "asked_yourself", "same_person", "no_reason".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def ask_for_change(
    *,
    merchant: Merchant,
    bank_code: str,
    number: str,
    holder_name: str,
    reason: str,
    actor: Any,
    as_owner: bool,
    request: HttpRequest | None = None,
) -> AccountChange:
    """Ask that the business be paid on another account from a day after both have agreed; raises ChangeRefused.

    `as_owner`: the owner asks, which is her yes as well. The caller has checked the right to ask.
    """
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    old = _receiving(locked)
    if old is None:
        raise ChangeRefused("no_account")
    if not reason.strip():
        raise ChangeRefused("no_reason")
    bank = bank_by_code(bank_code)
    if bank is None or bank.successor is not None:
        raise ChangeRefused("unknown_bank")
    if looks_like_card_number(number):
        raise ChangeRefused("card_number")
    try:
        encode(bin=bank.bin, account=number)
    except PayloadError as error:
        raise ChangeRefused("unpayable") from error
    if (bank.bin, number) == (old.bank_bin, old.number):
        raise ChangeRefused("same_account")
    change = AccountChange(
        merchant=locked,
        old_account=old,
        bank_code=bank.code,
        number=number,
        holder_name=fold_holder_name(holder_name),
        reason=reason.strip()[:200],
        old_phone=locked.phone,
        asked_by=actor,
    )
    if as_owner:
        change.owner, change.owner_at = actor, timezone.now()
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        raise ChangeRefused("change_under_way") from error
    _note("account_change.asked", change, actor, request, old=old.last_digits, new=change.last_digits)
    account_change_moved.send(AccountChange, change=change, news="asked")
    return change


@transaction.atomic
def agree(*, change: AccountChange, actor: Any, as_owner: bool, request: HttpRequest | None = None) -> AccountChange:
    """Say yes as the owner, or as an officer who did not ask; the second yes starts the day. Twice is harmless.

    Raises ChangeRefused. The caller has checked that the actor is the owner, or an officer of the commune.
    """
    locked = _locked(change)
    given = locked.owner_id if as_owner else locked.officer_id
    if given == actor.pk and locked.state in PENDING:
        return locked
    if locked.state != State.OPEN or given is not None:
        raise ChangeRefused("not_open")
    if not as_owner and locked.asked_by_id == actor.pk:
        raise ChangeRefused("asked_yourself")
    if actor.pk in {locked.owner_id, locked.officer_id}:
        raise ChangeRefused("same_person")
    now = timezone.now()
    if as_owner:
        locked.owner, locked.owner_at = actor, now
    else:
        locked.officer, locked.officer_at = actor, now
    if locked.owner_id and locked.officer_id:
        locked.state, locked.due_at = State.CONFIRMED, now + WAIT
        locked.new_phone = locked.merchant.phone
    locked.save()
    _note("account_change.agreed", locked, actor, request, agreed_as="owner" if as_owner else "officer")
    if locked.state == State.CONFIRMED:
        account_change_moved.send(AccountChange, change=locked, news="confirmed")
    return locked


@transaction.atomic
def stop_change(*, change: AccountChange, reason: str, actor: Any, request: HttpRequest | None = None) -> AccountChange:
    """Stop a change that has not happened yet; payments stay where they are. Raises ChangeRefused."""
    locked = _locked(change)
    if locked.state not in PENDING:
        raise ChangeRefused("not_open")
    if not reason.strip():
        raise ChangeRefused("no_reason")
    locked.state, locked.ended_at, locked.stopped_reason = State.STOPPED, timezone.now(), reason.strip()[:200]
    locked.save()
    _note("account_change.stopped", locked, actor, request, reason=locked.stopped_reason)
    account_change_moved.send(AccountChange, change=locked, news="stopped")
    return locked


def carry_out_due(now: datetime | None = None) -> int:
    """Carry out every change whose day has passed and return how many; the clock calls it. Safe to run again."""
    now = now or timezone.now()
    due = AccountChange.objects.filter(state=State.CONFIRMED, due_at__lte=now)
    return sum(_carry_out(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _carry_out(pk: int, now: datetime) -> bool:
    """End the old account with its codes, let the new one receive."""
    merchant_id = AccountChange.objects.values_list("merchant_id", flat=True).get(pk=pk)
    merchant = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant_id)
    change = AccountChange.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=pk)
    if change.state != State.CONFIRMED or change.due_at is None or change.due_at > now:
        return False
    old = BankAccount.objects.select_for_update(of=("self",)).get(pk=change.old_account_id)
    with override("vi"):  # whoever checks the old code reads it
        why = gettext("The business is paid on another account now.")
    for code in old.payment_codes.filter(status=PaymentCode.Status.VALID):
        withdraw_code(code=code, reason=why, actor=change.officer)
    old.status, old.is_receiving, old.ended_at = BankAccount.Status.ENDED, False, now
    old.save(update_fields=["status", "is_receiving", "ended_at"])
    bank = bank_by_code(change.bank_code)
    active = merchant.bank_accounts.filter(status=BankAccount.Status.ACTIVE)
    active.filter(is_receiving=True).update(is_receiving=False)  # should another one have begun meanwhile
    new = active.filter(bank_bin=bank.bin, number=change.number).first() if bank else None
    if new is None:
        try:
            new = add_account(
                merchant=merchant,
                bank_code=change.bank_code,
                number=change.number,
                holder_name=change.holder_name,
                actor=change.officer,
            )
        except RegisterRefused as refusal:  # checked when it was asked for; the clock's log then says it
            raise ChangeRefused(refusal.code) from refusal
    new.is_receiving = True
    new.save(update_fields=["is_receiving"])
    change.state, change.new_account, change.ended_at = State.DONE, new, now
    change.save(update_fields=["state", "new_account", "ended_at"])
    _note("account_change.done", change, None, None, old=old.last_digits, new=new.last_digits)
    account_change_moved.send(AccountChange, change=change, news="done")
    return True


def phones_to_tell(change: AccountChange) -> Mapping[str, str]:
    """The phones that must hear of a change, each once: of today, when it was asked for, and recent ones before.

    Keys are "now", "asked" and "before-<id>", by which a message in the outbox names a phone without writing it down.
    """
    phones = {"now": change.merchant.phone, "asked": change.old_phone}
    since = change.asked_at - EARLIER_PHONES
    corrections = AuditEntry.objects.filter(
        object_type="merchants.merchant", object_id=str(change.merchant_id), action="merchant.corrected", at__gte=since
    )
    for entry in corrections.order_by("pk"):
        phones[f"before-{entry.pk}"] = str(entry.before.get("phone") or "")
    told: dict[str, str] = {}
    for key, phone in phones.items():
        if phone and phone not in told.values():
            told[key] = phone
    return told


def _receiving(merchant: Merchant) -> BankAccount | None:
    return merchant.bank_accounts.filter(status=BankAccount.Status.ACTIVE, is_receiving=True).first()


def _locked(change: AccountChange) -> AccountChange:
    found = AccountChange.objects.select_for_update(of=("self",)).select_related("merchant__commune")
    return found.get(pk=change.pk)


def _note(action: str, change: AccountChange, actor: Any, request: HttpRequest | None, **after: str) -> None:
    audit.record(
        action=action,
        obj=change,
        actor=actor,
        actor_label="" if actor is not None else "clock",
        commune=change.merchant.commune,
        on_behalf_of=change.merchant,
        after=after,
        request=request,
    )
