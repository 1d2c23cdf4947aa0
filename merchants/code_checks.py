"""Visits on the spot: scanned text, place and person become a verdict, a row, and an alarm where the code was changed.

A visit is never refused for what it found: whoever stood before the shop cannot go back for a form field. What cannot
be true is left out, and said.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import zxingcpp
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.folding import fold_holder_name
from merchants.models import BankAccount, CodeAlarm, CodeCheck, Merchant, PaymentCode
from merchants.photos import upright_picture
from merchants.signals import code_alarm_raised
from merchants.wall_codes import WallCode, read_wall_code

FAST_CLOCK = timedelta(minutes=10)
OLDEST_VISIT = timedelta(days=60)
"""A visit may wait on a phone without network; a clock that says more than this is wrong."""

Verdict = CodeCheck.Verdict
HolderMethod = CodeCheck.HolderMethod


class VisitRefused(Exception):
    """Nothing was written. `code`: "visit_of_another" (this id is another business's or another officer's visit),
    "no_note", "unknown_outcome", "not_open" (the alarm is settled).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Comparison:
    """What a scan is, beside what the register says of the business.

    `account`: the business's account that the scan pays, `code` the verified code that it was compared with;
    `is_alarming`: another code hangs where a verified one should.
    """

    verdict: str
    wall: WallCode | None = None
    account: BankAccount | None = None
    code: PaymentCode | None = None
    is_alarming: bool = False


def read_code_photo(data: bytes) -> str:
    """The text of the first QR code in a photo that a person sent, "" when there is none; raises PhotoRefused.

    The photo goes through the one intake first, so that the decoder sees nothing but pixels of ours.
    """
    picture = upright_picture(data)
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return next((code.text for code in found if code.text), "")


def compare_scan(*, merchant: Merchant, text: str, looked: bool = False) -> Comparison:
    """Say what the scanned `text` is for this business; reads only.

    `looked`: there was a code or a photo of one; without a text it then could not be read, instead of not being there.
    """
    if not text.strip():
        return Comparison(Verdict.UNREADABLE if looked else Verdict.NONE_SEEN)
    wall = read_wall_code(text)
    if wall.kind == "other":
        known = merchant.other_codes.filter(scheme=wall.scheme, removed_at=None).first()
        return Comparison(
            Verdict.OTHER_SCHEME, wall, is_alarming=known is not None and known.payload != wall.payload[:512]
        )
    if wall.kind not in {"vietqr", "card"}:
        return Comparison(Verdict.NOT_PAYMENT, wall)
    accounts = list(merchant.bank_accounts.filter(status=BankAccount.Status.ACTIVE).order_by("-is_receiving", "pk"))
    codes = {
        code.account_id: code
        for code in PaymentCode.objects.filter(account__in=accounts, status=PaymentCode.Status.VALID)
    }
    if wall.told is not None:
        for account in accounts:
            if (account.bank_bin, account.number.upper()) == (wall.told.bin, wall.told.account.upper()):
                return Comparison(Verdict.SAME, wall, account=account, code=codes.get(account.pk))
    if not accounts:
        return Comparison(Verdict.UNKNOWN_ACCOUNT, wall)
    verified = next((codes[account.pk] for account in accounts if account.pk in codes), None)
    return Comparison(Verdict.OTHER_ACCOUNT, wall, code=verified, is_alarming=verified is not None)


def file_visit(
    *,
    visit_id: uuid.UUID,
    merchant: Merchant,
    text: str,
    looked: bool = False,
    seen_at: datetime | None = None,
    found_status: str = Merchant.Status.ACTIVE,
    photo: bytes | None = None,
    position: tuple[Decimal, Decimal] | None = None,
    accuracy_m: int | None = None,
    note: str = "",
    holder_method: str = "",
    holder_name_seen: str = "",
    transfer_shown_on: date | None = None,
    actor: Any,
    request: HttpRequest | None = None,
) -> tuple[CodeCheck, bool]:
    """Write a visit down and return it, and whether it is new; the same `visit_id` again changes nothing.

    `photo` is a picture made by merchants.photos.plain_picture; `position` latitude and longitude. The verdict is
    found here anew, from the register as it stands now. Raises VisitRefused("visit_of_another").
    """
    known = CodeCheck.objects.filter(visit_id=visit_id).first()
    if known is not None:
        return _same_visit(known, merchant, actor), False
    try:
        with transaction.atomic():
            return _write_visit(
                visit_id=visit_id,
                merchant=merchant,
                text=text,
                looked=looked,
                seen_at=seen_at or timezone.now(),
                found_status=found_status,
                photo=photo,
                position=position,
                accuracy_m=accuracy_m,
                note=note,
                holder_method=holder_method,
                holder_name_seen=holder_name_seen,
                transfer_shown_on=transfer_shown_on,
                actor=actor,
                request=request,
            ), True
    except IntegrityError:
        known = CodeCheck.objects.filter(visit_id=visit_id).first()  # the same visit, sent twice at once
        if known is None:
            raise
        return _same_visit(known, merchant, actor), False


def _same_visit(known: CodeCheck, merchant: Merchant, actor: Any) -> CodeCheck:
    if (known.merchant_id, known.officer_id) != (merchant.pk, actor.pk):
        raise VisitRefused("visit_of_another")
    return known


def _write_visit(
    *,
    visit_id: uuid.UUID,
    merchant: Merchant,
    text: str,
    looked: bool,
    seen_at: datetime,
    found_status: str,
    photo: bytes | None,
    position: tuple[Decimal, Decimal] | None,
    accuracy_m: int | None,
    note: str,
    holder_method: str,
    holder_name_seen: str,
    transfer_shown_on: date | None,
    actor: Any,
    request: HttpRequest | None,
) -> CodeCheck:
    locked = Merchant.objects.select_for_update(of=("self",)).select_related("commune").get(pk=merchant.pk)
    told = compare_scan(merchant=locked, text=text, looked=looked)
    now = timezone.now()
    is_clock_right = now - OLDEST_VISIT <= seen_at <= now + FAST_CLOCK
    if transfer_shown_on is not None and transfer_shown_on > timezone.localdate(now):
        transfer_shown_on = None
    name_seen = fold_holder_name(holder_name_seen)[:120]
    visit = CodeCheck.objects.create(
        visit_id=visit_id,
        merchant=locked,
        code=told.code,
        officer=actor,
        verdict=told.verdict,
        payload=told.wall.payload[:512] if told.wall else "",
        scheme=told.wall.scheme[:40] if told.wall and told.verdict == Verdict.OTHER_SCHEME else "",
        found_status=found_status,
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        accuracy_m=accuracy_m if position else None,
        note=note.strip()[:500],
        holder_method=holder_method,
        holder_name_seen=name_seen,
        holder_confirmed=is_confirmed(told, method=holder_method, name_seen=name_seen),
        transfer_shown_on=transfer_shown_on,
        seen_at=min(seen_at, now) if is_clock_right else now,
        phone_said_at=None if is_clock_right else seen_at,
    )
    audit.record(
        action="code.checked",
        obj=visit,
        actor=actor,
        commune=locked.commune,
        on_behalf_of=locked,
        after={
            "verdict": visit.verdict,
            "status": visit.found_status,
            "holder_confirmed": visit.holder_confirmed,
            "holder_method": visit.holder_method,
        },
        request=request,
    )
    if told.is_alarming:
        _raise_alarm(visit, actor, request)
    if photo:
        # the last act, so that a refusal leaves no file behind
        visit.photo.save(f"{secrets.token_urlsafe(24)}.webp", ContentFile(photo), save=False)
        visit.save(update_fields=["photo"])
    return visit


def is_confirmed(told: Comparison, *, method: str, name_seen: str) -> bool:
    """Whether the evidence says that the registered holder is paid. Pure.

    A typed name counts where it is the register's, folded as banks write it. No look-up adapter is configured in this
    installation, so "look_up" confirms nothing yet.
    """
    if told.verdict != Verdict.SAME or told.account is None:
        return False
    if method == HolderMethod.NAME_TYPED:
        return bool(name_seen) and name_seen == fold_holder_name(told.account.holder_name)
    return bool(method == HolderMethod.TEST_TRANSFER)


def _raise_alarm(visit: CodeCheck, actor: Any, request: HttpRequest | None) -> None:
    """One alarm for one strange code: as long as it is open, a second look at the same adds none."""
    if CodeAlarm.objects.filter(
        merchant=visit.merchant, state=CodeAlarm.State.OPEN, visit__payload=visit.payload
    ).exists():
        return
    alarm = CodeAlarm.objects.create(visit=visit, merchant=visit.merchant)
    audit.record(
        action="code_alarm.raised",
        obj=alarm,
        actor=actor,
        commune=visit.merchant.commune,
        on_behalf_of=visit.merchant,
        after={"visit": visit.pk, "verdict": visit.verdict},
        request=request,
    )
    code_alarm_raised.send(CodeAlarm, alarm=alarm)


@transaction.atomic
def settle_alarm(
    *, alarm: CodeAlarm, outcome: str, note: str, actor: Any, request: HttpRequest | None = None
) -> CodeAlarm:
    """A person has looked into it: what it was, in her words. Raises VisitRefused."""
    if outcome not in CodeAlarm.Outcome.values:
        raise VisitRefused("unknown_outcome")
    if not note.strip():
        raise VisitRefused("no_note")
    locked = CodeAlarm.objects.select_for_update(of=("self",)).select_related("merchant__commune").get(pk=alarm.pk)
    if locked.state != CodeAlarm.State.OPEN:
        raise VisitRefused("not_open")
    locked.state, locked.outcome, locked.note = CodeAlarm.State.SETTLED, outcome, note.strip()[:500]
    locked.settled_by, locked.settled_at = actor, timezone.now()
    locked.save()
    audit.record(
        action="code_alarm.settled",
        obj=locked,
        actor=actor,
        commune=locked.merchant.commune,
        on_behalf_of=locked.merchant,
        before={"state": CodeAlarm.State.OPEN},
        after={"state": locked.state, "outcome": locked.outcome, "note": locked.note},
        request=request,
    )
    return locked
