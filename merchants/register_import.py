"""A list of businesses on its way into the register: sent, checked, written whole or not at all, taken back.

Long work is done by the worker (`check_sent_list`, `write_sent_list`); short lists at once, in the same functions.
Everything that may fail by what is written in the list has been tried before the first row is written; the
transaction itself only inserts.
"""

import hashlib
import logging
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone, translation
from django_tasks import task

from merchants import audit
from merchants.models import BankAccount, Commune, FormerCommune, Merchant, RegisterImport, Village
from merchants.register import pointing_at
from merchants.register_check import CheckedList, ReadyRow, check_list, compare_with_register, first_rows
from merchants.register_columns import COLUMNS
from merchants.spreadsheets import SpreadsheetRefused, Table, read_table

log = logging.getLogger(__name__)

SHORT_BYTES, SHORT_ROWS = 60_000, 300  # checked, or written, while the person waits; longer ones by the worker
KEPT_FOR = timedelta(days=7)  # a list that nobody wrote or dropped
SAMPLE_ROWS = 5
MOST_NOTES = 2_000
_FOLDER = "register-imports"
State = RegisterImport.State


class ImportRefused(Exception):
    """Nothing changed. `code`: "not_checked", "has_faults", "villages_not_confirmed", "changed_meanwhile" (it was
    checked anew and has faults now), "not_done", "in_use" (`names` says which businesses), "file_gone"."""

    def __init__(self, code: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.names = names


def _storage() -> Storage:
    return storages["private"]


# --- sending and checking -------------------------------------------------------------------------------------------


def send_list(
    *, commune: Commune, data: bytes, file_name: str, actor: Any, request: HttpRequest | None = None
) -> RegisterImport:
    """Keep a file for checking and begin it; a short one is checked on return, a long one by the worker."""
    name = _storage().save(f"{_FOLDER}/{secrets.token_hex(16)}", ContentFile(data))
    with transaction.atomic():
        sent = RegisterImport.objects.create(
            commune=commune,
            made_by=actor,
            file_name=file_name[-120:] or "-",
            file=name,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        audit.record(
            action="import.sent",
            obj=sent,
            actor=actor,
            commune=commune,
            after={"file": sent.file_name, "sha256": sent.sha256, "bytes": len(data)},
            request=request,
        )
        if len(data) > SHORT_BYTES:
            check_sent_list.enqueue(import_id=sent.pk, language=translation.get_language() or "vi")
    if len(data) <= SHORT_BYTES:
        check(sent)
    return sent


@task()
def check_sent_list(import_id: int, language: str) -> None:
    """The worker's way to `check`; safe to run again."""
    sent = RegisterImport.objects.select_related("commune").get(pk=import_id)
    if sent.state == State.READING:
        with translation.override(language):
            check(sent)


def check(sent: RegisterImport) -> CheckedList | None:
    """Read and check the kept file and note the outcome; None when the file cannot be read. May be called again."""
    try:
        table = read_table(_read_file(sent), columns=COLUMNS)
    except SpreadsheetRefused as refusal:
        _note(sent, state=State.UNREADABLE, refusal=refusal.words[:600], faults_count=1)
        _drop_file(sent)
        return None
    _note(sent, rows_total=len(table.rows), rows_checked=0)
    checked = check_list(commune=sent.commune, table=table, on_progress=lambda rows: _note(sent, rows_checked=rows))
    _keep(sent, table, checked)
    return checked


def _keep(sent: RegisterImport, table: Table, checked: CheckedList) -> None:
    _note(
        sent,
        state=State.CHECKED,
        rows_total=len(table.rows),
        rows_checked=len(table.rows),
        faults_count=len(checked.faults),
        result=_result(table, checked),
    )


def _result(table: Table, checked: CheckedList) -> dict[str, Any]:
    formers = dict(FormerCommune.objects.values_list("pk", "name"))
    return {
        "sheet": table.sheet,
        "header_row": table.header_row,
        "columns": table.letters,
        "ignored": list(table.ignored),
        "skipped": list(table.skipped),
        "faults": [asdict(fault) for fault in checked.faults],
        "notes": [asdict(note) for note in checked.notes[:MOST_NOTES]],
        "notes_count": len(checked.notes),
        "new_villages": [
            f"{name} · {formers[former]}" if former is not None else name for name, former in checked.new_villages
        ],
        "accounts": sum(ready.account is not None for ready in checked.rows),
        "sample": first_rows(checked.rows, SAMPLE_ROWS),
    }


def _note(sent: RegisterImport, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(sent, name, value)
    sent.save(update_fields=list(fields))


def _read_file(sent: RegisterImport) -> bytes:
    try:
        with _storage().open(sent.file) as kept:
            data: bytes = kept.read()
    except (FileNotFoundError, ValueError) as error:
        raise ImportRefused("file_gone") from error
    return data


def _drop_file(sent: RegisterImport) -> None:
    """The list holds personal numbers: it is kept no longer than it is needed."""
    if sent.file:
        _storage().delete(sent.file)
        _note(sent, file="")


# --- writing --------------------------------------------------------------------------------------------------------


def ask_to_write(*, sent: RegisterImport, actor: Any, add_villages: bool) -> None:
    """Write a checked list, or have the worker do it; raises ImportRefused. Pressing twice writes once."""
    if sent.state == State.CHECKED and sent.faults_count:
        raise ImportRefused("has_faults")
    if not sent.may_be_written:
        raise ImportRefused("not_checked")
    if sent.result["new_villages"] and not add_villages:
        raise ImportRefused("villages_not_confirmed")
    with transaction.atomic():
        if not RegisterImport.objects.filter(pk=sent.pk, state=State.CHECKED).update(state=State.WRITING):
            raise ImportRefused("not_checked")
        sent.state = State.WRITING
        is_short = sent.rows_total <= SHORT_ROWS
        if not is_short:
            write_sent_list.enqueue(import_id=sent.pk, actor_id=actor.pk, language=translation.get_language() or "vi")
    if is_short:
        write(sent, actor=actor)


def import_list(
    *, commune: Commune, data: bytes, file_name: str, actor_label: str, add_villages: bool
) -> RegisterImport:
    """Send, check and write in one go, for the command line; raises ImportRefused, nothing is half-written.

    The returned row says `state` "done", or "unreadable" or "checked" with the faults in `result`.
    """
    sent = RegisterImport.objects.create(
        commune=commune,
        file_name=file_name[-120:],
        file=_storage().save(f"{_FOLDER}/{secrets.token_hex(16)}", ContentFile(data)),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    checked = check(sent)
    try:
        if checked is None or checked.faults:
            return sent
        if checked.new_villages and not add_villages:
            raise ImportRefused("villages_not_confirmed", names=tuple(sent.result["new_villages"]))
        _note(sent, state=State.WRITING)
        write(sent, actor=None, actor_label=actor_label)
    finally:
        _drop_file(sent)
    return sent


@task()
def write_sent_list(import_id: int, actor_id: int, language: str) -> None:
    """The worker's way to `write`; a second run finds it done."""
    sent = RegisterImport.objects.select_related("commune").get(pk=import_id)
    actor = get_user_model().objects.get(pk=actor_id)
    with translation.override(language):
        try:
            write(sent, actor=actor)
        except ImportRefused as refusal:
            log.info("import not written", extra={"import": import_id, "code": refusal.code})


def write(sent: RegisterImport, *, actor: Any, actor_label: str = "") -> int:
    """Write the whole list in one transaction and return how many businesses; raises ImportRefused.

    The file is read and checked anew before, since the register may have changed since the preview, and compared with
    the register once more under the lock.
    """
    if sent.state != State.WRITING:
        raise ImportRefused("not_checked")
    try:
        table = read_table(_read_file(sent), columns=COLUMNS)
    except (ImportRefused, SpreadsheetRefused) as error:
        _note(sent, state=State.DROPPED)
        raise ImportRefused("file_gone") from error
    checked = check_list(commune=sent.commune, table=table)
    merchants = [] if checked.faults else [_merchant(ready, sent) for ready in checked.rows]
    with transaction.atomic():
        Commune.objects.select_for_update().get(pk=sent.commune_id)  # one list at a time
        if RegisterImport.objects.select_for_update().get(pk=sent.pk).state != State.WRITING:
            raise ImportRefused("not_checked")
        if not checked.faults:
            compare_with_register(commune=sent.commune, checked=checked)
        if not checked.faults:
            _insert(sent, checked, merchants, actor, actor_label)
            _note(sent, state=State.DONE, written_at=timezone.now())
    if checked.faults:
        _keep(sent, table, checked)  # the preview shows what has changed
        raise ImportRefused("changed_meanwhile")
    _drop_file(sent)
    return len(merchants)


def _merchant(ready: ReadyRow, sent: RegisterImport) -> Merchant:
    merchant = Merchant(commune=sent.commune, register_import=sent, **ready.values)
    if ready.tax_code:
        merchant.tax_code = ready.tax_code
    merchant.derive_names()
    return merchant


def _insert(
    sent: RegisterImport, checked: CheckedList, merchants: list[Merchant], actor: Any, actor_label: str
) -> None:
    added = {
        new: Village.objects.create(commune=sent.commune, name=new[0], former_commune_id=new[1])
        for new in checked.new_villages
    }
    for merchant, ready in zip(merchants, checked.rows, strict=True):
        village = ready.village
        merchant.village = village if isinstance(village, Village) else added[village] if village else None
    Merchant.objects.bulk_create(merchants, batch_size=500)
    accounts = [
        BankAccount(
            merchant=merchant,
            bank_code=ready.account[0],
            bank_bin=ready.account[1],
            number=ready.account[2],
            holder_name=ready.account[3],
        )
        for merchant, ready in zip(merchants, checked.rows, strict=True)
        if ready.account
    ]
    BankAccount.objects.bulk_create(accounts, batch_size=500)
    audit.record_many(
        action="merchant.added",
        objects=[
            (merchant, {"name": merchant.name, "import": sent.pk, "row": ready.number})
            for merchant, ready in zip(merchants, checked.rows, strict=True)
        ],
        actor=actor,
        actor_label=actor_label,
        commune=sent.commune,
    )
    audit.record(
        action="import.written",
        obj=sent,
        actor=actor,
        actor_label=actor_label,
        commune=sent.commune,
        after={
            "businesses": len(merchants),
            "accounts": len(accounts),
            "villages": [village.pk for village in added.values()],
            "sha256": sent.sha256,
        },
    )


# --- taking back ----------------------------------------------------------------------------------------------------


def undo_import(*, sent: RegisterImport, actor: Any, request: HttpRequest | None = None) -> int:
    """Take a whole list off the register again, while nothing hangs on it; returns how many businesses went.

    Raises ImportRefused: "not_done", or "in_use" with names when a business of it was corrected, has people, a code,
    goods or anything else since. The villages that came with it stay unless they are empty.
    """
    with transaction.atomic():
        locked = RegisterImport.objects.select_for_update().get(pk=sent.pk)
        if locked.state != State.DONE or locked.written_at is None:
            raise ImportRefused("not_done")
        if used := used_since(locked):
            raise ImportRefused("in_use", names=tuple(used))
        merchants = list(Merchant.objects.filter(register_import=locked).only("pk", "name"))
        keys = [merchant.pk for merchant in merchants]
        audit.record_many(
            action="merchant.import_undone",
            objects=[(merchant, {"name": merchant.name, "import": locked.pk}) for merchant in merchants],
            actor=actor,
            commune=locked.commune,
        )
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            BankAccount.objects.filter(merchant_id__in=some).delete()
            Merchant.objects.filter(pk__in=some).delete()
        _remove_empty_villages(locked)
        _note(locked, state=State.UNDONE, undone_at=timezone.now())
        audit.record(
            action="import.undone",
            obj=locked,
            actor=actor,
            commune=locked.commune,
            after={"businesses": len(keys)},
            request=request,
        )
    sent.refresh_from_db()
    return len(keys)


def used_since(sent: RegisterImport) -> list[str]:
    """Names of the list's businesses that were corrected or on which something hangs by now, at most ten.

    Asks every table that points to them or to their accounts; their own accounts do not count.
    """
    written_at = sent.written_at or timezone.now()
    own = Merchant.objects.filter(register_import=sent)
    later = BankAccount.objects.filter(merchant__register_import=sent, created_at__gt=written_at)
    used = set(own.filter(updated_at__gt=F("created_at") + timedelta(seconds=1)).values_list("pk", flat=True)[:10])
    used.update(later.values_list("merchant_id", flat=True)[:10])
    for model, path in ((Merchant, ""), (BankAccount, "merchant__")):
        for pointing, name in pointing_at(model):
            if pointing is not BankAccount:
                key = f"{name}__{path}pk" if path else name
                found = pointing._base_manager.filter(**{f"{name}__{path}register_import": sent})
                used.update(found.values_list(key, flat=True)[:10])
    return list(Merchant.objects.filter(pk__in=used).order_by("sort_name").values_list("name", flat=True)[:10])


def _remove_empty_villages(sent: RegisterImport) -> None:
    entry = (
        audit.AuditEntry.objects.filter(object_type=sent._meta.label_lower, object_id=str(sent.pk))
        .filter(action="import.written")
        .first()
    )
    villages = entry.after["villages"] if entry else []
    Village.objects.filter(pk__in=villages, merchants=None).delete()


def drop_list(*, sent: RegisterImport) -> None:
    """Forget a list that was only looked at; calling twice is safe."""
    if sent.state in {State.CHECKED, State.UNREADABLE, State.READING}:
        _note(sent, state=State.DROPPED, result={}, refusal="")
        _drop_file(sent)


def drop_old_lists(now: datetime | None = None) -> int:
    """Drop lists that nobody came back for within KEPT_FOR; returns how many. The clock calls it daily."""
    old = RegisterImport.objects.filter(
        created_at__lt=(now or timezone.now()) - KEPT_FOR, state__in=[State.CHECKED, State.READING, State.UNREADABLE]
    )
    count = 0
    for sent in old:
        drop_list(sent=sent)
        count += 1
    return count
