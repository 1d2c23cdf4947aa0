"""Write the audit log, seal it into a hash chain, and prove that the chain is whole.

What an entry is: merchants.models.audit. Reading the log for a page is not here.
"""

import hashlib
import ipaddress
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.http import HttpRequest
from django.utils import timezone

from merchants.models import AuditEntry, Commune, Merchant

log = logging.getLogger(__name__)

# What must never be readable in the log (a 12-digit tax code is a personal ID number).
_NEVER_LOGGED = frozenset({"password", "tax_code", "webhook_secret", "api_key", "token"})
_SEALED_AT_ONCE = 500
_TRIGGERS = frozenset({"merchants_audit_no_update", "merchants_audit_no_delete"})


def record(
    *,
    action: str,
    obj: models.Model,
    actor: AbstractUser | AnonymousUser | None = None,
    actor_label: str = "",
    on_behalf_of: Merchant | None = None,
    commune: Commune | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Add one entry, in the caller's transaction, and return it.

    `action` is subject and verb (“order.packed”). `actor` is a person; a program or a guest is named by `actor_label`
    (ValueError when neither is given). `on_behalf_of`: the merchant for whom a helper or officer acted. `commune`:
    when left out, the commune of the object or of that merchant. `before` and `after`: the fields that changed, as
    plain values, dates or Decimals; never secrets or tax codes (ValueError). With a `request`, its address and id
    are kept. Each call adds an entry.
    """
    entry = _entry(
        action=action,
        obj=obj,
        actor=actor,
        actor_label=actor_label,
        on_behalf_of=on_behalf_of,
        commune=commune,
        before=before,
        after=after,
        request=request,
    )
    entry.save(force_insert=True)
    return entry


def record_many(
    *,
    action: str,
    objects: Iterable[tuple[models.Model, Mapping[str, Any]]],
    actor: AbstractUser | AnonymousUser | None,
    commune: Commune,
    actor_label: str = "",
) -> int:
    """Add one entry for each (object, what was written), in the caller's transaction; returns how many.

    For lists of thousands; otherwise as `record`.
    """
    entries = [
        _entry(action=action, obj=obj, actor=actor, actor_label=actor_label, commune=commune, after=after)
        for obj, after in objects
    ]
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def _entry(
    *,
    action: str,
    obj: models.Model,
    actor: AbstractUser | AnonymousUser | None = None,
    actor_label: str = "",
    on_behalf_of: Merchant | None = None,
    commune: Commune | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> AuditEntry:
    if obj.pk is None:
        raise ValueError("the object of an audit entry must be saved first")
    person = actor if isinstance(actor, AbstractUser) else None
    label = actor_label or (person.get_full_name() if person is not None else "")
    if not label and person is None:
        raise ValueError("an audit entry names its actor: give actor or actor_label")
    for values in (before or {}, after or {}):
        if secret := _NEVER_LOGGED & set(values):
            raise ValueError(f"never written to the audit log: {', '.join(sorted(secret))}")
    return AuditEntry(
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        actor=person,  # type: ignore[misc]  # the user model lives above this package
        actor_label=label[:120],
        on_behalf_of=on_behalf_of,
        commune=commune or _commune_of(obj) or (on_behalf_of.commune if on_behalf_of is not None else None),
        before=_plain(before),
        after=_plain(after),
        address=_address_of(request),
        request_id=getattr(request, "request_id", "")[:36],
    )


def _commune_of(obj: models.Model) -> Commune | None:
    found = obj if isinstance(obj, Commune) else getattr(obj, "commune", None)
    return found if isinstance(found, Commune) else None


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values or {}), cls=DjangoJSONEncoder))
    return plain


def _address_of(request: HttpRequest | None) -> str | None:
    """Return the visitor's address: as the middleware found it behind our proxies, else the peer's; None if neither."""
    if request is None:
        return None
    given = getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:  # a unix socket has no address
        return None


def seal_audit_log() -> int:
    """Seal every entry that has none yet and return how many; the worker's clock calls it each minute.

    May be called at any time and by several at once: each entry is sealed once, and the chain has no fork.
    """
    sealed = 0
    while batch := _seal_some():
        sealed += batch
    return sealed


def _seal_some() -> int:
    if not AuditEntry.objects.filter(seal="").exists():  # no write lock on SQLite while nothing waits
        return 0
    with transaction.atomic():
        # The head is read after the rows are locked: on PostgreSQL a second sealer waits here, then sees our seals.
        entries = list(AuditEntry.objects.filter(seal="").select_for_update().order_by("pk")[:_SEALED_AT_ONCE])
        head = AuditEntry.objects.exclude(seal_number=None).order_by("-seal_number").first()
        seal, number = (head.seal, head.seal_number or 0) if head else ("", 0)
        for entry in entries:
            seal, number = next_seal(previous_seal=seal, entry=entry), number + 1
            if not AuditEntry.objects.set_seal(entry=entry, seal=seal, seal_number=number):
                raise RuntimeError(f"audit entry {entry.pk} was sealed by another while locked by us")
    if entries:
        # The log leaves the machine: whoever later cuts the end of the chain is contradicted by this line.
        log.info("audit log sealed", extra={"seal_number": number, "seal": seal, "entries": len(entries)})
    return len(entries)


def next_seal(*, previous_seal: str, entry: AuditEntry) -> str:
    """Return SHA-256, in hex, over the previous seal and the entry's row as canonical JSON (sorted keys, UTC time)."""
    row = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "actor_label": entry.actor_label,
        "on_behalf_of": entry.on_behalf_of_id,
        "commune": entry.commune_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "before": entry.before,
        "after": entry.after,
        "address": entry.address,
        "request_id": entry.request_id,
    }
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous_seal}\n{canonical}".encode()).hexdigest()


def check_audit_chain() -> Iterator[str]:
    """Yield what is wrong with the log: a changed, missing or doubly numbered entry, a trigger that is gone."""
    seal = ""
    expected = 1
    for entry in AuditEntry.objects.exclude(seal="", seal_number=None).order_by("seal_number").iterator(chunk_size=500):
        if entry.seal_number != expected:
            yield f"audit log: entry number {expected} of the chain is missing before entry {entry.pk}"
        elif entry.seal != next_seal(previous_seal=seal, entry=entry):
            yield f"audit log: entry {entry.pk} ({entry.action}) does not match its seal"
        # Go on from what is stored, so that one altered entry is one breach and not a thousand.
        seal, expected = entry.seal, (entry.seal_number or expected) + 1
    for name in sorted(_TRIGGERS - _installed_triggers()):
        yield f"audit log: the database's trigger {name} is gone, entries could be changed"


def audit_notices(now: datetime | None = None) -> Iterator[str]:
    """Yield what deserves a look but is no breach: entries that wait for their seal because no worker runs."""
    waiting = AuditEntry.objects.filter(seal="", at__lt=(now or timezone.now()) - timedelta(minutes=10)).count()
    if waiting:
        yield f"audit log: {waiting} entries have waited more than 10 minutes for their seal; is the worker running?"


def _installed_triggers() -> set[str]:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'merchants_auditentry'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'merchants_auditentry'::regclass "
        "AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        return {name for (name,) in cursor.fetchall()}
