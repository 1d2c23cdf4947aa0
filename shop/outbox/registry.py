"""Which function sends which kind of message: the setting OUTBOX_HANDLERS, kind → dotted path."""

from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Handler(Protocol):
    """Sends one message. Runs outside any transaction; raises TryLater, Refused or NotConfigured, or returns.

    `dedupe_key` is the same at every try of one message; hand it on where the other side can tell repeats by it.
    A handler gives every outside call a time limit well below `shop.outbox.deliver.LEASE`.
    """

    def __call__(self, payload: dict[str, Any], *, dedupe_key: str) -> None: ...


class UnknownKind(LookupError):
    """No handler is registered for this kind of message."""


def handler_for(kind: str) -> Handler:
    """Return the function that sends this kind; raise UnknownKind where the setting names none."""
    try:
        path = settings.OUTBOX_HANDLERS[kind]
    except KeyError:
        raise UnknownKind(f"OUTBOX_HANDLERS names no handler for {kind!r}") from None
    handler: Handler = import_string(path)
    return handler
