"""What every message channel offers, and what goes through it."""

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
    """One channel (e-mail; later Zalo, SMS)."""

    name: str

    def is_configured(self) -> bool:
        """Whether someone has set what the channel needs; asks nobody outside."""
        ...

    def send(self, message: OutgoingMessage, *, dedupe_key: str) -> None:
        """Hand one message over; return when the other side has taken it.

        Raises TryLater, Refused or NotConfigured (shop.outbox.errors) and nothing else for what happens outside.
        The outbox may call again with the same key after a crash; the key goes along where the channel can carry it.
        Every outside call ends within a minute.
        """
        ...
