"""The `Sender` interface of message channels and the registry of those that exist."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class OutgoingMessage:
    """What goes to one person: plain text always, HTML where the channel can."""

    to: str
    subject: str
    text: str
    html: str = ""
    language: str = "vi"


class Sender(Protocol):
    """One channel (e-mail, later Zalo, SMS). Raises shop.outbox.errors.TryLater, Refused or NotConfigured."""

    name: str

    def is_configured(self) -> bool: ...

    def send(self, message: OutgoingMessage, *, dedupe_key: str) -> None:
        """Send once; the outbox may call again with the same key after a crash."""
        ...
