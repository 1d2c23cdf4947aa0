"""Codes for all: who would get one and who not and why, issuing to all of them, printing hundreds of signs.

The worker works a batch off in pieces (`run_batch`); killed at any moment it goes on where it was stopped, and nothing
is issued or printed twice. Reading the register for the page is here too, because it decides the same question.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation
from django_tasks import task

from merchants import audit
from merchants.businesses import counted_other_codes
from merchants.models import AccountChange, BankAccount, CodeBatch, Commune, Merchant, PaymentCode
from merchants.payment_codes import CodeRefused, check_issuable, issue_code
from merchants.print_marks import marks_of
from merchants.print_runs import codes_to_print, sign_of
from merchants.print_sheets import LAYOUTS, SIGNS_AT_ONCE, draw_sheets, join_parts, sheet_words

FILES_KEPT_FOR = timedelta(days=30)  # they hold account numbers
STALE_AFTER = timedelta(minutes=2)  # a piece takes seconds; after this the page offers to go on
_FOLDER = "print-sheets"

# --- who gets one ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IssuePlan:
    """What issuing to all would do now: accounts that get a code; businesses left out, by reason, as (id, name).

    Reasons: "no_account", "not_active", "account_changing", "card_number", "unpayable"; those that have a code already
    are only counted, VietQR and counted other schemes apart.
    """

    account_ids: Sequence[int]
    left_out: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    with_code: int = 0
    with_other_code: int = 0


def plan_issue(*, commune: Commune, village_id: int | None = None, trade: str = "") -> IssuePlan:
    """Who of the commune (of a village, 0 = none known; of a trade) would get a code. Four queries, changes nothing."""
    merchants = Merchant.objects.filter(commune=commune)
    if village_id is not None:
        merchants = merchants.filter(village=village_id or None)
    if trade:
        merchants = merchants.filter(trade=trade)
    coded = set(
        PaymentCode.objects.filter(
            status=PaymentCode.Status.VALID,
            account__status=BankAccount.Status.ACTIVE,
            account__merchant__in=merchants,
        ).values_list("account__merchant_id", flat=True)
    )
    other = set(counted_other_codes(commune).filter(merchant__in=merchants).values_list("merchant_id", flat=True))
    changing = set(
        AccountChange.objects.filter(merchant__in=merchants, state__in=("open", "confirmed")).values_list(
            "merchant_id", flat=True
        )
    )
    accounts: dict[int, BankAccount] = {}
    # the receiving account comes last and stays
    active = BankAccount.objects.filter(merchant__in=merchants, status=BankAccount.Status.ACTIVE)
    for account in active.order_by("is_receiving", "-pk"):
        accounts[account.merchant_id] = account
    ids: list[int] = []
    left_out: dict[str, list[tuple[int, str]]] = {}
    for pk, name, status in merchants.order_by("village__sort_name", "village_id", "sort_name", "pk").values_list(
        "pk", "name", "status"
    ):
        if pk in coded or pk in other:
            continue
        account_of = accounts.get(pk)
        if status != Merchant.Status.ACTIVE:
            reason = "not_active"
        elif account_of is None:
            reason = "no_account"
        elif pk in changing:
            reason = "account_changing"
        else:
            reason = check_issuable(account_of)
        if reason:
            left_out.setdefault(reason, []).append((pk, name))
        elif account_of is not None:
            ids.append(account_of.pk)
    return IssuePlan(account_ids=ids, left_out=left_out, with_code=len(coded), with_other_code=len(other - coded))


# --- ordering --------------------------------------------------------------------------------------------------------


class NothingToDo(Exception):
    """No code would be issued or printed; no batch was ordered."""


@transaction.atomic
def order_issue(
    *,
    commune: Commune,
    village_id: int | None,
    trade: str,
    scope: str,
    actor: Any,
    request: HttpRequest | None = None,
) -> CodeBatch:
    """Order codes for all who lack one; the worker begins after the commit. Raises NothingToDo."""
    plan = plan_issue(commune=commune, village_id=village_id, trade=trade)
    return _order(
        CodeBatch(commune=commune, kind=CodeBatch.Kind.ISSUE, ids=list(plan.account_ids), scope=scope), actor, request
    )


@transaction.atomic
def order_print(
    *,
    commune: Commune,
    village_id: int | None,
    layout: str,
    only_unprinted: bool,
    scope: str,
    host: str,
    actor: Any,
    request: HttpRequest | None = None,
) -> CodeBatch:
    """Order the signs of a commune or village as one PDF; the worker begins after the commit. Raises NothingToDo."""
    if layout not in LAYOUTS:
        raise ValueError(f"no such layout: {layout}")
    codes = codes_to_print(commune=commune, village_id=village_id, only_unprinted=only_unprinted)
    batch = CodeBatch(
        commune=commune,
        kind=CodeBatch.Kind.PRINT,
        ids=list(codes.values_list("pk", flat=True)),
        scope=scope,
        layout=layout,
        host=host,
    )
    return _order(batch, actor, request)


def _order(batch: CodeBatch, actor: Any, request: HttpRequest | None) -> CodeBatch:
    if not batch.ids:
        raise NothingToDo
    batch.ordered_by = actor
    batch.scope = batch.scope[:200]
    batch.save()
    audit.record(
        action=f"codes.{batch.kind}_ordered",
        obj=batch,
        actor=actor,
        commune=batch.commune,
        after={"count": batch.total, "scope": batch.scope, "layout": batch.layout},
        request=request,
    )
    work_off.enqueue(batch_id=batch.pk)
    return batch


@transaction.atomic
def go_on(*, batch: CodeBatch, now: datetime | None = None) -> bool:
    """Put a batch that stopped back to work; False when it is done or somebody is at it. May be called twice."""
    locked = CodeBatch.objects.select_for_update().get(pk=batch.pk)
    if not has_stopped(locked, now):
        return False
    locked.state = CodeBatch.State.WAITING
    locked.save(update_fields=["state", "moved_at"])
    work_off.enqueue(batch_id=locked.pk)
    return True


def has_stopped(batch: CodeBatch, now: datetime | None = None) -> bool:
    """Whether nothing moves any more although work is left: it failed, or no piece was finished for a while."""
    if batch.state == CodeBatch.State.DONE:
        return False
    return batch.state == CodeBatch.State.FAILED or batch.moved_at < (now or timezone.now()) - STALE_AFTER


# --- working off -----------------------------------------------------------------------------------------------------


@task()
def work_off(batch_id: int) -> int:
    """What the worker runs; a failure is written on the batch, where staff see it, and in the task's own row."""
    try:
        return run_batch(batch_id)
    except Exception:
        CodeBatch.objects.filter(pk=batch_id).exclude(state=CodeBatch.State.DONE).update(state=CodeBatch.State.FAILED)
        raise


def run_batch(batch_id: int) -> int:
    """Finish a batch from wherever it stands and return how many codes it holds; again, or by two at once, is safe."""
    while (batch := CodeBatch.objects.get(pk=batch_id)).state != CodeBatch.State.DONE:
        if batch.done >= batch.total:
            _finish(batch)
        elif batch.kind == CodeBatch.Kind.ISSUE:
            _issue_piece(batch.pk)
        else:
            _print_piece(batch)
    return batch.total


@transaction.atomic
def _issue_piece(batch_id: int) -> None:
    """The codes of one piece and the note that they are issued stand or fall together."""
    batch = CodeBatch.objects.select_for_update(of=("self",)).select_related("ordered_by").get(pk=batch_id)
    piece = batch.ids[batch.done : batch.done + SIGNS_AT_ONCE]
    accounts = BankAccount.objects.in_bulk(piece)
    for pk in piece:
        try:
            issue_code(account=accounts[pk], actor=batch.ordered_by)
        except (CodeRefused, KeyError):  # meanwhile issued by hand, closed, or changed
            batch.skipped += 1
    batch.done += len(piece)
    batch.state = CodeBatch.State.RUNNING
    batch.save(update_fields=["done", "skipped", "state", "moved_at"])


def _print_piece(batch: CodeBatch) -> None:
    """Draw one piece into a file of its own, then note it; a piece cut short by a dead worker is drawn anew."""
    piece = batch.ids[batch.done : batch.done + SIGNS_AT_ONCE]
    found = (
        PaymentCode.objects.filter(status=PaymentCode.Status.VALID).select_related("account__merchant").in_bulk(piece)
    )
    codes = [found[pk] for pk in piece if pk in found]  # without what was withdrawn meanwhile
    name = _part_name(batch, batch.done)
    _files().delete(name)
    if codes:
        with translation.override("vi"):
            drawn = draw_sheets(
                [sign_of(code, host=batch.host) for code in codes],
                layout=batch.layout,
                words=sheet_words(),
                marks=marks_of(batch.commune_id),
            )
        _files().save(name, ContentFile(drawn))
    CodeBatch.objects.filter(pk=batch.pk, done=batch.done).update(
        done=batch.done + len(piece),
        skipped=batch.skipped + len(piece) - len(codes),
        state=CodeBatch.State.RUNNING,
        moved_at=timezone.now(),
    )


def _finish(batch: CodeBatch) -> None:
    """Join the parts and note the end; of two who come here at once one wins, and the other's file goes."""
    wanted = f"{_FOLDER}/{batch.token}.pdf"
    name, pages = "", 0
    parts = [_part_name(batch, start) for start in range(0, batch.total, SIGNS_AT_ONCE)]
    if batch.kind == CodeBatch.Kind.PRINT and batch.skipped < batch.total:
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder) / "all.pdf"
            pages = join_parts((_read(part) for part in parts if _files().exists(part)), whole)
            with whole.open("rb") as content:
                name = _files().save(wanted, File(content))  # under another name where a dead worker left one
    now = timezone.now()
    with transaction.atomic():
        found = CodeBatch.objects.select_for_update(of=("self",)).select_related("commune", "ordered_by")
        locked = found.get(pk=batch.pk)
        if locked.state == CodeBatch.State.DONE:
            if name and name != locked.file:
                _files().delete(name)
            return
        locked.state, locked.file, locked.pages, locked.finished_at = CodeBatch.State.DONE, name, pages, now
        locked.save(update_fields=["state", "file", "pages", "finished_at", "moved_at"])
        if locked.kind == CodeBatch.Kind.PRINT and locked.layout != "strips":
            for start in range(0, locked.total, 500):
                PaymentCode.objects.filter(
                    pk__in=locked.ids[start : start + 500], status=PaymentCode.Status.VALID
                ).update(printed_at=now)
        audit.record(
            action=f"codes.{locked.kind}_done",
            obj=locked,
            actor=locked.ordered_by,
            commune=locked.commune,
            after={"count": locked.total - locked.skipped, "skipped": locked.skipped, "pages": pages},
        )
    if name and name != wanted:
        _files().delete(wanted)
    for part in parts if locked.kind == CodeBatch.Kind.PRINT else ():
        _files().delete(part)


# --- files -----------------------------------------------------------------------------------------------------------


def _files() -> Storage:
    return storages["private"]


def _part_name(batch: CodeBatch, start: int) -> str:
    return f"{_FOLDER}/{batch.token}-{start:06d}.pdf"


def _read(name: str) -> bytes:
    with _files().open(name) as kept:
        content: bytes = kept.read()
        return content


def open_file(batch: CodeBatch) -> File[bytes] | None:
    """The finished PDF, to be sent in pieces; None when there is none (any more)."""
    if not batch.file or not _files().exists(batch.file):
        return None
    return _files().open(batch.file)


def remove_old_sheets(now: datetime | None = None) -> int:
    """Remove printed files older than FILES_KEPT_FOR and return how many; the clock calls it daily. Codes stay."""
    before = (now or timezone.now()) - FILES_KEPT_FOR
    removed = 0
    for batch in CodeBatch.objects.filter(finished_at__lt=before).exclude(file=""):
        _files().delete(batch.file)
        removed += CodeBatch.objects.filter(pk=batch.pk).update(file="")
    return removed
