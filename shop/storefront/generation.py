"""The generation of the public pages: a number in the database that changes with everything that must be seen at once.

`note_change()` is called inside the transaction of the change, so that number and change are committed together and no
crash comes between them. Whoever keeps something drawn from public data keeps the number it read *before* drawing, and
uses the thing only while the number is still the same: then nothing withdrawn is shown once its transaction is over,
in however many processes.

What calls it: saving or deleting a model of `watch()` (shop.storefront.apps, cms.apps), and every refresh of listing
rows. A writer that goes round `save()` calls `note_change()` itself. Stock and what hangs on it does not: a sale would
empty every cache. It is seen when the kept page ends, within PAGE_SECONDS (shop.storefront.kept_pages).
"""

import secrets
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models, transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from shop.storefront.models import FaceChange

Kept = TypeVar("Kept")
LONGEST_SECONDS = 60  # what a writer outside a transaction could leave behind by dying right after its commit
_TOKEN_BITS = 40
_LARGEST_SUM = 2**62
_FOLD_AT_ONCE = 10_000


def face_generation() -> int:
    """Ask the database; one short statement."""
    connection.noted_change = False  # type: ignore[attr-defined]  # what was read here must not be passed over by the next
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT SUM(token) FROM {FaceChange._meta.db_table}")  # noqa: S608  # our own table's name
        return int(cursor.fetchone()[0] or 0)


def generation_of(request: HttpRequest) -> int:
    """The generation as it was when first asked for in this request."""
    found = getattr(request, "face_generation", None)
    if found is None:
        found = face_generation()
        request.face_generation = found  # type: ignore[attr-defined]
    return cast(int, found)


def note_change() -> None:
    """Let whatever is kept of the public pages end with this transaction's commit; one row per transaction."""
    if _is_noted():
        return
    FaceChange.objects.create(token=secrets.randbits(_TOKEN_BITS) or 1)
    if connection.in_atomic_block:
        # Django drops it when this transaction, or the savepoint we are in, is rolled back, and our row with it.
        transaction.on_commit(_marks_noted_change)
        connection.noted_change = True  # type: ignore[attr-defined]


def _marks_noted_change() -> None:
    """Does nothing; standing in the connection's list it says that this transaction has its row already."""


def _is_noted() -> bool:
    if not connection.in_atomic_block or not getattr(connection, "noted_change", False):
        return False
    return any(entry[1] is _marks_noted_change for entry in connection.run_on_commit)


def watch(*senders: type[models.Model]) -> None:
    """Note a change whenever an object of these models is saved or deleted."""
    for sender in senders:
        label = f"face_changes_with_{sender._meta.label_lower}"
        post_save.connect(on_change, sender=sender, dispatch_uid=label)
        post_delete.connect(on_change, sender=sender, dispatch_uid=label)


def on_change(**_news: Any) -> None:
    """Receiver of any signal that tells of a change."""
    note_change()


def fold_changes() -> None:
    """Replace the rows by one that holds their sum, so that the number stays and is quick to read; for the clock."""
    with transaction.atomic():
        rows = FaceChange.objects.order_by("pk").select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        folded = dict(rows.values_list("pk", "token")[:_FOLD_AT_ONCE])
        if len(folded) < 2:
            return
        total = sum(folded.values())
        FaceChange.objects.filter(pk__in=folded).delete()
        # Beyond what the column holds a new beginning is made: everything is drawn anew once.
        FaceChange.objects.create(token=total if total < _LARGEST_SUM else secrets.randbits(_TOKEN_BITS))


class KeptByGeneration(Generic[Kept]):
    """A few things drawn from public data, in this process, for as long as the generation lasts; at most `most`."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._generation = 0
        self._found: dict[Hashable, tuple[float, Kept]] = {}

    def get_or_make(self, key: Hashable, *, generation: int, make: Callable[[], Kept]) -> Kept:
        """Return what is kept under the key, or make it; two who come at once may both make it."""
        now = time.monotonic()
        with self._lock:
            if self._generation != generation:
                self._generation = generation
                self._found.clear()
            made_at, kept = self._found.get(key, (0.0, None))
        if kept is not None and now - made_at < LONGEST_SECONDS:
            return kept
        made = make()
        with self._lock:
            if self._generation == generation:
                if len(self._found) >= self._most:
                    self._found.clear()
                self._found[key] = (now, made)
        return made
