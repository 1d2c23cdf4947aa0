"""Put something that must leave the house into the outbox, in the transaction of the change that causes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shop.outbox.models import OutboxMessage
from shop.outbox.registry import handler_for

_KIND_LENGTH = 60
_DEDUPE_KEY_LENGTH = 120


def enqueue(
    *,
    kind: str,
    payload: Mapping[str, Any],
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
) -> OutboxMessage:
    """Write one message and return it; the worker sends it after the transaction has committed.

    The caller holds the transaction (TransactionManagementError otherwise): message and change stand or fall together.
    `payload` holds ids and other plain JSON values, no texts: what is said is rendered when it is sent.
    UnknownKind when no handler is registered for `kind`.
    With a `dedupe_key` a second call, also one racing in another transaction, adds nothing and returns the message
    that is there already, whatever its state. Without one, each call adds a message.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("enqueue() belongs inside the transaction of the change it tells")
    if not 0 < len(kind) <= _KIND_LENGTH:
        raise ValueError(f"kind must have 1 to {_KIND_LENGTH} characters: {kind!r}")
    if dedupe_key is not None and not 0 < len(dedupe_key) <= _DEDUPE_KEY_LENGTH:
        raise ValueError(f"dedupe_key must have 1 to {_DEDUPE_KEY_LENGTH} characters: {dedupe_key!r}")

    handler_for(kind)  # an unknown kind fails here, where its author sees it, not in the worker

    message = OutboxMessage(
        kind=kind, payload=dict(payload), dedupe_key=dedupe_key, not_before=not_before or timezone.now()
    )
    if dedupe_key is None:
        message.save(force_insert=True)
        return message
    # ON CONFLICT DO NOTHING waits for a racing transaction and, unlike a caught IntegrityError, leaves ours usable.
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    return OutboxMessage.objects.get(dedupe_key=dedupe_key)
